"""How close a prediction is to the truth. Values may be complex; an undefined value is NaN or infinite."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Complexes: TypeAlias = NDArray[np.complex128]

EXACT_NMSE = 1e-6
"""Below this noise-free NMSE a form counts as recovered exactly."""
CLOSE_RELATIVE = 1e-3
"""A prediction is close when its error is at most this share of the truth's typical size there."""


def nmse(truth: Complexes, predicted: Complexes, *, centred: bool = False) -> float:
    """sum |truth − predicted|² / sum |truth|² over the inputs where the truth is finite.

    `centred` takes the truth's mean away in the denominator, so that 1 is what a constant reaches. A prediction that
    is undefined where the truth is finite gives infinity. Nothing to predict gives NaN; a truth without energy
    (all zero, or constant when centred) gives 0 if the prediction is right to 1e-12 of the truth's size, else infinity.
    """
    counted = np.isfinite(truth)
    if not counted.any():
        return math.nan
    t, p = truth[counted], predicted[counted]
    if not np.isfinite(p).all():
        return math.inf
    scale = float(np.abs(t).max())
    if scale == 0.0:
        return 0.0 if not np.any(p) else math.inf
    t, p = t / scale, p / scale
    error = _energy(t - p)
    energy = _energy(t - t.mean()) if centred else _energy(t)
    if energy <= 1e-24 * t.size:
        return 0.0 if error <= 1e-24 * t.size else math.inf
    return error / energy


def _energy(values: Complexes) -> float:
    with np.errstate(over="ignore"):
        return float(np.sum(np.abs(values) ** 2))


def r2(truth: Complexes, predicted: Complexes) -> float:
    """1 − centred NMSE: 1 is perfect, 0 what the mean reaches, −infinity where a prediction is undefined."""
    return 1.0 - nmse(truth, predicted, centred=True)


def rms_error(truth: Complexes, predicted: Complexes) -> float:
    """Root mean square of |truth − predicted| where the truth is finite; NaN if it is so nowhere."""
    counted = np.isfinite(truth)
    if not counted.any():
        return math.nan
    if not np.isfinite(predicted[counted]).all():
        return math.inf
    with np.errstate(over="ignore"):
        return float(np.sqrt(np.mean(np.abs(truth[counted] - predicted[counted]) ** 2)))


def close_share(truth: Complexes, predicted: Complexes) -> float:
    """Share of inputs predicted within 1e-3 of max(|truth|, median |truth|).

    Unlike NMSE it is not ruled by the few inputs next to a pole. NaN where the truth is finite nowhere.
    """
    counted = np.isfinite(truth)
    if not counted.any():
        return math.nan
    t, p = truth[counted], predicted[counted]
    allowed = CLOSE_RELATIVE * np.maximum(np.abs(t), np.median(np.abs(t)))
    with np.errstate(invalid="ignore", over="ignore"):
        return float(np.mean(np.abs(t - p) <= np.maximum(allowed, 1e-15)))


def noise_allowance(sigma: float, parameters: int, queries: int) -> float:
    """The RMS error that noise excuses: 3·σ·sqrt(p/n).

    With n equally noisy answers a least-squares fit of p parameters has RMS error σ·sqrt(p/n); three times that is
    allowed. `sigma` is the noise's standard deviation, in units of the output.
    """
    return 3.0 * sigma * math.sqrt(max(parameters, 1) / max(queries, 1))


def count_literals(expression: str) -> int:
    """How many numeric literals a formula holds, at least 1: its number of parameters for `noise_allowance`."""
    return max(1, len(re.findall(r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", expression)))


def evaluate(function: Callable[..., Any], inputs: Iterable[tuple[float, ...]]) -> Complexes:
    """`function` called once per input on Python numbers; NaN where it raises or answers with no number."""
    values: list[complex] = []
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for point in inputs:
            try:
                values.append(complex(function(*point)))
            except Exception:
                values.append(complex(math.nan, math.nan))
    return np.array(values, dtype=np.complex128)
