"""Where rules are sought: the whole, shares of it, stretches between abrupt changes, stretches free of noise."""

from __future__ import annotations

import warnings
from itertools import groupby

import numpy as np

from .evidence import Evidence, rounding_error, scatter
from .fitting import Data
from .types import Floats, Mask

Window = tuple[float, float]

WINDOWS: tuple[Window, ...] = (
    (0.0, 1.0), (0.0, 0.5), (0.5, 1.0), (0.25, 0.75), (0.0, 0.25), (0.75, 1.0), (0.25, 0.5), (0.5, 0.75),
    (0.0, 0.12), (0.88, 1.0), (0.375, 0.625), (0.44, 0.56),
)  # fmt: skip
"""Shares of the sorted answers that rules are sought on: an exception or a break spoils some of them, never all."""


def data_of(evidence: Evidence, low: float, high: float) -> tuple[Data, float]:
    """The answers inside [low, high] with their standard errors, and the noise that repeats there show.

    Where some inputs answer steadily and others do not, only the larger of the two groups is returned: noise that
    lives on an interval must not hide an exact rule around it.
    """
    a = evidence.arrays
    s = rounding_error(a.x, a.y)
    mask = (a.x >= low) & (a.x <= high)
    spread = scatter(a.repeats, low, high)
    sigma = spread.sigma
    if spread.mixed and len(spread.steady) >= len(spread.varying):
        mask &= ~np.isin(a.x, spread.varying)
        sigma = 0.0
    elif spread.mixed and not spread.integers:
        mask &= ~np.isin(a.x, spread.steady)
    if sigma > 0:
        mask &= ~lonely(a.y, sigma)
    return Data(a.x[mask], a.y[mask], np.hypot(s[mask], sigma)), sigma


def lonely(y: Floats, sigma: float) -> Mask:
    """Answers far from neighbours that agree with each other: single odd inputs that noise does not explain."""
    if len(y) < 7:
        return np.zeros(len(y), bool)
    padded = np.concatenate([y[:3][::-1], y, y[-3:][::-1]])
    around = np.stack([padded[i : i + len(y)] for i in (0, 1, 2, 4, 5, 6)])
    level, spread = np.median(around, axis=0), np.ptp(np.sort(around, axis=0)[1:-1], axis=0)
    return np.asarray((np.abs(y - level) > 12.0 * sigma) & (spread < 6.0 * sigma))


def shares(evidence: Evidence, parts: tuple[Window, ...]) -> list[Window]:
    """The inputs that end each share of the distinct inputs asked."""
    x = np.unique(evidence.arrays.x)
    last = len(x) - 1
    return [(float(x[int(a * last)]), float(x[int(b * last)])) for a, b in parts]


def change_windows(evidence: Evidence, breaks: int) -> list[Window]:
    """Stretches between `breaks` abrupt changes of level or slope (binary segmentation, ruptures)."""
    a = evidence.arrays
    if len(a.x) < 20:
        return []
    import ruptures

    level = np.median(a.y)
    spread = np.median(np.abs(a.y - level)) + 1e-12 * (np.ptp(a.y) or 1.0)
    rank = np.arcsinh((a.y - level) / spread)
    signal = np.column_stack([rank, a.x / (np.max(np.abs(a.x)) or 1.0), np.ones_like(a.x)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ends = ruptures.Binseg(model="linear", jump=1, min_size=4).fit(signal).predict(n_bkps=breaks)
    starts = [0, *ends[:-1]]
    return [(float(a.x[i]), float(a.x[j - 1])) for i, j in zip(starts, ends, strict=True) if j - i >= 5]


def steady_runs(evidence: Evidence) -> list[Window]:
    """Stretches of at least six inputs in a row that answer alike each time, amid others that do not."""
    spread = scatter(evidence.arrays.repeats)
    if not spread.mixed:
        return []
    places = sorted([(float(x), True) for x in spread.steady] + [(float(x), False) for x in spread.varying])
    runs = [[x for x, _ in group] for calm, group in groupby(places, key=lambda p: p[1]) if calm]
    return [(run[0], run[-1]) for run in runs if len(run) >= 6]
