"""The interval of an AUC: the bootstrap's, except close to 0 and 1, where resamples cannot show what was not seen."""

from __future__ import annotations

import math

import numpy as np

from .estimates import CONFIDENCE, Floats, quantiles


def auc_interval(value: float, drawn: Floats, inside: int, outside: int) -> tuple[float, float]:
    """The percentile interval of resampled AUCs `drawn`, or where it has no width at the edge, `newcombe`'s.

    A perfect AUC stays perfect in every resample, however few texts it rests on; that is no certainty.
    """
    low, high = quantiles(drawn)
    if value in (0.0, 1.0):
        return newcombe(value, inside, outside)
    return low, high


def newcombe(value: float, inside: int, outside: int) -> tuple[float, float]:
    """Newcombe's score interval of an AUC (method 5, Statistics in Medicine 25, 2006), by bisection."""
    from scipy.stats import norm

    z = float(norm.ppf(0.5 + CONFIDENCE / 2))
    extra = (inside + outside) / 2 - 1

    def excess(theta: float) -> float:
        shape = 1 + extra * ((1 - theta) / (2 - theta) + theta / (1 + theta))
        return abs(value - theta) - z * math.sqrt(max(0.0, theta * (1 - theta) * shape / (inside * outside)))

    return _root(excess, value, 0.0), _root(excess, value, 1.0)


def _root(excess: object, inner: float, outer: float) -> float:
    """Where `excess` turns positive on the way from `inner` to `outer`."""
    assert callable(excess)
    near, far = inner, outer
    if excess(far) <= 0:
        return far
    for _ in range(60):
        middle = (near + far) / 2
        near, far = (middle, far) if excess(middle) <= 0 else (near, middle)
    return float(np.clip(near, 0.0, 1.0))
