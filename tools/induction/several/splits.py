"""Which inputs go separate ways: mixed differences of factorial designs, seen through every outer function.

AI Feynman (arXiv:1905.11481) tests separability on a neural surrogate; here the box itself is asked, so the
test is exact: `g(f)` is additive in inputs i and j when h_ij - h_i - h_j + h_0 = 0 at every design.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..types import Floats
from .expressions import Expr, add, call, evaluate, mul, variables
from .outers import LOG, MINUS_LOG, OUTERS, Outer, inner_error
from .problem import Problem

DESIGNS = 3


@dataclass(frozen=True, slots=True)
class Designs:
    """Values at a base, with one input moved, and with each pair of inputs moved; one row per design."""

    base: Floats
    single: Floats
    pairs: dict[tuple[int, int], Floats]

    @property
    def everything(self) -> Floats:
        return np.concatenate([self.base, self.single.ravel(), *self.pairs.values()])


@dataclass(frozen=True, slots=True)
class Split:
    """Inputs fall into `groups`; `outer` is None for a product."""

    outer: Outer | None
    groups: tuple[tuple[int, ...], ...]


def ask_designs(problem: Problem) -> Designs | None:
    """`DESIGNS` designs between points of the pool, all of whose values are real; None if none can be had."""
    x, _ = problem.pool()
    rng = np.random.default_rng(problem.seed + 17)
    widths = np.array([i.width for i in problem.box])
    pairs = list(itertools.combinations(range(problem.arity), 2))
    rows: list[Floats] = []
    for _ in range(6 * DESIGNS):
        if len(rows) == DESIGNS:
            break
        a, b = x[rng.integers(len(x))], x[rng.integers(len(x))]
        if np.any(np.abs(a - b) < 0.12 * widths):
            b = np.array([i.snap(v) for i, v in zip(problem.box, a + rng.choice([-0.35, 0.35], len(a)) * widths)])
            if np.any(a == b):
                continue
        moved = [a] + [_moved(a, b, (i,)) for i in range(problem.arity)] + [_moved(a, b, p) for p in pairs]
        values = problem.evaluate(np.array(moved))
        problem.learn(np.array(moved[1:]), values[1:])
        if np.all(np.isfinite(values)):
            rows.append(values)
    if len(rows) < 2:
        return None
    table = np.array(rows)
    n = problem.arity
    return Designs(table[:, 0], table[:, 1 : n + 1], {p: table[:, n + 1 + k] for k, p in enumerate(pairs)})


def _moved(a: Floats, b: Floats, which: tuple[int, ...]) -> Floats:
    c = a.copy()
    c[list(which)] = b[list(which)]
    return c


def idle_inputs(problem: Problem, designs: Designs) -> list[int]:
    """Inputs that change nothing in any design."""
    still = np.abs(designs.single - designs.base[:, None]) <= 10 * problem.error
    return [int(i) for i in np.flatnonzero(np.all(still, axis=0))]


def independent_pairs(problem: Problem, designs: Designs, outer: Outer | None) -> set[tuple[int, int]]:
    """Pairs of inputs without interaction under `outer` (None: under a product)."""
    values = designs.everything
    if outer is None:
        if np.any(values == 0):
            return set()
        return {p for p in designs.pairs if _product(problem, designs, p)}
    if not outer.admits(values):
        return set()
    with np.errstate(all="ignore"):
        h0, hs = outer.undo(designs.base), outer.undo(designs.single)
        spread = float(np.ptp(outer.undo(values)))
        error = float(np.max(inner_error(outer, values, problem.error)))
        found = set()
        for (i, j), v in designs.pairs.items():
            mixed = outer.undo(v) - hs[:, i] - hs[:, j] + h0
            moves = np.minimum(np.abs(hs[:, i] - h0), np.abs(hs[:, j] - h0))
            if np.all(np.abs(mixed) <= 60 * error + 1e-11 * spread) and np.any(moves > 1e4 * error):
                found.add((i, j))
    return found


def _product(problem: Problem, designs: Designs, pair: tuple[int, int]) -> bool:
    i, j = pair
    left, right = designs.pairs[pair] * designs.base, designs.single[:, i] * designs.single[:, j]
    sizes = np.abs(designs.pairs[pair]) + np.abs(designs.base) + np.abs(designs.single[:, i])
    sizes += np.abs(designs.single[:, j])
    return bool(np.all(np.abs(left - right) <= 1e-11 * np.abs(left) + 60 * problem.error * sizes))


def find_splits(problem: Problem, designs: Designs) -> list[Split]:
    """Ways to part the inputs into independent groups: most groups first, then the simplest outer function."""
    splits = []
    for outer in (OUTERS[0], None, *OUTERS[1:]):
        groups = _groups(problem.arity, independent_pairs(problem, designs, outer))
        if len(groups) > 1:
            splits.append(Split(outer, groups))
    product = {s.groups for s in splits if s.outer is None}
    splits = [s for s in splits if s.outer not in (LOG, MINUS_LOG) or s.groups not in product]
    return sorted(splits, key=lambda s: -len(s.groups))


def _groups(arity: int, independent: set[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    """Connected components of the interactions."""
    label = list(range(arity))
    for i, j in itertools.combinations(range(arity), 2):
        if (i, j) not in independent:
            old, new = label[j], label[i]
            label = [new if k == old else k for k in label]
    return tuple(tuple(i for i in range(arity) if label[i] == k) for k in dict.fromkeys(label))


def anchor(problem: Problem) -> tuple[Floats, float]:
    """A known point near the middle of the box whose value is not unusually small, and that value."""
    x, y = problem.pool()
    middle = np.array([(i.low + i.high) / 2 for i in problem.box])
    widths = np.array([i.width for i in problem.box])
    distance = np.max(np.abs(x - middle) / widths, axis=1) + (np.abs(y) < 0.3 * np.median(np.abs(y)))
    k = int(np.argmin(distance))
    return x[k], float(y[k])


def parts(problem: Problem, split: Split) -> list[Problem]:
    """One smaller problem per group: the others held at the anchor, what they contribute taken off."""
    where, level = anchor(problem)
    return [slice_of(problem, split.outer, group, where, level if n else None) for n, group in enumerate(split.groups)]


def slice_of(
    problem: Problem, outer: Outer | None, group: tuple[int, ...], where: Floats, level: float | None
) -> Problem:
    """The function of the inputs in `group` through `where`, seen through `outer`, less (over) its value `level`."""

    def evaluate(points: Floats) -> Floats:
        full = np.tile(where, (len(points), 1))
        full[:, list(group)] = points
        values = problem.evaluate(full)
        with np.errstate(all="ignore"):
            if outer is None:
                return np.asarray(values if level is None else values / level)
            base = 0.0 if level is None else float(outer.undo(np.array([level]))[0])
            return np.asarray(outer.undo(values) - base)

    box = [problem.box[i] for i in group]
    smooth = problem.smooth[list(group)]
    return Problem(
        evaluate, box, seed=problem.seed + 1, error=_error(problem, outer, level), smooth=smooth, price=problem.price
    )


def _error(problem: Problem, outer: Outer | None, level: float | None) -> float:
    _, y = problem.pool()
    if outer is None:
        return problem.error if level is None else 2 * problem.error / abs(level)
    with np.errstate(all="ignore"):
        good = y[np.isfinite(outer.undo(y))]
    return 2 * float(np.median(inner_error(outer, good, problem.error)))


def joined(split: Split, pieces: list[Expr]) -> Expr:
    """The whole from the expressions of its groups, each already in the variables of the whole."""
    return mul(*pieces) if split.outer is None else split.outer.wrap(add(*pieces))


def conditional_pairs(problem: Problem, designs: Designs) -> Iterator[tuple[Outer | None, tuple[int, int]]]:
    """Pairs that do not interact, though others tie their groups together."""
    for outer in (OUTERS[0], None, *OUTERS[1:]):
        for pair in sorted(independent_pairs(problem, designs, outer)):
            yield outer, pair


def conditional_difference(problem: Problem, outer: Outer | None, i: int, j: int) -> Problem:
    """What moving input i away from the anchor changes, in all inputs but j (which rests at the anchor)."""
    where, level = anchor(problem)
    others = [k for k in range(problem.arity) if k != j]

    def difference(points: Floats) -> Floats:
        full = np.tile(where, (len(points), 1))
        full[:, others] = points
        reference = full.copy()
        reference[:, i] = where[i]
        both = problem.evaluate(np.concatenate([full, reference]))
        moved, base = both[: len(points)], both[len(points) :]
        with np.errstate(all="ignore"):
            return np.asarray(moved / base if outer is None else outer.undo(moved) - outer.undo(base))

    error = 2 * _error(problem, outer, level)
    box, smooth = [problem.box[k] for k in others], problem.smooth[others]
    return Problem(difference, box, seed=problem.seed + 2, error=error, smooth=smooth, price=2 * problem.price)


def conditional_rest(problem: Problem, outer: Outer | None, i: int, known: Expr) -> Problem:
    """What is left, in all inputs but i, once the part `known` (in the whole's variables) is taken off."""
    where, level = anchor(problem)
    others = [k for k in range(problem.arity) if k != i]

    def evaluate_rest(points: Floats) -> Floats:
        full = np.tile(where, (len(points), 1))
        full[:, others] = points
        values, part = problem.evaluate(full), evaluate(known, full)
        with np.errstate(all="ignore"):
            return np.asarray(values / part if outer is None else outer.undo(values) - part)

    error = 4 * _error(problem, outer, level)
    box, smooth = [problem.box[k] for k in others], problem.smooth[others]
    return Problem(evaluate_rest, box, seed=problem.seed + 2, error=error, smooth=smooth, price=problem.price)


def without_gauge(outer: Outer | None, part: Expr, index: int) -> Expr:
    """`part` less the terms (for a product: the factors) in which input `index` does not occur."""
    if outer is not None:
        return add(*(t for t in _terms(part) if index in variables(t)))
    factors: list[Expr] = []
    for factor in part.args if part.op == "mul" else (part,):
        if factor.op == "call:exp":
            factors += [call("exp", t) for t in _terms(factor.args[0])]
        else:
            factors.append(factor)
    return mul(*(f for f in factors if index in variables(f)))


def _terms(expr: Expr) -> tuple[Expr, ...]:
    return expr.args if expr.op == "add" else (expr,)
