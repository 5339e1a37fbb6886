"""Which texts are treated otherwise, and how: a decision list around a program that is right on most pairs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..types import Near, Pair, Program, right_on
from .branched import Branched
from .plain import Constant, Fails, Table, Unchanged, smallest
from .predicates import Predicate, predicates

Find = Callable[[Sequence[Pair], float], Sequence[Program]]
"""Programs that agree with pairs, the shortest first, found within so many seconds."""
_MOST_CASES = 3
_BEAM = 4
_USUALS = 6
_VARIANTS = 6
_MOST_LISTED = 3
_SEARCH_SECONDS = 1.2
_LEAST_VIEW = 5
_LEAST_SHARE = 0.2
_MOST_OF_A_VIEW = 24
_SIDES_TRIED = 24
_TELLS = 4.0
"""Bits that a case saves for each pair that it mends."""


@dataclass(frozen=True)
class _State:
    """A decision list under way. Sets of pairs are bit masks: those captured by a case, those still wrong."""

    cases: tuple[tuple[Predicate, Program], ...]
    captured: int
    wrong: int

    @property
    def bits(self) -> float:
        return sum(p.bits + body.size for p, body in self.cases)


class Cover:
    """The search for branches over `pairs`. `find` looks for the program of a part of them."""

    def __init__(self, pairs: Sequence[Pair], find: Find, *, seconds: float) -> None:
        self._pairs = list(pairs)
        self._find = find
        self._deadline = time.monotonic() + seconds
        self._all = (1 << len(self._pairs)) - 1
        texts = [t for t, _ in pairs]
        self._sides = [(p, _mask(k for k, t in enumerate(texts) if p(t))) for p in predicates(texts)]
        self._found: dict[int, list[Program]] = {}
        self._usuals: dict[str, tuple[Program, int]] = {}

    @property
    def seconds_left(self) -> float:
        return max(0.0, self._deadline - time.monotonic())

    def learn(self, near: Sequence[Near]) -> None:
        """Programs that are right on a part of the pairs."""
        for n in near:
            self._take(n.program, _mask(n.right))

    def programs(self, keep: int) -> list[Program]:
        """Decision lists that agree with all pairs, the shortest first.

        What needs no further search is looked for first, then what one search for each branch finds, then what holds
        for the texts that meet some condition.
        """
        self._plainest()
        found = self._around_usuals(deep=False)
        if not _any_rule(found) and self.seconds_left:
            found += self._around_usuals(deep=True)
        if not _any_rule(found):
            for _ in self._views():
                found += self._around_usuals(deep=False)
                if _any_rule(found):
                    break
            else:
                found += self._around_usuals(deep=True)
        unique = {p.code(): p for p in found}
        return sorted(unique.values(), key=lambda p: p.size)[:keep]

    def near(self) -> list[Near]:
        """What is right on a part, the most first."""
        ranked = sorted(self._usuals.values(), key=lambda u: (-u[1].bit_count(), u[0].size))
        return [Near(p, tuple(_numbers(mask))) for p, mask in ranked]

    def _take(self, program: Program, right: int) -> None:
        if right:
            self._usuals.setdefault(program.code(), (program, right))

    def _plainest(self) -> None:
        """What exceptions usually do: nothing, fail, give one answer. Those that come once are no rule."""
        replies = Counter(r for _, r in self._pairs if r is not None)
        constants = [Constant(value) for value, count in replies.items() if count > 1]
        for program in (Unchanged(), Fails(), *constants):
            self._take(program, _mask(right_on(program, self._pairs)))

    def _views(self) -> Iterator[int]:
        """Learn what holds for the texts that meet a condition, the plainest conditions first."""
        least = max(_LEAST_VIEW, int(_LEAST_SHARE * len(self._pairs)))
        seen: set[int] = set()
        views = [(p.bits - 6.0 * side.bit_count() / len(self._pairs), side) for p, side in self._sides]
        for _, side in sorted((cost, side) for cost, side in views if side.bit_count() >= least):
            if side in seen or not self.seconds_left:
                continue
            seen.add(side)
            known = [u for u, right in self._usuals.values() if side & ~right == 0]
            if known:
                continue
            new = self._search(side)
            for program in new[:2]:
                self._take(program, _mask(right_on(program, self._pairs)))
            if new:
                yield side

    def _around_usuals(self, *, deep: bool) -> list[Program]:
        """Decision lists around each of the programs that are right on many pairs."""
        found: list[Program] = []
        ranked = sorted(self._usuals.values(), key=lambda u: (-u[1].bit_count(), u[0].size))
        for usual, right in ranked[:_USUALS]:
            found += self._around(usual, right, deep)
            if not self.seconds_left:
                break
        return found

    def _around(self, usual: Program, right: int, deep: bool) -> Iterator[Program]:
        beam = [_State((), 0, self._all & ~right)]
        if not beam[0].wrong:
            yield usual
            return
        if beam[0].wrong.bit_count() <= _MOST_LISTED:
            yield Table(usual, tuple(self._pairs[k] for k in _numbers(beam[0].wrong)))
        for _ in range(_MOST_CASES):
            grown = [new for state in beam for new in self._grown(state, usual, right, deep)]
            done = [state for state in grown if not state.wrong]
            for state in sorted(done, key=lambda s: s.bits)[:_BEAM]:
                yield from self._variants(state, usual)
            if done:
                return
            beam = sorted(grown, key=lambda s: _TELLS * s.wrong.bit_count() + s.bits)[:_BEAM]
            if not self.seconds_left:
                return

    def _grown(self, state: _State, usual: Program, right: int, deep: bool) -> Iterator[_State]:
        """`state` with one more case, for each distinct set of texts that a condition picks out."""
        sides: dict[int, Predicate] = {}
        for p, side in self._sides:
            rest = side & ~state.captured
            if rest & state.wrong and rest != self._all & ~state.captured:
                sides.setdefault(rest, p)

        def promise(rest: int) -> float:
            caught, spoilt = (rest & state.wrong).bit_count(), (rest & right).bit_count()
            return sides[rest].bits + _TELLS * (0.5 * spoilt - caught)

        promising = sorted(sides, key=promise)
        for rest in promising[:_SIDES_TRIED] if deep else promising:
            body = self._body(rest, deep)
            if body is not None:
                yield _State((*state.cases, (sides[rest], body)), state.captured | rest, state.wrong & ~rest)

    def _body(self, side: int, deep: bool) -> Program | None:
        """A program that is right on all pairs of `side`: one that is known, or one that is found."""
        known = [u for u, right in self._usuals.values() if side & ~right == 0]
        if known:
            return min(known, key=lambda u: u.size)
        if not deep:
            return None
        part = [self._pairs[k] for k in _numbers(side)]
        return next(iter([*self._search(side), *smallest(part)]), None)

    def _search(self, side: int) -> list[Program]:
        if side not in self._found:
            part = [self._pairs[k] for k in _numbers(side)]
            if len(part) < 2 or not self.seconds_left:
                return []
            seconds = min(_SEARCH_SECONDS, self.seconds_left)
            few = part[:: max(1, -(-len(part) // _MOST_OF_A_VIEW))]
            programs = list(self._find(few, seconds))
            self._found[side] = [p for p in programs if all(p(t) == r for t, r in part)]
        return self._found[side]

    def _variants(self, state: _State, usual: Program) -> Iterator[Program]:
        """The decision list, and the same with other conditions that pick out the same texts."""
        yield Branched(state.cases, usual)
        captured = 0
        for k, (p, body) in enumerate(state.cases):
            mine = next(side for q, side in self._sides if q == p) & ~captured
            others = [q for q, side in self._sides if side & ~captured == mine and q != p]
            for q in others[:_VARIANTS]:
                yield Branched((*state.cases[:k], (q, body), *state.cases[k + 1 :]), usual)
            captured |= mine


def _any_rule(programs: Sequence[Program]) -> bool:
    """Whether there is more than lists of pairs among them."""
    return any(not isinstance(p, Table) for p in programs)


def _mask(numbers: Iterator[int] | Sequence[int]) -> int:
    found = 0
    for k in numbers:
        found |= 1 << k
    return found


def _numbers(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
