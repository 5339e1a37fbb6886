"""Straight lines plus one or two remainders of multiples, squares or whole quotients of x, found by correlation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from math import gcd

import numpy as np

from .expressions import Call, Expression, Literal, Modulo, Power, Quotient, X, times, total
from .fitting import Data, fit_terms
from .types import Floats

Cleared = Callable[[Floats], Floats]

HIGHEST = 128
MULTIPLES = 7
PAIRED = (*range(2, 31), 36, 40, 48, 50, 60, 64, 100)


def trend_terms(degree: int) -> list[Expression]:
    """1, x, x², …"""
    rising: list[Expression] = [Literal(1.0), X]
    return [*rising, *(Power(X, Literal(float(k))) for k in range(2, degree + 1))][: degree + 1]


def remainder(k: int, c: int, modulus: int) -> Expression:
    """(k·x + c) mod `modulus`."""
    return Modulo(total(times(Literal(float(k)), X), Literal(float(c))), Literal(float(modulus)))


def stairs(k: int, modulus: int) -> Expression:
    """⌊k·x / modulus⌋."""
    return Call("floor", Quotient(times(Literal(float(k)), X), Literal(float(modulus))))


def flat_or_stairs(trend: Sequence[Expression], k: int, modulus: int, data: Data) -> Iterator[Expression]:
    """The trend with a remainder, and the same said with a staircase: either may be the shorter."""
    curve = list(trend[2:])
    floor = stairs(k, modulus)
    for terms in ([*trend, remainder(k, 0, modulus)], [Literal(1.0), floor, *curve], [*trend, floor]):
        found = fit_terms(terms, data)
        if found is not None:
            yield found[0]


def remainders(data: Data) -> Iterator[Expression]:
    """Forms with one remainder, then with two, those that explain most first."""
    weight = np.ones(len(data)) if data.exact else 1.0 / data.s
    line = np.linalg.qr(np.stack([weight, weight * data.x], axis=1))[0]

    def cleared(columns: Floats) -> Floats:
        """Columns (k, n) weighted, without what a straight line explains."""
        rows = columns * weight
        return np.asarray(rows - (rows @ line) @ line.T)

    y = cleared(data.y[None, :])[0]
    yield from _singles(data, cleared, y)
    yield from _shifted(data, cleared, y)
    yield from _pairs(data, cleared, y)


def _gains(columns: Floats, y: Floats) -> Floats:
    """How much of the sum of squares each column (k, n) takes away."""
    size = np.einsum("ij,ij->i", columns, columns)
    fine = size > 1e-9 * (size.max() or 1.0)
    return np.where(fine, (columns @ y) ** 2 / np.where(fine, size, 1.0), 0.0)


@lru_cache(maxsize=1)
def _multiples() -> tuple[tuple[int, int], ...]:
    return tuple((m, k) for m in range(2, HIGHEST + 1) for k in range(1, MULTIPLES + 1) if k < m and gcd(k, m) == 1)


@lru_cache(maxsize=1)
def _digits() -> tuple[tuple[int, int], ...]:
    """(a, b) of ⌊x / a⌋ mod b."""
    return (*((a, b) for a in range(2, 13) for b in range(2, 13)), (100, 10), (1000, 10))


def _singles(data: Data, cleared: Cleared, y: Floats) -> Iterator[Expression]:
    x = data.x
    pairs, digits = np.array(_multiples(), dtype=float), np.array(_digits(), dtype=float)
    moduli = np.arange(3.0, 101.0)
    tables = [
        np.mod(pairs[:, 1:] * x, pairs[:, :1]),
        np.mod(x**2, moduli[:, None]),
        np.mod(np.floor(x / digits[:, :1]), digits[:, 1:]),
    ]
    gains = [_gains(cleared(t), y) for t in tables]
    for i in np.argsort(-gains[0], kind="stable")[:2]:
        m, k = _multiples()[int(i)]
        yield from flat_or_stairs(trend_terms(1), k, m, data)
    square, whole = int(np.argmax(gains[1])), int(np.argmax(gains[2]))
    a, b = _digits()[whole]
    names = (
        Modulo(Power(X, Literal(2.0)), Literal(float(moduli[square]))),
        Modulo(stairs(1, a), Literal(float(b))),
    )
    for name in names:
        found = fit_terms([*trend_terms(1), name], data)
        if found is not None:
            yield found[0]


def _shifted(data: Data, cleared: Cleared, y: Floats) -> Iterator[Expression]:
    """(k·x + c) mod m: the frequency k / m first, whose power does not depend on c."""
    pairs = np.array(_multiples(), dtype=float)
    pairs = pairs[2 * pairs[:, 1] <= pairs[:, 0]]
    turn = 2 * np.pi * np.mod(pairs[:, 1:] * data.x, pairs[:, :1]) / pairs[:, :1]
    power = _gains(cleared(np.cos(turn)), y) + _gains(cleared(np.sin(turn)), y)
    for i in np.argsort(-power, kind="stable")[:3]:
        m, first = int(pairs[i, 0]), int(pairs[i, 1])
        options = [(k, c) for k in sorted({first, m - first}) for c in range(m)]
        table = np.mod(np.array([[k] for k, _ in options]) * data.x + np.array([[c] for _, c in options]), m)
        gains = _gains(cleared(table), y)
        k, c = options[int(np.argmax(gains >= (1.0 - 1e-9) * gains.max()))]
        found = fit_terms([*trend_terms(1), remainder(k, c, m)], data)
        if found is not None:
            yield found[0]


def _pairs(data: Data, cleared: Cleared, y: Floats) -> Iterator[Expression]:
    """Two remainders x mod a and x mod b at once, by the normal equations of every pair."""
    moduli = np.array(PAIRED, dtype=float)
    rows = cleared(np.mod(data.x, moduli[:, None]))
    length = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    rows = rows / np.where(length > 0, length, np.inf)[:, None]
    gram, along = rows @ rows.T, rows @ y
    rest = 1.0 - gram**2
    both = along[:, None] ** 2 + along**2 - 2 * gram * along[:, None] * along
    gain = np.where(rest > 1e-6, both / np.where(rest > 1e-6, rest, 1.0), 0.0)
    gain[np.tril_indices(len(moduli))] = 0.0
    for place in np.argsort(-gain, axis=None, kind="stable")[:2]:
        i, j = divmod(int(place), len(moduli))
        a, b = PAIRED[i], PAIRED[j]
        for left in (remainder(1, 0, a), stairs(1, a)):
            for right in (remainder(1, 0, b), stairs(1, b)):
                found = fit_terms([*trend_terms(1), left, right], data)
                if found is not None:
                    yield found[0]
        found = fit_terms([Literal(1.0), stairs(1, a), stairs(1, b)], data)
        if found is not None:
            yield found[0]
        for left, right in ((stairs(1, a), remainder(1, 0, b)), (remainder(1, 0, a), stairs(1, b))):
            found = fit_terms([Literal(1.0), left, right], data)
            if found is not None:
                yield found[0]
