"""In what order programs of several steps are looked at: where a network expects them to be.

One step of each program is left to the learners. Of the others, the first may be taken or the last one undone; either
leaves the same task with a step less, and so on. Two steps from the end a network says by their kinds which steps are
likely; three steps from it another says, by what each step makes of the texts, which have brought them nearer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..guidance import Network, named, named_last, traits
from ..operations.expressions import Expression
from .backward import Tail, moving_steps, undone
from .frame import Texts

_PRIOR = 0.25
"""How much the length of a step counts beside what the network says, in nats for a bit."""
_MOST_OTHERS = 5
_AT_ONCE = 64
"""Candidates between two looks at the clock."""
_ROUNDS = (
    (20, 100), (60, 100), (8, 500), (200, 100), (30, 300), (8, 5000), (100, 400), (1000, 100), (300, 600),
    (1000, 500), (100_000, 100_000),
)  # fmt: skip
"""Of three steps: how many of the best first choices are followed how far, one round after the other."""


@dataclass(frozen=True)
class Prefix:
    """Steps that have been taken, and what the core's texts have become; `before` the last of them."""

    steps: tuple[Expression, ...]
    values: Texts
    bits: float
    before: Prefix | None = None


Task: TypeAlias = tuple[Prefix, "Tail | None"]
"""Steps taken, and steps undone at the end: what is left is to find those between them."""
Extend: TypeAlias = "Callable[[Prefix, Expression], Prefix | None]"
"""A step more; None where it fails on a text, or makes it too long."""


class Guide:
    """The tasks to give the learners, the likeliest first, for one set of texts."""

    def __init__(
        self,
        inputs: Texts,
        outputs: Texts,
        firsts: tuple[Expression, ...],
        proposed: Sequence[Expression],
        *,
        extend: Extend,
        is_out: Callable[[], bool],
        network: Network,
    ) -> None:
        self._start = Prefix((), inputs, 0.0)
        self._outputs = outputs
        self._firsts = firsts
        self._proposed = proposed
        self._extend = extend
        self._is_out = is_out
        self._network = network
        self._moving = moving_steps(firsts)
        self._kinds = network.kinds([named(step) for step in firsts])
        self._bits = np.array([step.bits for step in firsts], dtype=np.float32)
        self._tails: dict[Texts, tuple[Tail, ...]] = {}
        self._given: dict[Texts, set[Texts]] = {}
        self._others: dict[Texts, list[tuple[Expression, ...]]] = {}

    def in_turn(self, steps: int) -> Iterator[Task]:
        """All tasks of programs of two or three steps."""
        if steps == 2:
            yield from self._maps_first()
            yield from self._by_kind((self._start, None))
        else:
            yield from self._by_rounds()

    def _maps_first(self) -> Iterator[Task]:
        """Maps that are read off the pairs are found to fit or not at once."""
        for step in self._proposed:
            prefix = self._extend(self._start, step)
            if prefix is not None and self._is_new(prefix.values, self._outputs):
                yield replace(prefix, bits=0.0), None

    def _by_kind(self, task: Task) -> Iterator[Task]:
        """A step taken or one undone, so that one is left."""
        prefix, end = task
        wanted = end.wanted if end else self._outputs
        tails = self._undone(wanted)
        before = traits(prefix.values, wanted)
        names = [named_last(t.steps[0], telling=t.telling) for t in tails]
        kinds = np.concatenate([self._kinds, self._network.kinds(names)])
        bits = np.concatenate([self._bits, np.array([t.bits for t in tails], dtype=np.float32)])
        scores = self._network.likely(before, kinds, bits) - _PRIOR * bits
        for i in np.argsort(-scores, kind="stable"):
            if i < len(self._firsts):
                longer = self._extend(prefix, self._firsts[i])
                if longer is None:
                    continue
                if self._is_new(longer.values, wanted):
                    yield longer, end
                else:
                    self._remember(longer)
            else:
                tail = tails[i - len(self._firsts)]
                if self._is_new(prefix.values, tail.wanted):
                    yield prefix, _both(tail, end)

    def _by_rounds(self) -> Iterator[Task]:
        """The likeliest choices followed a little, then more of them further."""
        choices = [self._by_kind(task) for task in self._ranked()]
        for most, far in _ROUNDS:
            for tasks in choices[:most]:
                if self._is_out():
                    return
                yield from islice(tasks, far)

    def _ranked(self) -> list[Task]:
        """A step taken or one undone, by how near to each other the texts have come."""
        tasks: list[Task] = []
        after: list[NDArray[np.float32]] = []
        names: list[str] = []
        seen = {self._start.values}
        for number, step in enumerate((*self._proposed, *self._firsts)):
            if number % _AT_ONCE == 0 and self._is_out():
                break
            prefix = self._extend(self._start, step)
            if prefix is None:
                continue
            if prefix.values in seen:
                self._remember(prefix)
                continue
            seen.add(prefix.values)
            tasks.append((prefix, None))
            after.append(traits(prefix.values, self._outputs))
            names.append(named(step))
        for tail in self._undone(self._outputs):
            tasks.append((self._start, tail))
            after.append(traits(self._start.values, tail.wanted))
            names.append(named_last(tail.steps[0], telling=tail.telling))
        if not tasks:
            return []
        bits = np.array([tail.bits if tail else prefix.bits for prefix, tail in tasks], dtype=np.float32)
        before = traits(self._start.values, self._outputs)
        scores = self._network.nearer(before, np.array(after), self._network.kinds(names), bits)
        return [tasks[i] for i in np.argsort(-scores, kind="stable")]

    def _undone(self, wanted: Texts) -> tuple[Tail, ...]:
        if wanted not in self._tails:
            self._tails[wanted] = tuple(undone(wanted, self._moving))
        return self._tails[wanted]

    def others(self, prefix: Prefix) -> list[tuple[Expression, ...]]:
        """Steps that do to the core's texts what those of `prefix` do, though perhaps not to others; a few."""
        found = list(self._others.get(prefix.values, ()))
        if prefix.before is not None:
            found += [(*steps, prefix.steps[-1]) for steps in self._others.get(prefix.before.values, ())]
        return found

    def _remember(self, prefix: Prefix) -> None:
        others = self._others.setdefault(prefix.values, [])
        if len(others) < _MOST_OTHERS:
            others.append(prefix.steps)

    def _is_new(self, values: Texts, wanted: Texts) -> bool:
        """Whether nobody has been given these texts for those."""
        given = self._given.setdefault(wanted, set())
        if values in given:
            return False
        given.add(values)
        return True


def _both(earlier: Tail, tail: Tail | None) -> Tail:
    return earlier if tail is None else tail.preceded_by(earlier)
