"""Rules: one expression with its noise, and the search for the rules that answers on a stretch may follow."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np

from . import dictionaries as d
from . import periodic as p
from .atoms import PAIRS, SMOOTH_ATOMS, fit_atom, fit_pair
from .expressions import Call, Constant, Expression, Literal, Quotient, constants, evaluate, size, times, transformed
from .fitting import Data
from .folding import folded
from .integers import residues
from .snapping import standard_errors
from .transforms import swelling, wrapped
from .types import Floats

Clock = Callable[[], bool]
"""True once time is up."""
Search = Callable[[Data], Iterator[tuple[Expression, float]]]
"""Fits of one family: expression and chi2."""


class Level(Protocol):
    """A list of searches, cheap or dear."""

    __name__: str

    def __call__(self, data: Data) -> list[Search]: ...


BITS_PER_NODE = 2.5
OUTLIER_BITS = 45.0
"""What an answer costs that a rule does not explain: about one double."""


@dataclass(frozen=True)
class Rule:
    """`expression` plus noise of standard deviation `sigma` (0 for none)."""

    expression: Expression
    sigma: float = 0.0

    @property
    def freedom(self) -> int:
        return len(constants(self.expression))

    def value(self, x: Floats) -> Floats:
        return evaluate(self.expression, x)

    def misfit(self, x: Floats, y: Floats, s: Floats) -> Floats:
        """Standardized residuals under this rule's own noise; infinite where it has no value."""
        with np.errstate(all="ignore"):
            z = np.abs(self.value(x) - y) / np.hypot(s, self.sigma)
        return np.where(np.isfinite(z), z, np.inf)


def parameter_bits(expression: Expression, n: int, exact: bool) -> float:
    """What the expression itself costs: structure, and a short decimal (exact) or log n / 2 (noisy) a constant."""
    each = 14.0 if exact else 0.5 * np.log2(max(n, 2)) + 2.0
    return BITS_PER_NODE * size(expression) + each * len(constants(expression))


def description_length(expression: Expression, data: Data) -> float:
    """Bits for the expression and for what it leaves unexplained on `data` (minimum description length)."""
    z = (evaluate(expression, data.x) - data.y) / data.s
    z = np.where(np.isfinite(z), np.abs(z), np.inf)
    cost = np.minimum(0.72 * np.minimum(z, 1e6) ** 2, 8.0 + np.log2(1.0 + np.minimum(z, 1e300)))
    return float(np.sum(np.minimum(cost, OUTLIER_BITS))) + parameter_bits(expression, len(data), data.exact)


def explains(expression: Expression, data: Data, share: float = 1.0) -> bool:
    """Whether it leaves nothing but rounding or noise on at least `share` of the answers."""
    z = np.abs(evaluate(expression, data.x) - data.y) / data.s
    fine = z < (6.0 if data.exact else 5.0)
    if not np.mean(fine) >= share:
        return False
    return data.exact or float(np.mean(np.minimum(z, 5.0) ** 2)) < 1.0 + 3.5 * np.sqrt(2.0 / len(data)) + 0.1


RISES = {"tanh": 1.0, "erf": 1.0, "arctan": math.pi / 2}
"""Functions that rise once, and what they reach."""


def with_steps(expression: Expression, data: Data) -> Expression:
    """The expression with a sign for each rise through noise whose width is less than three standard errors.

    Such a rise lies between two answers or on one: a limit of its family that stands in for a step.
    """
    numbers = constants(expression)
    if data.exact or not any(c.role == "WIDTH" for c in numbers):
        return expression
    errors = standard_errors(expression, data)
    unknown = {c.value for c, e in zip(numbers, errors, strict=True) if c.role == "WIDTH" and abs(c.value) < 3.0 * e}

    def visit(node: Expression) -> Expression:
        match node:
            case Call(name, Quotient(inside, Constant(width, "WIDTH"))) if name in RISES and width in unknown:
                return times(Literal(math.copysign(RISES[name], width)), Call("sign", inside))
        return node

    return transformed(expression, visit) if unknown else expression


def quick(data: Data) -> list[Search]:
    return [d.polynomials, residues, d.absolutes, d.elementary, d.lattices]


def ordinary(data: Data) -> list[Search]:
    """The named families: each in one change of variable or with one or two non-linear parameters."""
    few = p.FREQUENCIES
    searches: list[Search] = [d.power_laws, partial(d.rationals, highest=2), partial(p.sinusoids, count=few), d.roots]
    searches += [partial(fit_atom, atom) for atom in SMOOTH_ATOMS]
    return [*searches, folded, partial(d.rationals, lowest=3)]


def noisy(data: Data) -> list[Search]:
    """The named families for answers with noise, where change of variable by the values themselves would mislead."""
    searches: list[Search] = [partial(p.sinusoids), folded]
    searches += [partial(fit_atom, atom, keep=1) for atom in SMOOTH_ATOMS]
    return [*searches, partial(d.rationals, highest=2)]


def extended(data: Data) -> list[Search]:
    """Sums, products and compositions of depth two."""
    searches: list[Search] = [
        partial(p.sinusoids, degree=1),
        partial(p.sinusoids, degree=2, modulation=1),
        partial(p.sinusoids, degree=0, waves=2),
        p.harmonics,
        p.enveloped,
        wrapped,
        swelling,
    ]
    searches += [partial(fit_atom, atom, degree=1) for atom in SMOOTH_ATOMS]
    searches += [partial(fit_atom, atom, degree=1, modulation=1, keep=1) for atom in SMOOTH_ATOMS]
    for inner in d.INNER:
        searches.append(partial(d.composed, search=d.polynomials, inner=inner))
        searches.append(partial(d.composed, search=p.sinusoids, inner=inner))
        searches.append(partial(d.composed, search=partial(fit_atom, SMOOTH_ATOMS[0]), inner=inner))
    searches += [partial(fit_pair, first, second) for first, second in PAIRS]
    searches += [partial(p.sinusoids, degree=2, waves=2), partial(p.sinusoids, waves=3)]
    searches += [partial(fit_atom, atom, degree=3, keep=1) for atom in SMOOTH_ATOMS]
    return searches


@np.errstate(all="ignore")  # a search tries numbers for which a form has no value, and is not kept for it
def candidates(data: Data, levels: Sequence[Level], clock: Clock) -> list[Expression]:
    """Expressions for `data`, best description first. On noise-free data the search ends at the first exact one."""
    found: list[tuple[float, Expression]] = []
    for level in levels:
        for search in level(data):
            if clock():
                break
            for expression, _ in search(data):
                if with_steps(expression, data) != expression:
                    continue
                found.append((description_length(expression, data), expression))
                if data.exact and explains(expression, data):
                    return [expression]
    found.sort(key=lambda pair: pair[0])
    return [e for _, e in found[:6]]
