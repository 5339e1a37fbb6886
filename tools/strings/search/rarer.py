"""First steps that are rarer: on words and shapes, with the few parameters that are usual."""

from __future__ import annotations

from collections.abc import Iterator

from ..operations import vocabulary as v
from ..operations.expressions import CURRENT, EachWord, Expression, absent, call, literal, number


def rarer_steps() -> Iterator[Expression]:
    """All of them."""
    for word in (v.SORT_AT, v.REVERSE_AT):
        for positions in (v.LETTERS, v.VOWELS, v.CONSONANTS, v.DIGITS, v.CAPITALS):
            yield call(word, CURRENT, call(positions, CURRENT))
    for word in (v.MOVE_DIGITS, v.NEXT_KEYS, v.NEXT_KEYS_OF_SMALL, v.NEXT_VOWELS):
        yield from (call(word, CURRENT, number(places)) for places in (1, -1))
    yield from _choosing_words()
    yield from _joining()
    yield from _word_by_word()


def _choosing_words() -> Iterator[Expression]:
    for start in (0, 1):
        yield call(v.UPPER_EVERY_SECOND_WORD, CURRENT, number(start))
        yield call(v.REVERSE_EVERY_SECOND_WORD, CURRENT, number(start))
    for index in (1, 2, -1, -2):
        yield call(v.WORDS_FROM, CURRENT, number(index), absent())
        yield call(v.WORDS_FROM, CURRENT, absent(), number(index))
    for count in range(2, 7):
        yield call(v.LONG_WORDS, CURRENT, number(count))
        yield call(v.SHORT_WORDS, CURRENT, number(count))


def _joining() -> Iterator[Expression]:
    """Pieces with something usual between them."""
    words = (
        v.JOIN_SMALL_WORDS, v.JOIN_CAPITAL_WORDS, v.CAPITAL_INITIALS_WITH, v.CAPITAL_INITIALS, v.STAIRCASE,
        v.FALLING_STAIRCASE, v.REPEAT_BY_POSITION_WITH, v.MIRROR_IMAGE_WITH, v.ALPHABET_PLACES, v.WORD_LENGTHS,
    )  # fmt: skip
    for between in ("", " ", "-", "_", "."):
        mark = literal(between)
        yield from (call(word, CURRENT, mark) for word in words)
        yield from (call(v.BOTH_ENDS_WITH, CURRENT, number(count), mark) for count in (1, 2, 3))


def _word_by_word() -> Iterator[Expression]:
    for tidily in (False, True):
        yield from (EachWord(step, tidily) for step in _for_a_word())


def _for_a_word() -> Iterator[Expression]:
    for count in (1, 2, 3, 4, 5, -1):
        yield call(v.PART, CURRENT, absent(), number(count))
        yield call(v.PART, CURRENT, number(count), absent())
    for word in (v.SORT, v.REVERSE, v.CAPITALIZE, v.UPPER, v.LOWER, v.SWAP_CASE):
        yield call(word, CURRENT)
    for index in (0, -1):
        place = call(v.AT, CURRENT, number(index))
        yield call(v.UPPER_AT, CURRENT, place)
        yield call(v.LOWER_AT, CURRENT, place)
        yield call(v.REPEAT_AT, CURRENT, place, number(2))
    yield call(v.SWAP_CHARACTERS, CURRENT, number(0), number(-1))
    yield call(v.REPEAT, CURRENT, number(2))
    yield call(v.KEEP, CURRENT, call(v.BOTH_ENDS, CURRENT))
    yield call(v.MOVE_START_TO_END, CURRENT, number(1))
    yield call(v.MOVE_END_TO_START, CURRENT, number(1))
