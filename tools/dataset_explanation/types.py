"""What is explained (texts or a table, with groups or a number) and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..scoring.texts import Estimate

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Kind = Literal["groups", "number"]
Source = Literal["words", "surface", "meaning", "question", "chat"]
"""Where a candidate came from."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be told apart: two groups (`values` 1 for `a`, 0 for `b`), or a number called `name`."""

    kind: Kind
    name: str
    values: Floats
    a: str = "A"
    b: str = "B"

    def __len__(self) -> int:
        return len(self.values)

    def at(self, rows: NDArray[np.intp]) -> Target:
        return Target(self.kind, self.name, self.values[rows], self.a, self.b)

    @property
    def high(self) -> Bools:
        """Who belongs to `a`; for a number, who lies above its median."""
        if self.kind == "groups":
            return self.values > 0.5
        above: Bools = self.values > np.median(self.values)
        return above if above.any() else np.asarray(self.values >= np.max(self.values))


@dataclass(frozen=True, slots=True)
class TextData:
    """Texts with what is to be told apart. `notes` say what reading left out or decided."""

    texts: tuple[str, ...]
    target: Target
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feature:
    """A column of a table: numbers (`NaN` where missing), or categories (`None` where missing)."""

    name: str
    numbers: Floats | None = None
    categories: tuple[str | None, ...] | None = None


@dataclass(frozen=True, slots=True)
class TableData:
    """A table's features with what is to be predicted."""

    features: tuple[Feature, ...]
    target: Target
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.target)


@dataclass(frozen=True, slots=True)
class Example:
    """A held-out text that shows a difference; `spans` are the characters (start, end) that show it, where known."""

    text: str
    group: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference between two groups (or along a number), measured on held-out texts alone.

    `phrase` completes "The text …"; `more_in` is the group it applies to more often. `share_a` and `share_b`: to what
    share of either group it applies (for a number: of the texts above and below its median); `gap` is their
    difference. `auc`: how often a text of the group it favours gets the higher degree (for a number: of the texts above
    its median against the others); `correlation` is Spearman's with the number. `p_value` is a two-sided permutation
    test's; `holm` and `fdr` are corrected for all candidates that were tested. `also` are differences that say the same
    of the same texts.
    """

    phrase: str
    source: Source
    judge: str
    more_in: str
    share_a: float
    share_b: float
    gap: Estimate
    auc: Estimate
    correlation: Estimate | None
    p_value: float
    holm: float
    fdr: float
    sentence: str
    also: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A candidate that was tested, or would have been, and is not reported; `reason` says why."""

    phrase: str
    source: Source
    reason: str
    auc: float | None = None
    holm: float | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """How well held-out texts are told apart: by the reported differences together, and by a probe of embeddings.

    AUC for groups; Spearman's correlation for a number. Both were fitted on the discovery half. `chance` is 0.5 or 0.
    """

    metric: Literal["AUC", "Spearman correlation"]
    differences: Estimate | None
    probe: Estimate | None
    chance: float

    @property
    def explained(self) -> float | None:
        """The share of the probe's lead over chance that the differences have; None where the probe has none."""
        if self.differences is None or self.probe is None or not self.probe.low > self.chance:
            return None
        return float((self.differences.value - self.chance) / (self.probe.value - self.chance))


@dataclass(frozen=True, slots=True)
class DatasetExplanation:
    """What tells texts apart, ranked by held-out effect. `tested` candidates were corrected for.

    `sizes`: how many of the `held_out` texts are of A and of B (for a number: above the median, and not).
    """

    target: str
    kind: Kind
    a: str
    b: str
    differences: tuple[Difference, ...]
    rejected: tuple[Rejected, ...]
    tested: int
    together: Together
    discovery: int
    held_out: int
    sizes: tuple[int, int]
    judges: tuple[str, ...]
    summary: str
    notes: tuple[str, ...] = field(default=())
    seed: int = 0

    @property
    def found(self) -> bool:
        return bool(self.differences)

    def __str__(self) -> str:
        lines = [self.summary]
        lines += [f"{number}. {one.sentence}" for number, one in enumerate(self.differences, 1)]
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])
