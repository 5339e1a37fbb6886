"""The rounds: in each, every program does its share once, and ours is timed beside it."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .programs import Program, Reply

Cell = tuple[int, int]
What = Literal["grid", "describe"]
BATCH = 30
"""Cells that the others run at once."""
TOKENS = 20
"""What a description is long."""
MEMORY_BAR_BYTES = 2_500_000_000
BOUND_BAR = 2.5


@dataclass(frozen=True, slots=True)
class Contest:
    """One other way to do the same: a program and its task. `bar`: how many times as long it should take at least."""

    what: What
    title: str
    program: str
    task: str
    bar: float | None = None


CONTESTS = (
    Contest("grid", "plain hooks, a forward pass a cell", "hooks", "cells", 40.0),
    Contest("grid", "plain hooks, a forward pass a cell, last logits alone", "hooks", "cells_last"),
    Contest("grid", f"plain hooks, {BATCH} cells at once", "hooks", "batches"),
    Contest("grid", f"nnsight, {BATCH} cells at once", "nnsight", "batches", 15.0),
    Contest("grid", f"TransformerLens, {BATCH} cells at once", "transformer_lens", "batches", 15.0),
    Contest("describe", "plain hooks, one at a time", "hooks", "describe_each", 8.0),
    Contest("describe", "plain hooks, all at once", "hooks", "describe"),
    Contest("describe", "nnsight, all at once", "nnsight", "describe", 1.4),
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of the whole the slow ways do; their seconds are scaled up to it. None: all."""

    cells: int | None = 30
    batches: int | None = 3
    descriptions: int | None = 3


@dataclass
class Outcome:
    """A contest: of `total` items `measured` were done a round; seconds are of the whole, a round each."""

    contest: Contest
    measured: int
    total: int
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    agreed: int = 0
    compared: int = 0

    @property
    def ratios(self) -> list[float]:
        """Theirs over ours, round by round."""
        return [b / a for a, b in zip(self.ours, self.theirs)]

    @property
    def ratio(self) -> float:
        """The median of them."""
        return statistics.median(self.ratios)

    @property
    def agreement(self) -> float:
        """The share of items on which both gave the same tokens."""
        return self.agreed / self.compared


@dataclass
class Bound:
    """What the arithmetic allows: `operations` over each round's fastest rate of matrix products."""

    what: What
    operations: float
    rates: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return self.operations / statistics.median(self.rates)

    @property
    def ratios(self) -> list[float]:
        """Ours over the bound, round by round."""
        return [own * rate / self.operations for own, rate in zip(self.ours, self.rates)]

    @property
    def ratio(self) -> float:
        """The median of them."""
        return statistics.median(self.ratios)


@dataclass
class Measurement:
    """Everything a run found."""

    method: str
    n_layers: int
    outcomes: list[Outcome]
    bounds: dict[What, Bound]
    peak_bytes: int = 0


def measure(
    programs: Mapping[str, Program], n_layers: int, sizes: Sizes, rounds: int, say: Callable[[str], None]
) -> Measurement:
    """Run every contest whose program is there, `rounds` times. `programs["engine"]` is ours."""
    engine = programs["engine"]
    grid = [(source, target) for target in range(n_layers) for source in range(n_layers)]
    same = [(layer, layer) for layer in range(n_layers)]
    shares = _shares(n_layers, sizes)
    outcomes = [
        Outcome(c, _count(shares[c.task]), len(grid if c.what == "grid" else same))
        for c in CONTESTS
        if c.program in programs
    ]
    for outcome in outcomes:  # the first run of anything is slower
        programs[outcome.contest.program].ask(outcome.contest.task, **_first(shares[outcome.contest.task]))
    found = Measurement(engine.ask("method").answer, n_layers, outcomes, {})
    found.bounds["grid"] = Bound("grid", engine.ask("operations", cells=grid, tokens=1).answer)
    found.bounds["describe"] = Bound("describe", engine.ask("operations", cells=same, tokens=TOKENS).answer)
    engine.ask("cells", cells=same)
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        _round(programs, found, shares, grid, same)
    return found


def _round(
    programs: Mapping[str, Program],
    found: Measurement,
    shares: Mapping[str, dict[str, Any]],
    grid: list[Cell],
    same: list[Cell],
) -> None:
    engine, rate = programs["engine"], programs["engine"].ask("rate").answer
    ours: dict[What, Reply] = {
        "grid": engine.ask("cells", cells=grid),
        "describe": engine.ask("describe", cells=same, tokens=TOKENS),
    }
    for what, bound in found.bounds.items():
        bound.rates.append(rate)
        bound.ours.append(ours[what].seconds)
    known = {what: dict(zip(grid if what == "grid" else same, reply.answer)) for what, reply in ours.items()}
    for outcome in found.outcomes:
        contest, share = outcome.contest, shares[outcome.contest.task]
        reply = programs[contest.program].ask(contest.task, **share)
        outcome.ours.append(ours[contest.what].seconds)
        outcome.theirs.append(reply.seconds * outcome.total / outcome.measured)
        pairs = list(zip(_cells(share), reply.answer, strict=True))
        outcome.agreed += sum(known[contest.what][cell] == answer for cell, answer in pairs)
        outcome.compared += len(pairs)
    found.peak_bytes = max(found.peak_bytes, *(reply.peak_bytes for reply in ours.values()))


def _shares(n_layers: int, sizes: Sizes) -> dict[str, dict[str, Any]]:
    """What each task is given: cells or batches spread evenly over the target layers."""
    grid = [(source, target) for target in range(n_layers) for source in range(n_layers)]
    drawn = sorted(random.Random(0).sample(grid, min(sizes.cells or len(grid), len(grid))))
    batches = [
        [(source, target) for source in range(start, min(start + BATCH, n_layers))]
        for target in range(n_layers)
        for start in range(0, n_layers, BATCH)
    ]
    same = [(layer, layer) for layer in range(n_layers)]
    return {
        "cells": {"cells": drawn},
        "cells_last": {"cells": drawn},
        "batches": {"batches": _spread(batches, sizes.batches)},
        "describe_each": {"cells": _spread(same, sizes.descriptions), "tokens": TOKENS},
        "describe": {"cells": same, "tokens": TOKENS},
    }


def _spread(items: list[Any], n: int | None) -> list[Any]:
    """`n` of the items, from the first to the last."""
    if n is None or n >= len(items):
        return items
    return [items[round(i * (len(items) - 1) / max(1, n - 1))] for i in range(n)]


def _cells(share: Mapping[str, Any]) -> list[Cell]:
    return list(share["cells"]) if "cells" in share else [cell for batch in share["batches"] for cell in batch]


def _count(share: Mapping[str, Any]) -> int:
    return len(_cells(share))


def _first(share: dict[str, Any]) -> dict[str, Any]:
    """A little of it, to warm up with."""
    name = "cells" if "cells" in share else "batches"
    short = {"tokens": 2} if "tokens" in share else {}
    return {**share, name: share[name][:1], **short}
