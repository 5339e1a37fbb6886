"""One FIND function as the benchmark sees it: the truth beside the box that a scientist gets."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....tools.black_boxes import BlackBox
from ...accuracy import Complexes
from .baselines import Floats
from .official import HIGH, LOW

VISIBLE_ABOVE = 1e-12
DIFFERS_ABOVE = 5.0
"""A corruption counts when it differs from the function by more than this many of its standard deviations."""
ENDS_WITHIN = 1.0
"""How far, in units of x, the end of a claimed exception may lie from the true one."""
_SCAN_POINTS = 4097


@dataclass(frozen=True, slots=True)
class Corruption:
    """An interval, clipped to [−128, 128], where the value is normal(mean, scale) instead."""

    low: float
    high: float
    mean: float
    scale: float

    def covers(self, xs: Floats, margin: float = 0.0) -> NDArray[np.bool_]:
        """Which of `xs` lie inside, or less than `margin` outside."""
        return np.asarray((xs >= self.low - margin) & (xs <= self.high + margin))


@dataclass(frozen=True, slots=True)
class Subject:
    """A function whose truth is known.

    `truth` is the function outside its corruption, free of noise, NaN where it has no value. The mean of the noise
    counts as part of it: Poisson noise lifts a function by its rate, and nobody who sees only values could tell that
    lift from a constant in the formula. `expected` is the mean of the stochastic function, corruption included: what
    an oracle predicts. `noise_sd` is in units of the output; `parameters` counts the formula's numeric literals;
    `open(seed)` gives the stochastic function with seeded randomness.
    """

    id: str
    family: str
    variant: str
    truth: Callable[[Floats], Complexes]
    expected: Callable[[Floats], Complexes]
    noise_sd: float
    corruption: Corruption | None
    parameters: int
    open: Callable[[int], BlackBox]

    def draw(self, xs: Floats, seed: int) -> Complexes:
        """One answer of the stochastic function at each of `xs`, seeded; NaN where it fails."""
        box = self.open(seed)
        try:
            return ask_all(box, xs)
        finally:
            box.close()

    def visible(self) -> bool:
        """Whether there is a signal to recover on [−128, 128] at all.

        It is there when the function rises above 1e-12 in absolute value somewhere on 4,097 evenly spaced inputs.
        (FIND's coefficients are of order 1.) A bell far outside the domain, or a product with zero, is not visible.
        """
        values = np.abs(self.truth(np.linspace(LOW, HIGH, _SCAN_POINTS)))
        return bool(np.any(values[np.isfinite(values)] > VISIBLE_ABOVE))

    def corruption_stands_out(self) -> bool:
        """Whether the corruption differs from the function by more than 5 of its standard deviations.

        Judged by the median of |mean − function| over the corrupted interval inside [−128, 128]; an undefined
        function differs from any value.
        """
        c = self.corruption
        if c is None or c.high <= c.low:
            return False
        values = self.truth(np.linspace(c.low, c.high, 201))
        gaps = np.where(np.isfinite(values), np.abs(values - c.mean), math.inf)
        return bool(np.median(gaps) > DIFFERS_ABOVE * c.scale)


def ask_all(box: BlackBox, xs: Floats) -> Complexes:
    """What `box` answers at each of `xs`, NaN where it fails."""
    values = [reply.value for reply in box.ask([(float(x),) for x in xs])]
    undefined = complex(math.nan, math.nan)
    return np.array([complex(v) if isinstance(v, (float, complex)) else undefined for v in values], dtype=np.complex128)
