"""Steps that edit the characters at chosen positions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, Expression, Run, call, literal
from ...operations.functions import edits
from ..frame import Frame
from ..lookup import find_numbers, find_pieces
from .aligned import Aligned, aligned_edits


def placed_edits(frame: Frame) -> Iterator[Expression]:
    """Edits at positions that a selector names, or where one of some characters stands; lengths stay."""
    if not frame.same_length:
        return
    changed, order = frame.changed, frame.order
    for positions, run in _fitting(frame, [set(c) for c in changed]):
        before, after = [], []
        for current, wanted in zip(frame.current, frame.wanted):
            chosen = run(current, current)
            before.append("".join([current[i] for i in chosen]))
            after.append("".join([wanted[i] for i in chosen]))
        yield from aligned_edits(frame, Aligned(tuple(before), tuple(after), positions))
    yield from _moves(frame, order)


def _fitting(frame: Frame, changed: Sequence[set[int]]) -> Iterator[tuple[Expression, Run]]:
    """The selectors that hold all positions where something changes."""
    shared, first = frame.shared, frame.first
    if not changed[first]:
        return
    for number, selector in enumerate(shared.selectors):
        for i in frame.order:
            if changed[i] and not changed[i] <= set(shared.places(number, frame.current[i])):
                break
        else:
            yield selector.expression, selector.run
    characters = {frame.current[i][p] for i in range(len(changed)) for p in changed[i]}
    if len(characters) == 1:
        only = literal(characters.pop())
        for word in (v.ONE_OF, v.FIRST_ONE_OF, v.LAST_ONE_OF):
            expression = call(word, CURRENT, only)
            run = expression.run()
            if all(c <= set(run(t, t)) for c, t in zip(changed, frame.current)):
                yield expression, run


def _moves(frame: Frame, order: Sequence[int]) -> Iterator[Expression]:
    """Chosen characters to the front or to the end."""
    for i in order[:2]:
        if sorted(frame.current[i]) != sorted(frame.wanted[i]):
            return
    for word, function in ((v.MOVE_TO_START, edits.move_to_start), (v.MOVE_TO_END, edits.move_to_end)):
        for number, selector in enumerate(frame.shared.selectors):
            if all(
                function(frame.current[i], frame.shared.places(number, frame.current[i])) == frame.wanted[i]
                for i in order
            ):
                yield call(word, CURRENT, selector.expression)


def growing_edits(frame: Frame) -> Iterator[Expression]:
    """Deletions, repetitions, insertions and longer replacements at positions that a selector names."""
    if frame.same_length:
        return
    shared, order = frame.shared, frame.order
    if not all(_may_grow(frame, i) for i in order[:2]):
        return
    for number, selector in enumerate(shared.selectors):
        keeps = True
        for i in order:
            chosen = shared.places(number, frame.current[i])
            fits = _outside_stays(frame, i, chosen)
            keeps = keeps and len(chosen) == len(frame.wanted[i])
            if not fits and not keeps:
                break
        else:
            yield from _growing(frame, selector.expression, [shared.places(number, text) for text in frame.current])
    for character in _characters(frame):
        for word in (v.ONE_OF, v.FIRST_ONE_OF, v.LAST_ONE_OF):
            function = word.function
            if all(_outside_stays(frame, i, function(frame.current[i], character)) for i in order):
                places = [function(text, character) for text in frame.current]
                yield from _growing(frame, call(word, CURRENT, literal(character)), places)


def _may_grow(frame: Frame, i: int) -> bool:
    """Whether text `i` may have become what is wanted by deleting, inserting, or longer replacements."""
    current, wanted, growth = frame.current[i], frame.wanted[i], frame.growth[i]
    if growth < 0:
        return _within(wanted, current)
    return growth >= len(current) or any(frame.ends(i)) or _within(current, wanted)


def _within(short: str, long: str) -> bool:
    """Whether the characters of `short` stand in `long` in the same order."""
    rest = iter(long)
    return all(c in rest for c in short)


def _outside_stays(frame: Frame, i: int, chosen: Sequence[int]) -> bool:
    """Whether text `i` stays before the first and after the last position chosen, and grows by a whole number each."""
    if not chosen:
        return frame.current[i] == frame.wanted[i]
    before, after = frame.ends(i)
    growth, count = frame.growth[i], len(chosen)
    return (
        chosen[0] <= before and len(frame.current[i]) - 1 - chosen[-1] <= after
        and growth % count == 0 and growth >= -count
    )  # fmt: skip


def _characters(frame: Frame) -> list[str]:
    """Characters of the first text that may be what its change is about."""
    text, (before, _) = frame.current[frame.first], frame.ends(frame.first)
    return list(dict.fromkeys(text[: before + 1]))


def _growing(frame: Frame, positions: Expression, places: Sequence[list[int]]) -> Iterator[Expression]:
    order = frame.order
    if all(edits.keep(frame.current[i], places[i]) == frame.wanted[i] for i in order):
        yield call(v.KEEP, CURRENT, positions)
    if all(edits.delete(frame.current[i], places[i]) == frame.wanted[i] for i in order):
        yield call(v.DELETE, CURRENT, positions)
        return
    for i in order:
        n = len(places[i])
        if (n == 0 and frame.current[i] != frame.wanted[i]) or (n and (frame.growth[i] % n or frame.growth[i] < -n)):
            return
    yield from _repetitions(frame, positions, places)
    for word, function, shift, extra in (
        (v.REPLACE_AT, edits.replace_at, 0, 1),
        (v.INSERT_BEFORE, edits.insert_before, 0, 0),
        (v.INSERT_AFTER, edits.insert_after, 1, 0),
    ):
        wanted: list[str | None] = [None] * len(frame.current)
        for i in order:
            if not places[i]:
                continue
            start = places[i][0] + shift
            new = frame.wanted[i][start : start + extra + frame.growth[i] // len(places[i])]
            if function(frame.current[i], places[i], new) != frame.wanted[i]:
                break
            wanted[i] = new
        else:
            for piece in find_pieces(frame, wanted):
                yield call(word, CURRENT, positions, piece)


def _repetitions(frame: Frame, positions: Expression, places: Sequence[list[int]]) -> Iterator[Expression]:
    times: list[int | None] = [None] * len(frame.current)
    for i in frame.order:
        if not places[i]:
            continue
        count = 1 + frame.growth[i] // len(places[i])
        if edits.repeat_at(frame.current[i], places[i], count) != frame.wanted[i]:
            return
        times[i] = count
    for expression in find_numbers(frame, times):
        yield call(v.REPEAT_AT, CURRENT, positions, expression)
