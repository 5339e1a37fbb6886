"""One-parameter families of curves: shapes with one unknown inner constant, everything else linear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..types import Floats
from .expressions import Expr, add, call, evaluate, mul, number, power, substitute, variable

X, K = variable(0), variable(1)


@dataclass(frozen=True, slots=True)
class Family:
    """`template`: the columns as expressions in the input (variable 0) and the unknown constant (variable 1).

    `grid(x)`: the constants worth trying on inputs x.
    """

    name: str
    template: tuple[Expr, ...]
    grid: Callable[[Floats], Floats]

    def shapes(self, k: float) -> list[Expr]:
        """The columns with the constant put in."""
        return [substitute(t, [X, number(k)]) for t in self.template]

    def columns(self, k: Floats, x: Floats) -> Floats:
        """Values of every column at every constant and input, (constants, inputs, columns)."""
        mesh = np.column_stack([np.tile(x, len(k)), np.repeat(k, len(x))])
        return np.stack([evaluate(t, mesh).reshape(len(k), len(x)) for t in self.template], axis=2)


def _positive_grid(x: Floats) -> Floats:
    return np.geomspace(1e-3, 60, 100) / float(np.max(np.abs(x)) + 1e-300)


def _signed_grid(x: Floats) -> Floats:
    grid = np.geomspace(1e-3, 60, 70) / float(np.max(np.abs(x)) + 1e-300)
    return np.concatenate([-grid[::-1], grid])


def _square_grid(x: Floats) -> Floats:
    grid = np.geomspace(1e-3, 100, 70) / float(np.max(np.abs(x)) + 1e-300) ** 2
    return np.concatenate([-grid[::-1], grid])


def _frequency_grid(x: Floats) -> Floats:
    width = float(np.max(x) - np.min(x)) + 1e-300
    closest = float(np.min(np.diff(np.unique(x)))) if len(np.unique(x)) > 1 else width
    most = min(6 * np.pi * len(x) / width, np.pi / closest)
    return np.linspace(0.15 / width, most, int(min(1500, 4 * most * width / np.pi + 20)))


def _exponent_grid(x: Floats) -> Floats:
    grid = np.linspace(-5, 5, 81)
    return grid[np.abs(grid) > 0.01] if np.all(x > 0) else np.empty(0)


def _inverse_grid(x: Floats) -> Floats:
    return np.empty(0) if np.any(x == 0) else _signed_grid(1 / x)


def _shift_grid(x: Floats) -> Floats:
    ordered = np.unique(x)
    return np.asarray((ordered[1:] + ordered[:-1]) / 2)[1:-1]


def _one_plus(inner: Expr, exponent: float) -> tuple[Expr]:
    return (power(add(number(1), mul(K, inner)), exponent),)


KX, SQUARE = mul(K, X), power(X, 2)
SMOOTH = (
    Family("exp", (call("exp", KX),), _signed_grid),
    Family("sine", (call("sin", KX), call("cos", KX)), _frequency_grid),
    Family("raised sine", (number(1), call("sin", KX), call("cos", KX)), _frequency_grid),
    Family("tanh", (call("tanh", KX),), _positive_grid),
    Family("arctan", (call("arctan", KX),), _positive_grid),
    Family("log", (call("log", add(number(1), KX)),), _signed_grid),
    Family("reciprocal", _one_plus(X, -1), _signed_grid),
    Family("root", _one_plus(X, 0.5), _signed_grid),
    Family("reciprocal root", _one_plus(X, -0.5), _signed_grid),
    Family("inverse square", _one_plus(X, -2), _signed_grid),
    Family("lorentzian", _one_plus(SQUARE, -1), _square_grid),
    Family("hyperbola", _one_plus(SQUARE, 0.5), _square_grid),
    Family("relativistic", _one_plus(SQUARE, -0.5), _square_grid),
    Family("softened", _one_plus(SQUARE, -1.5), _square_grid),
    Family("gaussian", (call("exp", mul(K, SQUARE)),), _square_grid),
    Family("bose", (power(add(call("exp", KX), number(-1)), -1),), _positive_grid),
    Family("fermi", (power(add(call("exp", KX), number(1)), -1),), _signed_grid),
    Family("power", (call("exp", mul(K, call("log", X))),), _exponent_grid),
    Family("tangent", (call("tan", KX),), _positive_grid),
    Family("arrhenius", (call("exp", mul(K, power(X, -1))),), _inverse_grid),
)
BROKEN = (
    Family("kink", (call("abs", add(X, mul(number(-1), K))),), _shift_grid),
    Family("step", (call("sign", add(X, mul(number(-1), K))),), _shift_grid),
)
PREFACTORS = (1.0, -1.0, 2.0, 3.0, 0.5, -2.0)
