"""Programs that are known to be right on a part of the pairs, as sets of pair numbers in bit masks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..types import Near, Pair, Program, right_on
from .plain import PLAIN, Constant, Fails, Unchanged

_MOST_OTHERS = 2
"""Programs kept beside a shorter one that is right on the same pairs: on other texts they may differ."""
WRONG_BITS = 6.0
"""What a pair costs that a program gets wrong: as much as a part of a branch that mends it."""


@dataclass(frozen=True)
class Known:
    """A program and the pairs that it gets right."""

    program: Program
    right: int

    def bits(self, everything: int) -> float:
        """What it takes to describe `everything` with it."""
        return self.program.size + WRONG_BITS * (everything & ~self.right).bit_count()


class Repertoire:
    """What is known of `pairs` so far: at first what exceptions usually do."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self.pairs = list(pairs)
        self.everything = (1 << len(self.pairs)) - 1
        self._by_right: dict[int, Known] = {}
        self._others: dict[int, list[Program]] = {}
        replies = Counter(r for _, r in self.pairs if r is not None)
        of_tiny = {r for t, r in self.pairs if len(t) <= 1 and r is not None}
        constants = [Constant(value) for value, n in replies.items() if n > 1 or value in of_tiny]
        plain: list[Program] = [Unchanged(), Fails(), *constants]
        for program in plain:
            self.take(program)

    def take(self, program: Program) -> Known | None:
        """Get to know `program`; None where it is never right, or a plainer one is right on the same pairs."""
        right = mask_of(right_on(program, self.pairs))
        before = self._by_right.get(right)
        if not right:
            return None
        if before is not None and (isinstance(before.program, PLAIN) or before.program.size <= program.size):
            others = self._others.setdefault(right, [])
            if len(others) < _MOST_OTHERS and program not in others and program != before.program:
                others.append(program)
            return None
        self._by_right[right] = Known(program, right)
        return self._by_right[right]

    def learn(self, programs: Iterable[Program]) -> bool:
        """Get to know all of them; whether any was new."""
        return sum(self.take(p) is not None for p in programs) > 0

    def best_first(self) -> list[Known]:
        """Those first that leave least to describe."""
        return sorted(self._by_right.values(), key=lambda k: k.bits(self.everything))

    def rights(self) -> list[int]:
        """The sets of pairs that some program is right on."""
        return [*self._by_right]

    def shortest(self, part: int) -> Program | None:
        """The shortest known program that is right on all of `part`."""
        fitting = [k.program for k in self._by_right.values() if not part & ~k.right]
        return min(fitting, key=lambda p: p.size) if fitting else None

    def others(self, part: int, most: int) -> list[Program]:
        """Programs beside the shortest one that are right on all of `part`, the shortest first."""
        known = [(k.program, *self._others.get(k.right, ())) for k in self._by_right.values() if not part & ~k.right]
        fitting = sorted((p for programs in known for p in programs), key=lambda p: p.size)
        return fitting[1 : 1 + most]

    def near(self) -> list[Near]:
        """All of them, those that are right most often first."""
        ranked = sorted(self._by_right.values(), key=lambda k: (-k.right.bit_count(), k.program.size))
        return [Near(k.program, tuple(numbers_of(k.right))) for k in ranked]

    def part(self, mask: int) -> list[Pair]:
        return [self.pairs[k] for k in numbers_of(mask)]


def mask_of(numbers: Iterable[int]) -> int:
    found = 0
    for k in numbers:
        found |= 1 << k
    return found


def numbers_of(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
