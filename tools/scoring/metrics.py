"""How well predictions match held-out replies: r2 with a bootstrap interval."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.complex128]
FLOOR = -1e6
"""Lower values of r2 say no more than this one; they are reported as it."""
RELATIVE_TOLERANCE = 1e-6
_FLAT = 1e-12
_RESAMPLES = 2000
_LEAST = float(np.finfo(np.float64).tiny)
"""Division by smaller numbers overflows; they count as 0."""


def as_numbers(values: Sequence[float | complex | None]) -> Numbers:
    """Complex array of `values`; NaN for None."""
    return np.array([complex("nan") if v is None else complex(v) for v in values], dtype=np.complex128)


def errors(truth: Numbers, predicted: Numbers) -> NDArray[np.float64]:
    """|truth - predicted|. A missing prediction is charged the whole range of the truth (its size, if constant)."""
    if len(truth) == 0:
        return np.zeros(0)
    size = float(np.max(np.abs(truth)))
    with np.errstate(all="ignore"):
        distance = np.abs(truth - predicted)
        scaled = truth / (size if size > _LEAST else 1.0)  # before the mean is taken, which could overflow
        worst = 2.0 * size * float(np.max(np.abs(scaled - scaled.mean()))) or max(1.0, size)
    return np.where(np.isnan(distance), worst, distance)


def r2(truth: Numbers, error: NDArray[np.float64]) -> float:
    """1 - SSE/SST over replies `truth` (n,) with absolute errors `error` (n,), at least `FLOOR`.

    Replies that are all alike have no variance to explain: 1 when every error is within 1e-6 of their size, else 0.
    """
    return float(_r2_rows(truth[None, :], error[None, :])[0])


def bootstrap_r2(
    truth: Numbers, error: NDArray[np.float64], rng: np.random.Generator, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Percentile bootstrap interval of `r2`, inputs drawn with replacement (2000 resamples)."""
    if len(truth) == 0:
        return float("nan"), float("nan")
    picks = rng.integers(0, len(truth), (_RESAMPLES, len(truth)))
    values = _r2_rows(truth[picks], error[picks])
    tail = 50.0 * (1.0 - confidence)
    low, high = np.percentile(values, [tail, 100.0 - tail])
    return float(low), float(high)


def _r2_rows(truth: Numbers, error: NDArray[np.float64]) -> NDArray[np.float64]:
    """`r2` of each row. Rows are scaled first, so that replies near the largest float do not overflow."""
    size = np.max(np.abs(truth), axis=1, keepdims=True)
    size = np.where(size > _LEAST, size, 1.0)
    with np.errstate(all="ignore"):
        scaled, missed = truth / size, error / size
        deviation = np.abs(scaled - scaled.mean(axis=1, keepdims=True))
        spread = np.max(deviation, axis=1, keepdims=True)
        flat = spread[:, 0] <= _FLAT
        unit = np.where(flat[:, None], 1.0, spread)
        sst = np.sum((deviation / unit) ** 2, axis=1)
        sse = np.sum((missed / unit) ** 2, axis=1)
        value = 1.0 - sse / np.where(flat, 1.0, sst)
    hit = np.all(missed <= RELATIVE_TOLERANCE, axis=1)
    value = np.where(flat, hit.astype(float), value)
    return np.maximum(np.where(np.isnan(value), FLOOR, value), FLOOR)
