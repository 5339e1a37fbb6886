"""From values that a learner wants to expressions that have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from ..operations import vocabulary as v
from ..operations.expressions import Expression, call, literal, number
from .frame import Frame
from .tables import number_readings, piece_readings

_MOST = 4
"""Expressions that are handed on for one wanted column, beyond constants."""
_FACTORS = (1, -1, 2, 3)
_DIVISORS = range(2, 13)


def find_pieces(frame: Frame, wanted: Sequence[str | None]) -> Iterator[Expression]:
    """Pieces of text with these values; None: any. A constant comes first where one does."""
    known = [w for w in wanted if w is not None]
    if not known:
        return
    constant = all(w == known[0] for w in known)
    if constant:
        yield literal(known[0])
    places = [i for i, w in enumerate(wanted) if w is not None]
    if not (constant and len(places) < 3):
        yield from islice(_pieces(frame, wanted, places), _MOST)


def _pieces(frame: Frame, wanted: Sequence[str | None], places: Sequence[int]) -> Iterator[Expression]:
    first = places[0]
    for column in frame.original_pieces.at(first, wanted[first] or ""):
        if all(column.values[i] == wanted[i] for i in places):
            yield column.expression
    if frame.is_start:
        return
    readings, current = piece_readings(frame.shared.longest), frame.current
    left: Sequence[int] = range(len(readings.expressions))
    for i in sorted(places, key=lambda i: len(current[i])):
        row, value = readings.row(current[i]), wanted[i]
        left = [number for number in left if row[number] == value]
        if not left:
            return
    yield from (column.expression for column in readings.columns(left, current))


def find_numbers(
    frame: Frame, wanted: Sequence[int | None], *, modulus: int | None = None, arithmetic: bool = True
) -> Iterator[Expression]:
    """Whole numbers with these values, or equal to them modulo `modulus`; None: any.

    With `arithmetic` also an expression plus a constant, its negative, its remainder, its multiples.
    """
    places = [i for i, w in enumerate(wanted) if w is not None]
    values = [w for w in wanted if w is not None]
    if not values:
        return
    if all(value == values[0] for value in values):
        yield number(_nearest(values[0], modulus))
        if len(values) < 4:
            return
    yield from islice(_numbers(frame, places, values, modulus, arithmetic), _MOST)


def _numbers(
    frame: Frame, places: Sequence[int], values: Sequence[int], modulus: int | None, arithmetic: bool
) -> Iterator[Expression]:
    """Two texts, for which different numbers are wanted, rule out most; the shortest, which are met most often."""
    by_length = sorted(range(len(places)), key=lambda k: len(frame.current[places[k]]))
    k = by_length[0]
    other = next((n for n in by_length if values[n] != values[k]), by_length[1])
    possible = _Possible(values[k], values[other], modulus, arithmetic)
    one, two = places[k], places[other]
    for column in frame.original_numbers:
        if possible[column.values[one], column.values[two]]:
            has = [column.values[i] for i in places]
            if (made := _as_wanted(column.expression, has, values, modulus, arithmetic)) is not None:
                yield made
    if frame.is_start:
        return
    readings = number_readings(frame.shared.longest)
    rows = zip(readings.row(frame.current[one]), readings.row(frame.current[two]))
    left = [n for n, (a, b) in enumerate(rows) if a is not None and b is not None and possible[a, b]]
    for column in readings.columns(left, frame.current):
        has = [column.values[i] for i in places]
        if (made := _as_wanted(column.expression, has, values, modulus, arithmetic)) is not None:
            yield made


class _Possible(dict[tuple[int, int], bool]):
    """Whether an expression that has these two numbers may give the two that are wanted."""

    def __init__(self, one: int, other: int, modulus: int | None, arithmetic: bool) -> None:
        super().__init__()
        self._wanted, self._modulus, self._arithmetic = (one, other), modulus, arithmetic

    def __missing__(self, has: tuple[int, int]) -> bool:
        one, other = self._wanted
        rests = [other - one - factor * (has[1] - has[0]) for factor in (_FACTORS if self._arithmetic else (1,))]
        fits = 0 in rests or bool(self._modulus and not all(rest % self._modulus for rest in rests))
        if not fits and self._arithmetic and self._modulus is None:
            fits = any(has[0] % divisor == one and has[1] % divisor == other for divisor in _DIVISORS)
        self[has] = fits
        return fits


def _nearest(value: int, modulus: int | None) -> int:
    if modulus is None:
        return value
    value %= modulus
    return value - modulus if value > modulus // 2 else value


def _as_wanted(
    expression: Expression, has: Sequence[int], wanted: Sequence[int], modulus: int | None, arithmetic: bool
) -> Expression | None:
    for factor in _FACTORS if arithmetic else (1,):
        more = _constant_difference(has, wanted, factor, modulus)
        if more is not None:
            multiple = expression if factor == 1 else call(v.TIMES, expression, number(factor))
            return _plus(multiple, _nearest(more, modulus))
    if not arithmetic:
        return None
    if modulus is None and len(wanted) > 3 and max(wanted) < 12:
        for divisor in _DIVISORS:
            if all(h % divisor == w for h, w in zip(has, wanted)):
                return call(v.REMAINDER, expression, number(divisor))
    return None


def _constant_difference(has: Sequence[int], wanted: Sequence[int], factor: int, modulus: int | None) -> int | None:
    """What has to be added to `factor` times each number, if it is the same for all."""
    first = wanted[0] - factor * has[0]
    for h, w in zip(has, wanted):
        apart = w - factor * h - first
        if apart and (modulus is None or apart % modulus):
            return None
    return first


def _plus(expression: Expression, more: int) -> Expression:
    return call(v.PLUS, expression, number(more)) if more else expression
