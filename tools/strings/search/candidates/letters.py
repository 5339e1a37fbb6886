"""Letters moved in the alphabet: all of them, those at a place or of a class, by a constant or by what a text shows."""

from __future__ import annotations

from collections.abc import Iterator

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, Expression, call, number
from .pieces import characters, single_places

_CLASSES = (v.VOWELS, v.CONSONANTS, v.LETTERS, v.DIGITS, v.CAPITALS)
ROTATIONS = tuple(places for size in range(1, 14) for places in (size, -size) if places > -13)
"""All ways to move letters round the alphabet."""
_MOST_SHIFTED = 10


def shifting_steps(longest: int) -> Iterator[Expression]:
    """All letters moved: by a constant, by their positions, or by a number read off the text."""
    yield from (call(v.SHIFT, CURRENT, number(places)) for places in ROTATIONS)
    for start in (0, 1, -1):
        for step in (1, 2, 3, -1, -2, -3):
            if start in (0, step):
                yield call(v.SHIFT_BY_POSITION, CURRENT, number(start), number(step))
    for read in _read_numbers(longest):
        for word in (v.SHIFT, v.SHIFT_TO_SMALL):
            yield call(word, CURRENT, read)
            yield call(word, CURRENT, call(v.TIMES, read, number(-1)))
    for key in characters(longest):
        for direction in (1, -1):
            yield call(v.SHIFT_TO_SMALL_BY, CURRENT, key, number(direction))


def _read_numbers(longest: int) -> Iterator[Expression]:
    yield call(v.LENGTH, CURRENT)
    for character in characters(longest):
        for word in (v.ALPHABET_PLACE, v.ALPHABET_INDEX, v.DISTANCE_FROM_A):
            yield call(word, character)
    for positions in _CLASSES:
        yield call(v.NUMBER_OF, call(positions, CURRENT))


def placed_shifts(longest: int) -> Iterator[Expression]:
    """One character, or a class of them, moved in the alphabet."""
    chosen = [*single_places(min(longest, _MOST_SHIFTED))]
    chosen += [call(word, CURRENT) for word in (v.VOWELS, v.CONSONANTS, v.CAPITALS, v.SMALL_LETTERS)]
    for positions in chosen:
        yield from (call(v.SHIFT_AT, CURRENT, positions, number(places)) for places in ROTATIONS)
    for positions in single_places(longest):
        for read in _read_numbers(min(longest, 6)):
            if read.bits < 7:
                yield call(v.SHIFT_AT, CURRENT, positions, read)


def code_shifts() -> Iterator[Expression]:
    """The first or the last letter moved in code points, as careless shifting does."""
    for index in (0, -1):
        for places in range(1, 26):
            positions = call(v.AT, CURRENT, number(index))
            yield call(v.SHIFT_CODES_TO_A_AT, CURRENT, positions, number(places))
            yield call(v.SHIFT_CODES_TO_Z_AT, CURRENT, positions, number(-places))
            yield call(v.SHIFT_CODES_AT, CURRENT, positions, number(places))
            yield call(v.SHIFT_CODES_AT, CURRENT, positions, number(-places))
