"""Rules of whole numbers: what an answer owes to x mod m, told by tables of remainders and named where possible.

A modulus is found by taking class means (or a line for each class) away from the answers and looking at what is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .expressions import Call, Expression, X, constants, evaluate, size, substituted
from .fitting import Data, fit_terms
from .remainders import remainders, trend_terms
from .tables import named_lines, named_table
from .types import Floats

HIGHEST_MODULUS = 64
KEPT_SHAPES = 3
MARGIN = 8.0
"""By how much (twice the natural logarithm of a likelihood) a rule of remainders must beat a plain polynomial."""
SURPRISE_BITS = 16.0
"""How unlikely it must be that exact answers agree with a table by chance."""


@dataclass(frozen=True)
class Shape:
    """Answers of one modulus: a polynomial of `degree` shared by all classes plus a table, or one for each class."""

    modulus: int
    degree: int
    separate: bool
    score: float

    @property
    def freedom(self) -> int:
        return self.modulus * (self.degree + 1) if self.separate else self.modulus + self.degree


def residues(data: Data) -> Iterator[tuple[Expression, float]]:
    """Rules of the remainder of x, best first: (expression, chi2). Nothing unless every input is a whole number."""
    if not _whole(data) or np.ptp(data.y) == 0:
        return
    enough = len(data) * (9.0 if exact(data) else 1.0 + 4.0 / np.sqrt(len(data)))
    found = _weighed(_forms(scan(data), data), data)
    if not found or found[0][2] > enough:
        found = sorted(found + _weighed(_of_distance(data), data), key=lambda f: f[0])
    if not found or found[0][2] > enough or len(constants(found[0][1])) > 4:
        found += _weighed(remainders(data), data)
    limit = _plain_cost(data) - MARGIN
    seen: set[Expression] = set()
    for cost, form, chi2 in sorted(found, key=lambda f: f[0]):
        if cost < limit and form not in seen and len(seen) < 5:
            seen.add(form)
            yield form, chi2


def _whole(data: Data) -> bool:
    finite = bool(np.all(np.isfinite(data.x)) and np.all(np.isfinite(data.y)))
    return finite and bool(np.all(data.x == np.round(data.x))) and len(np.unique(data.x)) >= 8


def exact(data: Data) -> bool:
    """Whether the answers carry rounding errors only; unlike `Data.exact` also where most of them are zero."""
    return bool(np.median(data.s) <= 1e-5 * np.max(np.abs(data.y)))


def _forms(shapes: list[Shape], data: Data) -> Iterator[Expression]:
    for shape in shapes:
        if shape.separate:
            yield from named_lines(shape.modulus, shape.degree, data)
        else:
            yield from named_table(shape.modulus, shape.degree, data)


def _of_distance(data: Data) -> Iterator[Expression]:
    """The same of |x|, where x has both signs: last digits, for one."""
    if not data.x.min() < 0 < data.x.max():
        return
    order = np.argsort(np.abs(data.x), kind="stable")
    moved = Data(np.abs(data.x)[order], data.y[order], data.s[order])
    for form in _forms(scan(moved), moved):
        yield substituted(form, Call("abs", X))


def _weighed(forms: Iterator[Expression], data: Data) -> list[tuple[float, Expression, float]]:
    """(cost, form, chi2), cheapest first."""
    out = []
    for form in forms:
        z = (evaluate(form, data.x) - data.y) / data.s
        chi2 = float(z @ z) if np.all(np.isfinite(z)) else np.inf
        freedom = len(constants(form))
        if np.isfinite(chi2) and freedom < len(data) - 2 and _surprising(data, freedom):
            out.append((_cost(form, chi2, data), form, chi2))
    return sorted(out, key=lambda f: f[0])


def _left(chi2: float, n: int, freedom: int) -> float:
    """What a fit leaves, on the scale of twice a log-likelihood; by chance `freedom` numbers do not lower it."""
    return float(n * np.log(max(chi2 / max(n - freedom, 1), 1.0)))


def _cost(form: Expression, chi2: float, data: Data) -> float:
    each = 19.4 if exact(data) else np.log(len(data)) + 2.8
    freedom = len(constants(form))
    return _left(chi2, len(data), freedom) + 3.5 * size(form) + each * freedom


def _plain_cost(data: Data) -> float:
    """The cost of the best polynomial of degree three or less."""
    fits = [fit_terms(trend_terms(degree), data) for degree in range(4)]
    return min((_cost(form, chi2, data) for form, chi2 in filter(None, fits)), default=np.inf)


def _surprising(data: Data, freedom: int) -> bool:
    """Whether distinct answers left over after `freedom` numbers could not agree with a rule by chance."""
    spare = len(np.unique(data.x)) - freedom
    _, counts = np.unique(data.y, return_counts=True)
    share = counts / counts.sum()
    return spare * float(-np.sum(share * np.log2(share))) > SURPRISE_BITS


def scan(data: Data, highest: int = HIGHEST_MODULUS) -> list[Shape]:
    """The best few shapes by what they leave and what they cost, small moduli preferred; better than no modulus."""
    distinct = np.unique(data.x)
    plain = min(s.score for s in _shapes(data, distinct, 1))
    found: list[Shape] = []
    for modulus in range(2, min(highest, len(distinct) // 2) + 1):
        seen = np.bincount(np.mod(distinct, modulus).astype(int), minlength=modulus)
        if seen.min() > 0:
            found.extend(_shapes(data, distinct, modulus))
    found = sorted((s for s in found if s.score < plain - MARGIN), key=lambda s: s.score)
    kept: list[Shape] = []
    for shape in found:
        if not any(shape.modulus % k.modulus == 0 and shape.degree >= k.degree for k in kept):
            kept.append(shape)
    return kept[:KEPT_SHAPES]


def _shapes(data: Data, distinct: Floats, modulus: int) -> Iterator[Shape]:
    """Every shape of one modulus that the number of answers allows, with its score."""
    n, classes = len(data), np.mod(data.x, modulus).astype(int)
    weight = np.ones(n) if exact(data) else 1.0 / data.s**2
    whole = np.bincount(classes, weight, modulus)

    def centred(v: Floats) -> Floats:
        return np.asarray(v - (np.bincount(classes, weight * v, modulus) / whole)[classes])

    t = data.x / (np.max(np.abs(data.x)) or 1.0)
    columns = [centred(t), centred(t**2)]
    for separate in (False, True) if modulus > 1 else (False,):
        residual = centred(data.y)
        basis: list[Floats] = []
        for degree in range(3):
            if degree > 0:
                column = columns[degree - 1]
                for other in basis:
                    column = column - _along(column, other, weight, classes if separate else None)
                residual = residual - _along(residual, column, weight, classes if separate else None)
                basis.append(column)
            if separate and (degree == 0 or (degree == 2 and modulus > 8)):
                continue
            freedom = modulus * (degree + 1) if separate else modulus + degree
            if len(distinct) < (degree + 2) * modulus if separate else len(distinct) < freedom + 4:
                continue
            chi2 = float(np.sum((residual / data.s) ** 2))
            score = _left(chi2, n, freedom) + freedom * np.log(n) + 2 * np.log(modulus)
            yield Shape(modulus, degree, separate, score)


def _along(v: Floats, column: Floats, weight: Floats, classes: np.ndarray | None) -> Floats:
    """The part of `v` along `column`: in each class by itself, or over all."""
    if classes is None:
        return np.asarray(column * (np.sum(weight * v * column) / (np.sum(weight * column**2) or 1.0)))
    below = np.bincount(classes, weight * column**2)
    slope = np.bincount(classes, weight * v * column) / np.where(below > 0, below, 1.0)
    return np.asarray(slope[classes] * column)
