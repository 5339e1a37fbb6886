"""What a learner sees: texts as the steps so far left them, the inputs they came from, the texts that are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import eq, sub
from typing import Any, TypeAlias, TypeVar

from ..operations.expressions import CURRENT, ORIGINAL, Expression, Run
from .selected import SHORT, Selected, selected
from .tables import Readings, Selector, Table, number_readings, piece_readings

T = TypeVar("T")
Texts: TypeAlias = tuple[str, ...]
_MOST_RUNS = 20_000
_RUNS: dict[int, tuple[Expression, Run]] = {}


@dataclass
class Shared:
    """What all frames of one search share: the selectors, where they point in each text, columns of the inputs."""

    inputs: Texts
    columns: dict[Any, Any] = field(default_factory=dict)

    @cached_property
    def longest(self) -> int:
        return max(map(len, self.inputs), default=0)

    @cached_property
    def selected(self) -> Selected:
        """The selectors, and which of them changes leave possible."""
        return selected(self.longest)

    @cached_property
    def selectors(self) -> tuple[Selector, ...]:
        return self.selected.selectors

    def places(self, number: int, text: str) -> list[int]:
        """Where the selector `number` points in `text`."""
        return self.selected.places(number, text)


@dataclass
class Frame:
    """`current` are the texts now, `originals` the inputs, `wanted` the outputs: as many of each.

    What nearly every learner asks first is worked out at once: `growth`, by how many characters each text has to
    grow, whether some texts have to become longer (`longer`) or shorter (`shorter`), and the `order` of the texts'
    numbers in which a step is shown to be wrong most quickly: those first that change, and are long.
    """

    current: Texts
    originals: Texts
    wanted: Texts
    shared: Shared
    _ends: dict[int, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        current, wanted = self.current, self.wanted
        lengths = list(map(len, current))
        self.growth = growth = tuple(map(sub, map(len, wanted), lengths))
        self.shorter, self.longer = min(growth) < 0, max(growth) > 0
        self.same_length = not (self.shorter or self.longer)
        same = list(map(eq, current, wanted))
        ranks = [100 * s - (n if n < 12 else 12) for s, n in zip(same, lengths)]
        self.order = tuple(sorted(range(len(ranks)), key=ranks.__getitem__))
        self.first = self.order[0]
        self.number_changed = len(same) - sum(same)

    @cached_property
    def short(self) -> tuple[int, ...]:
        """The numbers of the short texts, the changed ones first: they come up again and again in other frames."""
        return tuple([i for i in self.order if len(self.current[i]) <= SHORT])

    @cached_property
    def shortest_changed(self) -> str:
        """The shortest of the texts that change; of all, where none does."""
        return min([self.current[i] for i in self.order[: self.number_changed or None]], key=len)

    @cached_property
    def changed(self) -> tuple[tuple[int, ...], ...]:
        """Where each text changes; only for texts that keep their length."""
        return tuple(
            [
                () if c == w else tuple([p for p, (a, b) in enumerate(zip(c, w)) if a != b])
                for c, w in zip(self.current, self.wanted)
            ]
        )

    def ends(self, i: int) -> tuple[int, int]:
        """How many characters at the start, and how many at the end, text `i` has in common with what is wanted."""
        known = self._ends.get(i)
        if known is None:
            current, wanted = self.current[i], self.wanted[i]
            known = self._ends[i] = (
                _common(current, wanted) if current[:1] == wanted[:1] else 0,
                _common(current[::-1], wanted[::-1]) if current[-1:] == wanted[-1:] else 0,
            )
        return known

    @cached_property
    def is_start(self) -> bool:
        return self.current == self.originals

    @cached_property
    def number_tables(self) -> tuple[Table[int], ...]:
        """Whole numbers read off the inputs, and off the texts now where they differ."""
        now = () if self.is_start else (number_readings(self.shared.longest).table(self.current, CURRENT),)
        return self.original_numbers, *now

    @cached_property
    def piece_tables(self) -> tuple[Table[str], ...]:
        """Pieces of the inputs, and of the texts now where they differ."""
        now = () if self.is_start else (piece_readings(self.shared.longest).table(self.current, CURRENT),)
        return self.original_pieces, *now

    @cached_property
    def original_numbers(self) -> Table[int]:
        """Whole numbers read off the inputs."""
        return self._of_originals("numbers", number_readings(self.shared.longest))

    @cached_property
    def original_pieces(self) -> Table[str]:
        """Pieces of the inputs."""
        return self._of_originals("pieces", piece_readings(self.shared.longest))

    def _of_originals(self, name: str, readings: Readings[T]) -> Table[T]:
        key = (name, self.originals, self.is_start)
        known: Table[T] | None = self.shared.columns.get(key)
        if known is None:
            known = readings.table(self.originals, CURRENT if self.is_start else ORIGINAL)
            self.shared.columns[key] = known
        return known


def _common(one: str, other: str) -> int:
    """How many characters the two begin with in common."""
    most = min(len(one), len(other))
    for i in range(most):
        if one[i] != other[i]:
            return i
    return most


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


def compiled(step: Expression) -> Run:
    """How a step is run; remembered, for the same steps are taken after many others."""
    known = _RUNS.get(id(step))
    if known is None or known[0] is not step:
        if len(_RUNS) >= _MOST_RUNS:
            _RUNS.clear()
        known = _RUNS[id(step)] = (step, step.run())
    return known[1]


def evaluate(step: Expression, current: Sequence[str], originals: Sequence[str]) -> Texts | None:
    """What a step makes of the texts; None where it fails on one of them."""
    run = compiled(step)
    try:
        return tuple([run(c, o) for c, o in zip(current, originals)])
    except Exception:
        return None
