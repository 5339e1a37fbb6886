"""Undoing steps that put other letters, digits or codes in the place of each character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, Call, Expression, call, literal, number
from ...operations.functions.pieces import SMALL_NUMBERS
from .types import Candidate, Inverse

_MOVED_IN_ROWS = ((v.MOVE_DIGITS, range(1, 10)), (v.NEXT_KEYS, (1, -1)), (v.NEXT_KEYS_OF_SMALL, (1, -1)),
                  (v.NEXT_VOWELS, (1, -1)))  # fmt: skip
_SHIFTS_BY_POSITION = ((0, 1), (0, -1), (1, 1), (-1, -1), (0, 2), (0, -2))
_HIGHEST_CODE = 0x10FFFF
_ALWAYS = frozenset(
    word.function
    for word in (
        v.SHIFT, v.SHIFT_BY_POSITION, v.MIRROR_ALPHABET, v.SWAP_CASE, v.SPELL_DIGITS_IN_PLACE,
        *(word for word, _ in _MOVED_IN_ROWS),
    )
)  # fmt: skip


def always_undone(step: Expression) -> bool:
    """Whether the step can be undone whatever the texts are, so that doing so tells nothing."""
    return isinstance(step, Call) and step.word.function in _ALWAYS


def undone_letters(wanted: Sequence[str]) -> Iterator[Candidate]:
    """Letters moved, written as numbers, or spelled."""
    for word in (v.MIRROR_ALPHABET, v.SWAP_CASE):
        yield call(word, CURRENT), word.function
    yield from _spelled(wanted)
    yield from _as_numbers(wanted)
    for read in (v.LENGTH, v.NUMBER_OF_WORDS):
        for sign in (1, -1):
            yield _shift_by(call(read, CURRENT), read.function, sign)
    for places in (*range(1, 14), *range(-12, 0)):
        yield call(v.SHIFT, CURRENT, number(places)), partial(v.SHIFT.function, places=-places)
    for start, step in _SHIFTS_BY_POSITION:
        moved = call(v.SHIFT_BY_POSITION, CURRENT, number(start), number(step))
        yield moved, partial(v.SHIFT_BY_POSITION.function, start=-start, step=-step)
    for word, all_places in _MOVED_IN_ROWS:
        for places in all_places:
            yield call(word, CURRENT, number(places)), partial(word.function, places=-places)


def _shift_by(read: Expression, count: Inverse, sign: int) -> Candidate:
    """By a number that a shift leaves as it is."""
    places = read if sign == 1 else call(v.TIMES, read, number(-1))
    return call(v.SHIFT, CURRENT, places), lambda made: v.SHIFT.function(made, -sign * count(made))  # type: ignore[operator]


def _as_numbers(wanted: Sequence[str]) -> Iterator[Candidate]:
    """Code points, or places in the alphabet, with something between them."""
    between = _between_numbers(wanted)
    if between is not None:
        for word, least, most, first in ((v.CODE_POINTS, 0, _HIGHEST_CODE, 0), (v.ALPHABET_PLACES, 1, 26, 96)):
            yield (
                call(word, CURRENT, literal(between)),
                partial(_from_numbers, between=between, least=least, most=most, first=first),
            )


def _between_numbers(wanted: Sequence[str]) -> str | None:
    """What stands between numbers that are all there is; None where there is more, or nothing between them."""
    found = {"".join(c if not c.isdecimal() else "\0" for c in made).strip("\0") for made in wanted}
    between = {piece for made in found for piece in made.split("\0") if piece}
    return between.pop() if len(between) == 1 else None


def _from_numbers(made: str, between: str, least: int, most: int, first: int) -> str | None:
    if not made:
        return ""
    parts = made.split(between)
    if not all(part.isdecimal() and len(part) < 8 and least <= int(part) <= most for part in parts):
        return None
    return "".join([chr(first + int(part)) for part in parts])


def _spelled(wanted: Sequence[str]) -> Iterator[Candidate]:
    """Digits in words, with the same mark or nothing on both sides."""
    yield call(v.SPELL_DIGITS_IN_PLACE, CURRENT), partial(_with_digits, mark="")
    marks = {c for made in wanted for c in made if not c.isalnum()}
    for mark in sorted(marks):
        if any(mark + name + mark in made for made in wanted for name in SMALL_NUMBERS[:10]):
            spelled = call(v.SPELL_DIGITS_BETWEEN, CURRENT, literal(mark), literal(mark))
            yield spelled, partial(_with_digits, mark=mark)


def _with_digits(made: str, mark: str) -> str:
    for digit, name in enumerate(SMALL_NUMBERS[:10]):
        made = made.replace(mark + name + mark, str(digit))
    return made
