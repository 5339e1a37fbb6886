"""Programs of several numbers that fit pairs, with nobody to ask: short closed forms, or regression with noise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ..black_boxes.types import NumericDomain
from ..induction.several.constants import rms
from ..induction.several.dictionary import power_law, sparse_sum
from ..induction.several.evolved import evolve
from ..induction.several.expressions import Expr, add, constants, mul, number, size, variable
from ..induction.several.noisy import fit_noisy
from ..induction.several.problem import OutOfBudgetError, Problem, Source, typical_error
from ..induction.several.programs import Program, make
from ..induction.several.rationals import rational
from ..induction.several.subsets import solve
from ..induction.several.surface import interpolate
from ..induction.types import Candidate, Floats
from .watch import Clock, Watch
from .weighing import form_bits, is_exact, left_bits

_EVOLVE_LEAST, _EVOLVE_SECONDS = 40, 15.0
_EXACT_SHARE = 0.5
"""The share of the time after which closed forms are given up."""
_REGRESSION_SHARE = 0.8
"""The share of the time that regression may use; what is left is for genetic programming."""
_SPARE = 1
_NOISY_SPARE = 3


class _NobodyToAsk:
    """A laboratory without a box: the engine may look at what is known, and at the clock."""

    def __init__(self, domain: NumericDomain, clock: Clock) -> None:
        self.domain = domain
        self.queries_left = 0
        self._clock = clock

    @property
    def seconds_left(self) -> float:
        return 0.0 if self._clock() else 1e6


def induce_several(
    x: Floats, y: Floats, domain: NumericDomain, watch: Watch, *, names: tuple[str, ...], keep: int, seed: int
) -> list[Candidate]:
    """Programs for the pairs `x` (n, arity), `y` (n,), best first."""
    with np.errstate(all="ignore"):
        exact = [e for e in _exact(x, y, domain, watch.until(_EXACT_SHARE)) if _gives_all(e, x, y)]
        if exact:
            return _programs(exact, x, y, names, "closed form")[:keep]
        return _with_noise(x, y, domain, watch, names=names, keep=keep, seed=seed)


def _exact(x: Floats, y: Floats, domain: NumericDomain, clock: Clock) -> Iterator[Expr]:
    """Every closed form that the pairs alone show: sums, power laws, sums of terms of a dictionary, ratios."""
    yield from _linear(x, y)
    repeated = len(np.unique(x, axis=0)) < len(x)
    if repeated:
        return
    attempts: Sequence[Callable[[Problem], Expr | None]] = (
        power_law,
        lambda p: sparse_sum(p, most=1),
        rational,
        lambda p: sparse_sum(p, most=2),
        lambda p: sparse_sum(p, most=3) if p.arity <= 3 else None,
    )
    for attempt in attempts:
        if clock():
            return
        problem = _problem(x, y, domain)
        found = attempt(problem)
        if found is not None:
            yield found


def _problem(x: Floats, y: Floats, domain: NumericDomain) -> Problem:
    """The pairs as a problem that cannot ask for more."""

    def refuse(points: Floats) -> Floats:
        if len(points):
            raise OutOfBudgetError
        return np.empty(0)

    problem = Problem(refuse, domain.inputs, seed=0, error=typical_error(y), known=(x, y))
    problem.wanted = len(y) + 1_000_000  # its pool never asks to be topped up
    return problem


def _linear(x: Floats, y: Floats) -> Iterator[Expr]:
    """Least squares on the inputs and a constant, and on pairwise products where there are pairs enough."""
    inputs = [variable(i) for i in range(x.shape[1])]
    for terms in ([*inputs], [*inputs, *_products(inputs)]):
        if len(y) < len(terms) + 1 + _SPARE:
            return
        matrix = np.column_stack([_columns(terms, x), np.ones(len(y))])
        weights, _ = solve(matrix, y)
        small = 1e-9 * float(np.max(np.abs(weights * np.max(np.abs(matrix), axis=0)), initial=0.0))
        kept = [
            mul(number(float(w)), t)
            for w, t, column in zip(weights, terms, matrix.T)
            if abs(w) * np.max(np.abs(column)) > small
        ]
        yield add(*kept, number(float(weights[-1]) if abs(weights[-1]) > small else 0.0))


def _products(inputs: Sequence[Expr]) -> list[Expr]:
    return [mul(a, b) for k, a in enumerate(inputs) for b in inputs[k:]]


def _columns(terms: Sequence[Expr], x: Floats) -> Floats:
    from ..induction.several.expressions import evaluate

    return np.column_stack([evaluate(t, x) for t in terms])


def _gives_all(expr: Expr, x: Floats, y: Floats) -> bool:
    from ..induction.several.expressions import evaluate

    spare = len(np.unique(x, axis=0)) - len(constants(expr))
    return spare >= _SPARE and is_exact(evaluate(expr, x), y)


def _programs(found: Sequence[Expr], x: Floats, y: Floats, names: tuple[str, ...], name: str) -> list[Candidate]:
    """Different programs, snapped to short numbers, the shortest description first."""
    from dataclasses import replace

    programs: dict[str, Program] = {}
    for expr in found:
        made = make(expr, x, y, names=names, name=name)
        programs.setdefault(made.formula, replace(made, bits=_bits(made, x, y)))
    return [*sorted(programs.values(), key=lambda p: p.bits)]


def _bits(program: Program, x: Floats, y: Floats) -> float:
    predicted = program.predict(x)
    said = form_bits(size(program.expr), constants(program.expr), len(y), is_exact(predicted, y))
    return said + left_bits(predicted, y)


def _with_noise(
    x: Floats, y: Floats, domain: NumericDomain, watch: Watch, *, names: tuple[str, ...], keep: int, seed: int
) -> list[Candidate]:
    """Regression over the engine's dictionaries and by genetic programming; an interpolation for no form at all."""
    from dataclasses import replace

    source = Source(_NobodyToAsk(domain, watch.until(_REGRESSION_SHARE)))  # type: ignore[arg-type]
    source.known.update({tuple(map(float, p)): float(v) for p, v in zip(x, y)})
    found = [*_linear(x, y), *_until(lambda: fit_noisy(source, 0.0, seed))]
    if len(y) >= _EVOLVE_LEAST and watch.left > 1.0:
        found += evolve(x, y, seed=seed, seconds=min(_EVOLVE_SECONDS, watch.left))
    programs: dict[str, Program] = {}
    for expr in found:
        freedom = len(y) - len(constants(expr))
        left = rms(expr, x, y)
        if freedom < _NOISY_SPARE or not np.isfinite(left) or left <= 0:
            continue
        made = make(expr, x, y, names=names, name="regression", sigma=left * float(np.sqrt(len(y) / freedom)))
        programs.setdefault(made.formula, replace(made, bits=_bits(made, x, y)))
    ranked: list[Candidate] = [*sorted(programs.values(), key=lambda p: p.bits)[:keep]]
    if len(y) > 2 * x.shape[1] + 4:
        surface = interpolate(x, y, np.array([i.width for i in domain.inputs]), names, None)
        if not ranked or surface.error < 0.5 * float(getattr(ranked[0], "error", np.inf)):
            return [surface, *ranked][:keep]
    return ranked


def _until(search: Callable[[], Iterator[Expr]]) -> Iterator[Expr]:
    """What a search finds until it runs out of time, or its numbers overflow."""
    try:
        yield from search()
    except (OutOfBudgetError, ArithmeticError, np.linalg.LinAlgError):
        return
