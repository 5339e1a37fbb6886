"""The recursion: solve a problem outright, or break it into problems with fewer inputs and join their answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from . import slopes, splits, symmetry
from .curves import constant, solve_curve
from .dictionary import power_law, sparse_sum
from .expressions import Expr, add, mul, substitute, variable
from .outers import IDENTITY, Outer
from .problem import Problem
from .rationals import rational

DEEPEST = 7
TRIPLE_OUTERS = ("identity", "reciprocal", "square", "log", "reciprocal square")


def solve(problem: Problem, depth: int = 0) -> Expr | None:
    """An expression in the problem's own inputs that fits everything known of it within rounding, or None."""
    if depth > DEEPEST:
        return None
    problem.check_clock()
    if problem.arity == 1:
        return solve_curve(problem)
    _, y = problem.pool()
    if len(y) < 8:
        return None
    level = constant(y, problem)
    if level is not None:
        return level
    informed = (_by_symmetry, _by_designs) if problem.gradients is not None else (_by_designs, _by_symmetry)
    for attempt in (outright, *informed, _again, _conditionally, _by_slopes):
        found = attempt(problem, depth)
        if found is not None:
            return found
    return None


def outright(problem: Problem, _depth: int = 0) -> Expr | None:
    """What the pool alone shows: a power law, a short sum under an outer function, a ratio of polynomials."""
    attempts: list[Callable[[Problem], Expr | None]] = [
        power_law,
        lambda p: sparse_sum(p, most=1),
        rational,
        lambda p: sparse_sum(p, most=2),
    ]
    if problem.arity <= 3:
        attempts.append(lambda p: sparse_sum(p, most=3, outers=_worth_triples))
    for attempt in attempts:
        problem.check_clock()
        found = attempt(problem)
        if found is not None:
            return found
    return None


def _again(problem: Problem, _depth: int) -> Expr | None:
    """Ratios of higher degree, now that the designs have added points."""
    return rational(problem)


def _worth_triples(outer: Outer) -> bool:
    return outer.name in TRIPLE_OUTERS


def _by_designs(problem: Problem, depth: int) -> Expr | None:
    """Drop idle inputs; part the inputs into independent groups."""
    designs = _designs(problem)
    if designs is None:
        return None
    idle = splits.idle_inputs(problem, designs)
    if idle and len(idle) < problem.arity:
        busy = tuple(i for i in range(problem.arity) if i not in idle)
        where, _ = splits.anchor(problem)
        child = splits.slice_of(problem, IDENTITY, busy, where, None)
        return _lift(solve(child, depth + 1), busy)
    for split in splits.find_splits(problem, designs):
        problem.structured = True
        pieces: list[Expr] = []
        for group, part in zip(split.groups, splits.parts(problem, split)):
            piece = _lift(solve(part, depth + 1), group)
            if piece is None:
                break
            pieces.append(piece)
        else:
            return splits.joined(split, pieces)
    return None


def _designs(problem: Problem) -> splits.Designs | None:
    if problem.designs is None:
        problem.designs = splits.ask_designs(problem)
    return problem.designs


def _by_symmetry(problem: Problem, depth: int) -> Expr | None:
    for law in symmetry.find_symmetries(problem):
        child = symmetry.reduced(problem, law)
        if child is None:
            continue
        problem.structured = True
        found = solve(child, depth + 1)
        if found is not None:
            rest = [k for k in range(problem.arity) if k not in (law.first, law.second)]
            pair = [variable(law.first), variable(law.second)]
            inside = substitute(found, [substitute(law.together, pair), *(variable(k) for k in rest)])
            second = [variable(law.second)]
            return add(mul(substitute(law.factor, second), inside), substitute(law.shift, second))
    return None


def _by_slopes(problem: Problem, depth: int) -> Expr | None:
    for straight in _simplest_first(slopes.straight_inputs(problem)):
        slope_problem, offset_problem = slopes.slope_and_offset(problem, straight)
        rest = tuple(k for k in range(problem.arity) if k != straight.index)
        slope = _lift(solve(slope_problem, depth + 1), rest)
        if slope is None:
            continue
        offset = _lift(solve(offset_problem, depth + 1), rest)
        if offset is not None:
            return slopes.joined(straight, slope, offset, substitute(straight.shape, [variable(straight.index)]))
    return None


def _simplest_first(found: Iterator[slopes.Straight]) -> list[slopes.Straight]:
    """Undisguised ways before those under an outer function, at most four in all."""
    return sorted(found, key=lambda s: s.outer.name != "identity")[:4]


def _conditionally(problem: Problem, depth: int) -> Expr | None:
    """Two inputs that do not interact, though both interact with a third."""
    if problem.arity < 3 or problem.designs is None:
        return None
    for outer, (i, j) in list(splits.conditional_pairs(problem, problem.designs))[:4]:
        without_j = [k for k in range(problem.arity) if k != j]
        without_i = [k for k in range(problem.arity) if k != i]
        change = _lift(solve(splits.conditional_difference(problem, outer, i, j), depth + 1), without_j)
        if change is None:
            continue
        part = splits.without_gauge(outer, change, i)
        rest = _lift(solve(splits.conditional_rest(problem, outer, i, part), depth + 1), without_i)
        if rest is not None:
            return mul(part, rest) if outer is None else outer.wrap(add(part, rest))
    return None


def _lift(found: Expr | None, group: Sequence[int]) -> Expr | None:
    """An answer in a part's own variables, rewritten in those of the whole."""
    return None if found is None else substitute(found, [variable(k) for k in group])
