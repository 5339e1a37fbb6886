"""One trial: the inductive scientist is let loose on one black box, and what it concludes is kept as plain data."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..tools.black_boxes import BlackBox, NumericDomain, Point, Reply


@dataclass(frozen=True, slots=True)
class Effort:
    """What one function may cost: queries in all (held-out ones included), wall seconds; and the scientist's seed."""

    queries: int = 400
    seconds: float = 60.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it. `error` says in one line why there is no explanation; `code` is then empty.

    `exceptions` are [low, high] as claimed; `noise_sd` as claimed, 0 if none is named.
    """

    code: str
    formula: str
    description: str
    exceptions: tuple[tuple[float, float], ...]
    noise_sd: float
    queries: int
    seconds: float
    cpu_seconds: float
    error: str | None = None

    def function(self) -> Callable[..., Any] | None:
        """`explained` as the code defines it; None without code or if the code does not run."""
        if not self.code:
            return None
        names: dict[str, Any] = {}
        try:
            exec(compile(self.code, "<explanation>", "exec"), names)
        except Exception:
            return None
        found = names.get("explained")
        return found if callable(found) else None


def failed_trial(error: str, *, seconds: float = 0.0) -> Trial:
    """A trial that ended without an explanation."""
    return Trial("", "", "", (), 0.0, 0, seconds, 0.0, error)


class MemoryLaboratory:
    """A `Laboratory` that keeps nothing on disk: the box, a count of queries and a clock.

    `queries` is what the engine may ask; what verification would need is taken off before.
    """

    def __init__(self, box: BlackBox, domain: NumericDomain, *, queries: int, seconds: float) -> None:
        self._box = box
        self._domain = domain
        self._queries = queries
        self._deadline = time.monotonic() + seconds
        self.asked = 0

    @property
    def domain(self) -> NumericDomain:
        return self._domain

    @property
    def queries_left(self) -> int:
        return self._queries - self.asked

    @property
    def seconds_left(self) -> float:
        return self._deadline - time.monotonic()

    def ask(self, points: Sequence[Point], why: str) -> list[Reply]:
        """See `Laboratory.ask`."""
        batch = list(points)[: max(0, self.queries_left)]
        self.asked += len(batch)
        return list(self._box.ask(batch))

    def propose(self, ranked: Sequence[Any], step: str) -> None:
        """Nobody is watching."""


def induce_box(box: BlackBox, domain: NumericDomain, effort: Effort) -> Trial:
    """The engine alone on `box`: quick, and without the rounds of verification of a whole investigation.

    The engine gets the queries that an investigation would leave it; `Trial.queries` counts what it asked.
    """
    from ..agent.budget import Budget
    from ..tools.induction import induce

    engine_queries = effort.queries - Budget(queries=effort.queries).set_aside
    laboratory = MemoryLaboratory(box, domain, queries=engine_queries, seconds=effort.seconds)
    began, cpu = time.perf_counter(), time.process_time()
    ranked = induce(laboratory, seed=effort.seed)
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
    if not ranked:
        return failed_trial("the engine returned no candidate", seconds=seconds)
    best = ranked[0]
    return Trial(
        code=best.code,
        formula=best.formula,
        description=best.description,
        exceptions=tuple((e.low, e.high) for e in best.exceptions),
        noise_sd=best.noise.scale if best.noise else 0.0,
        queries=laboratory.asked,
        seconds=seconds,
        cpu_seconds=cpu_seconds,
    )
