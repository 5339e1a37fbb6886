"""Steps that edit the characters at chosen positions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import neg

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, Expression, Run, call, literal
from ...operations.functions import edits
from ..frame import Frame
from ..lookup import find_numbers, find_pieces
from ..selected import outside_stays
from .aligned import Aligned, edits_of


def placed_edits(frame: Frame) -> Iterator[Expression]:
    """Edits at positions that a selector names, or where one of some characters stands; lengths stay."""
    if not frame.same_length:
        return
    kinds = edits_of(frame)
    for positions, run in _fitting(frame) if kinds else ():
        before, after = [], []
        for current, wanted in zip(frame.current, frame.wanted):
            chosen = run(current, current)
            before.append("".join([current[i] for i in chosen]))
            after.append("".join([wanted[i] for i in chosen]))
        texts = Aligned(tuple(before), tuple(after), positions)
        for edits_there in kinds:
            yield from edits_there(frame, texts)
    yield from _moves(frame)


def _fitting(frame: Frame) -> Iterator[tuple[Expression, Run]]:
    """The selectors that hold all positions where something changes."""
    changed = frame.changed
    if not changed[frame.first]:
        return
    for number in frame.shared.selected.holding(frame):
        selector = frame.shared.selectors[number]
        yield selector.expression, selector.run
    characters = {frame.current[i][p] for i in range(len(changed)) for p in changed[i]}
    if len(characters) == 1:
        only = literal(characters.pop())
        for word in (v.ONE_OF, v.FIRST_ONE_OF, v.LAST_ONE_OF):
            expression = call(word, CURRENT, only)
            run = expression.run()
            if all(set(c) <= set(run(t, t)) for c, t in zip(changed, frame.current)):
                yield expression, run


def _moves(frame: Frame) -> Iterator[Expression]:
    """Chosen characters to the front or to the end."""
    shared, current, wanted = frame.shared, frame.current, frame.wanted
    if not all(sorted(current[i]) == sorted(wanted[i]) for i in reversed(frame.order)):
        return
    for word, function in ((v.MOVE_TO_START, edits.move_to_start), (v.MOVE_TO_END, edits.move_to_end)):
        for number, selector in enumerate(shared.selectors):
            if all(function(current[i], shared.places(number, current[i])) == wanted[i] for i in frame.order):
                yield call(word, CURRENT, selector.expression)


def growing_edits(frame: Frame) -> Iterator[Expression]:
    """Deletions, repetitions, insertions and longer replacements at positions that a selector names."""
    if frame.same_length:
        return
    shared, current, wanted = frame.shared, frame.current, frame.wanted
    changed = frame.order[: frame.number_changed]
    if frame.shorter and not all(frame.growth[i] >= 0 or _within(wanted[i], current[i]) for i in changed):
        return
    vain: list[list[list[int]]] = []
    for number in shared.selected.growing(frame, may_keep=not frame.longer):
        places = [shared.places(number, text) for text in current]
        if places not in vain:
            steps = list(_growing(frame, shared.selectors[number].expression, places))
            yield from steps
            if not steps:
                vain.append(places)
    for character in _characters(frame):
        for word in (v.ONE_OF, v.FIRST_ONE_OF, v.LAST_ONE_OF):
            function = word.function
            if all(_outside_stays(frame, i, function(current[i], character)) for i in frame.order):
                places = [function(text, character) for text in current]
                yield from _growing(frame, call(word, CURRENT, literal(character)), places)


def _within(short: str, long: str) -> bool:
    """Whether the characters of `short` stand in `long` in the same order."""
    rest = iter(long)
    return all(c in rest for c in short)


def _outside_stays(frame: Frame, i: int, chosen: Sequence[int]) -> bool:
    """Whether text `i` may have changed at the places chosen alone."""
    return outside_stays(chosen, len(frame.current[i]), *frame.ends(i), frame.growth[i])


def _characters(frame: Frame) -> list[str]:
    """Characters of the first text that may be what its change is about: all texts that change have them."""
    text = frame.current[frame.first]
    shared_by_all = set(frame.shortest_changed).intersection(text)
    if not shared_by_all:
        return []
    for i in frame.order[: frame.number_changed]:
        shared_by_all.intersection_update(frame.current[i])
    before, _ = frame.ends(frame.first)
    return [c for c in dict.fromkeys(text[: before + 1]) if c in shared_by_all] if shared_by_all else []


def _growing(frame: Frame, positions: Expression, places: Sequence[list[int]]) -> Iterator[Expression]:
    order = frame.order
    gone = list(map(neg, frame.growth))
    if not frame.longer and all(edits.keep(frame.current[i], places[i]) == frame.wanted[i] for i in order):
        yield call(v.KEEP, CURRENT, positions)
    if list(map(len, places)) == gone and all(
        edits.delete(frame.current[i], places[i]) == frame.wanted[i] for i in order
    ):
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
