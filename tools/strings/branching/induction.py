"""From pairs to programs, branches and exceptions included: what everybody outside calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ..search import straight
from ..types import Near, Pair, Program, Search, consistent
from ..work import worked
from .cover import Cover
from .plain import Table, smallest
from .predicates import Predicate

Straight = Callable[..., Search]
"""As `search.straight`."""
_FIRST_SHARE, _SUPPOSED_SHARE = 0.1, 0.6
"""Of the seconds, what straight programs are looked for with at first, and then exceptions that are in sight."""
_SECOND_SHARE, _SHARE_BESIDE_EXCEPTIONS = 0.7, 0.45
"""Of those left, what straight programs are looked for with again, and where an exception is in sight."""
_SPENT = 0.9
_LONG_BITS, _RIVALLED = 24.0, 3
"""Of straight programs longer than this, the first few are compared with exceptions to shorter ones."""
_NEAR_KEPT = 24


@dataclass(frozen=True, slots=True)
class Induced:
    """What was found from pairs.

    `programs` agree with all pairs, the shortest first. `near` agree with a part, the most first; `share_of_best` is
    the share of pairs that the best of all gets right. `exhausted`: whether all straight programs up to `depth` steps
    were looked at. `contradictions`: inputs that came with more than one reply; no function gives those.
    `conditions` are those under which something else seems to happen, where no program was found: worth a closer look.
    """

    programs: tuple[Program, ...]
    near: tuple[Near, ...]
    share_of_best: float
    exhausted: bool
    depth: int
    seconds: float
    contradictions: tuple[str, ...] = ()
    conditions: tuple[Predicate, ...] = ()

    @property
    def best(self) -> Program | None:
        """The first consistent program, else the one that is right most often; None if nothing is ever right."""
        return self.programs[0] if self.programs else self.near[0].program if self.near else None


def induce(
    pairs: Sequence[Pair],
    *,
    seconds: float,
    keep: int = 12,
    resume: Induced | None = None,
    search: Straight | None = None,
) -> Induced:
    """Programs that agree with `pairs`: straight ones, else such with if-then-else and exceptions, the shortest first.

    Takes about `seconds`. `resume` is what was found on fewer pairs: those of its programs that still hold are given
    back at once, others are tried anew. Where an input comes with different replies it counts for none.

    >>> induce([("ab", "ba"), ("xyz", "zyx")], seconds=1).programs[0].sentence()  # doctest: +SKIP
    'Reverses the text.'
    """
    begin = worked()
    look = search or straight
    certain, contradictions = without_contradictions(pairs)
    held = [p for p in (resume.programs if resume else ()) if consistent(p, certain)]
    if any(not isinstance(p, Table) for p in held):
        assert resume is not None
        return _induced(held[:keep], (), certain, resume.exhausted, resume.depth, begin, contradictions)
    earlier = [*(resume.programs if resume else ()), *(n.program for n in resume.near)] if resume else []
    plain = smallest(certain) if certain else []

    def find(part: Sequence[Pair], most: float, depth: int) -> Sequence[Program]:
        return look(part, seconds=most, keep=3, depth=depth).programs

    found = Search((), (), 0, False, 0.0)
    cover: Cover | None = None
    programs: list[Program] = []
    if certain:
        found = look(certain, seconds=_FIRST_SHARE * seconds, keep=keep, resume=earlier)
        programs = _ranked([*plain, *found.programs], keep)
        if programs and programs[0].size > _LONG_BITS:
            programs = _ranked([*programs, *Cover(certain, find).rivals(programs[:_RIVALLED])], keep)
    if certain and not programs:
        cover = Cover(certain, find)
        cover.learn([*earlier, *(n.program for n in found.near)])
        programs = cover.supposed(keep, seconds=_SUPPOSED_SHARE * seconds)
        if not programs and found.seconds >= _SPENT * _FIRST_SHARE * seconds:
            left = seconds - (worked() - begin)
            share = _SHARE_BESIDE_EXCEPTIONS if cover.in_sight else _SECOND_SHARE
            found = look(certain, seconds=share * left, keep=keep, resume=earlier)
            programs = _ranked(found.programs, keep)
            cover.learn([n.program for n in found.near])
    near: Sequence[Near] = found.near
    if cover is not None:
        programs = programs or cover.programs(keep, seconds=seconds - (worked() - begin))
        near = cover.near()[: max(keep, _NEAR_KEPT)]
    conditions = cover.conditions if cover is not None else ()
    made = _induced(programs, near, certain, found.exhausted, found.depth, begin, contradictions)
    return replace(made, conditions=conditions)


def without_contradictions(pairs: Sequence[Pair]) -> tuple[list[Pair], tuple[str, ...]]:
    """Each pair once, and the inputs that came with more than one reply, which are left out."""
    replies: dict[str, set[str | None]] = {}
    for text, reply in pairs:
        replies.setdefault(text, set()).add(reply)
    certain = [(text, next(iter(said))) for text, said in replies.items() if len(said) == 1]
    return certain, tuple(text for text, said in replies.items() if len(said) > 1)


def _ranked(programs: Sequence[Program], keep: int) -> list[Program]:
    """Each once, the shortest first."""
    unique: dict[str, Program] = {}
    for p in sorted(programs, key=lambda p: p.size):
        unique.setdefault(p.code(), p)
    return list(unique.values())[:keep]


def _induced(
    programs: Sequence[Program],
    near: Sequence[Near],
    pairs: Sequence[Pair],
    exhausted: bool,
    depth: int,
    begin: float,
    contradictions: tuple[str, ...],
) -> Induced:
    best = len(near[0].right) if near else 0
    share = 1.0 if programs else best / len(pairs) if pairs else 0.0
    seconds = worked() - begin
    return Induced(tuple(programs), tuple(near), share, exhausted, depth, seconds, contradictions)
