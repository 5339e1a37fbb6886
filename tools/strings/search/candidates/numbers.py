"""Numbers read off the text: in the place of the text, or put at one of its ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, Expression, call, literal, number
from .pieces import characters

_CLASSES = (v.VOWELS, v.CONSONANTS, v.LETTERS, v.DIGITS, v.CAPITALS, v.SMALL_LETTERS, v.WHITE_SPACE, v.MARKS)
_READ = (
    v.LENGTH, v.NUMBER_OF_WORDS, v.NUMBER_OF_DISTINCT, v.SUM_OF_DIGITS, v.SUM_OF_PLACES, v.SUM_OF_CODES,
    v.HIGHEST_COUNT, v.LONGEST_RUN, v.LONGEST_WORD_LENGTH,
)  # fmt: skip
_AROUND = ((" (", ")"), ("#", ""), ("-", ""), (": ", ""), ("", ""))
"""What is usual before and after a number at the end of a text."""
_MOST_COUNTED, _MOST_AT_ENDS = 40, 20


def number_steps(longest: int) -> Iterator[Expression]:
    """Numbers in words and digits, and numbers put at an end."""
    counted: list[Expression] = [call(v.NUMBER_OF, call(word, CURRENT)) for word in (*_CLASSES, v.LETTERS_AND_DIGITS)]
    counted += [call(word, CURRENT) for word in _READ]
    counted += [call(v.ALPHABET_PLACE, character) for character in characters(longest)]
    counted += [call(v.ALPHABET_INDEX, character) for character in characters(min(longest, 3))]
    yield from _written(counted)
    for index in (*range(5), -1, -2, -3):
        yield call(v.PLACE_IN_DIGITS, CURRENT, number(index))
        yield call(v.PLACE_IN_WORDS, CURRENT, number(index))
    yield from _put_at_ends()


def _written(numbers: Sequence[Expression]) -> Iterator[Expression]:
    for read in numbers:
        yield call(v.IN_WORDS, read)
        yield call(v.IN_DIGITS, read)


def _put_at_ends() -> Iterator[Expression]:
    numbers = [call(v.NUMBER_OF, call(word, CURRENT)) for word in _CLASSES[:6]]
    numbers += [call(word, CURRENT) for word in (v.LENGTH, v.NUMBER_OF_WORDS, v.NUMBER_OF_DISTINCT)]
    for before, after in _AROUND:
        for read in numbers:
            yield call(v.APPEND_NUMBER, CURRENT, read, literal(before), literal(after))
            yield call(v.PREPEND_NUMBER, CURRENT, read, literal(after), literal(before))


def numbers_at_ends(inputs: Sequence[str], before: str, after: str) -> Iterator[Expression]:
    """How often common characters occur, put at an end with something around it."""
    usual = [c for c, _ in Counter("".join(inputs)).most_common(_MOST_AT_ENDS)]
    numbers = [call(v.NUMBER_OF, call(v.ONE_OF, CURRENT, literal(c))) for c in usual]
    numbers += [call(v.NUMBER_OF, call(word, CURRENT)) for word in _CLASSES[:6]]
    numbers += [call(word, CURRENT) for word in _READ[:6]]
    for read in numbers:
        yield call(v.APPEND_NUMBER, CURRENT, read, literal(before), literal(after))
        yield call(v.PREPEND_NUMBER, CURRENT, read, literal(before), literal(after))


def counts_of(inputs: Sequence[str]) -> Iterator[Expression]:
    """How often, and where, the characters occur that are common in the inputs."""
    usual = [c for c, _ in Counter("".join(inputs)).most_common(_MOST_COUNTED)]
    counted = [call(v.NUMBER_OF, call(v.ONE_OF, CURRENT, literal(c))) for c in usual]
    yield from _written([*counted, *(call(v.PLACE_OF, CURRENT, literal(c)) for c in usual if c.isalnum())])
