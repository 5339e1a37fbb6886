"""Does a judge know anything? Its AUC on pairs of explanations and texts whose truth is plain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from ..scoring.texts import Estimate, estimate_auc
from .types import Judge

SEED = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """An explanation, a text, and whether the one applies to the other; `kind` of explanation."""

    explanation: str
    text: str
    applies: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well a judge told pairs that apply from pairs that do not.

    `auc` is over all pairs together, `accuracy` the share on the right side of 0.5, `by_kind` the AUC of each kind.
    """

    judge: str
    auc: Estimate
    accuracy: float
    pairs: int
    by_kind: tuple[tuple[str, float], ...]

    @property
    def at_chance(self) -> bool:
        """Whether the judge has not been shown to do better than chance: the interval of its AUC reaches 0.5."""
        return not self.auc.low > 0.5

    @property
    def withheld(self) -> str:
        """Why a score that rests on this judge is withheld, or an empty string."""
        if not self.at_chance:
            return ""
        return (
            f"the judge {self.judge} is at chance: AUC {self.auc} on {self.pairs} pairs whose truth is known; "
            "use another judge"
        )


@lru_cache(maxsize=1)
def calibration_pairs() -> tuple[Pair, ...]:
    """The pairs that ship: as many that apply as not, of several kinds."""
    return read_pairs(files(__package__).joinpath("calibration.txt").read_text(encoding="utf-8"))


def read_pairs(text: str) -> tuple[Pair, ...]:
    """Pairs out of lines `# kind`, `= explanation`, `+ applies`, `- does not`; the first line is a note."""
    kind = explanation = ""
    pairs = []
    for line in text.splitlines()[1:]:
        mark, _, rest = line.partition(" ")
        if mark == "#":
            kind = rest
        elif mark == "=":
            explanation = rest
        elif mark in ("+", "-"):
            pairs.append(Pair(explanation, rest, mark == "+", kind))
    return tuple(pairs)


def calibrate(judge: Judge, pairs: Sequence[Pair] | None = None) -> Calibration:
    """Put `judge` through `pairs` (the ones that ship). A judge at chance is to be believed nothing."""
    pairs = calibration_pairs() if pairs is None else pairs
    degrees = np.empty(len(pairs))
    for explanation in dict.fromkeys(pair.explanation for pair in pairs):
        rows = [i for i, pair in enumerate(pairs) if pair.explanation == explanation]
        degrees[rows] = judge.judge([explanation], [pairs[i].text for i in rows])[0]
    applies = np.array([pair.applies for pair in pairs])
    kinds = np.array([pair.kind for pair in pairs])
    rng = np.random.default_rng(SEED)
    auc = estimate_auc(degrees, applies, rng)
    by_kind = tuple(
        (str(kind), estimate_auc(degrees[kinds == kind], applies[kinds == kind], rng).value)
        for kind in dict.fromkeys(kinds.tolist())
    )
    return Calibration(judge.name, auc, float(((degrees > 0.5) == applies).mean()), len(pairs), by_kind)
