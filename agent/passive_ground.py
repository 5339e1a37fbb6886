"""The ground of a run on examples: nobody to ask, so a verdict rests on pairs that were foretold before their use."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

from ..tools.black_boxes.types import BlackBox, Domain, Input
from .budget import Budget
from .conclusion import Conclusion
from .foretelling import Foretold, verdict_of
from .frozen import Frozen
from .ground import Ground
from .types import Observation, Verdict

SHOWN = 12
"""How many of the surviving programs are recorded."""


class PassiveGround:
    """`base` with its inputs, and verdicts on what the scientist says with `rest_on` was foretold.

    A replay hears the same: its scientist foretells the same pairs before it concludes.
    """

    shown = SHOWN
    overrun = 0.1

    def __init__(self, base: Ground) -> None:
        self._base = base
        self._foretold = Foretold()

    @property
    def domain(self) -> Domain:
        return self._base.domain

    def rest_on(self, foretold: Foretold) -> None:
        """Let the next verdict rest on these."""
        self._foretold = foretold

    def batches(self, inputs: Sequence[Input]) -> list[Sequence[Input]]:
        return [inputs]

    def admit(self, input: Any) -> Input:
        return self._base.admit(input)

    def set_aside(self, budget: Budget) -> int:
        """None: there are no inputs but those of the file."""
        return 0

    def seconds_each(self, observations: Sequence[Observation]) -> float:
        return 0.0

    def draw(
        self, frozen: Frozen, count: int, taken: Set[Input], queries: Sequence[Observation], *, seed: int, round: int
    ) -> list[Input]:
        return []

    def repeat(self, count: int, *, seed: int, round: int) -> list[Input]:
        return []

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
        return verdict_of(self._foretold, queries, seed=seed, round=round)

    def better(self, earlier: Conclusion, later: Conclusion) -> bool:
        """The last one counts."""
        return False

    def identity(self, explanation: Any) -> str:
        return self._base.identity(explanation)

    def refuting(self, candidate: Any, observations: Sequence[Observation], *, since: int) -> int | None:
        """The first pair since then that it gets wrong, else the first of all; None if it is right on all."""
        wrong = [o.number for o in observations if not candidate.gives(o.input, o.reply.value)]
        late = {o.number for o in observations[since:]}
        return next(iter([n for n in wrong if n in late] or wrong), None)

    def trouble(self, observations: Sequence[Observation]) -> str | None:
        return None

    def is_hopeless(self, observations: Sequence[Observation]) -> bool:
        return False

    def illustrate(self, box: BlackBox, held_out: Sequence[Observation]) -> None:
        return None
