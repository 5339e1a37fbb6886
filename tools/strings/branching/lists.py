"""Decision lists from programs that are known: which texts are treated otherwise than usual, and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..types import Program
from .branched import BRANCH_BITS, Branched
from .known import WRONG_BITS, Known, Repertoire, numbers_of
from .plain import Table
from .predicates import Predicate

Side = tuple[Predicate, int]
"""A condition, and the pairs whose texts meet it."""
_MOST_CASES = 3
_BEAM = 6
_USUALS = 12
_VARIANTS = 6
_OTHERS = 2
_MOST_LISTED = 3


@dataclass(frozen=True)
class _State:
    """A decision list under way: its cases, the pairs that they captured, and those that are still wrong."""

    cases: tuple[tuple[Side, Program], ...]
    captured: int
    wrong: int

    @property
    def bits(self) -> float:
        cost = sum(BRANCH_BITS + p.bits + body.size for (p, _), body in self.cases)
        return cost + WRONG_BITS * self.wrong.bit_count()


def decision_lists(repertoire: Repertoire, sides: Sequence[Side]) -> list[Program]:
    """Decision lists of known programs that agree with all pairs; each once."""
    found: dict[str, Program] = {}
    for usual in repertoire.best_first()[:_USUALS]:
        for program in _around(usual, repertoire, sides):
            found.setdefault(program.code(), program)
    return list(found.values())


def _around(usual: Known, repertoire: Repertoire, sides: Sequence[Side]) -> Iterator[Program]:
    """Those whose last case is `usual`."""
    wrong = repertoire.everything & ~usual.right
    if not wrong:
        yield usual.program
        return
    if wrong.bit_count() <= _MOST_LISTED:
        yield Table(usual.program, tuple(repertoire.pairs[k] for k in numbers_of(wrong)))
    beam = [_State((), 0, wrong)]
    for _ in range(_MOST_CASES):
        grown = [new for state in beam for new in _grown(state, repertoire, sides)]
        done = sorted((state for state in grown if not state.wrong), key=lambda s: s.bits)
        for state in done[:_BEAM]:
            yield from _written(state, repertoire, sides)
        if done:
            return
        beam = sorted(grown, key=lambda s: s.bits)[:_BEAM]


def _grown(state: _State, repertoire: Repertoire, sides: Sequence[Side]) -> Iterator[_State]:
    """`state` with one more case, for each distinct set of texts that a condition picks out and a program explains."""
    left = repertoire.everything & ~state.captured
    tried: set[int] = set()
    for p, side in sides:
        rest = side & left
        if not rest & state.wrong or rest == left or rest in tried:
            continue
        tried.add(rest)
        body = repertoire.shortest(rest)
        if body is not None:
            yield _State((*state.cases, ((p, side), body)), state.captured | rest, state.wrong & ~rest)


def _written(state: _State, repertoire: Repertoire, sides: Sequence[Side]) -> Iterator[Program]:
    """The decision list, and the same with other conditions or programs that do the same to these texts."""
    usual = repertoire.shortest(repertoire.everything & ~state.captured)
    assert usual is not None
    cases = [(p, body) for (p, _), body in state.cases]
    yield Branched(tuple(cases), usual)
    for other in repertoire.others(repertoire.everything & ~state.captured, _OTHERS):
        yield Branched(tuple(cases), other)
    captured = 0
    for k, ((p, side), body) in enumerate(state.cases):
        same = [q for q, other in sides if other & ~captured == side & ~captured and q != p]
        for q in same[:_VARIANTS]:
            yield Branched((*cases[:k], (q, body), *cases[k + 1 :]), usual)
        for other in repertoire.others(side & ~captured, _OTHERS):
            yield Branched((*cases[:k], (p, other), *cases[k + 1 :]), usual)
        captured |= side
