"""Piecewise rules: solve a corner of the box, set aside what it explains, solve the rest, then find the border."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...black_boxes.types import DomainError, Interval
from ..types import Floats
from .constants import nice_numbers, snap
from .decompose import solve
from .expressions import Expr, add, call, evaluate, mul, number, power, variable, where_negative
from .problem import OutOfBudgetError, Problem, Source, typical_error

CELL = 0.36
"""Width of the first cell to be solved, as a share of the box."""
MOST_PIECES = 4
BISECTIONS = 34


def solve_pieces(source: Source, box: Sequence[Interval], seed: int) -> Expr | None:
    """Up to four rules and the borders between them, together exact on everything asked; None if that fails."""
    total = source.purse
    rules: list[Expr] = []
    for cell in _first_cells(box):
        rule = _rule_in(source, cell, seed, total // 3)
        if rule is not None:
            rules.append(rule)
            break
    while rules and len(rules) <= MOST_PIECES:
        x, y = source.data()
        explained = np.array([_fits(r, x, y) for r in rules])
        if np.all(explained.any(axis=0)) or len(rules) == MOST_PIECES:
            break
        remaining = _cell_away(box, x, np.asarray(explained.any(axis=0)))
        rule = _rule_in(source, remaining, seed, max(60, total // 3)) if remaining is not None else None
        if rule is None:
            break
        rules.append(rule)
    return _assemble(source, rules) if len(rules) > 1 else (rules[0] if rules else None)


def _first_cells(box: Sequence[Interval]) -> Iterator[list[Interval]]:
    """The high corner, the low corner, the middle, then the mixed corners of the box."""
    corners = [(1.0,) * len(box), (0.0,) * len(box), (0.5,) * len(box)]
    corners += [c for c in itertools.product((0.0, 1.0), repeat=len(box)) if 0 < sum(c) < len(box)][:4]
    for corner in corners:
        cell = [_part(i, i.low + c * (1 - CELL) * i.width, i.low + (c * (1 - CELL) + CELL) * i.width)
                for i, c in zip(box, corner)]  # fmt: skip
        yield [c if c is not None else i for c, i in zip(cell, box)]


def _part(interval: Interval, low: float, high: float) -> Interval | None:
    try:
        return Interval(max(low, interval.low), min(high, interval.high), interval.integer)
    except DomainError:
        return None


def _cell_away(box: Sequence[Interval], x: Floats, explained: NDArray[np.bool_]) -> list[Interval] | None:
    """The largest cell around an unexplained point that holds no explained one; None if there is nothing to find."""
    if not explained.any() or explained.all():
        return None
    widths = np.array([i.width for i in box])
    low = np.array([i.low for i in box])
    open_points, closed = (x[~explained] - low) / widths, (x[explained] - low) / widths
    gaps = np.max(np.abs(open_points[:, None, :] - closed[None, :, :]), axis=2).min(axis=1)
    best = int(np.argmax(gaps))
    reach = min(0.9 * float(gaps[best]), 0.3)
    centre = low + open_points[best] * widths
    cell = [_part(i, c - reach * w, c + reach * w) for i, c, w in zip(box, centre, widths)]
    return None if any(c is None for c in cell) else [c for c in cell if c is not None]


def _rule_in(source: Source, cell: Sequence[Interval], seed: int, most: int) -> Expr | None:
    """The closed form that holds in a cell, at a price of at most `most` queries."""
    purse = source.purse
    before = len(source.known)
    source.allow(min(most, purse))
    x, y = source.data()
    inside = np.all([(x[:, k] >= i.low) & (x[:, k] <= i.high) for k, i in enumerate(cell)], axis=0)
    problem = Problem(lambda p: source.values(p, "solve a part of the box"), cell, seed=seed + 5,
                      known=(x[inside], y[inside]))  # fmt: skip
    try:
        _, values = problem.pool()
        problem.error = typical_error(values)
        found = solve(problem)
    except OutOfBudgetError:
        source.check_clock()
        found = None
    source.allow(purse - (len(source.known) - before))
    return None if found is None else snap(found, problem.points, problem.targets)


def _fits(rule: Expr, x: Floats, y: Floats) -> NDArray[np.bool_]:
    wrong = np.abs(evaluate(rule, x) - y)
    return np.asarray(wrong <= 1e-8 * np.abs(y) + 1e-9 * float(np.std(y)))


def _assemble(source: Source, rules: list[Expr]) -> Expr | None:
    """The rules joined two at a time, the last pair first, by a maximum, a minimum or a border."""
    joined = rules[-1]
    for rule in reversed(rules[:-1]):
        both = _join(source, rule, joined)
        if both is None:
            return None
        joined = both
    return joined


def _join(source: Source, first: Expr, second: Expr) -> Expr | None:
    x, y = source.data()
    relevant = _fits(first, x, y) | _fits(second, x, y)
    x, y = x[relevant], y[relevant]
    for name in ("maximum", "minimum"):
        both = call(name, first, second)
        if np.all(_fits(both, x, y)):
            if second == mul(number(-1), first):
                return call("abs", first) if name == "maximum" else mul(number(-1), call("abs", first))
            return both
    one, other = _fits(first, x, y) & ~_fits(second, x, y), _fits(second, x, y) & ~_fits(first, x, y)
    for border in _borders(x.shape[1]):
        found = _placed(source, border, x[one], x[other], first, second)
        if found is not None:
            return found
    return None


def _borders(arity: int) -> Iterator[Expr]:
    """Quantities whose crossing of a level may switch rules."""
    for i in range(arity):
        yield variable(i)
    for i, j in itertools.combinations(range(arity), 2):
        a, b = variable(i), variable(j)
        yield from (add(a, mul(number(-1), b)), add(a, b), mul(a, b), mul(a, power(b, -1)))
        yield add(power(a, 2), power(b, 2))
    for i in range(arity):
        yield call("abs", variable(i))
    if arity > 2:
        yield add(*(variable(i) for i in range(arity)))
        yield add(*(power(variable(i), 2) for i in range(arity)))
        yield mul(*(variable(i) for i in range(arity)))


@dataclass(frozen=True, slots=True)
class _Bracket:
    low: float
    high: float


def _placed(source: Source, border: Expr, ones: Floats, others: Floats, first: Expr, second: Expr) -> Expr | None:
    """`first` on one side of a level of `border`, `second` on the other; the level by bisection between points."""
    if not len(ones) or not len(others):
        return None
    a, b = evaluate(border, ones), evaluate(border, others)
    if np.max(a) < np.min(b):
        under, over, low, high = first, second, ones[np.argmax(a)], others[np.argmin(b)]
    elif np.max(b) < np.min(a):
        under, over, low, high = second, first, others[np.argmax(b)], ones[np.argmin(a)]
    else:
        return None
    bracket = _bisect(source, border, low, high, under)
    middle = (bracket.low + bracket.high) / 2
    span = (bracket.high - bracket.low) / 2
    level = next(iter(nice_numbers(middle, span)), middle) if span > 0 else bracket.high
    if any(i.integer for i in source.domain.inputs) and span >= 0.25:
        level = float(np.ceil(middle))
    return where_negative(add(border, number(-level)), under, over)


def _bisect(source: Source, border: Expr, low: Floats, high: Floats, under: Expr) -> _Bracket:
    """Halve the way from `low` (where `under` holds) to `high` until the level of `border` is pinned down."""
    domain = source.domain
    for _ in range(BISECTIONS):
        middle = np.array([domain.snap(list((low + high) / 2))])
        if np.all(middle[0] == low) or np.all(middle[0] == high):
            break
        try:
            value = source.values(middle, "find where the rule changes")
        except OutOfBudgetError:
            source.check_clock()
            break
        if _fits_one(under, middle, value):
            low = middle[0]
        else:
            high = middle[0]
    ends = evaluate(border, np.array([low, high]))
    return _Bracket(float(ends[0]), float(ends[1]))


def _fits_one(rule: Expr, point: Floats, value: Floats) -> bool:
    size = float(np.abs(value[0])) if np.isfinite(value[0]) else 0.0
    return bool(np.abs(evaluate(rule, point)[0] - value[0]) <= 1e-8 * size + 1e-12)
