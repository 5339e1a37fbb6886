"""Programs of texts as candidates of an inquiry: cut loose from what found them, so that a journal can hold them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ..tools.induction.types import ExceptionRegion, Noise
from ..tools.scoring import load_explained
from ..tools.strings.scoring import as_text
from ..tools.strings.types import Gives, Pair, Program, right_on

_MISS_BITS = 24.0


@dataclass(frozen=True)
class StringCandidate:
    """A candidate that is its code, printed by us. `evidence`: how it did on what was asked."""

    name: str
    description: str
    code: str
    bits: float
    evidence: str = ""
    gives: Gives = "text"
    formula: str = ""
    exceptions: tuple[ExceptionRegion, ...] = ()
    noise: Noise | None = field(default=None)

    def answer(self, text: str) -> str | None:
        """What its code gives for `text`; None where it fails."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return as_text(_loaded(self.code)(text), self.gives)
        except Exception:
            return None

    def as_dict(self) -> dict[str, Any]:
        """Plain data from which `restored` makes it again."""
        return {"description": self.description, "code": self.code, "bits": self.bits, "evidence": self.evidence}


def restored(data: dict[str, Any], gives: Gives) -> StringCandidate:
    return StringCandidate(name=str(data["description"]), gives=gives, **data)


def candidate_of(program: Program, pairs: Sequence[Pair], gives: Gives) -> StringCandidate:
    """`program` with how it did on `pairs`; where it is not right on all, its description says so."""
    right = len(right_on(program, pairs))
    description = program.sentence()
    if right < len(pairs):
        description = f"{description} This is right on {right} of {len(pairs)} texts; what holds of the rest is open."
    return StringCandidate(
        name=description,
        description=description,
        code=program.code(gives),
        bits=round(program.size + _MISS_BITS * (len(pairs) - right), 2),
        evidence=f"right on {right} of {len(pairs)} texts",
        gives=gives,
    )


@lru_cache(maxsize=256)
def _loaded(code: str) -> Callable[[str], object]:
    return load_explained(code)
