"""The hypotheses that a language model has written down, and how they have stood up so far."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ...tools.induction.types import ExceptionRegion, Noise

Predict = Callable[[str, str, Sequence[Any]], Sequence[Any]]
"""(description, code, inputs) → what they say of each input (see `Manner.predict`)."""
_BITS_A_CHARACTER = 2.0
_BITS_A_MISS = 32.0


@dataclass(frozen=True)
class Written:
    """A hypothesis as it was written down: a `Candidate` whose predictions come from its code, or from a judge."""

    name: str
    description: str
    code: str
    predictor: Predict = field(repr=False, compare=False)
    exceptions: tuple[ExceptionRegion, ...] = ()
    noise: Noise | None = None
    formula: str = ""
    evidence: str = ""
    misses: int = 0

    @property
    def bits(self) -> float:
        """A stand-in for description length that ranks what is wrong less often, and then what is shorter, first."""
        return _BITS_A_CHARACTER * len(self.code or self.description) + _BITS_A_MISS * self.misses

    def says(self, inputs: Sequence[Any]) -> list[Any]:
        """What it says of each input: a number or a text; None or NaN for nothing."""
        return list(self.predictor(self.description, self.code, list(inputs)))

    def predict(self, inputs: Any) -> Any:
        """(n,) values at `inputs`, of a hypothesis about numbers or about when a text module responds."""
        return np.asarray(self.says(inputs), dtype=np.float64)

    def answer(self, text: str) -> str | None:
        """The text that it gives for `text`, of a hypothesis about a function of texts."""
        said = self.says([text])[0]
        return said if isinstance(said, str) else None

    def degree_of(self, text: str) -> float | None:
        """How far it applies to `text`, of a hypothesis about a text module."""
        said = self.says([text])[0]
        return float(said) if said is not None and math.isfinite(said) else None


@dataclass(frozen=True)
class Entry:
    """A hypothesis on the board. `right` of `tested` inputs agreed; `against`: the first observation that did not."""

    candidate: Written
    origin: str
    parent: str | None = None
    tested: int = 0
    right: int = 0
    fit: float = math.nan
    refuted_by: int | None = None
    alive: bool = True

    @property
    def standing(self) -> str:
        if not self.alive:
            return "refuted" if self.refuted_by is not None else "revised"
        return "untested" if not self.tested else f"right on {self.right} of {self.tested}"


class Board:
    """Hypotheses by the ids that the journal gave them, in the order in which they were written."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}

    def __contains__(self, id: str) -> bool:
        return id in self.entries

    def __getitem__(self, id: str) -> Entry:
        return self.entries[id]

    def put(self, id: str, entry: Entry) -> None:
        self.entries[id] = entry

    def change(self, id: str, **changes: Any) -> Entry:
        """Replace fields of the entry `id`."""
        self.entries[id] = replace(self.entries[id], **changes)
        return self.entries[id]

    def live(self) -> list[tuple[str, Entry]]:
        """The entries that are not refuted or revised, best first: fewer misses, then more tests, then shorter."""
        alive = [(id, e) for id, e in self.entries.items() if e.alive]
        return sorted(alive, key=lambda pair: _rank(pair[1]))

    def next_name(self) -> str:
        return f"written {len(self.entries) + 1}"


def _rank(entry: Entry) -> tuple[float, ...]:
    share = entry.right / entry.tested if entry.tested else 0.0
    fit = entry.fit if math.isfinite(entry.fit) else -1.0
    return (-share, -fit, -entry.tested, entry.candidate.bits)
