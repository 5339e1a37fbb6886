"""Outer functions: an answer is often a simple expression seen through a square root, a reciprocal, a sine …"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..types import Floats
from .expressions import Expr, add, call, mul, number, power


@dataclass(frozen=True, slots=True)
class Outer:
    """`undo` maps the box's values to the inner ones; `wrap` writes the outer function around an inner expression.

    `slope` is |d undo / d value|: how errors of the values grow on the way in.
    """

    name: str
    undo: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    wrap: Callable[[Expr], Expr]
    admits: Callable[[Floats], bool]


def _always(values: Floats) -> bool:
    return True


def _one_sign(values: Floats) -> bool:
    return bool(np.all(values > 0) or np.all(values < 0))


def _nonzero(values: Floats) -> bool:
    return bool(np.all(values != 0))


IDENTITY = Outer("identity", lambda v: v, lambda v: np.ones_like(v), lambda e: e, _always)
LOG = Outer(
    "log",
    lambda v: np.log(v),
    lambda v: 1 / np.abs(v),
    lambda e: call("exp", e),
    lambda v: bool(np.all(v > 0)),
)
MINUS_LOG = Outer(
    "log of minus",
    lambda v: np.log(-v),
    lambda v: 1 / np.abs(v),
    lambda e: mul(number(-1), call("exp", e)),
    lambda v: bool(np.all(v < 0)),
)
RECIPROCAL = Outer("reciprocal", lambda v: 1 / v, lambda v: v**-2, lambda e: power(e, -1), _nonzero)
SQUARE = Outer(
    "square", lambda v: v * v, lambda v: 2 * np.abs(v), lambda e: power(e, 0.5), lambda v: bool(np.all(v >= 0))
)
MINUS_SQUARE = Outer(
    "square of minus",
    lambda v: v * v,
    lambda v: 2 * np.abs(v),
    lambda e: mul(number(-1), power(e, 0.5)),
    lambda v: bool(np.all(v <= 0)),
)
RECIPROCAL_SQUARE = Outer(
    "reciprocal square",
    lambda v: v**-2,
    lambda v: 2 * np.abs(v) ** -3,
    lambda e: power(e, -0.5),
    lambda v: bool(np.all(v > 0)),
)
SQUARE_ROOT = Outer(
    "square root",
    lambda v: np.sqrt(v),
    lambda v: 0.5 / np.sqrt(np.abs(v) + 1e-300),
    lambda e: power(e, 2),
    lambda v: bool(np.all(v >= 0)),
)
RECIPROCAL_ROOT = Outer(
    "reciprocal root",
    lambda v: v**-0.5,
    lambda v: 0.5 * np.abs(v) ** -1.5,
    lambda e: power(e, -2),
    lambda v: bool(np.all(v > 0)),
)
TWO_THIRDS = Outer(
    "two thirds",
    lambda v: v ** (2 / 3),
    lambda v: 2 / 3 * np.abs(v) ** (-1 / 3),
    lambda e: power(e, 1.5),
    lambda v: bool(np.all(v > 0)),
)
MINUS_TWO_THIRDS = Outer(
    "minus two thirds",
    lambda v: v ** (-2 / 3),
    lambda v: 2 / 3 * np.abs(v) ** (-5 / 3),
    lambda e: power(e, -1.5),
    lambda v: bool(np.all(v > 0)),
)
EXP = Outer(
    "exp",
    lambda v: np.exp(v),
    lambda v: np.exp(v),
    lambda e: call("log", e),
    lambda v: bool(np.max(np.abs(v)) < 30),
)
TANGENT = Outer(
    "tan",
    lambda v: np.tan(v),
    lambda v: 1 + np.tan(v) ** 2,
    lambda e: call("arctan", e),
    lambda v: bool(np.max(np.abs(v)) < np.pi / 2 - 1e-6),
)
SINE = Outer(
    "sin",
    lambda v: np.sin(v),
    lambda v: np.abs(np.cos(v)),
    lambda e: call("arcsin", e),
    lambda v: bool(np.max(np.abs(v)) < np.pi / 2 + 1e-9),
)
COSINE = Outer(
    "cos",
    lambda v: np.cos(v),
    lambda v: np.abs(np.sin(v)),
    lambda e: call("arccos", e),
    lambda v: bool(np.min(v) > -1e-9 and np.max(v) < np.pi + 1e-9),
)
ARCSINE = Outer(
    "arcsin",
    lambda v: np.arcsin(v),
    lambda v: 1 / np.sqrt(np.maximum(1 - v * v, 1e-12)),
    lambda e: call("sin", e),
    lambda v: bool(np.max(np.abs(v)) <= 1),
)
ARCTANH = Outer(
    "arctanh",
    lambda v: np.arctanh(v),
    lambda v: 1 / np.maximum(1 - v * v, 1e-12),
    lambda e: call("tanh", e),
    lambda v: bool(np.max(np.abs(v)) < 1 - 1e-9),
)
SIGMOID = Outer(
    "logit",
    lambda v: np.log(1 / v - 1),
    lambda v: 1 / np.abs(v * (1 - v)),
    lambda e: power(add(number(1), call("exp", e)), -1),
    lambda v: bool(np.min(v) > 0 and np.max(v) < 1),
)

OUTERS = (
    IDENTITY, LOG, MINUS_LOG, RECIPROCAL, SQUARE, MINUS_SQUARE, RECIPROCAL_SQUARE, SQUARE_ROOT, RECIPROCAL_ROOT,
    TWO_THIRDS, MINUS_TWO_THIRDS, EXP, TANGENT, SINE, COSINE, ARCSINE, ARCTANH, SIGMOID,
)  # fmt: skip


def admitted(values: Floats) -> list[Outer]:
    """The outer functions that can be undone on all of `values`."""
    with np.errstate(all="ignore"):
        return [g for g in OUTERS if g.admits(values) and np.all(np.isfinite(g.undo(values)))]


def inner_error(outer: Outer, values: Floats, error: float) -> Floats:
    """Absolute error of each undone value, for values known to within `error`."""
    with np.errstate(all="ignore"):
        inner = outer.undo(values)
        return np.asarray(outer.slope(values) * error + 4e-16 * np.abs(inner))
