"""A small laboratory in memory for the tests of one input: it keeps a purse, a clock and a record of what was asked."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from zetetic.tools.black_boxes.types import Failure, Interval, NumericDomain, Point, Reply
from zetetic.tools.induction.types import Candidate


class OneInput:
    """A laboratory over a Python function of one number; it refuses inputs that the domain does not hold."""

    def __init__(
        self,
        function: Callable[[float], Any],
        low: float = -10.0,
        high: float = 10.0,
        *,
        queries: int = 300,
        seconds: float = 60.0,
        integer: bool = False,
        noise: Callable[[np.random.Generator], float] | None = None,
    ) -> None:
        self.function, self.noise = function, noise
        self.domain = NumericDomain((Interval(low, high, integer),))
        self.queries_left = self.purse = queries
        self.end = time.monotonic() + seconds
        self.rng = np.random.default_rng(7)
        self.asked: list[float] = []
        self.shown: list[tuple[str, tuple[Candidate, ...]]] = []

    @property
    def seconds_left(self) -> float:
        return self.end - time.monotonic()

    def ask(self, points: Sequence[Point], why: str) -> list[Reply]:
        assert why
        replies = []
        for point in list(points)[: self.queries_left]:
            assert point == self.domain.snap(point), f"{point} is outside the domain or not whole"
            self.asked.append(point[0])
            self.queries_left -= 1
            replies.append(self.reply(point[0]))
        return replies

    def reply(self, x: float) -> Reply:
        try:
            value = self.function(x)
        except (ArithmeticError, ValueError) as error:
            return Reply(None, Failure("raised", str(error)))
        if isinstance(value, complex):
            return Reply(value)
        value = float(value) + (self.noise(self.rng) if self.noise else 0.0)
        return Reply(value) if math.isfinite(value) else Reply(None, Failure("not_finite", "not a finite number"))

    def propose(self, ranked: Sequence[Candidate], step: str) -> None:
        assert ranked, "nothing was proposed"
        assert step
        self.shown.append((step, tuple(ranked)))


@pytest.fixture
def one_input() -> type[OneInput]:
    """The laboratory: `one_input(function, low, high, queries=…, noise=…)`."""
    return OneInput


@pytest.fixture
def explained() -> Callable[[str], Callable[[float], Any]]:
    """The function that a candidate's code defines."""

    def load(code: str) -> Callable[[float], Any]:
        space: dict[str, Any] = {}
        exec(code, space)
        function: Callable[[float], Any] = space["explained"]
        return function

    return load
