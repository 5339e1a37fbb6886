"""Undoing steps that only move, repeat and add characters by their places, without knowing what they are.

A step is run on marks that all differ; where each mark comes out shows where each character came from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from ...operations import vocabulary as v
from ...operations.expressions import Expression
from ..frame import evaluate
from .types import Candidate

_FIRST_MARK = 0xE000
_MOST_MARKS = 100
_LONGEST = 1000
_NEVER_MOVING = frozenset(
    word.function
    for word in (
        v.SHIFT, v.SHIFT_AT, v.SHIFT_TO_SMALL, v.SHIFT_TO_SMALL_BY, v.SHIFT_CODES_AT, v.SHIFT_CODES_TO_A_AT,
        v.SHIFT_CODES_TO_Z_AT, v.SHIFT_BY_POSITION, v.REPLACE, v.REPLACE_FIRST, v.REPLACE_AT, v.KEEP, v.DELETE,
        v.UPPER_AT, v.LOWER_AT, v.SWAP_CASE_AT, v.IN_WORDS, v.IN_DIGITS, v.PLACE_IN_WORDS, v.PLACE_IN_DIGITS, v.PART,
        v.CUT_OFF, v.PAD_END, v.PAD_START, v.PAD_BOTH, v.TRANSLATE, v.SIGNATURE, v.BEFORE_FIRST, v.AFTER_FIRST_MARK,
        v.BEFORE_LAST_MARK, v.AFTER_LAST, v.REMOVE_START, v.REMOVE_END, v.MOVE_DIGITS, v.CODE_POINTS,
        v.APPEND_NUMBER, v.PREPEND_NUMBER, v.ENSURE_START, v.ENSURE_END, v.BOTH_ENDS_WITH, v.CAPITAL_INITIALS,
        v.CAPITAL_INITIALS_WITH, v.ALPHABET_PLACES, v.WORD_LENGTHS, v.JOIN_WORDS, v.JOIN_SMALL_WORDS,
        v.JOIN_CAPITAL_WORDS,
    )
)  # fmt: skip
"""Functions that lose, change or count characters, or have an inverse of their own: not worth trying on marks."""


@cache
def moving_steps(steps: tuple[Expression, ...]) -> tuple[Expression, ...]:
    """Those of `steps` that move, repeat or add characters by their places, and lose none of them."""
    return tuple([step for step in steps if _may_move(step) and any(_moves(step, length) for length in (5, 6))])


def _may_move(step: Expression) -> bool:
    word = getattr(step, "word", None)
    return word is None or word.function not in _NEVER_MOVING


def _moves(step: Expression, length: int) -> bool:
    made = _marked(step, length)
    marks = _marks(length)
    return made is not None and made != marks and set(marks) <= set(made)


def undone_by_places(steps: Sequence[Expression]) -> Iterator[Candidate]:
    """Steps that move characters, each with its inverse."""
    for step in steps:
        yield step, lambda made, step=step: by_places(step, made)  # type: ignore[misc]


def by_places(step: Expression, made: str) -> str | None:
    """The text that the step turns into `made`, as far as places decide it; None if there is none."""
    for length in _lengths(step, len(made)):
        marks = _marked(step, length)
        if marks is None:
            continue
        before: dict[int, str] = {}
        for mark, character in zip(marks, made):
            index = ord(mark) - _FIRST_MARK
            if not 0 <= index < length:
                if mark != character:
                    break
            elif before.setdefault(index, character) != character:
                break
        else:
            if len(before) == length:
                return "".join([before[i] for i in range(length)])
    return None


@cache
def _marks(length: int) -> str:
    return "".join([chr(_FIRST_MARK + i) for i in range(length)])


@cache
def _marked(step: Expression, length: int) -> str | None:
    """What the step makes of so many marks."""
    marks = (_marks(length),)
    made = evaluate(step, marks, marks)
    return None if made is None or len(made[0]) > _LONGEST else made[0]


@cache
def _lengths(step: Expression, made: int) -> tuple[int, ...]:
    """Lengths of texts that the step gives `made` characters for, the likeliest first."""
    if _size(step, made) == made:
        return (made,)
    low, high = 0, min(made, _MOST_MARKS)
    while low < high:
        middle = (low + high) // 2
        if _size(step, middle) < made:
            low = middle + 1
        else:
            high = middle
    found = []
    while low <= min(made, _MOST_MARKS) and _size(step, low) == made:
        found.append(low)
        low += 1
    return tuple(found)


def _size(step: Expression, length: int) -> int:
    """How long what the step makes of so many characters is: never less for more of them."""
    marked = _marked(step, length)
    return _LONGEST + 1 if marked is None else len(marked)
