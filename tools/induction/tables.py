"""Naming a table of remainders: a multiple mod m, a step, two values, (-1)**x, lines by class; else itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from .expressions import (
    Call,
    Constant,
    Cycle,
    Expression,
    Literal,
    Modulo,
    Power,
    X,
    constant,
    times,
    total,
)
from .fitting import Data, combine, fit_terms, solve
from .remainders import flat_or_stairs, remainder, stairs, trend_terms
from .types import Floats

SIGN = Power(Literal(-1.0), X)
"""(-1)**x."""


def named_table(modulus: int, degree: int, data: Data) -> Iterator[Expression]:
    """Forms for a polynomial of `degree` plus something of x mod `modulus`, the plain table last."""
    trend = trend_terms(degree)
    plain = _plain_table(modulus, degree, data)
    if plain is None:
        return
    values = plain[1]
    if modulus == 2:
        yield from _fitted([*trend, SIGN], data)
    yield from flat_or_stairs(trend, 1, modulus, data)
    count = np.bincount(np.mod(data.x, modulus).astype(int), minlength=modulus).astype(float)
    multiple = _multiple(values, count)
    if multiple is not None and multiple[0] > 1:
        yield from flat_or_stairs(trend, multiple[0], modulus, data)
    single = None if multiple is None else remainder(*multiple, modulus)
    for name in (single, _power(values, count), _run(values, count), _two_values(values)):
        if name is not None:
            yield from _fitted([*trend, name], data)
    yield plain[0]


def _fitted(terms: Sequence[Expression], data: Data) -> Iterator[Expression]:
    found = fit_terms(terms, data)
    if found is not None:
        yield found[0]


def _plain_table(modulus: int, degree: int, data: Data) -> tuple[Expression, Floats] | None:
    """The trend plus a table, and the table's values."""
    classes = np.mod(data.x, modulus)
    trend = trend_terms(degree)[1:]
    scale = float(np.max(np.abs(data.x))) or 1.0
    powers = (data.x[:, None] / scale) ** np.arange(1, degree + 1)
    columns = np.hstack([powers, (classes[:, None] == np.arange(modulus)).astype(float)])
    beta, chi2 = solve(columns, data)
    if not np.isfinite(chi2):
        return None
    values = np.where(np.abs(beta[degree:]) < 1e-13 * np.max(np.abs(data.y)), 0.0, beta[degree:])
    cases = tuple(Constant(float(v), "CASE") for v in values)
    slopes = np.where(np.abs(beta[:degree]) < 1e-13 * np.max(np.abs(data.y)), 0.0, beta[:degree])
    slopes = slopes / scale ** np.arange(1, degree + 1)
    return total(combine(trend, slopes), Cycle(modulus, cases)), values


def _best(columns: Floats, values: Floats, weight: Floats) -> int | None:
    """Which of the columns (k, m) the values (m,) follow best as a straight line; the first of equals."""
    share = weight / weight.sum()
    centred = columns - (columns @ share)[:, None]
    v = values - values @ share
    below = (centred**2) @ share
    gain = np.where(below > 0, (centred @ (share * v)) ** 2 / np.where(below > 0, below, 1.0), 0.0)
    whole = float(v**2 @ share)
    if whole <= 0 or gain.max() < 0.5 * whole:
        return None
    return int(np.argmax(gain >= gain.max() - 1e-9 * whole))


def _multiple(values: Floats, weight: Floats) -> tuple[int, int] | None:
    """(k, c) of (k·x + c) mod m with the smallest k, then c."""
    m = len(values)
    if m < 3:
        return None
    r = np.arange(m)
    columns = np.mod(np.arange(1, m)[:, None, None] * r + np.arange(m)[:, None], m).reshape(-1, m).astype(float)
    best = _best(columns, values, weight)
    return None if best is None else (best // m + 1, best % m)


def _power(values: Floats, weight: Floats) -> Expression | None:
    """(k·x^p + c) mod M for squares and cubes, M being m or its double."""
    m = len(values)
    if m < 3:
        return None
    r, columns, names = np.arange(m), [], []
    for modulus in (m, 2 * m):
        for exponent in (2, 3):
            power = np.mod(r**exponent, modulus)
            if np.any(np.mod((r + m) ** exponent, modulus) != power):
                continue
            for k in range(1, min(4, modulus)):
                columns.append(np.mod(k * power + np.arange(modulus)[:, None], modulus))
                names += [(modulus, exponent, k, c) for c in range(modulus)]
    best = _best(np.vstack(columns).astype(float), values, weight) if columns else None
    if best is None:
        return None
    modulus, exponent, k, c = names[best]
    inside = total(times(Literal(float(k)), Power(X, Literal(float(exponent)))), Literal(float(c)))
    return Modulo(inside, Literal(float(modulus)))


def _run(values: Floats, weight: Floats) -> Expression | None:
    """A step of the remainder: neighbouring classes against the rest."""
    m = len(values)
    if m < 3:
        return None
    r = np.arange(m)
    turned = np.mod(r - r[:, None], m)
    columns = (turned[:, None, :] >= np.arange(1, m)[:, None]).reshape(-1, m).astype(float)
    best = _best(columns, values, weight)
    if best is None:
        return None
    start, length = best // (m - 1), best % (m - 1) + 1
    return Call("step", total(remainder(1, (m - start) % m, m), Literal(-float(length))))


def _two_values(values: Floats) -> Expression | None:
    """A pattern of zeros and ones, parted where the sorted values lie farthest apart."""
    order = np.sort(values)
    gaps = np.diff(order)
    if len(values) < 4 or gaps.max() <= 0:
        return None
    cut = float(order[int(np.argmax(gaps))] + gaps.max() / 2)
    high = values > cut
    return Cycle(len(values), tuple(Literal(1.0 if h else 0.0) for h in high))


def named_lines(modulus: int, degree: int, data: Data) -> Iterator[Expression]:
    """Forms in which each class has a polynomial of its own."""
    trend = trend_terms(degree)
    switches: list[Expression] = [remainder(1, 0, modulus)]
    if modulus == 2:
        switches = [SIGN]
    elif modulus <= 16:
        switches += [Call("step", total(switches[0], Literal(-float(t)))) for t in range(1, modulus)]
    for switch in switches:
        yield from _fitted([*trend, *(times(switch, t) for t in trend)], data)
    floor = stairs(1, modulus)
    yield from _fitted([Literal(1.0), floor, Power(floor, Literal(2.0))][: degree + 1], data)
    yield from _fitted([*trend, *(times(floor, t) for t in trend)], data)
    cases: list[Expression] = []
    classes = np.mod(data.x, modulus)
    for r in range(modulus):
        found = fit_terms(trend, data.where(classes == r))
        if found is None:
            return
        cases.append(found[0])
    yield Cycle(modulus, tuple(_bare(c) for c in cases))


def _bare(case: Expression) -> Expression:
    """A case that is a lone number belongs to the table."""
    return constant(case.value, "CASE") if isinstance(case, (Constant, Literal)) else case
