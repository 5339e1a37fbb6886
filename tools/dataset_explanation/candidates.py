"""A candidate difference: a phrase, and how far it applies to texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .types import Bools, Floats, Source

RULE = "rule"
"""The judge of phrases that are counted rather than judged, such as "contains the word tax"."""
CUT = 0.5
"""A phrase applies to texts of a higher degree."""

Spans = Callable[[str], tuple[tuple[int, int], ...]]


def no_spans(text: str) -> tuple[tuple[int, int], ...]:
    """For what no part of a text shows on its own."""
    return ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """`phrase` completes "The text …"; `degrees` gives (texts,) in [0, 1], by the judge so named.

    The phrase applies to texts above 0.5. `spans` gives the characters of a text that show it. A `general` phrase was
    written to describe texts; one that is not was taken from the texts themselves.
    """

    phrase: str
    source: Source
    judge: str
    degrees: Callable[[Sequence[str]], Floats]
    spans: Spans = no_spans
    general: bool = True


def applies(degrees: Floats) -> Bools:
    """Whether a phrase applies, by its degrees."""
    return np.asarray(degrees > CUT)


def contains(test: Spans) -> Callable[[Sequence[str]], Floats]:
    """1 where a text has a span, else 0."""
    return lambda texts: np.array([float(bool(test(text))) for text in texts])
