"""Intervals: the bootstrap's, where resamples can show what was not seen, and score intervals where they cannot."""

from __future__ import annotations

import math

from .estimates import CONFIDENCE, Floats, quantiles

ENOUGH = 40
"""Texts of the smaller class from which on the bootstrap of an AUC covers as it says."""
EDGE = 0.05
"""How far from 0 and 1 the bootstrap's ends must lie to be used."""


def auc_interval(value: float, drawn: Floats, inside: int, outside: int) -> tuple[float, float]:
    """The percentile interval of resampled AUCs `drawn`, or `newcombe`'s with few texts of a class and near 0 and 1.

    There resamples know too little: a perfect AUC stays perfect in each of them, however few texts it rests on.
    Simulated with 10 of 400 texts positive and a true AUC of 0.98, the percentile interval covers it in 74 %, this one
    in 98 %; with 80 of 400 and 0.58, either in 94 %.
    """
    low, high = quantiles(drawn)
    if min(inside, outside) >= ENOUGH and low > EDGE and high < 1 - EDGE:
        return low, high
    return newcombe(value, inside, outside)


def newcombe(value: float, inside: int, outside: int) -> tuple[float, float]:
    """Newcombe's score interval of an AUC (method 5, Statistics in Medicine 25, 2006), by bisection."""
    z = _normal_quantile()
    extra = (inside + outside) / 2 - 1

    def excess(theta: float) -> float:
        """How far `value` lies outside the interval that belongs to `theta`; 0 or less within."""
        shape = 1 + extra * ((1 - theta) / (2 - theta) + theta / (1 + theta))
        return abs(value - theta) - z * math.sqrt(max(0.0, theta * (1 - theta) * shape / (inside * outside)))

    ends = []
    for near, far in ((value, 0.0), (value, 1.0)):
        for _ in range(60 if excess(far) > 0 else 0):
            middle = (near + far) / 2
            near, far = (middle, far) if excess(middle) <= 0 else (near, middle)
        ends.append(far)
    return ends[0], ends[1]


def expanded(value: float, drawn: Floats, n: int) -> tuple[float, float]:
    """The percentile interval of `drawn`, widened about `value` for small `n` (Hesterberg, arXiv:1411.5279, 5.1)."""
    from scipy.stats import t

    low, high = quantiles(drawn)
    if n < 2:
        return math.nan, math.nan
    factor = float(t.ppf(0.5 + CONFIDENCE / 2, n - 1)) / _normal_quantile() * math.sqrt(n / (n - 1))
    return min(value, value + (low - value) * factor), max(value, value + (high - value) * factor)


def _normal_quantile() -> float:
    from scipy.stats import norm

    return float(norm.ppf(0.5 + CONFIDENCE / 2))
