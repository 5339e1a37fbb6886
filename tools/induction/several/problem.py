"""The question asked of every node of the search: a function over a box that can be evaluated, at a price."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...black_boxes.types import Interval, NumericDomain, Point
from ..types import Floats, Laboratory

if TYPE_CHECKING:
    from .splits import Designs

RELATIVE_TOLERANCE = 1e-9
"""Residual, in units of the data's size, below which a noise-free fit counts as exact."""


class OutOfBudgetError(Exception):
    """Queries or seconds ran out; the search falls back on what is known."""


class Source:
    """The laboratory with a memory: no input is paid for twice, and a stage may be given a smaller purse."""

    def __init__(self, laboratory: Laboratory) -> None:
        self.laboratory = laboratory
        self.domain: NumericDomain = laboratory.domain
        self.known: dict[Point, float] = {}
        self.failed: dict[Point, str] = {}
        self.purse = laboratory.queries_left
        self.reserve_seconds = min(2.0, 0.15 * max(laboratory.seconds_left, 0.0))

    def allow(self, queries: int) -> None:
        """Let what follows spend at most `queries` more."""
        self.purse = max(0, min(queries, self.laboratory.queries_left))

    def check_clock(self) -> None:
        if self.laboratory.seconds_left <= self.reserve_seconds:
            raise OutOfBudgetError

    def values(self, points: Floats, why: str) -> Floats:
        """Values at `points` (n, arity), NaN where the box fails. Raises `OutOfBudgetError` if not all can be had."""
        self.check_clock()
        keys = [self.domain.snap(list(p)) for p in points]
        new = [k for k in dict.fromkeys(keys) if k not in self.known]
        if len(new) > min(self.purse, self.laboratory.queries_left):
            raise OutOfBudgetError
        if new:
            replies = self.laboratory.ask(new, why)
            self.purse -= len(new)
            for key, reply in zip(new, replies):
                self.known[key] = reply.number
                if reply.failure is not None:
                    self.failed[key] = reply.failure.kind
            if len(replies) < len(new):
                raise OutOfBudgetError
        return np.array([self.known[k] for k in keys])

    def data(self) -> tuple[Floats, Floats]:
        """Every answered input with a real value."""
        rows = [(k, v) for k, v in self.known.items() if np.isfinite(v)]
        arity = self.domain.arity
        return np.array([k for k, _ in rows]).reshape(-1, arity), np.array([v for _, v in rows])


class Problem:
    """A function of `arity` inputs over a box.

    `evaluate` maps points (n, arity) to values and may cost queries. `error` is the size of the absolute error
    of a value (rounding, amplified by whatever the values were computed from). `points`, `targets` are what is
    known for free; `pool` tops them up.
    `price`: queries per value.
    `structured` is set when the inputs were seen to part or to act together.
    """

    def __init__(
        self,
        evaluate: Callable[[Floats], Floats],
        box: Sequence[Interval],
        *,
        seed: int,
        error: float = 0.0,
        known: tuple[Floats, Floats] | None = None,
        smooth: NDArray[np.bool_] | None = None,
        price: int = 1,
    ) -> None:
        self.price = price
        self.evaluate = evaluate
        self.box = tuple(box)
        self.seed = seed
        self.error = error
        self.points = known[0] if known else np.empty((0, len(box)))
        self.targets = known[1] if known else np.empty(0)
        self.smooth = smooth if smooth is not None else np.array([not i.integer for i in box])
        self.gradients: tuple[Floats, Floats, Floats] | None = None
        self.designs: Designs | None = None
        self.structured = False
        self.wanted = 0

    @property
    def arity(self) -> int:
        return len(self.box)

    def pool(self, size: int | None = None) -> tuple[Floats, Floats]:
        """At least `size` random inputs with real values, those already known counted."""
        size = size if size is not None else self._usual_size()
        lacking = size - len(self.targets)
        if lacking > 0 and size > self.wanted:
            self.wanted = size
            drawn = sample(self.box, lacking + len(self.targets), self.seed)[:lacking]
            if self.arity == 1:
                drawn = spread(self.box[0], lacking)
            self.learn(drawn, self.evaluate(drawn))
        return self.points, self.targets

    def _usual_size(self) -> int:
        size = {1: 24, 2: 36, 3: 56}.get(self.arity, 60)
        return size if self.price == 1 else int(0.65 * size)

    def learn(self, points: Floats, values: Floats) -> None:
        """Add what was found out on the way."""
        good = np.isfinite(values)
        self.points = np.concatenate([self.points, points[good]])
        self.targets = np.concatenate([self.targets, values[good]])

    def check_clock(self) -> None:
        """Raises `OutOfBudgetError` when time is up; asks nothing."""
        self.evaluate(np.empty((0, self.arity)))

    @property
    def tolerance(self) -> float:
        """The residual below which a fit to the targets is exact."""
        size = float(np.std(self.targets)) if len(self.targets) else 0.0
        return RELATIVE_TOLERANCE * size + 30 * self.error


def sample(box: Sequence[Interval], n: int, seed: int) -> Floats:
    """`n` points drawn uniformly over the box."""
    drawn = NumericDomain(tuple(box)).sample(np.random.default_rng(seed), n)
    return np.array(drawn).reshape(n, len(box))


def spread(interval: Interval, n: int) -> Floats:
    """`n` points along one input, ends included, unevenly spaced so that no period hides, (n, 1)."""
    if interval.integer and interval.width < n:
        return np.arange(np.ceil(interval.low), np.floor(interval.high) + 1)[:, None]
    steps = np.linspace(0, 1, n)
    steps[1:-1] += np.random.default_rng(n).uniform(-0.4, 0.4, n - 2) / (n - 1)
    points = interval.low + steps * interval.width
    return np.array([interval.snap(x) for x in points])[:, None]


def typical_error(values: Floats) -> float:
    """Rounding error of the box's own answers."""
    good = values[np.isfinite(values)]
    return float(4e-16 * np.max(np.abs(good))) if len(good) else 0.0
