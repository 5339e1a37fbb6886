"""An estimate with its interval, and the resampling that gives it: whole texts drawn again with replacement."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RESAMPLES = 2000
CONFIDENCE = 0.95
_CELLS = 2_000_000
"""Resamples × texts held at once."""


class ScoringError(ValueError):
    """Numbers that cannot be scored. The message says what was expected, what came, and the remedy."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with a `confidence` interval; `low` and `high` are NaN where too few units say nothing of it."""

    value: float
    low: float
    high: float
    confidence: float = CONFIDENCE

    @property
    def known(self) -> bool:
        return math.isfinite(self.low) and math.isfinite(self.high)

    def __str__(self) -> str:
        """`0.81 (0.74–0.87)`."""
        return f"{self.value:.2f} ({self.low:.2f}–{self.high:.2f})" if self.known else f"{self.value:.2f}"


def quantiles(values: Floats) -> tuple[float, float]:
    """The percentile interval of resampled `values`; what could not be computed (NaN) is left out."""
    sound = values[np.isfinite(values)]
    if len(sound) < len(values) / 2 or not len(sound):
        return math.nan, math.nan
    tail = 50.0 * (1.0 - CONFIDENCE)
    low, high = np.percentile(sound, [tail, 100.0 - tail])
    return float(low), float(high)


def counts(n: int, rng: np.random.Generator, *, resamples: int = RESAMPLES) -> Iterator[Floats]:
    """How often each of `n` texts is drawn, (some resamples, n) at a time, `resamples` in all."""
    step = max(1, min(resamples, _CELLS // max(n, 1)))
    for start in range(0, resamples, step):
        rows = min(step, resamples - start)
        picks = rng.integers(0, n, (rows, n)) + n * np.arange(rows)[:, None]
        yield np.bincount(picks.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float64)


def stratified_counts(positive: NDArray[np.bool_], rng: np.random.Generator) -> Iterator[Floats]:
    """As `counts`, with as many of the `positive` texts and as many of the others in every resample."""
    n, inside, outside = len(positive), np.flatnonzero(positive), np.flatnonzero(~positive)
    step = max(1, min(RESAMPLES, _CELLS // max(n, 1)))
    for start in range(0, RESAMPLES, step):
        rows = min(step, RESAMPLES - start)
        drawn = np.concatenate(
            [part[rng.integers(0, len(part), (rows, len(part)))] for part in (inside, outside) if len(part)], axis=1
        )
        cells = drawn + n * np.arange(rows)[:, None]
        yield np.bincount(cells.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float64)


def as_floats(values: object, what: str) -> Floats:
    """A flat float array of `values`. Raises `ScoringError` naming `what` for anything else."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ScoringError(f"expected {what} as numbers, got {type(values).__name__}; pass one a text") from error
    if array.ndim != 1:
        raise ScoringError(f"expected {what} as a flat list of numbers, got shape {array.shape}; pass one a text")
    return array
