"""First steps that have a constant of their own, with the constants that are usual."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterator, Sequence

from ..operations import vocabulary as v
from ..operations.expressions import CURRENT, EachWord, Expression, call, literal, number

_FILLINGS = ("0", "_", "*", "-", ".", "#", "x", " ")
_ENDINGS = ("...", "~", "", "…")
_BESIDE = (v.BEFORE_FIRST, v.AFTER_FIRST_MARK, v.BEFORE_LAST_MARK, v.AFTER_LAST, v.REMOVE_END, v.REMOVE_START)
_MASKED = (v.DIGITS, v.CAPITALS, v.SMALL_LETTERS)
_MOST_MARKS = 20
_MOST_NEW = 8


def seldom_steps(inputs: Sequence[str], new: Sequence[str]) -> Iterator[Expression]:
    """All of them; `new` are characters that seem to be put in, the likeliest first."""
    for width in range(5, 16):
        for word in (v.PAD_END, v.PAD_START, v.PAD_BOTH):
            for filling in dict.fromkeys((*_FILLINGS, *(c for c in new[:3] if len(c) == 1))):
                yield call(word, CURRENT, number(width), literal(filling))
        for ending in _ENDINGS:
            yield call(v.CUT_OFF, CURRENT, number(width), number(width), literal(ending))
    yield from _rows()
    yield from _spelled()
    yield from _beside(inputs)
    yield from _counted()
    yield from _in_groups(new)
    yield from _masked()
    for piece in map(literal, new[:_MOST_NEW]):
        for word in (v.APPEND, v.PREPEND):
            yield EachWord(call(word, CURRENT, piece), tidily=True)


def _rows() -> Iterator[Expression]:
    for places in range(1, 10):
        yield call(v.MOVE_DIGITS, CURRENT, number(places))
    for places in (1, -1):
        for word in (v.NEXT_KEYS, v.NEXT_KEYS_OF_SMALL, v.NEXT_VOWELS):
            yield call(word, CURRENT, number(places))


def _spelled() -> Iterator[Expression]:
    for between in map(literal, (" ", "-", "", ",")):
        yield call(v.CODE_POINTS, CURRENT, between)
        yield call(v.SPELL_DIGITS_BETWEEN, CURRENT, between, between)
    for index in (*range(5), -1, -2, -3):
        yield call(v.PLACE_IN_DIGITS, CURRENT, number(index))
        yield call(v.PLACE_IN_WORDS, CURRENT, number(index))
    yield call(v.SIGNATURE, CURRENT, *map(literal, "Aa9"))


def _beside(inputs: Sequence[str]) -> Iterator[Expression]:
    usual = [c for c, _ in Counter("".join(inputs)).most_common(_MOST_MARKS)]
    for mark in map(literal, usual):
        for word in _BESIDE:
            yield call(word, CURRENT, mark)


def _counted() -> Iterator[Expression]:
    """A number put at an end, with what is usual around it."""
    numbers = [call(v.NUMBER_OF, call(word, CURRENT)) for word in (v.VOWELS, v.CONSONANTS, v.LETTERS, *_MASKED)]
    numbers += [call(word, CURRENT) for word in (v.LENGTH, v.NUMBER_OF_WORDS, v.NUMBER_OF_DISTINCT)]
    for before, after in ((" (", ")"), ("#", ""), ("-", ""), (": ", ""), ("", "")):
        for read in numbers:
            yield call(v.APPEND_NUMBER, CURRENT, read, literal(before), literal(after))
            yield call(v.PREPEND_NUMBER, CURRENT, read, literal(after), literal(before))


def _in_groups(new: Sequence[str]) -> Iterator[Expression]:
    """Something between groups, and the same character twice or three times put in."""
    for size in (2, 3, 4):
        for between in dict.fromkeys((" ", "-", "_", ".", *new[:3])):
            yield call(v.PUT_BETWEEN_GROUPS, CURRENT, number(size), literal(between))
    for piece in (literal(c * times) for c in new[:4] for times in (2, 3)):
        yield call(v.INSERT, CURRENT, call(v.HALF_LENGTH, CURRENT), piece)
        yield call(v.APPEND, CURRENT, piece)
        yield call(v.PREPEND, CURRENT, piece)


def _masked() -> Iterator[Expression]:
    for word in _MASKED:
        for letter in map(literal, string.ascii_lowercase):
            yield call(v.REPLACE_AT, CURRENT, call(word, CURRENT), letter)
