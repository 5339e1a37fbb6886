"""Steps that have a constant of their own, with the constants that are usual: fillings, endings, affixes, marks."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterator, Sequence

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, Expression, call, literal, number
from .words import doubled_words

_FILLINGS = ("0", "_", "*", "-", ".", "#", "x", " ")
_ENDINGS = ("...", "~", "", "…", "-", ".")
_MASKS = ("*", "#", "_", "x", "-", ".", "?")
_DOUBLING = ("-", "", " ")
_PREFIXES = ("un", "re", "in", "dis", "pre", "non", "sub", "Mr", "Mr ", "Dr ", "The ")
_SUFFIXES = ("s", "ed", "ing", "ly", "er", "ish", "ness", "less", "ful", "able", "!", "?", ".", "...")
_BESIDE = (v.BEFORE_FIRST, v.AFTER_FIRST_MARK, v.BEFORE_LAST_MARK, v.AFTER_LAST, v.REMOVE_END, v.REMOVE_START)
_MASKED = (v.DIGITS, v.CAPITALS, v.SMALL_LETTERS)
_WIDTHS = range(5, 16)
_MOST_MARKS = 28
_GROUPED = (" ", "-", "_", ".")


def usual_constants() -> Iterator[Expression]:
    """All that are usual whatever the texts are."""
    for filling in _FILLINGS:
        yield from paddings(filling)
    for ending in _ENDINGS:
        yield from cut_off(ending)
    for mark in _MASKS:
        yield from hidden_inside(mark)
    for between in _DOUBLING:
        yield from doubled_words(between)
    for between in _GROUPED:
        yield from groups(between)
    yield from _affixes()
    yield from _masked()
    yield call(v.SIGNATURE, CURRENT, *map(literal, "Aa9"))


def paddings(filling: str) -> Iterator[Expression]:
    """Short texts filled up to usual widths."""
    for width in _WIDTHS:
        for word in (v.PAD_END, v.PAD_START, v.PAD_BOTH):
            yield call(word, CURRENT, number(width), literal(filling))


def cut_off(ending: str) -> Iterator[Expression]:
    """Long texts cut to usual widths, the ending counted or not."""
    for width in range(4, _WIDTHS.stop):
        yield call(v.CUT_OFF, CURRENT, number(width), number(width), literal(ending))
        if ending and width > len(ending) and len(ending) > 2:
            yield call(v.CUT_OFF, CURRENT, number(width), number(width - len(ending)), literal(ending))


def hidden_inside(mark: str) -> Iterator[Expression]:
    """All characters but a few at an end, or at both, replaced."""
    inside = call(v.OTHERS, CURRENT, call(v.BOTH_ENDS, CURRENT))
    yield call(v.REPLACE_AT, CURRENT, inside, literal(mark))
    for word in (v.AFTER_FIRST, v.BEFORE_LAST):
        for count in range(1, 5):
            yield call(v.REPLACE_AT, CURRENT, call(word, CURRENT, number(count)), literal(mark))


def groups(between: str) -> Iterator[Expression]:
    """Something between groups of characters."""
    for size in (2, 3, 4):
        yield call(v.PUT_BETWEEN_GROUPS, CURRENT, number(size), literal(between))


def affixes(before: str | None, after: str | None) -> Iterator[Expression]:
    """A prefix put in front, an ending appended: always, or where it is not there yet."""
    if before:
        yield from (call(word, CURRENT, literal(before)) for word in (v.PREPEND, v.ENSURE_START))
    if after:
        yield from (call(word, CURRENT, literal(after)) for word in (v.APPEND, v.ENSURE_END))


def _affixes() -> Iterator[Expression]:
    for prefix in _PREFIXES:
        yield from affixes(prefix, None)
    for suffix in _SUFFIXES:
        yield from affixes(None, suffix)


def _masked() -> Iterator[Expression]:
    for word in _MASKED:
        for letter in map(literal, string.ascii_lowercase):
            yield call(v.REPLACE_AT, CURRENT, call(word, CURRENT), letter)


def beside_marks(inputs: Sequence[str]) -> Iterator[Expression]:
    """What stands before or after a character that is common in the inputs."""
    usual = [c for c, _ in Counter("".join(inputs)).most_common(_MOST_MARKS)]
    for mark in map(literal, usual):
        for word in _BESIDE:
            yield call(word, CURRENT, mark)
