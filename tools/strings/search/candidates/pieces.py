"""Characters chosen by where they stand or what they are, and pieces of a text moved, left out or put in."""

from __future__ import annotations

from collections.abc import Iterator

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, Expression, absent, call, number
from ..tables import selectors

_CLASSES = (v.VOWELS, v.CONSONANTS, v.LETTERS, v.DIGITS, v.CAPITALS)
MOST_PLACES = 12
"""Characters are addressed singly up to this index."""


def characters(longest: int) -> Iterator[Expression]:
    """Single characters of the text."""
    for index in (*range(min(longest, MOST_PLACES)), -1, -2, -3):
        yield call(v.CHARACTER, CURRENT, number(index))
    for word in (v.MIDDLE_CHARACTER, v.LEFT_MIDDLE_CHARACTER):
        yield call(word, CURRENT)


def single_places(longest: int) -> Iterator[Expression]:
    """Where single characters stand."""
    for index in (*range(min(longest, MOST_PLACES)), -1, -2, -3):
        yield call(v.AT, CURRENT, number(index))
    for word in (v.MIDDLE, v.LEFT_MIDDLE, v.MIDDLE_OF_ODD, v.MIDDLE_FROM_THREE):
        yield call(word, CURRENT)


def selecting_steps(longest: int) -> Iterator[Expression]:
    """Something simple done to chosen characters, and the text repeated."""
    words = (v.DELETE, v.KEEP, v.UPPER_AT, v.LOWER_AT, v.SWAP_CASE_AT, v.REVERSE_AT, v.MOVE_TO_START, v.MOVE_TO_END)
    for selector in selectors(longest):
        for word in words:
            if not (selector.single and word is v.REVERSE_AT):
                yield call(word, CURRENT, selector.expression)
        for times in (2, 3):
            yield call(v.REPEAT_AT, CURRENT, selector.expression, number(times))
    for count in (2, 3):
        yield call(v.REPEAT, CURRENT, number(count))


def piece_steps(longest: int) -> Iterator[Expression]:
    """Pieces of the text put in, or in the place of its characters."""
    pieces = list(characters(min(longest, 6)))
    classes: list[Expression] = [call(word, CURRENT) for word in _CLASSES]
    classes += [call(v.AT, CURRENT, number(index)) for index in (0, 1, 2, 3, -1)]
    classes.append(call(v.MIDDLE, CURRENT))
    for piece in pieces:
        yield call(v.APPEND, CURRENT, piece)
        yield call(v.PREPEND, CURRENT, piece)
        yield call(v.INSERT, CURRENT, call(v.HALF_LENGTH, CURRENT), piece)
        for positions in classes:
            yield call(v.REPLACE_AT, CURRENT, positions, piece)
    for word in (v.VOWELS, v.CONSONANTS):
        how_many = call(v.NUMBER_OF, call(word, CURRENT))
        for read in (how_many, call(v.PLUS, how_many, number(-1))):
            yield call(v.REPLACE_AT, CURRENT, call(word, CURRENT), call(v.CHARACTER_AT, CURRENT, read))
    for index in range(4, 10):
        for piece in (*pieces[:1], call(v.CHARACTER, CURRENT, number(-1))):
            yield call(v.REPLACE_AT, CURRENT, call(v.AT, CURRENT, number(index)), piece)
    yield from _ends_again()


def _ends_again() -> Iterator[Expression]:
    """The first or last few characters written once more, at either end."""
    for count in (2, 3, 4, 5):
        for part in ((absent(), number(count)), (number(-count), absent())):
            piece = call(v.PART_OF, CURRENT, *part)
            yield call(v.APPEND, CURRENT, piece)
            yield call(v.PREPEND, CURRENT, piece)


def parts() -> Iterator[Expression]:
    """A few characters at an end left out, kept, or moved to the other end; two characters swapped."""
    for one, other in ((0, 1), (0, -1), (1, 2), (1, -2), (2, 3), (0, 2), (-1, -2)):
        yield call(v.SWAP_CHARACTERS, CURRENT, number(one), number(other))
    for count in range(1, 10):
        yield call(v.PART, CURRENT, absent(), number(count))
        yield call(v.PART, CURRENT, number(-count), absent())
        yield call(v.PART, CURRENT, number(count), absent())
        yield call(v.PART, CURRENT, absent(), number(-count))
        yield call(v.MOVE_START_TO_END, CURRENT, number(count))
        yield call(v.MOVE_END_TO_START, CURRENT, number(count))


def swaps(longest: int) -> Iterator[Expression]:
    """Two characters swapped, addressed from the start."""
    most = min(longest, MOST_PLACES)
    for one in range(most):
        yield from (call(v.SWAP_CHARACTERS, CURRENT, number(one), number(other)) for other in range(one + 1, most))
