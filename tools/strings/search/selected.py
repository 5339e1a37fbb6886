"""Which selectors the changes of texts leave possible: most point by the length alone, and are decided by numbers."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import cache
from typing import Protocol, TypeAlias, TypeVar

from ..operations import vocabulary as v
from ..operations.expressions import Call, Expression, Word
from .tables import MOST_INDEX, Selector, selectors

_BY_LENGTH = frozenset({
    v.AT, v.MIDDLE, v.LEFT_MIDDLE, v.MIDDLE_OF_ODD, v.MIDDLE_FROM_THREE, v.FIRST_HALF, v.LONGER_FIRST_HALF,
    v.SECOND_HALF, v.LONGER_SECOND_HALF, v.MIDDLE_TWO, v.BOTH_ENDS, v.EVERYTHING, v.EVERY, v.FIRST, v.LAST,
    v.AFTER_FIRST, v.BEFORE_LAST,
})  # fmt: skip
_KINDS = frozenset({
    v.VOWELS, v.CONSONANTS, v.LETTERS, v.DIGITS, v.CAPITALS, v.SMALL_LETTERS, v.WHITE_SPACE, v.MARKS,
    v.LETTERS_AND_DIGITS,
})  # fmt: skip
_MOST_CHARACTERS = 4
SHORT = 3
"""Texts of so many characters are short: a search meets few of them, again and again."""
_MOST_TEXTS, _MOST_LENGTHS, _MOST_MASKS = 3000, 100, 100_000
"""So many are remembered before all are forgotten."""
K = TypeVar("K")
V = TypeVar("V")
_Shape: TypeAlias = tuple[tuple[int, ...], tuple[int, ...]]
Masks: TypeAlias = tuple[int, int]
"""Selectors as the bits of a number: those that may stand for edits, and those that may choose what is kept."""


class Changes(Protocol):
    """What is asked of a frame."""

    current: tuple[str, ...]
    wanted: tuple[str, ...]
    growth: tuple[int, ...]
    order: tuple[int, ...]
    number_changed: int

    @property
    def changed(self) -> tuple[tuple[int, ...], ...]: ...

    def ends(self, i: int) -> tuple[int, int]: ...


class Selected:
    """The selectors for texts up to some length, and where they point."""

    def __init__(self, longest: int) -> None:
        self.selectors: tuple[Selector, ...] = selectors(longest)
        self._all = (1 << len(self.selectors)) - 1
        self._by_length = tuple(n for n, s in enumerate(self.selectors) if _chooses_by(_BY_LENGTH, s.expression))
        self._by_text = self._all & ~sum(1 << n for n in self._by_length)
        self._single = sum(1 << n for n, s in enumerate(self.selectors) if s.single)
        self._of_kinds = sum(1 << n for n, s in enumerate(self.selectors) if _chooses_by(_KINDS, s.expression))
        self._kinds: dict[str, int] = {}
        self._rows: dict[str, list[list[int] | None]] = {}
        self._rows_by_length: dict[int, list[list[int] | None]] = {}
        self._short: dict[tuple[str, str], Masks] = {}
        self._choices: dict[_Shape, tuple[tuple[tuple[int, ...], int], ...]] = {}
        self._edits: dict[tuple[int, int, int, int], Masks] = {}
        self._holders: dict[tuple[int, tuple[int, ...]], int] = {}

    def places(self, number: int, text: str) -> list[int]:
        """Where the selector `number` points in `text`."""
        row = self._row(text)
        found = row[number]
        if found is None:
            found = row[number] = self.selectors[number].run(text, text)
        return found

    def matching(self, text: str, fits: Callable[[Sequence[int]], bool], mask: int) -> int:
        """The selectors, of those in `mask`, whose choice of positions in `text` fits."""
        mask &= self._all
        if len(text) <= SHORT:
            return mask & sum(some for chosen, some in self._choices_in(text) if mask & some and fits(chosen))
        return sum(1 << number for number in bits(mask) if fits(self.places(number, text)))

    def growing(self, frame: Changes, *, may_keep: bool) -> Iterator[int]:
        """The selectors with all that is inserted, deleted or replaced at the places, or with all that is kept."""
        edits, keeps = self._all, self._all if may_keep else 0
        order = frame.order[: frame.number_changed][::-1] + frame.order[frame.number_changed :]
        for i in order:
            some_edits, some_keeps = self._growing_at(frame, i)
            edits &= some_edits
            keeps &= some_keeps
            if not (edits or keeps):
                return
        for i in frame.order if (edits | keeps) & self._by_text else ():
            if len(frame.current[i]) > SHORT:
                edits, keeps = self._growing_by_text(frame, i, edits, keeps)
                if not (edits or keeps):
                    return
        yield from bits(edits | keeps)

    def _growing_at(self, frame: Changes, i: int) -> Masks:
        """What text `i` leaves possible; of long ones, what their lengths do."""
        text, wanted = frame.current[i], frame.wanted[i]
        if len(text) > SHORT:
            return self._growing_by_length(len(text), *frame.ends(i), frame.growth[i])
        known = self._short.get((text, wanted))
        if known is None:
            edits = keeps = 0
            growth, (before, after) = frame.growth[i], frame.ends(i)
            for chosen, mask in self._choices_in(text):
                if outside_stays(chosen, len(text), before, after, growth):
                    edits |= mask
                if len(chosen) == len(text) + growth:
                    keeps |= mask
            known = _remember(self._short, (text, wanted), (edits, keeps))
        return known

    def _choices_in(self, text: str) -> Iterable[tuple[tuple[int, ...], int]]:
        """The different choices of positions in a short text, each with the selectors that make it.

        They depend on what kinds of characters it has, and on which of them are the same.
        """
        kinds = self._kinds
        key = (tuple([kinds.get(c) or self._kind(c) for c in text]), tuple(map(text.index, text)))
        known = self._choices.get(key)
        if known is None:
            made: dict[tuple[int, ...], int] = {}
            for number in range(len(self.selectors)):
                chosen = tuple(self.places(number, text))
                made[chosen] = made.get(chosen, 0) | 1 << number
            known = _remember(self._choices, key, tuple(made.items()))
        return known

    def _growing_by_length(self, length: int, before: int, after: int, growth: int) -> Masks:
        """What the length of a text, those of its ends that stay, and its growth leave possible."""
        key = (length, before, after, growth)
        known = self._edits.get(key)
        if known is None:
            edits = keeps = self._by_text
            if before + after < length - 1:
                edits &= ~self._single
            row = self._row_by_length(length)
            for number in self._by_length:
                chosen = row[number] or ()
                edits |= outside_stays(chosen, length, before, after, growth) << number
                keeps |= (len(chosen) == length + growth) << number
            known = _remember(self._edits, key, (edits, keeps))
        return known

    def _growing_by_text(self, frame: Changes, i: int, edits: int, keeps: int) -> Masks:
        text, growth = frame.current[i], frame.growth[i]
        before, after = frame.ends(i)
        if text != frame.wanted[i]:
            edits &= self._in_one_of(text[: before + 1]) & self._in_one_of(text[max(0, len(text) - 1 - after) :])
        row = self._row(text)
        for number in bits((edits | keeps) & self._by_text):
            chosen = row[number]
            if chosen is None:
                chosen = row[number] = self.selectors[number].run(text, text)
            if not outside_stays(chosen, len(text), before, after, growth):
                edits &= ~(1 << number)
            if len(chosen) != len(text) + growth:
                keeps &= ~(1 << number)
        return edits, keeps

    def _in_one_of(self, characters: str) -> int:
        """The selectors that may choose one of some characters, which stand somewhere in a text."""
        found = 0
        for character in characters[:_MOST_CHARACTERS]:
            found |= self._kinds.get(character) or self._kind(character)
        return found if len(characters) <= _MOST_CHARACTERS else self._all

    def _kind(self, character: str) -> int:
        """The selectors that may choose such a character; those that look at what stands beside it among them."""
        here = sum(bool(self.selectors[n].run(character, character)) << n for n in bits(self._of_kinds))
        return _remember(self._kinds, character, here | (self._all & ~self._of_kinds))

    def holding(self, frame: Changes) -> Iterator[int]:
        """The selectors that choose all positions where something changes; of texts that keep their lengths."""
        left = self._all
        order = frame.order[: frame.number_changed]
        changed = frame.changed
        for i in order:
            left &= self._holding_by_length(len(frame.current[i]), changed[i])
            if not left:
                return
        for i in reversed(order) if left & self._by_text else ():
            for number in bits(left & self._by_text):
                if not set(self.places(number, frame.current[i])).issuperset(changed[i]):
                    left &= ~(1 << number)
        yield from bits(left)

    def _holding_by_length(self, length: int, changed: tuple[int, ...]) -> int:
        key = (length, changed)
        known = self._holders.get(key)
        if known is None:
            row = self._row_by_length(length)
            found = sum(set(row[n] or ()).issuperset(changed) << n for n in self._by_length)
            known = _remember(self._holders, key, found | self._by_text)
        return known

    def _row(self, text: str) -> list[list[int] | None]:
        known = self._rows.get(text)
        if known is None:
            known = _remember(self._rows, text, self._row_by_length(len(text)).copy(), _MOST_TEXTS)
        return known

    def _row_by_length(self, length: int) -> list[list[int] | None]:
        known = self._rows_by_length.get(length)
        if known is None:
            known = [None] * len(self.selectors)
            text = "a" * length
            for number in self._by_length:
                known[number] = self.selectors[number].run(text, text)
            _remember(self._rows_by_length, length, known, _MOST_LENGTHS)
        return known


def selected(longest: int) -> Selected:
    """The selectors for texts of at most so many characters, with what all searches remember of them."""
    return _selected(min(longest, MOST_INDEX))


@cache
def _selected(longest: int) -> Selected:
    return Selected(longest)


def outside_stays(chosen: Sequence[int], length: int, before: int, after: int, growth: int) -> bool:
    """Whether a text may have changed at the places `chosen` alone, by as many characters at each.

    `before` and `after`: how many characters of its `length` stay at the start and at the end.
    """
    if not chosen:
        return before == length and not growth
    return (
        chosen[0] <= before and length - 1 - chosen[-1] <= after
        and not growth % len(chosen) and growth >= -len(chosen)
    )  # fmt: skip


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, the lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _chooses_by(words: Container[Word], expression: Expression) -> bool:
    """Whether a selector is one of `words`, or all but what one of them chooses."""
    if not isinstance(expression, Call):
        return False
    if expression.word == v.OTHERS:
        return _chooses_by(words, expression.arguments[1])
    return expression.word in words


def _remember(known: dict[K, V], key: K, value: V, most: int = _MOST_MASKS) -> V:
    if len(known) >= most:
        known.clear()
    known[key] = value
    return value
