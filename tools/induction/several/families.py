"""One-parameter families of curves: shapes with one unknown inner constant, everything else linear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..types import Floats
from .expressions import Expr, add, call, evaluate, mul, number, power, variable

X = variable(0)


@dataclass(frozen=True, slots=True)
class Family:
    """`shapes(k)`: the columns as expressions in the one input; `grid(x)`: the constants worth trying on inputs x."""

    name: str
    shapes: Callable[[float], list[Expr]]
    grid: Callable[[Floats], Floats]

    def columns(self, k: float, x: Floats) -> Floats:
        return np.column_stack([evaluate(e, x[:, None]) for e in self.shapes(k)])


def _scaled(k: float) -> Expr:
    return mul(number(k), X)


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
    most = min(1.5 * np.pi * len(x) / width, np.pi / closest)
    return np.linspace(0.15 / width, most, int(min(600, 4 * most * width / np.pi + 20)))


def _exponent_grid(x: Floats) -> Floats:
    grid = np.linspace(-5, 5, 81)
    return grid[np.abs(grid) > 0.01] if np.all(x > 0) else np.array([2.0, 3.0])


def _inverse_grid(x: Floats) -> Floats:
    return np.empty(0) if np.any(x == 0) else _signed_grid(1 / x)


def _shift_grid(x: Floats) -> Floats:
    ordered = np.unique(x)
    return np.asarray((ordered[1:] + ordered[:-1]) / 2)[1:-1]


def _one_plus(k: float, inner: Expr, exponent: float) -> list[Expr]:
    return [power(add(number(1), mul(number(k), inner)), exponent)]


SMOOTH = (
    Family("exp", lambda k: [call("exp", _scaled(k))], _signed_grid),
    Family("sine", lambda k: [call("sin", _scaled(k)), call("cos", _scaled(k))], _frequency_grid),
    Family("raised sine", lambda k: [number(1), call("sin", _scaled(k)), call("cos", _scaled(k))], _frequency_grid),
    Family("tanh", lambda k: [call("tanh", _scaled(k))], _positive_grid),
    Family("arctan", lambda k: [call("arctan", _scaled(k))], _positive_grid),
    Family("log", lambda k: [call("log", add(number(1), _scaled(k)))], _signed_grid),
    Family("reciprocal", lambda k: _one_plus(k, X, -1), _signed_grid),
    Family("root", lambda k: _one_plus(k, X, 0.5), _signed_grid),
    Family("reciprocal root", lambda k: _one_plus(k, X, -0.5), _signed_grid),
    Family("inverse square", lambda k: _one_plus(k, X, -2), _signed_grid),
    Family("lorentzian", lambda k: _one_plus(k, power(X, 2), -1), _square_grid),
    Family("hyperbola", lambda k: _one_plus(k, power(X, 2), 0.5), _square_grid),
    Family("relativistic", lambda k: _one_plus(k, power(X, 2), -0.5), _square_grid),
    Family("softened", lambda k: _one_plus(k, power(X, 2), -1.5), _square_grid),
    Family("gaussian", lambda k: [call("exp", mul(number(k), power(X, 2)))], _square_grid),
    Family("bose", lambda k: [power(add(call("exp", _scaled(k)), number(-1)), -1)], _positive_grid),
    Family("fermi", lambda k: [power(add(call("exp", _scaled(k)), number(1)), -1)], _signed_grid),
    Family("power", lambda k: [power(X, k)], _exponent_grid),
    Family("tangent", lambda k: [call("tan", _scaled(k))], _positive_grid),
    Family("arrhenius", lambda k: [call("exp", mul(number(k), power(X, -1)))], _inverse_grid),
)
BROKEN = (
    Family("kink", lambda k: [call("abs", add(X, number(-k)))], _shift_grid),
    Family("step", lambda k: [call("sign", add(X, number(-k)))], _shift_grid),
)
PREFACTORS = (1.0, -1.0, 2.0, 3.0, 0.5, -2.0)
