"""Inputs that enter straight: g(f) = a(rest) + b(rest)·φ(x), so that a and b are problems with one input less."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..types import Floats
from .expressions import Expr, add, call, evaluate, mul, number, power, variable
from .outers import Outer, admitted, inner_error
from .problem import Problem
from .subsets import solve

ALONG, RESTS = 6, 3


@dataclass(frozen=True, slots=True)
class Straight:
    """Input `index` enters through `shape` (an expression in variable 0) under `outer`."""

    index: int
    outer: Outer
    shape: Expr


def shapes() -> list[Expr]:
    """Ways in which an input may enter, the plain one first."""
    x = variable(0)
    powers = [power(x, p) for p in (1, 2, -1, -2, 0.5, 3, 4, -0.5, 1.5, -3)]
    names = ("cos", "sin", "exp", "log", "tan", "tanh", "abs")
    return [*powers, *(call(n, x) for n in names), call("exp", mul(number(-1), x)), power(call("sin", x), 2)]


def straight_inputs(problem: Problem) -> Iterator[Straight]:
    """Every input that enters straight, asking a few slices for each."""
    candidates = shapes()
    for index in range(problem.arity):
        slices = _slices(problem, index)
        if slices is None:
            continue
        x, table = slices
        for outer in admitted(table.ravel()):
            found = next((s for s in candidates if _is_straight(problem, outer, s, x, table)), None)
            if found is not None:
                yield Straight(index, outer, found)


def _slices(problem: Problem, index: int) -> tuple[Floats, Floats] | None:
    interval = problem.box[index]
    x = np.unique([interval.snap(interval.low + s * interval.width) for s in (0.02, 0.17, 0.38, 0.55, 0.81, 0.97)])
    if len(x) < 4:
        return None
    known, _ = problem.pool()
    rows = []
    for k in range(min(3 * RESTS, len(known))):
        points = np.tile(known[k], (len(x), 1))
        points[:, index] = x
        values = problem.evaluate(points)
        problem.learn(points, values)
        if np.all(np.isfinite(values)):
            rows.append(values)
        if len(rows) == RESTS:
            return x, np.array(rows)
    return None


def _is_straight(problem: Problem, outer: Outer, shape: Expr, x: Floats, table: Floats) -> bool:
    column = evaluate(shape, x[:, None])
    if not np.all(np.isfinite(column)) or np.ptp(column) == 0:
        return False
    matrix = np.column_stack([np.ones(len(x)), column])
    for row in table:
        inner = outer.undo(row)
        _, residuals = solve(matrix, inner)
        allowed = 60 * inner_error(outer, row, problem.error) + 1e-11 * float(np.ptp(inner))
        if np.any(np.abs(residuals) > allowed):
            return False
    return True


def slope_and_offset(problem: Problem, straight: Straight) -> tuple[Problem, Problem]:
    """The problems b and a, asked at two values of the input; both read the same queries."""
    interval, index = problem.box[straight.index], straight.index
    ends = np.array([interval.snap(interval.low + s * interval.width) for s in (0.17, 0.81)])
    shape = evaluate(straight.shape, ends[:, None])
    rest = [k for k in range(problem.arity) if k != index]

    def values(points: Floats) -> tuple[Floats, Floats]:
        full = np.empty((2 * len(points), problem.arity))
        full[:, rest] = np.concatenate([points, points])
        full[: len(points), index] = ends[0]
        full[len(points) :, index] = ends[1]
        with np.errstate(all="ignore"):
            inner = straight.outer.undo(problem.evaluate(full))
        return inner[: len(points)], inner[len(points) :]

    def slope(points: Floats) -> Floats:
        low, high = values(points)
        return np.asarray((high - low) / (shape[1] - shape[0]))

    def offset(points: Floats) -> Floats:
        low, high = values(points)
        return np.asarray(low - (high - low) / (shape[1] - shape[0]) * shape[0])

    error = 2 * float(np.median(inner_error(straight.outer, problem.targets, problem.error)))
    gap = abs(shape[1] - shape[0])
    box, smooth = [problem.box[k] for k in rest], problem.smooth[rest]
    b = Problem(slope, box, seed=problem.seed + 3, error=error / gap, smooth=smooth, price=2 * problem.price)
    a = Problem(
        offset,
        box,
        seed=problem.seed + 3,
        error=error * (1 + max(abs(shape)) / gap),
        smooth=smooth,
        price=2 * problem.price,
    )
    return b, a


def joined(straight: Straight, slope: Expr, offset: Expr, shape: Expr) -> Expr:
    """The whole, its parts already in the variables of the whole."""
    return straight.outer.wrap(add(mul(slope, shape), offset))
