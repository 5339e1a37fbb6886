"""The search for decision lists: parts of the pairs are explained on their own until known programs cover all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from ..operations.program import StraightProgram
from ..search.forward import plain_steps
from ..types import Near, Pair, Program, right_on
from ..work import worked
from .branched import Branched
from .first_letters import first_letters
from .known import Repertoire, mask_of, numbers_of
from .lists import Side, decision_lists
from .plain import Table
from .predicates import Predicate, predicates
from .suppositions import suppositions

Find = Callable[[Sequence[Pair], float, int], Sequence[Program]]
"""Programs that agree with pairs, the shortest first, found within so many seconds, of at most so many steps."""
Effort = tuple[float, int]
_QUICK: Effort = (0.12, 1)
_USUAL: Effort = (0.5, 2)
_LONG: Effort = (1.2, 2)
_FIRST_VIEWS = 16
_LEAST_VIEW = 4
_MOST_OF_ALL = 0.85
_MOST_OF_A_PART = 24
_USUALS_MENDED = 3
_VIEW_BITS = 7.5
"""Conditions that cost more are too special to look at what holds under them."""
_END_BITS = 4.0
_TIDIED = 2
_MOST_CONDITIONS = 3
_FIT_SECONDS = 0.1
_VIEWS_SHARE, _MOST_VIEWS_SECONDS = 0.25, 1.5
_PLAIN_GAIN = 6.0
"""Bits from which on an exception is worth most of the time."""
_SUPPOSED: tuple[tuple[int, float, int], ...] = ((4, 0.04, 2), (1, 0.6, 3), (3, 0.2, 3))
"""How many suppositions are followed up, each with which share of the time, with programs of how many steps."""
_LEAST_OF_A_CASE = 3


class Cover:
    """Decision lists over `pairs`. `find` looks for the program of a part of them."""

    def __init__(self, pairs: Sequence[Pair], find: Find) -> None:
        self._find = find
        self._deadline = 0.0
        self._known = Repertoire(pairs)
        texts = [t for t, _ in pairs]
        self._sides: list[Side] = [(p, mask_of(k for k, t in enumerate(texts) if p(t))) for p in predicates(texts)]
        self._searched: set[tuple[int, Effort]] = set()
        self.in_sight = False
        self.conditions: tuple[Predicate, ...] = ()

    @property
    def seconds_left(self) -> float:
        return max(0.0, self._deadline - worked())

    def learn(self, programs: Sequence[Program]) -> None:
        """Get to know programs that are right on a part of the pairs."""
        self._known.learn(programs)

    def supposed(self, keep: int, *, seconds: float) -> list[Program]:
        """Decision lists with exceptions that are in sight, if the shortest is no accident: each of its cases mends
        enough. The rest of the pairs is searched without them, the longer the plainer the exception is.
        """
        self._deadline = worked() + seconds
        self._name_first_letters()
        viewing = min(_VIEWS_SHARE * seconds, _MOST_VIEWS_SECONDS)
        ranked = suppositions(self._known, self._sides, self._fitted, seconds=viewing)
        self.in_sight = bool(ranked) and ranked[0].gain >= _PLAIN_GAIN
        self.conditions = tuple(s.condition for s in ranked[:_MOST_CONDITIONS])
        self._known.learn(s.body for s in ranked)
        if found := self._no_accidents(keep):
            return found
        for most, share, depth in _SUPPOSED[: None if self.in_sight else 1]:
            for supposition in ranked[:most]:
                rest = self._known.everything & ~supposition.side
                programs = self._find(self._known.part(rest), min(share * seconds, self.seconds_left), depth)
                if self._known.learn(programs) and (found := self._no_accidents(keep)):
                    return found
                if not self.seconds_left:
                    return []
        return []

    def rivals(self, programs: Sequence[Program]) -> list[Program]:
        """Decision lists that agree with all pairs around `programs` less one of their steps: a step that mends a few
        texts may be an exception.
        """
        for program in programs:
            steps = getattr(program, "expressions", ())
            self.learn([StraightProgram((*steps[:k], *steps[k + 1 :])) for k in range(len(steps)) if len(steps) > 1])
        return [p for p in decision_lists(self._known, self._sides) if isinstance(p, Branched)]

    def _fitted(self, part: Sequence[Pair]) -> Sequence[Program]:
        return self._find(part, _FIT_SECONDS, 1)

    def _name_first_letters(self) -> None:
        """Conditions on several first letters, all of whose texts get something simple."""
        simple = [StraightProgram((step,)) for step in plain_steps()]
        rights = {program: mask_of(right_on(program, self._known.pairs)) for program in simple}
        telling = mask_of(k for k, (text, _) in enumerate(self._known.pairs) if len(text) > 1)
        for program, right in rights.items():
            if sides := first_letters(self._known, [right], telling):
                self._known.learn([program])
                self._add(sides)
        self._add(first_letters(self._known, self._known.rights(), telling))

    def _add(self, sides: Sequence[Side]) -> None:
        named = {p.code for p, _ in self._sides}
        self._sides += [side for side in sides if side[0].code not in named]

    def _no_accidents(self, keep: int) -> list[Program]:
        for usual in self._known.best_first()[:_USUALS_MENDED]:
            self._add(first_letters(self._known, self._known.rights(), self._known.everything & ~usual.right))
        found = decision_lists(self._known, self._sides)
        ranked = sorted(found, key=lambda p: p.size)
        if not ranked or not isinstance(ranked[0], Branched):
            return []
        texts = Counter(ranked[0].branch(t)[0] for t, _ in self._known.pairs)
        return ranked[:keep] if min(texts.values()) >= _LEAST_OF_A_CASE else []

    def programs(self, keep: int, *, seconds: float) -> list[Program]:
        """Decision lists that agree with all pairs, the shortest first; of bare lists of exceptions only if no rule
        was found in time.
        """
        self._deadline = worked() + seconds
        found = decision_lists(self._known, self._sides)
        while not is_rule(found) and self.seconds_left:
            part, effort = next(self._untried(), (0, _QUICK))
            if not part:
                break
            if self._explain(part, effort):
                found = decision_lists(self._known, self._sides)
        return sorted(self._tidied(found), key=lambda p: p.size)[:keep]

    def near(self) -> list[Near]:
        """What is right on a part, the most first."""
        return self._known.near()

    def _untried(self) -> Iterator[tuple[int, Effort]]:
        """Parts of the pairs that may have a program of their own, and how hard to look, the most promising first."""
        left, views = self._left_over(), self._views
        first = views[:_FIRST_VIEWS]
        plan = (
            *((left, _QUICK), (first, _QUICK), (left[:4], _USUAL), (left[:2], _LONG), (first, _USUAL)),
            *((left, _LONG), (views, _QUICK), (views, _USUAL), (views, _LONG)),
        )
        return ((part, effort) for parts, effort in plan for part in parts if (part, effort) not in self._searched)

    def _left_over(self) -> list[int]:
        """What the best programs get wrong, each alone and together: all of it, its shorter and its longer half."""
        best = self._known.best_first()
        wrong = [self._known.everything & ~usual.right for usual in best[:_USUALS_MENDED]]
        together = wrong[0] if wrong else self._known.everything
        for _ in range(_USUALS_MENDED if wrong else 0):
            together &= ~max(best, key=lambda k: (k.right & together).bit_count()).right
            wrong.append(together)
        parts = dict.fromkeys([*wrong, *(half for rest in wrong for half in self._by_length(rest, 2))])
        return [part for part in parts if part.bit_count() > 1]

    @cached_property
    def _views(self) -> list[int]:
        """What meets a condition, the plainest first."""
        most = int(_MOST_OF_ALL * len(self._known.pairs))
        ends = [(_END_BITS, side) for side in self._by_length(self._known.everything, 3)]
        cost: dict[int, float] = {}
        for bits, side in [*((p.bits, side) for p, side in self._sides), *ends]:
            if bits <= _VIEW_BITS and _LEAST_VIEW <= side.bit_count() <= most:
                cost.setdefault(side, bits)
        return sorted(cost, key=lambda side: cost[side])

    def _by_length(self, part: int, share: int) -> list[int]:
        """The shortest and the longest texts of `part`: a limit of length lies beyond one of them."""
        order = sorted(numbers_of(part), key=lambda k: len(self._known.pairs[k][0]))
        count = len(order) // share
        return [mask_of(order[:count]), mask_of(order[-count:])] if count >= 2 else []

    def _explain(self, part: int, effort: Effort) -> bool:
        """Look for the program of `part`; whether one was found that was not known."""
        self._searched.add((part, effort))
        if self._known.shortest(part) is not None and part.bit_count() >= _LEAST_VIEW:
            return False
        seconds, depth = effort
        found = self._find(self._sample(part), min(seconds, self.seconds_left), depth)
        return self._known.learn(found)

    def _sample(self, part: int) -> list[Pair]:
        pairs = self._known.part(part)
        return pairs[:: max(1, -(-len(pairs) // _MOST_OF_A_PART))]

    def _tidied(self, found: Sequence[Program]) -> list[Program]:
        """The shortest of `found` with each of its parts explained anew, on what falls to it alone."""
        ranked = sorted(found, key=lambda p: p.size)
        news = False
        for program in [p for p in ranked if isinstance(p, Branched)][:_TIDIED]:
            for case in [*program.cases, (None, program.usual)]:
                mine = mask_of(k for k, (t, _) in enumerate(self._known.pairs) if program.branch(t) == case)
                if mine.bit_count() < _LEAST_VIEW or (mine, _USUAL) in self._searched:
                    continue
                self._searched.add((mine, _USUAL))
                news |= self._known.learn(self._find(self._sample(mine), *_USUAL))
        return decision_lists(self._known, self._sides) if news else list(found)


def is_rule(programs: Sequence[Program]) -> bool:
    """Whether there is more among them than lists of exceptions."""
    return any(not isinstance(p, Table) for p in programs)
