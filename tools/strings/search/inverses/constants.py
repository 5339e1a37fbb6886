"""Undoing steps that put something constant in: at an end, at an index, between or beside characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import TypeAlias

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, Expression, Word, call, literal, number
from .places import by_places
from .types import Candidate

_MOST_BETWEEN = 6
"""Characters of a constant that may have been put in."""
_MOST_BESIDE, _FEW = 3, 2
_FEWEST = 4
"""Different texts that it takes to tell a constant from what they happen to have in common."""
_LONG_JOINING = ("%20", "&nbsp;", " and ", " or ", " - ", " & ", " / ", "; ", "...", " -> ")
Gap: TypeAlias = tuple[Callable[[Expression], Expression], Callable[[int], int], Callable[[int, int], bool]]
"""A step that puts something in; where that stands, given the length of the text before; whether to leave it out."""
_CLASSES = (v.VOWELS, v.CONSONANTS, v.LETTERS, v.DIGITS, v.CAPITALS)


def undone_constants(wanted: Sequence[str]) -> Iterator[Candidate]:
    """All of them, read off `wanted`."""
    yield from _added(wanted)
    yield from _between(wanted)
    yield from _joined(wanted)
    yield from _in_the_middle(wanted)
    yield from _beside(wanted)


def _added(wanted: Sequence[str]) -> Iterator[Candidate]:
    """A constant put in at an end, in the middle, or at an index: the most that all texts have in common there."""
    shortest = min(map(len, wanted))
    if len(set(wanted)) < _FEWEST:
        return
    first = common_start(wanted)
    last = common_start([made[::-1] for made in wanted])[::-1]
    if first and last and len(first) + len(last) <= shortest:
        around = call(v.PUT_AROUND, CURRENT, literal(first), literal(last))
        yield around, lambda made: made[len(first) : len(made) - len(last)]
    for make, start, within in _gaps():
        if within(len(first), len(last)):
            continue
        for size in range(min(shortest, _MOST_BETWEEN), 0, -1):
            pieces = {made[start(len(made) - size) :][:size] for made in wanted}
            if len(pieces) == 1:
                step = make(literal(pieces.pop()))
                yield step, lambda made, size=size, start=start: _cut(made, start(len(made) - size), size)  # type: ignore[misc]
                break


def common_start(texts: Sequence[str]) -> str:
    """The longest text that all of `texts` begin with."""
    least, most = min(texts), max(texts)
    return least[: next((i for i, (a, b) in enumerate(zip(least, most)) if a != b), min(len(least), len(most)))]


def _cut(made: str, start: int, size: int) -> str:
    return made[:start] + made[start + size :]


@cache
def _gaps() -> tuple[Gap, ...]:
    gaps: list[Gap] = [
        (lambda new: call(v.APPEND, CURRENT, new), lambda length: length, _nowhere),
        (lambda new: call(v.PREPEND, CURRENT, new), lambda length: 0, _nowhere),
    ]
    for half in (v.HALF_LENGTH, v.HALF_LENGTH_UP):
        start = partial(_half, rounded_up=half is v.HALF_LENGTH_UP)
        gaps.append((_insertion(call(half, CURRENT)), start, _nowhere))
    for index in (*range(1, 9), -1, -2, -3):
        gaps.append((_insertion(number(index)), _clamped(index), partial(_at_an_end, index)))
    return tuple(gaps)


def _half(length: int, rounded_up: bool) -> int:
    return (length + rounded_up) // 2


def _nowhere(first: int, last: int) -> bool:
    return False


def _at_an_end(index: int, first: int, last: int) -> bool:
    """Whether what all texts have at an end, so many characters, holds the index: then that is all there is to see."""
    return first > index if index > 0 else last > -index


def _insertion(place: Expression) -> Callable[[Expression], Expression]:
    return lambda new: call(v.INSERT, CURRENT, place, new)


def _clamped(index: int) -> Callable[[int], int]:
    return lambda length: min(index, length) if index >= 0 else max(0, length + index)


def _between(wanted: Sequence[str]) -> Iterator[Candidate]:
    """A constant between all characters, between groups of them, between copies, or in the place of spaces."""
    common = set.intersection(*[set(made) for made in wanted if len(made) > 1] or [set()])
    for new in sorted(common):
        copied = (call(v.REPEAT_WITH, CURRENT, number(times), literal(new)) for times in (2, 3))
        for step in (call(v.PUT_BETWEEN, CURRENT, literal(new)), *copied):
            yield step, partial(by_places, step)
    often = {c for made in wanted for c in made if not c.isalnum()}
    spaces = any(" " in made for made in wanted)
    for new in sorted(often):
        for size in (2, 3, 4):
            grouped = call(v.PUT_BETWEEN_GROUPS, CURRENT, number(size), literal(new))
            yield grouped, partial(by_places, grouped)
        if new != " " and not spaces:
            for joined in (new, new + " "):
                yield call(v.JOIN_WORDS, CURRENT, literal(joined)), partial(_with_spaces, new=joined)
            yield call(v.REPLACE, CURRENT, literal(" "), literal(new)), partial(_with_spaces, new=new)
        elif new != " " and any(new + " " in made for made in wanted):
            yield call(v.JOIN_WORDS, CURRENT, literal(new + " ")), partial(_with_spaces, new=new + " ")


def _joined(wanted: Sequence[str]) -> Iterator[Candidate]:
    """Longer constants in the place of spaces."""
    for new in _LONG_JOINING:
        if any(new in made for made in wanted):
            inverse = partial(_with_spaces, new=new)
            yield call(v.JOIN_WORDS, CURRENT, literal(new)), inverse
            yield call(v.REPLACE, CURRENT, literal(" "), literal(new)), inverse


def _with_spaces(made: str, new: str) -> str:
    return made.replace(new, " ")


def _in_the_middle(wanted: Sequence[str]) -> Iterator[Candidate]:
    """The text twice, or with its mirror image, and a constant in the middle."""
    filled = [made for made in wanted if made]
    for size in range(1, min(map(len, filled), default=0) + 1)[:_MOST_BESIDE]:
        pieces = {made[(len(made) - size) // 2 :][:size] for made in filled}
        if len(pieces) == 1 and all((len(made) - size) % 2 == 0 for made in filled):
            new = literal(pieces.pop())
            for word in (v.MIRROR_IMAGE_WITH, v.MIRROR_IMAGE_FIRST_WITH):
                step = call(word, CURRENT, new)
                yield step, partial(by_places, step)
            twice = call(v.REPEAT_WITH, CURRENT, number(2), new)
            yield twice, partial(by_places, twice)


def _beside(wanted: Sequence[str]) -> Iterator[Candidate]:
    """A constant before or after each vowel, consonant and the like; each of them twice."""
    for word in _CLASSES:
        positions = call(word, CURRENT)
        for times in (2, 3):
            step = call(v.REPEAT_AT, CURRENT, positions, number(times))
            yield step, partial(_without_copies, word=word, times=times)
        places = [(made, i) for made in wanted for i in word.function(made)]
        for size in range(1, _MOST_BESIDE + 1):
            after = Counter(made[i + 1 :][:size] for made, i in places if i + size < len(made))
            before = Counter(made[i - size : i] for made, i in places if i >= size)
            for new, _ in after.most_common(_FEW):
                step = call(v.INSERT_AFTER, CURRENT, positions, literal(new))
                yield step, partial(_without_after, word=word, new=new)
            for new, _ in before.most_common(_FEW):
                step = call(v.INSERT_BEFORE, CURRENT, positions, literal(new))
                yield step, partial(_without_before, word=word, new=new)


def _without_copies(made: str, word: Word, times: int) -> str | None:
    chosen, before, place = set(word.function(made)), "", 0
    while place < len(made):
        before += made[place]
        if place in chosen and not made.startswith(made[place] * times, place):
            return None
        place += times if place in chosen else 1
    return before


def _without_after(made: str, word: Word, new: str) -> str | None:
    chosen, before, place = set(word.function(made)), "", 0
    while place < len(made):
        before += made[place]
        if place in chosen:
            if not made.startswith(new, place + 1):
                return None
            place += len(new)
        place += 1
    return before


def _without_before(made: str, word: Word, new: str) -> str | None:
    chosen, before, place = set(word.function(made)), "", 0
    while place < len(made):
        if made.startswith(new, place) and place + len(new) in chosen:
            place += len(new)
        elif place in chosen:
            return None
        before += made[place]
        place += 1
    return before
