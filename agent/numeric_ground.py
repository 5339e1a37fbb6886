"""The ground of boxes from numbers to a number: points of a domain, code that predicts, R² on fresh points."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence, Set
from typing import Any

import numpy as np

from ..sandboxes.types import Sandbox
from ..tools.black_boxes.types import BlackBox, DomainError, Input, NumericDomain, Point
from .budget import Budget
from .conclusion import Conclusion, standing_first
from .frozen import Frozen
from .hopeless import is_hopeless, nothing_usable
from .standings import SHOWN, refuting_observation
from .types import Observation, Verdict
from .verify import draw_held_out, held_out_stream, judge

_ROUNDING = 1e-9


class NumericGround:
    """Points of `domain`, explained by code. `sandbox` opens where that code runs if it is not our own."""

    shown = SHOWN
    overrun = 0.1

    def __init__(self, domain: NumericDomain, sandbox: Callable[[], Sandbox] | None = None) -> None:
        self._domain = domain
        self._sandbox = sandbox

    @property
    def domain(self) -> NumericDomain:
        return self._domain

    def batches(self, inputs: Sequence[Input]) -> list[Sequence[Input]]:
        return [inputs]

    def admit(self, input: Sequence[float]) -> Point:
        """`input` as plain floats; rounding errors at the ends of the domain are forgiven."""
        admitted = tuple(float(x) for x in input)
        if not all(math.isfinite(x) for x in admitted) or len(admitted) != self._domain.arity:
            raise DomainError(f"expected {self._domain.arity} finite numbers, got {admitted}")
        if not self._domain.stated:
            return admitted
        snapped = self._domain.snap(admitted)
        for x, s, interval in zip(admitted, snapped, self._domain.inputs):
            if abs(x - s) > _ROUNDING * max(1.0, interval.width if not interval.integer else 1.0):
                kind = "whole numbers in " if interval.integer else ""
                raise DomainError(f"{x!r} is outside the domain ({kind}{interval.low:g}:{interval.high:g})")
        return snapped

    def set_aside(self, budget: Budget) -> int:
        return budget.set_aside

    def seconds_each(self, observations: Sequence[Observation]) -> float:
        return float(np.mean([o.reply.seconds for o in observations]))

    def draw(
        self, frozen: Frozen, count: int, taken: Set[Input], queries: Sequence[Observation], *, seed: int, round: int
    ) -> list[Input]:
        points = {x for x in taken if not isinstance(x, str)}
        return [*draw_held_out(self._domain, count, held_out_stream(seed, round), points)]

    def repeat(self, count: int, *, seed: int, round: int) -> list[Input]:
        return [*self._domain.sample(held_out_stream(seed, -round % 2**32), count)]

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
        if self._sandbox is None:
            return judge(frozen, held_out, queries, seed=seed, round=round)
        with self._sandbox() as sandbox:
            return judge(frozen, held_out, queries, seed=seed, round=round, sandbox=sandbox)

    def better(self, earlier: Conclusion, later: Conclusion) -> bool:
        """Standing comes first. Without noise the share of exact replies decides; else the earlier r2 interval must
        lie above the later r2.
        """
        one, two = earlier.verdict, later.verdict
        stands = standing_first(one, two)
        if stands is not None:
            return stands
        if earlier.frozen.noise is None and later.frozen.noise is None and one.agreement != two.agreement:
            return one.agreement > two.agreement
        return one.score.low > two.score.value

    def identity(self, explanation: Any) -> str:
        return str(explanation.code)

    def refuting(self, candidate: Any, observations: Sequence[Observation], *, since: int) -> int | None:
        return refuting_observation(candidate, observations, since=since)

    def trouble(self, observations: Sequence[Observation]) -> str | None:
        return nothing_usable(observations)

    def is_hopeless(self, observations: Sequence[Observation]) -> bool:
        return is_hopeless(observations)

    def illustrate(self, box: BlackBox, held_out: Sequence[Observation]) -> None:
        return None
