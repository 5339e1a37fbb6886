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

from ..guidance import Network, named, traits
from ..operations.expressions import Expression
from .backward import Tail, moving_steps, undone
from .frame import Texts

_PRIOR = 0.25
"""How much the length of a step counts beside what the network says, in nats for a bit."""
_AT_ONCE = 64
"""Candidates between two looks at the clock."""
_ROUNDS = ((60, 250), (250, 500), (1000, 1500), (100_000, 100_000))
"""Of three steps: how many of the best first choices are followed how far, one round after the other."""


@dataclass(frozen=True)
class Prefix:
    """Steps that have been taken, and what the core's texts have become."""

    steps: tuple[Expression, ...]
    values: Texts
    bits: float


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
        self._seen: dict[Texts, set[Texts]] = {}

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
            prefix = self._new(self._start, step, self._outputs)
            if prefix is not None:
                yield replace(prefix, bits=0.0), None

    def _by_kind(self, task: Task) -> Iterator[Task]:
        """A step taken or one undone, so that one is left."""
        prefix, tail = task
        wanted = tail.wanted if tail else self._outputs
        tails = self._undone(wanted)
        before = traits(prefix.values, wanted)
        kinds = np.concatenate([self._kinds, self._network.kinds([named(t.steps[0], last=True) for t in tails])])
        bits = np.concatenate([self._bits, np.array([t.bits for t in tails], dtype=np.float32)])
        scores = self._network.likely(before, kinds, bits) - _PRIOR * bits
        for i in np.argsort(-scores, kind="stable"):
            if i < len(self._firsts):
                longer = self._new(prefix, self._firsts[i], wanted)
                if longer is not None:
                    yield longer, tail
            else:
                yield prefix, _after(tails[i - len(self._firsts)], tail)

    def _by_rounds(self) -> Iterator[Task]:
        """The likeliest choices followed a little, then more of them further."""
        choices = [self._by_kind(task) for task in self._ranked((self._start, None))]
        for most, far in _ROUNDS:
            for tasks in choices[:most]:
                if self._is_out():
                    return
                yield from islice(tasks, far)

    def _ranked(self, task: Task) -> list[Task]:
        """A step taken or one undone, by how near to the wanted texts it has come."""
        prefix, tail = task
        wanted = tail.wanted if tail else self._outputs
        tasks: list[Task] = []
        after: list[NDArray[np.float32]] = []
        names: list[str] = []
        for number, step in enumerate((*self._proposed, *self._firsts)):
            if number % _AT_ONCE == 0 and self._is_out():
                break
            longer = self._new(prefix, step, wanted)
            if longer is not None:
                tasks.append((longer, tail))
                after.append(traits(longer.values, wanted))
                names.append(named(step))
        for earlier in self._undone(wanted):
            tasks.append((prefix, _after(earlier, tail)))
            after.append(traits(prefix.values, earlier.wanted))
            names.append(named(earlier.steps[0], last=True))
        if not tasks:
            return []
        bits = np.array([p.bits - prefix.bits if p is not prefix else t.bits if t else 0 for p, t in tasks], np.float32)
        scores = self._network.nearer(traits(prefix.values, wanted), np.array(after), self._network.kinds(names), bits)
        return [tasks[i] for i in np.argsort(-scores, kind="stable")]

    def _undone(self, wanted: Texts) -> tuple[Tail, ...]:
        if wanted not in self._tails:
            self._tails[wanted] = tuple(undone(wanted, self._moving))
        return self._tails[wanted]

    def _new(self, prefix: Prefix, step: Expression, wanted: Texts) -> Prefix | None:
        """The prefix with `step`, unless another has left the same texts for the same outputs."""
        seen = self._seen.setdefault(wanted, {self._start.values})
        longer = self._extend(prefix, step)
        if longer is None or longer.values in seen:
            return None
        seen.add(longer.values)
        return longer


def _after(earlier: Tail, tail: Tail | None) -> Tail:
    """Both tails, one after the other."""
    if tail is None:
        return earlier
    return Tail(
        (*earlier.steps, *tail.steps),
        earlier.wanted,
        earlier.bits + tail.bits,
        earlier.telling or tail.telling,
        (*tail.inverses, *earlier.inverses),
    )
