"""The search for straight-line programs: first steps are enumerated, the last one is fitted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..operations import vocabulary as v
from ..operations.expressions import CURRENT, call, number
from ..operations.program import StraightProgram
from ..types import Near, Pair, Program, Search, right_on
from .explorer import Clock, Explorer
from .near import neighbours

_PROBES = (
    "", "a", "Z", "7", " ", "ab", "Ab1", "xyz", "hello", "World", "banana", "ABCDEF", "12345", "Hello World",
    "one two  three", "  padded ", "a1b2c3d4", "Mississippi", "The quick brown fox", "x-y_z!", "qwrtp", "aeiou",
    "level", "UPPER lower 42", "aabbccddee", "jumps over the lazy dog", "Zebra", "mnopqrstuvwxyz", "don't stop", "é",
)  # fmt: skip
"""Programs that do the same to all of these are taken for the same."""
_LONG_BITS = 60.0
"""Where the shortest of one step has more, as a table of many characters has, two steps are looked through for one that
has not: a smaller table before or after another step is no better."""
_FAR_BITS = 40.0
"""Programs that are so much longer than the shortest are not believed."""
_SHARE_WITHOUT_NEAR = 0.75
"""Of the seconds, for programs of one and two steps."""
_NEAR_SHARE = 0.2
"""Programs that are right on fewer of the pairs are not worth handing back."""


def straight(
    pairs: Sequence[Pair], *, seconds: float, keep: int = 12, depth: int = 3, resume: Sequence[Program] = ()
) -> Search:
    """Programs that agree with all `pairs`, the shortest first, at most `keep`; stops after `seconds` of work.
    `depth`: at most so many steps, three or fewer.

    `resume` are programs found earlier on fewer pairs: they are tried first, and their last steps fitted anew. Where
    some of them stand, they are what is given back (depth 0): a longer search has been made already.
    On a subset of the pairs it finds what holds there, in the same way.
    """
    clock = Clock(seconds)
    answered = [(text, reply) for text, reply in dict(pairs).items() if reply is not None]
    if not answered:
        return Search((), (), 0, True, clock.spent)
    explorer = Explorer(answered, clock)
    explorer.take_up([program for program in resume if isinstance(program, StraightProgram)])
    if standing := _accepted(explorer, pairs):
        return Search(tuple(standing[:keep]), (), 0, False, clock.spent)
    reached, exhausted = explorer.explore(1, until=_SHARE_WITHOUT_NEAR * seconds)
    strangers = [] if explorer.found else list(neighbours(explorer))
    if depth > 1 and exhausted and explorer.best > _LONG_BITS:
        of_one = set(explorer.found)
        explorer.go_on_from(strangers)
        reached, exhausted = explorer.explore(2, start=2, until=_SHARE_WITHOUT_NEAR * seconds)
        explorer.keep_only(lambda program: not of_one or program in of_one or program.size <= _LONG_BITS)
    if depth > 2 and exhausted and not explorer.found:
        reached, exhausted = explorer.explore(3, start=3)
    programs = _accepted(explorer, pairs)[:keep]
    near = () if programs else _near([*explorer.close, *explorer.found, *strangers], pairs, keep)
    return Search(tuple(programs), near, reached, exhausted, clock.spent)


def _accepted(explorer: Explorer, pairs: Sequence[Pair]) -> list[StraightProgram]:
    """The programs found that are right where the box failed too."""
    return distinct(p for program in explorer.found for p in _guarded(program, pairs))


def distinct(programs: Iterable[StraightProgram]) -> list[StraightProgram]:
    """The shortest program of each behaviour, the shortest first."""
    shown: dict[tuple[str | None, ...], StraightProgram] = {}
    ranked = sorted(programs, key=lambda p: p.size)
    for program in ranked:
        if program.size > ranked[0].size + _FAR_BITS:
            break
        shown.setdefault(tuple(map(program, _PROBES)), program)
    return list(shown.values())


def _guarded(program: StraightProgram, pairs: Sequence[Pair]) -> list[StraightProgram]:
    """The program where it is right on all pairs, or else with a guard that makes it fail on short texts."""
    wrong = set(range(len(pairs))) - set(right_on(program, pairs))
    if not wrong:
        return [program]
    longest_failing = max((len(text) for text, reply in pairs if reply is None), default=-1)
    shortest = min(len(text) for text, reply in pairs if reply is not None)
    if any(pairs[i][1] is not None for i in wrong) or longest_failing >= shortest:
        return []
    return [
        StraightProgram((call(v.REQUIRE_LENGTH, CURRENT, number(least)), *program.expressions))
        for least in sorted({longest_failing + 1, shortest})
    ]


def _near(candidates: Iterable[StraightProgram], pairs: Sequence[Pair], keep: int) -> tuple[Near, ...]:
    """The programs that are right on many pairs; of those that are right on the same pairs, the shortest."""
    near = [Near(program, right_on(program, pairs)) for program in dict.fromkeys(candidates)]
    good = [n for n in near if len(n.right) >= max(2.0, _NEAR_SHARE * len(pairs))]
    shown: dict[tuple[int, ...], Near] = {}
    for one in sorted(good, key=lambda n: (-len(n.right), n.program.size)):
        shown.setdefault(one.right, one)
    return tuple(shown.values())[:keep]
