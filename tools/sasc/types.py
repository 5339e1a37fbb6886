"""What the steps of SASC hand to each other: plain, immutable data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Module: TypeAlias = Callable[[Sequence[str]], Floats]
"""A text module: a number for each text, NaN for a text that gets none."""


class SascError(ValueError):
    """A step that cannot be taken. The message says what was expected, what came, and the remedy."""


@dataclass(frozen=True)
class RankedPhrases:
    """Phrases by the module's response, the highest first.

    `all_phrases` and `all_responses` hold every phrase that got a response; the first `keep` of them are the top ones.
    `scored` counts what the module was asked, `left_out` those of it without a finite answer, `unasked` the phrases
    that the budget did not reach.
    """

    all_phrases: tuple[str, ...]
    all_responses: Floats
    keep: int
    scored: int
    left_out: int = 0
    unasked: int = 0

    @property
    def phrases(self) -> tuple[str, ...]:
        """The top phrases, the highest response first."""
        return self.all_phrases[: self.keep]

    @property
    def responses(self) -> Floats:
        """The responses to `phrases`."""
        return self.all_responses[: self.keep]

    @property
    def constant(self) -> bool:
        """Whether every phrase got the same response: then there is nothing to explain."""
        return float(np.ptp(self.all_responses)) == 0.0

    def __len__(self) -> int:
        return len(self.phrases)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An explanation to try, and where it comes from."""

    text: str
    origin: str
    fit: float = 0.0
    """How well it separates the phrases by response, on the phrases it was found with: a held-in score."""


@dataclass(frozen=True, slots=True)
class Synthetic:
    """Texts that have a concept, and texts that lack it. `source` says who made them."""

    with_concept: tuple[str, ...]
    without_concept: tuple[str, ...]
    source: str
