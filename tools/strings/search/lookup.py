"""From values that a learner wants to expressions that have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..operations import vocabulary as v
from ..operations.expressions import Expression, call, literal, number
from .frame import Frame

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
    found = 0
    for table in frame.piece_tables:
        for column in table:
            if all(column.values[i] == wanted[i] for i in places) and not (constant and len(places) < 3):
                yield column.expression
                found += 1
                if found >= _MOST:
                    return


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
    found = 0
    for table in frame.number_tables:
        for column in table:
            made = _as_wanted(column.expression, [column.values[i] for i in places], values, modulus, arithmetic)
            if made is not None:
                yield made
                found += 1
                if found >= _MOST:
                    return


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
