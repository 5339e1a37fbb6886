"""One input with a rule on each side of a border: fit the ends, see how far each reaches, bisect the border."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..types import Floats
from .constants import nice_numbers, snap
from .dictionary import power_law, sparse_sum
from .expressions import Expr, add, evaluate, number, variable, where_negative
from .problem import Problem
from .rationals import rational

FEWEST = 9
"""Points that a rule must explain before it is believed."""
BISECTIONS = 40


def solve_broken(problem: Problem) -> Expr | None:
    """Two rules and their border, exact on the pool; None if the ends of the input show no such thing."""
    x, y = problem.pool(34)
    order = np.argsort(x[:, 0])
    x, y = x[order], y[order]
    if len(np.unique(x)) < 2 * FEWEST:
        return None
    left = _rule(problem, x[:FEWEST], y[:FEWEST])
    right = _rule(problem, x[-FEWEST:], y[-FEWEST:]) if left is not None else None
    if left is None or right is None:
        return None
    by_left, by_right = _explained(left, x, y, problem), _explained(right, x, y, problem)
    reach = int(np.argmin(by_left)) if not by_left.all() else len(y)
    if reach == len(y) or not by_right[reach:].all():
        return None
    border = _border(problem, left, float(x[reach - 1, 0]), float(x[reach, 0]))
    return where_negative(add(variable(0), number(-border)), left, right)


def _rule(problem: Problem, x: Floats, y: Floats) -> Expr | None:
    part = Problem(problem.evaluate, problem.box, seed=problem.seed, error=problem.error, known=(x, y))
    part.wanted = len(y) + 100
    if np.ptp(y) <= 1e-11 * np.max(np.abs(y)) + 10 * problem.error:
        return number(float(np.median(y)))
    for attempt in (power_law, lambda p: sparse_sum(p, most=2), rational):
        found = attempt(part)
        if found is not None:
            return snap(found, x, y)
    return None


def _explained(rule: Expr, x: Floats, y: Floats, problem: Problem) -> NDArray[np.bool_]:
    wrong = np.abs(evaluate(rule, x) - y)
    return np.asarray(wrong <= 1e-8 * np.abs(y) + 1e-9 * float(np.std(y)) + 100 * problem.error)


def _border(problem: Problem, left: Expr, low: float, high: float) -> float:
    """Where `left` stops holding, between `low` and `high`, as a simple number if one lies there."""
    interval = problem.box[0]
    for _ in range(BISECTIONS):
        middle = interval.snap((low + high) / 2)
        if middle in (low, high) or high - low < 1e-9 * interval.width:
            break
        point = np.array([[middle]])
        if bool(_explained(left, point, problem.evaluate(point), problem)[0]):
            low = middle
        else:
            high = middle
    if interval.integer:
        return high
    return next(iter(nice_numbers((low + high) / 2, (high - low) / 2)), high)
