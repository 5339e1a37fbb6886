"""One input with a rule on each side of a border: fit the low end, see how far it reaches, bisect the border, go on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...black_boxes.types import Interval
from ..types import Floats
from .constants import nice_numbers, snap
from .dictionary import power_law, sparse_sum
from .expressions import Expr, add, evaluate, number, variable, where_negative
from .problem import Problem
from .rationals import rational

FEWEST = 11
"""Points that a rule must explain before it is believed."""
BISECTIONS = 40


def solve_broken(problem: Problem, deeper: int = 2) -> Expr | None:
    """Two to four rules and their borders, exact on the pool; None if the low end shows no such thing."""
    x, y = problem.pool(34)
    order = np.argsort(x[:, 0])
    x, y = x[order], y[order]
    if len(np.unique(x)) < 2 * FEWEST:
        return None
    left = _rule(problem, x[:FEWEST], y[:FEWEST])
    if left is None:
        return None
    by_left = _explained(left, x, y, problem)
    reach = int(np.argmin(by_left)) if not by_left.all() else len(y)
    if reach < FEWEST or reach == len(y):
        return None
    border = _border(problem, left, float(x[reach - 1, 0]), float(x[reach, 0]))
    right = _beyond(problem, border, x[reach:], y[reach:], deeper)
    return None if right is None else where_negative(add(variable(0), number(-border)), left, right)


def _beyond(problem: Problem, border: float, x: Floats, y: Floats, deeper: int) -> Expr | None:
    """What holds from the border on: one rule, or again a rule and a border."""
    interval = problem.box[0]
    if border >= interval.high - 1e-6 * interval.width:
        return None
    rest = Interval(border, interval.high) if not interval.integer else interval
    part = Problem(problem.evaluate, [rest], seed=problem.seed, error=problem.error, known=(x, y), price=problem.price)
    points, values = (x, y) if interval.integer else part.pool()
    points, values = points[points[:, 0] > border], values[points[:, 0] > border]
    rule = _rule(problem, points, values) if len(values) >= FEWEST else None
    if rule is not None or not deeper:
        return rule
    return solve_broken(part, deeper - 1)


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
