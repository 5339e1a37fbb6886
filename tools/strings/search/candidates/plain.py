"""Steps without parameters, and steps whose only parameter is a small number."""

from __future__ import annotations

from collections.abc import Iterator

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, Expression, call, number

_PLAIN = (
    v.REVERSE, v.UPPER, v.LOWER, v.SWAP_CASE, v.CAPITALIZE, v.TITLE, v.STRIP, v.STRIP_START, v.STRIP_END,
    v.COLLAPSE_SPACES, v.SORT, v.SORT_DOWN, v.SORT_IGNORING_CASE, v.UNIQUE_IGNORING_CASE, v.MIRROR_ALPHABET,
    v.SWAP_HALVES, v.SWAP_HALVES_LONGER, v.SWAP_HALVES_MIDDLE, v.SWAP_NEIGHBOURS, v.MIRROR_IMAGE,
    v.MIRROR_IMAGE_SHARING, v.ALTERNATE_CASE, v.ALTERNATE_CASE_LOWER, v.EVENS_THEN_ODDS, v.ODDS_THEN_EVENS,
    v.COUNT_RUNS, v.REPEAT_BY_POSITION, v.SPELL_DIGITS_IN_PLACE, v.LETTERS_TO_PLACES, v.REVERSE_WORDS,
    v.REVERSE_WORDS_TIDILY, v.REVERSE_EACH_WORD, v.REVERSE_EACH_TIDILY, v.SORT_WORDS, v.SORT_WORDS_IGNORING,
    v.SORT_WORDS_BY_LENGTH, v.UNIQUE_WORDS, v.CAPITALIZE_WORDS, v.LONGEST_WORD, v.SHORTEST_WORD, v.INITIALS,
    v.FINAL_LETTERS, v.SWAP_WORDS,
)  # fmt: skip
_MOST_TURNED = 9


def plain_steps() -> Iterator[Expression]:
    """Steps without parameters."""
    for word in (*_PLAIN, *v.MORE_PLAIN):
        yield call(word, CURRENT)


def turned_steps() -> Iterator[Expression]:
    """Texts rotated, and digits, keys and vowels moved on in their rows."""
    for places in range(1, _MOST_TURNED + 1):
        yield call(v.ROTATE, CURRENT, number(places))
        yield call(v.ROTATE, CURRENT, number(-places))
        yield call(v.MOVE_DIGITS, CURRENT, number(places))
    for places in (1, -1):
        for word in (v.NEXT_KEYS, v.NEXT_KEYS_OF_SMALL, v.NEXT_VOWELS):
            yield call(word, CURRENT, number(places))
