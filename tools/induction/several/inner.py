"""Products of a monomial and a curve of an inner combination, a·M·(c + φ(k·t)), by a few matrix products."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from ..types import Floats
from .dictionary import monomials
from .expressions import Expr, add, evaluate, mul, number, power, size, substitute, variable
from .families import SMOOTH, Family
from .problem import Source
from .subsets import solve

GRID = 80
KEPT = 20
LEFT_OUT = ("power", "raised sine")


def inner_families(source: Source, x: Floats, y: Floats) -> Iterator[Expr]:
    """The forms that explain most of `y`, with and without the constant c, unpolished."""
    arity = x.shape[1]
    fronts = _finite([t for t in monomials(arity) if size(t) <= (7 if arity < 4 else 6)], x)
    insides = [e for e, _ in _finite([*(t for t in monomials(arity) if size(t) <= 7), *_combinations(arity)], x)]
    matrix = np.column_stack([v for _, v in fronts])
    found: dict[bool, list[tuple[float, Expr]]] = {False: [], True: []}
    for inside in insides:
        if inside.op == "number":
            continue
        source.check_clock()
        t = evaluate(inside, x)
        for family in SMOOTH:
            if family.name in LEFT_OUT or len(family.grid(t)) < 3:
                continue
            for gain, front, curve, raised in _best(matrix, y, family, t):
                found[raised].append((gain, _fitted(fronts[front][0], substitute(curve, [inside]), raised, x, y)))
    for forms in found.values():
        forms.sort(key=lambda item: -item[0])
        yield from (expr for _, expr in forms[:KEPT])


def _best(matrix: Floats, y: Floats, family: Family, t: Floats) -> Iterator[tuple[float, int, Expr, bool]]:
    """For each column of the family: the front and constant of the largest explained square, plain and raised."""
    grid = family.grid(t)
    tried = grid[:300] if family.name == "sine" else grid[:: 1 + len(grid) // GRID]
    values = family.columns(tried, t)
    squares, products = matrix**2, matrix * y[:, None]
    for which in range(len(family.template)):
        column = values[:, :, which].T.copy()
        column[:, ~np.all(np.isfinite(column), axis=0) | (np.max(np.abs(np.nan_to_num(column)), axis=0) > 1e9)] = 0
        b1, b2 = products.sum(axis=0)[:, None], products.T @ column
        s11, s12, s22 = squares.sum(axis=0)[:, None], squares.T @ column, squares.T @ column**2
        plain = b2**2 / (s22 + 1e-300)
        free = s11 * s22 - s12**2
        raised = (b1**2 * s22 - 2 * b1 * b2 * s12 + b2**2 * s11) / np.where(free > 1e-7 * s11 * s22, free, np.inf)
        for gains, is_raised in ((plain, False), (raised, True)):
            i, j = np.unravel_index(int(np.argmax(gains)), gains.shape)
            if gains[i, j] > 0:
                yield float(gains[i, j]), int(i), family.shapes(float(tried[j]))[which], is_raised


def _fitted(front: Expr, curve: Expr, raised: bool, x: Floats, y: Floats) -> Expr:
    parts = [mul(front, curve), *([front] if raised else [])]
    columns = np.nan_to_num(np.column_stack([evaluate(p, x) for p in parts]))
    weights, _ = solve(columns, y)
    return mul(front, add(*(mul(number(w), e) for w, e in zip(weights, (curve, number(1))))))


def _combinations(arity: int) -> list[Expr]:
    """Sums and differences of two inputs, bare, over a third, or of a product and a third."""
    found = []
    for i, j in itertools.combinations(range(arity), 2):
        a, b = variable(i), variable(j)
        others = [variable(k) for k in range(arity) if k not in (i, j)]
        for sign in (1, -1):
            both = add(a, mul(number(sign), b))
            found += [both, *(mul(both, power(c, -1)) for c in others)]
            found += [add(mul(a, b), mul(number(sign), c)) for c in others]
    return found


def _finite(terms: list[Expr], x: Floats) -> list[tuple[Expr, Floats]]:
    values = [(t, evaluate(t, x)) for t in terms]
    return [(t, v) for t, v in values if np.all(np.isfinite(v))]
