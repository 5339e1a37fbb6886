"""One of two constant texts, by something that holds of the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, ORIGINAL, Expression, Run, call, literal, number
from ..frame import Frame

_TRUTHS = (
    v.IS_PALINDROME, v.IS_PALINDROME_IGNORING, v.BEGINS_WITH_VOWEL, v.ENDS_WITH_VOWEL, v.IS_SMALL, v.IS_CAPITAL,
    v.BEGINS_WITH_CAPITAL, v.HAS_ONLY_LETTERS, v.HAS_ONLY_DIGITS, v.HAS_ONLY_LETTERS_AND_DIGITS, v.IS_SORTED,
    v.BEGINS_AS_IT_ENDS,
)  # fmt: skip
_MOST = 4


@cache
def _truths(text: Expression) -> tuple[tuple[Expression, Run], ...]:
    made = [call(word, text) for word in _TRUTHS]
    return tuple((e, e.run()) for e in made)


def choices(frame: Frame) -> Iterator[Expression]:
    """Where only two texts come out: which condition chooses between them."""
    if len({frame.wanted[i] for i in frame.order[:6]}) > 2 or len(both := list(dict.fromkeys(frame.wanted))) != 2:
        return
    for yes, no in (both, both[::-1]):
        wanted = [w == yes for w in frame.wanted]
        for found, condition in enumerate(_conditions(frame, wanted)):
            yield call(v.CHOOSE, condition, literal(yes), literal(no))
            if found >= _MOST:
                break


def _conditions(frame: Frame, wanted: Sequence[bool]) -> Iterator[Expression]:
    for text, values in ((CURRENT, frame.current), (ORIGINAL, frame.originals)):
        if text is ORIGINAL and frame.is_start:
            break
        for expression, run in _truths(text):
            if all(run(value, value) == w for value, w in zip(values, wanted)):
                yield expression
        for character in sorted(set("".join(values))):
            piece = literal(character)
            if all((value.count(character) % 2 == 0) == w for value, w in zip(values, wanted)):
                yield call(v.IS_EVEN, call(v.NUMBER_OF, call(v.ONE_OF, text, piece)))
            if all((character in value) == w for value, w in zip(values, wanted)):
                yield call(v.CONTAINS, text, piece)
            if all(value.startswith(character) == w for value, w in zip(values, wanted)):
                yield call(v.BEGINS_WITH, text, piece)
            if all(value.endswith(character) == w for value, w in zip(values, wanted)):
                yield call(v.ENDS_WITH, text, piece)
    yield from _of_numbers(frame, wanted)


def _of_numbers(frame: Frame, wanted: Sequence[bool]) -> Iterator[Expression]:
    for table in frame.number_tables:
        for column in table:
            values = column.values
            least = min(value for value, w in zip(values, wanted) if w)
            if all((value >= least) == w for value, w in zip(values, wanted)):
                yield call(v.IS_AT_LEAST, column.expression, number(least))
            if all((value % 2 == 0) == w for value, w in zip(values, wanted)):
                yield call(v.IS_EVEN, column.expression)
            elif all((value % 3 == 0) == w for value, w in zip(values, wanted)):
                yield call(v.DIVIDES, column.expression, number(3))
