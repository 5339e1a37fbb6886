"""What depends on the kind of a black box's input and output, in one seam: everything else in a run does not."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any, Protocol

from ..tools.black_boxes.types import BlackBox, Domain, Input
from .budget import Budget
from .conclusion import Conclusion
from .frozen import Frozen
from .types import Observation, Verdict


class Ground(Protocol):
    """The ground that an investigation stands on: where inputs come from, and what an explanation of answers is.

    One for boxes of numbers (`NumericGround`), one for text modules (`TextGround`). Another kind of box needs a class
    like these, a scientist, and a line in `casting.cast`. A ground keeps no state of a run: what it says depends on
    its arguments alone, so that a replay hears the same.
    """

    @property
    def domain(self) -> Domain:
        """Where inputs live."""
        ...

    @property
    def shown(self) -> int:
        """How many of the live hypotheses a step records."""
        ...

    @property
    def overrun(self) -> float:
        """By which share of the budget of seconds a verification may overrun it."""
        ...

    def batches(self, inputs: Sequence[Input]) -> list[Sequence[Input]]:
        """`inputs` in the portions in which they are asked: time is looked at between two of them, and where the box
        hands answers over one by one also within.
        """
        ...

    def admit(self, input: Any) -> Input:
        """`input` as it is asked. Raises DomainError for one that the domain does not hold."""
        ...

    def set_aside(self, budget: Budget) -> int:
        """How many queries to keep for the first verification."""
        ...

    def seconds_each(self, observations: Sequence[Observation]) -> float:
        """How long one held-out input will take, judged by what was asked so far (at least one)."""
        ...

    def draw(
        self, frozen: Frozen, count: int, taken: Set[Input], queries: Sequence[Observation], *, seed: int, round: int
    ) -> list[Input]:
        """Up to `count` different held-out inputs, none of them in `taken`, from a stream that no scientist sees."""
        ...

    def repeat(self, count: int, *, seed: int, round: int) -> list[Input]:
        """`count` inputs that may have been asked before, for a domain that holds no fresh ones; none if it never
        helps to ask again.
        """
        ...

    def judge(
        self,
        frozen: Frozen,
        held_out: Sequence[Observation],
        queries: Sequence[Observation],
        *,
        seed: int,
        round: int,
        tried: int,
    ) -> Verdict:
        """The word on `frozen` by its held-out observations; `tried` counts the hypotheses that came up in the run."""
        ...

    def better(self, earlier: Conclusion, later: Conclusion) -> bool:
        """Whether `earlier` did better on its held-out inputs than `later` on its own, beyond the luck of the draw."""
        ...

    def identity(self, explanation: Any) -> str:
        """What makes two candidates, hypotheses or frozen explanations the same one."""
        ...

    def refuting(self, candidate: Any, observations: Sequence[Observation], *, since: int) -> int | None:
        """The number of the observation that speaks against `candidate`, those from `since` on first; or None."""
        ...

    def trouble(self, observations: Sequence[Observation]) -> str | None:
        """One sentence about a box that has given nothing usable so far; None if it has, or nothing was asked."""
        ...

    def is_hopeless(self, observations: Sequence[Observation]) -> bool:
        """Whether asking on is pointless."""
        ...

    def illustrate(self, box: BlackBox, held_out: Sequence[Observation]) -> Any:
        """What a report shows of the box beside its answers, as plain JSON data: kept when the run concludes.

        None where there is nothing; it must cost no queries.
        """
        ...
