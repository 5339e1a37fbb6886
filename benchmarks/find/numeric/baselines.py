"""Trivial explanations of the same rows: what a figure has to beat."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...accuracy import Complexes
from .official import HIGH, LOW

Floats: TypeAlias = NDArray[np.float64]
Draw: TypeAlias = Callable[[Floats], Complexes]
"""Answers of the stochastic function, NaN where it has none."""
Predict: TypeAlias = Callable[[Floats], Complexes]

FIT_POINTS = 257
KNOTS = (17, 65, 257)


def fit_baselines(draw: Draw) -> dict[str, Predict]:
    """Baselines by name, each fitted to its own draws at evenly spaced inputs over [−128, 128], ends included.

    Constant and linear are least squares over 257 draws. Where the function has no value an input is left out;
    an interpolation holds its outermost values beyond the outermost answers.
    """
    xs, ys = _answers(draw, FIT_POINTS)
    baselines = {"constant": _polynomial(xs, ys, 0), "linear": _polynomial(xs, ys, 1)}
    for knots in KNOTS:
        baselines[f"interpolation of {knots}"] = _interpolation(*_answers(draw, knots))
    return baselines


def _answers(draw: Draw, count: int) -> tuple[Floats, Complexes]:
    xs = np.linspace(LOW, HIGH, count)
    ys = draw(xs)
    usable = np.isfinite(ys)
    return xs[usable], ys[usable]


def _polynomial(xs: Floats, ys: Complexes, degree: int) -> Predict:
    if len(xs) <= degree:
        return _nothing
    terms = np.vander(xs / HIGH, degree + 1).astype(np.complex128)
    coefficients = np.linalg.lstsq(terms, ys, rcond=None)[0]
    return lambda at: np.asarray(np.polyval(coefficients, at / HIGH), dtype=np.complex128)


def _interpolation(xs: Floats, ys: Complexes) -> Predict:
    if not len(xs):
        return _nothing
    return lambda at: np.asarray(np.interp(at, xs, ys.real) + 1j * np.interp(at, xs, ys.imag), dtype=np.complex128)


def _nothing(at: Floats) -> Complexes:
    return np.full(len(at), complex(np.nan, np.nan))
