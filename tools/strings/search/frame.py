"""What a learner sees: texts as the steps so far left them, the inputs they came from, the texts that are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

from ..operations.expressions import CURRENT, ORIGINAL, Expression
from .tables import Column, Selector, number_columns, piece_columns, selectors

T = TypeVar("T")
Texts: TypeAlias = tuple[str, ...]


@dataclass
class Shared:
    """What all frames of one search share: the selectors, where they point in each text, columns of the inputs."""

    inputs: Texts
    columns: dict[Any, Any] = field(default_factory=dict)
    _places: dict[tuple[int, str], list[int]] = field(default_factory=dict)

    @cached_property
    def longest(self) -> int:
        return max(map(len, self.inputs), default=0)

    @cached_property
    def selectors(self) -> tuple[Selector, ...]:
        return selectors(self.longest)

    def places(self, number: int, text: str) -> list[int]:
        """Where the selector `number` points in `text`."""
        key = (number, text)
        found = self._places.get(key)
        if found is None:
            found = self._places[key] = self.selectors[number].run(text, text)
        return found


@dataclass
class Frame:
    """`current` are the texts now, `originals` the inputs, `wanted` the outputs: as many of each."""

    current: Texts
    originals: Texts
    wanted: Texts
    shared: Shared
    _ends: dict[int, tuple[int, int]] = field(default_factory=dict)

    @cached_property
    def growth(self) -> tuple[int, ...]:
        """By how many characters each text has to grow."""
        return tuple(len(w) - len(c) for c, w in zip(self.current, self.wanted))

    @cached_property
    def same_length(self) -> bool:
        return not any(self.growth)

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The numbers of the texts, those first that most quickly show a step to be wrong: changed, and long."""
        return tuple(
            sorted(
                range(len(self.wanted)),
                key=lambda i: (self.current[i] == self.wanted[i], -min(12, len(self.current[i]))),
            )
        )

    @cached_property
    def first(self) -> int:
        return self.order[0]

    @cached_property
    def changed(self) -> tuple[tuple[int, ...], ...]:
        """Where each text changes; only for texts that keep their length."""
        return tuple(
            tuple(p for p, (a, b) in enumerate(zip(c, w)) if a != b) for c, w in zip(self.current, self.wanted)
        )

    def ends(self, i: int) -> tuple[int, int]:
        """How many characters at the start, and how many at the end, text `i` has in common with what is wanted."""
        known = self._ends.get(i)
        if known is None:
            current, wanted = self.current[i], self.wanted[i]
            known = self._ends[i] = (_common(current, wanted), _common(current[::-1], wanted[::-1]))
        return known

    @cached_property
    def is_start(self) -> bool:
        return self.current == self.originals

    @cached_property
    def number_tables(self) -> tuple[tuple[Column[int], ...], ...]:
        """Whole numbers read off the inputs, and off the texts now where they differ."""
        return tuple(self._tables(number_columns))

    @cached_property
    def piece_tables(self) -> tuple[tuple[Column[str], ...], ...]:
        """Pieces of the inputs, and of the texts now where they differ."""
        return tuple(self._tables(piece_columns))

    def _tables(
        self, make: Callable[[Sequence[str], Expression, int], list[Column[T]]]
    ) -> Iterator[tuple[Column[T], ...]]:
        key = (make.__name__, self.originals, self.is_start)
        known = self.shared.columns.get(key)
        if known is None:
            text = CURRENT if self.is_start else ORIGINAL
            known = self.shared.columns[key] = _cheapest_first(make(self.originals, text, self.shared.longest))
        yield known
        if not self.is_start:
            yield _cheapest_first(make(self.current, CURRENT, self.shared.longest))


def _common(one: str, other: str) -> int:
    most = min(len(one), len(other))
    if one[:most] == other[:most]:
        return most
    return next(i for i in range(most) if one[i] != other[i])


def _cheapest_first(columns: list[Column[T]]) -> tuple[Column[T], ...]:
    return tuple(sorted(columns, key=lambda c: c.expression.bits))


def frame_for_words(frame: Frame) -> Frame | None:
    """The same task a word at a time; None where the numbers of words differ or no text has two words."""
    current: list[str] = []
    originals: list[str] = []
    wanted: list[str] = []
    several = 0
    for c, o, w in zip(frame.current, frame.originals, frame.wanted):
        before, after = c.split(" "), w.split(" ")
        if len(before) != len(after):
            return None
        several += len(before) > 1
        current += before
        originals += [o] * len(before)
        wanted += after
    if not several:
        return None
    return Frame(tuple(current), tuple(originals), tuple(wanted), frame.shared)


def evaluate(step: Expression, current: Sequence[str], originals: Sequence[str]) -> Texts | None:
    """What a step makes of the texts; None where it fails on one of them."""
    run = step.run()
    try:
        return tuple([run(c, o) for c, o in zip(current, originals)])
    except Exception:
        return None
