"""Trivial predictors that an explanation has to beat, made from the same queries."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .metrics import Numbers

Floats = NDArray[np.float64]
Predictor = Callable[[Floats], Numbers]
_MOST_INPUTS_FOR_DELAUNAY = 4


def fit_baselines(points: Floats, values: Numbers) -> dict[str, Predictor]:
    """Predictors by name, from answered queries (n, arity) and (n,), n ≥ 1.

    `constant`: the mean. `linear`: least squares. `interpolation`: piecewise linear between the queries (for up to 4
    inputs on their Delaunay triangulation; outside the queries' hull the nearest one). `lookup`: the nearest query.
    Distances are in units of each input's spread.
    """
    points, values = _merge_repeats(points, values)
    mean = values.mean()
    offset, spread = points.mean(axis=0), np.ptp(points, axis=0)
    spread = np.where(spread > 0, spread, 1.0)

    def scaled(x: Floats) -> Floats:
        return np.asarray((x - offset) / spread, dtype=np.float64)

    lookup = _lookup(scaled(points), values)
    interpolation = _interpolation(scaled(points), values)
    return {
        "constant": lambda x: np.full(len(x), mean),
        "linear": _after(scaled, _linear(scaled(points), values)),
        "interpolation": _after(scaled, interpolation or lookup),
        "lookup": _after(scaled, lookup),
    }


def nearest_answered(points: Floats, answered: NDArray[np.bool_]) -> Callable[[Floats], NDArray[np.bool_]]:
    """Whether a box answers, guessed from the nearest query: `answered` (n,) says it of the queries (n, arity).

    Inputs that were asked more than once count by the majority of their replies.
    """
    merged, share = _merge_repeats(points, answered.astype(np.complex128))
    offset, spread = merged.mean(axis=0), np.ptp(merged, axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    predict = _lookup((merged - offset) / spread, share)
    return lambda x: np.asarray(predict((x - offset) / spread).real > 0.5)


def _after(first: Callable[[Floats], Floats], then: Predictor) -> Predictor:
    return lambda x: then(first(x))


def _merge_repeats(points: Floats, values: Numbers) -> tuple[Floats, Numbers]:
    """Each input once, with the mean of its replies; sorted."""
    unique, where = np.unique(points, axis=0, return_inverse=True)
    where = where.reshape(-1)
    counts = np.bincount(where, minlength=len(unique))
    real = np.bincount(where, values.real / counts[where], len(unique))
    imaginary = np.bincount(where, values.imag / counts[where], len(unique))
    return unique, real + 1j * imaginary


def _linear(points: Floats, values: Numbers) -> Predictor:
    design = np.column_stack([np.ones(len(points)), points]).astype(np.complex128)
    size = max(float(np.max(np.abs(values))), np.finfo(float).tiny)
    weights, *_ = np.linalg.lstsq(design, values / size, rcond=None)
    return lambda x: (np.column_stack([np.ones(len(x)), x]) @ weights) * size


def _lookup(points: Floats, values: Numbers) -> Predictor:
    def predict(x: Floats) -> Numbers:
        distances = np.sum((x[:, None, :] - points[None, :, :]) ** 2, axis=2)
        return np.asarray(values[np.argmin(distances, axis=1)])

    return predict


def _interpolation(points: Floats, values: Numbers) -> Predictor | None:
    """Piecewise linear interpolation; None where the queries do not span the inputs' space."""
    arity = points.shape[1]
    if arity == 1:
        x0 = points[:, 0]
        return lambda x: np.interp(x[:, 0], x0, values.real) + 1j * np.interp(x[:, 0], x0, values.imag)
    if arity > _MOST_INPUTS_FOR_DELAUNAY or len(points) < arity + 2:
        return None
    from scipy.interpolate import LinearNDInterpolator
    from scipy.spatial import QhullError

    try:
        inside = LinearNDInterpolator(points, values)
    except QhullError:
        return None
    nearest = _lookup(points, values)

    def predict(x: Floats) -> Numbers:
        guess = np.asarray(inside(x), dtype=np.complex128)
        return np.where(np.isnan(guess), nearest(x), guess)

    return predict
