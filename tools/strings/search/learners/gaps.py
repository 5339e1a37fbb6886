"""Steps that put something between characters, cut something out, or turn the text round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, Constant, Expression, absent, call, literal, number
from ...operations.functions import wholes
from ..frame import Frame
from ..lookup import find_numbers, find_pieces

_MOST_INDEX = 12


def insertions(frame: Frame) -> Iterator[Expression]:
    """A constant or a piece of the text, put in at one place."""
    if frame.shorter or frame.same_length or not all(map(partial(_stays, frame), reversed(frame.order))):
        return
    first = frame.first
    length, (before, after) = len(frame.current[first]), frame.ends(first)
    for make, place in _gaps(frame):
        if not length - after <= place(frame.current[first]) <= before:
            continue
        wanted: list[str | None] = [None] * len(frame.current)
        for i in frame.order:
            current, text = frame.current[i], frame.wanted[i]
            start = place(current)
            new = text[start : start + frame.growth[i]]
            if current[:start] + new + current[start:] != text:
                break
            wanted[i] = new
        else:
            for piece in find_pieces(frame, wanted):
                yield make(piece)
    yield from _affixes(frame)


def _stays(frame: Frame, i: int) -> bool:
    """Whether text `i` may stay but for something put in at one place."""
    before, after = frame.ends(i)
    return before + after >= len(frame.current[i])


def _gaps(frame: Frame) -> Iterator[tuple[Callable[[Expression], Expression], Callable[[str], int]]]:
    yield (lambda new: call(v.APPEND, CURRENT, new)), len
    yield (lambda new: call(v.PREPEND, CURRENT, new)), (lambda text: 0)
    yield (lambda new: call(v.INSERT, CURRENT, call(v.HALF_LENGTH, CURRENT), new)), (lambda text: len(text) // 2)
    yield (
        (lambda new: call(v.INSERT, CURRENT, call(v.HALF_LENGTH_UP, CURRENT), new)),
        (lambda text: (len(text) + 1) // 2),
    )
    for index in (*range(1, min(_MOST_INDEX, frame.shared.longest)), -1, -2, -3, -4):
        yield _insertion(index), _clamped(index)


def _insertion(index: int) -> Callable[[Expression], Expression]:
    return lambda new: call(v.INSERT, CURRENT, number(index), new)


def _clamped(index: int) -> Callable[[str], int]:
    """Where a slice that ends at `index` ends."""
    return lambda text: min(index, len(text)) if index >= 0 else max(0, len(text) + index)


def _affixes(frame: Frame) -> Iterator[Expression]:
    """An ending or a beginning that is made sure of."""
    if frame.number_changed == len(frame.current):
        return
    current, wanted = frame.current[frame.first], frame.wanted[frame.first]
    ending, beginning = wanted[len(current) :], wanted[: len(wanted) - len(current)]
    if all(wholes.ensure_end(c, ending) == w for c, w in zip(frame.current, frame.wanted)):
        yield call(v.ENSURE_END, CURRENT, literal(ending))
    if all(wholes.ensure_start(c, beginning) == w for c, w in zip(frame.current, frame.wanted)):
        yield call(v.ENSURE_START, CURRENT, literal(beginning))


def cuts(frame: Frame) -> Iterator[Expression]:
    """A part of the text, or the text less a constant beginning or ending."""
    if frame.longer or frame.same_length or frame.wanted[frame.first] not in frame.current[frame.first]:
        return
    longest = max(frame.order, key=lambda i: (min(len(frame.current[i]), 30), len(frame.wanted[i])))
    current, wanted = frame.current[longest], frame.wanted[longest]
    if wanted not in current:
        return
    start = -1
    for _ in range(4):
        start = current.find(wanted, start + 1)
        if start < 0:
            break
        stop = start + len(wanted)
        for first in _indices(start, len(current), start == 0):
            for last in _indices(stop, len(current), stop == len(current)):
                if all(c[first.plain() : last.plain()] == w for c, w in zip(frame.current, frame.wanted)):
                    yield call(v.PART, CURRENT, first, last)
    gone = next((c, w) for c, w in zip(frame.current, frame.wanted) if c != w)
    ending, beginning = gone[0][len(gone[1]) :], gone[0][: len(gone[0]) - len(gone[1])]
    if all(c.removesuffix(ending) == w for c, w in zip(frame.current, frame.wanted)):
        yield call(v.REMOVE_END, CURRENT, literal(ending))
    if all(c.removeprefix(beginning) == w for c, w in zip(frame.current, frame.wanted)):
        yield call(v.REMOVE_START, CURRENT, literal(beginning))


def _indices(index: int, length: int, at_end: bool) -> list[Constant]:
    if at_end:
        return [absent(), *([number(index)] if index else [])]
    return [number(index), number(index - length)]


def turns(frame: Frame) -> Iterator[Expression]:
    """Rotations, and two characters swapped."""
    if not frame.same_length:
        return
    first = frame.first
    current, wanted = frame.current[first], frame.wanted[first]
    if sorted(current) != sorted(wanted):
        return
    start = (current + current).find(wanted)
    if start > 0:
        for count in {start, start - len(current)}:
            yield from _turned(frame, count)
        yield from _turned_by_number(frame)
    yield from _swaps(frame)


def _turned(frame: Frame, count: int) -> Iterator[Expression]:
    if all(wholes.rotate(c, count) == w for c, w in zip(frame.current, frame.wanted)):
        yield call(v.ROTATE, CURRENT, number(count))
    word, function = (v.MOVE_START_TO_END, wholes.move_start_to_end) if count > 0 else (
        v.MOVE_END_TO_START, wholes.move_end_to_start
    )  # fmt: skip
    if all(function(c, abs(count)) == w for c, w in zip(frame.current, frame.wanted)):
        yield call(word, CURRENT, number(abs(count)))


def _turned_by_number(frame: Frame) -> Iterator[Expression]:
    turned: list[int | None] = []
    for current, wanted in zip(frame.current, frame.wanted):
        start = (current + current).find(wanted)
        if start < 0:
            return
        turned.append(start if len(set(current)) > 1 else None)
    for places in find_numbers(frame, turned, arithmetic=False):
        if not isinstance(places, Constant):
            yield call(v.ROTATE, CURRENT, places)


def _swaps(frame: Frame) -> Iterator[Expression]:
    changed = next((c for c in sorted(frame.changed, key=len) if c), ())
    if len(changed) != 2:
        return
    text = next(t for t, c in zip(frame.current, frame.changed) if c == changed)
    for one in (changed[0], changed[0] - len(text)):
        for other in (changed[1], changed[1] - len(text)):
            if all(wholes.swap_characters(c, one, other) == w for c, w in zip(frame.current, frame.wanted)):
                yield call(v.SWAP_CHARACTERS, CURRENT, number(one), number(other))
