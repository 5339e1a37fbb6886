"""The inductive scientist's loop for one numeric input: probe, find rules, chase what they leave, look into gaps."""

from __future__ import annotations

import math

import numpy as np

from ..black_boxes.types import Interval
from .cover import UNDEFINED, UNEXPLAINED, Cover, Stretch
from .disputes import disputed
from .edges import Edges
from .evidence import Evidence, rounding_error, scatter
from .expressions import Expression, constants, evaluate
from .fallback import refine_where_bent, straight_lines
from .fitting import Data, polish
from .pool import MANY_RUNS, Pool
from .probing import clean, first_probes, gap_probes, readable
from .program import Program, assemble
from .rules import Rule
from .types import Candidate, Laboratory, RememberingLaboratory
from .waves import located, wave_of

FINEST_GAP = 1 / 110
"""Share of the domain that no gap between queries may exceed: exceptions wider than this are seen."""
MEMORY_ENOUGH = 40
"""Answers an earlier round must have left for the first look to be skipped."""


class Univariate:
    """One investigation of one numeric input. Deterministic in (seed, replies); the clock only cuts it short."""

    def __init__(self, laboratory: Laboratory, *, seed: int) -> None:
        self.laboratory = laboratory
        self.interval: Interval = laboratory.domain.inputs[0]
        self.rng = np.random.default_rng(seed)
        self.evidence = Evidence()
        self.pool = Pool(self.evidence, self._out_of_time)
        self.edges = Edges(self.pool, self.interval, self.ask, lambda: laboratory.queries_left)
        self.hopeless: set[float] = set()
        self.points: set[float] = set()
        self.located: set[Rule] = set()

    def _out_of_time(self) -> bool:
        return self.laboratory.seconds_left < 1.0

    @property
    def width(self) -> float:
        return self.interval.width

    def ask(self, xs: list[float], why: str) -> int:
        """Ask and remember; how many were answered."""
        xs = xs[: max(self.laboratory.queries_left, 0)]
        if not xs:
            return 0
        replies = self.laboratory.ask([(x,) for x in xs], why)
        self.evidence.add(xs, replies)
        return len(replies)

    def run(self) -> list[Candidate]:
        self.remember()
        if len(self.evidence.arrays.x) < MEMORY_ENOUGH:
            self.probe()
        if len(self.evidence.arrays.x) == 0:
            return []
        cover = self.pool.search()
        self.show("first rules")
        for _ in range(12):
            if self.laboratory.queries_left <= 0 or self._out_of_time():
                break
            before = self.laboratory.queries_left
            self.locate_waves(cover)
            self.visit_points()
            self.chase_runs()
            cover = self.pool.cover()
            self.edges.resolve(cover)
            cover = self.pool.cover()
            if cover.unexplained > 0.3:
                if self.pool.exhausted:
                    break
                self.ask(self._spread(40, cover), "no rule explains enough yet: more inputs at random")
                cover = self.pool.search(deep=True)
                self.show("searched again, compositions too")
                continue
            noisy_somewhere = scatter(self.evidence.arrays.repeats).stochastic
            if cover.unexplained > (0.2 if noisy_somewhere else 0.04) and not self.pool.exhausted:
                cover = self.pool.search_deeper()
                self.show("searched deeper")
            fresh = self.scan(cover)
            cover = self.pool.cover()
            if self.laboratory.queries_left == before and not fresh:
                break
        return self.finish()

    def remember(self) -> None:
        """Start from what an earlier round was told, held-out inputs that its explanation got wrong included."""
        if isinstance(self.laboratory, RememberingLaboratory):
            known = list(self.laboratory.known())
            self.evidence.add([point[0] for point, _ in known], [reply for _, reply in known])

    def probe(self) -> None:
        budget = self.laboratory.queries_left
        xs = first_probes(self.interval, min(96, max(12, int(budget * 0.27))), self.rng)
        self.ask(xs, "first look: the whole domain, its ends, small scales, a dense burst")
        seen = self.evidence.arrays.x
        if len(seen) == 0:
            return
        again = sorted({float(seen[int(i)]) for i in np.linspace(0, len(seen) - 1, 14)[1:-1]})
        self.ask(again, "repeats: is there noise?")
        spread = scatter(self.evidence.arrays.repeats)
        if spread.stochastic:
            self.ask([*again, *again], "repeats: how much noise?")
            spread = scatter(self.evidence.arrays.repeats)
        if len(spread.steady) > 1 and spread.stochastic:
            rest = [float(v) for v in np.unique(self.evidence.arrays.x) if v not in self.evidence.arrays.repeats]
            self.ask(rest, "repeats everywhere: noise in some places only")

    def locate_waves(self, cover: Cover) -> None:
        """Measure the jumps of a wave or staircase that holds over most of the domain, once."""
        for k in cover.rules_used:
            rule = self.pool.rules[k]
            wave = wave_of(rule.expression)
            if wave is None or rule.sigma > 0 or self._share(cover, k) < 0.6 or rule in self.located:
                continue
            better = located(rule.expression, wave, self.interval.low, self.interval.high, self._value)
            self.located.add(rule)
            if better is not None:
                self.pool.rules.append(Rule(self._refitted(better)))
                self.located.add(self.pool.rules[-1])

    def _refitted(self, form: Expression) -> Expression:
        """Heights and slopes again, now that the jumps are known."""
        a = self.evidence.arrays
        data = Data(a.x, a.y, rounding_error(a.x, a.y))
        free = [c.role.lstrip("-") not in ("START", "PERIOD", "WIDTH") for c in constants(form)]
        for _ in range(2):
            z = np.abs(evaluate(form, data.x) - data.y) / data.s
            form, _ = polish(form, data.where(z <= np.quantile(z, 0.95)), free=free)
        return form

    def _value(self, x: float) -> float:
        x = self.interval.snap(readable(x, 1e-3 * self.width))
        if not self.evidence.known(x) and not self.ask([x], "where a wave jumps"):
            return math.nan
        return self.evidence.arrays.places[x][0].number

    def visit_points(self) -> None:
        """Single answers that no rule explains: is it one input, or the edge of something?"""
        cover = self.pool.cover()
        gone = [s for s in cover.stretches if s.label == UNDEFINED]
        for run in [*cover.runs(), *gone]:
            if run.first != run.last or run.first in self.points or run.first in self.hopeless or self.interval.integer:
                continue
            if run in gone and run.first in (self.interval.low, self.interval.high):
                continue
            x = run.first
            steps = [1e-7 * self.width, 2e-3 * self.width]
            near = clean([x + sign * step for step in steps for sign in (1, -1)], self.interval)
            self.ask([*[v for v in near if not self.evidence.known(v)], x], "beside a single odd answer")
            after = self.pool.cover()
            odd = [*after.runs(), *(s for s in after.stretches if s.label == UNDEFINED)]
            alone = all(not (r.first <= x <= r.last) or r.first == r.last for r in odd)
            varies = x in self.evidence.arrays.repeats and np.ptp(self.evidence.arrays.repeats[x]) > 0
            (self.points if alone and not varies else self.hopeless).add(x)

    def chase_runs(self) -> None:
        """Runs that no rule explains: look inside, repeat, search there."""
        for run in self.pool.cover().runs()[:MANY_RUNS]:
            low, high = self._outer(run)
            key = round((run.first + run.last) / 2, 12)
            if run.first == run.last and run.first in self.points:
                continue
            if key in self.hopeless and run.count > 30:
                continue
            inside = [
                readable(float(v), self.width)
                for v in np.linspace(run.first, run.last, 9)[1:-1]
                + self.rng.uniform(-0.05, 0.05, 7) * (run.last - run.first)
            ]
            if run.first == run.last:
                inside = [readable(float(v), self.width) for v in np.linspace(low, high, 8)[1:-1]]
            new = [x for x in clean(inside, self.interval) if not self.evidence.known(x)]
            again = [run.first, run.last] if run.first != run.last else [run.first]
            self.ask([*new, *again], "inside a stretch that no rule explains")
            self.hopeless.add(key)
        if len(self.pool.cover().runs()) <= MANY_RUNS:
            self.pool.leftovers()
        self.pool.sharpen()

    def _outer(self, run: Stretch) -> tuple[float, float]:
        """The nearest explained inputs on both sides of a run, or the ends of the domain."""
        cover = self.pool.cover()
        below = [s.last for s in cover.stretches if s.last < run.first and s.label != UNEXPLAINED]
        above = [s.first for s in cover.stretches if s.first > run.last and s.label != UNEXPLAINED]
        return (max(below, default=self.interval.low), min(above, default=self.interval.high))

    def _spread(self, n: int, cover: Cover) -> list[float]:
        xs = self.interval.low + self.width * self.rng.random(n - 8)
        anchor = self.rng.uniform(self.interval.low, self.interval.high)
        burst = anchor + self.width * 10.0 ** -self.rng.uniform(1.5, 4.0) * np.arange(8)
        return [
            x
            for x in clean([readable(float(v), self.width) for v in [*xs, *burst]], self.interval)
            if not self.evidence.known(x)
        ]

    def scan(self, cover: Cover) -> bool:
        """Ask where live rules disagree and in the widest gaps; True if anything was asked.

        Noise makes every answer worth having.
        """
        noisy = any(self.pool.rules[k].sigma > 0 and self._share(cover, k) > 0.5 for k in cover.rules_used)
        finest = 0.0 if noisy else FINEST_GAP * self.width
        left = self.laboratory.queries_left
        keep = 0.4 if len(cover.stretches) > 1 and left > 60 else 0.0  # edges may have to be found again
        n = left - int(keep * left) if noisy else min(left, 32)
        xs = gap_probes(np.unique(self.evidence.arrays.x), self.interval, n, finest, self.rng)
        if noisy and len(xs) < n:
            xs += [float(v) for v in self.rng.choice(np.unique(self.evidence.arrays.x), n - len(xs))]
        doubts = disputed(self.evidence, self.pool.rules, cover, self.rng, self.width)
        doubts = [x for x in clean(doubts, self.interval) if noisy or not self.evidence.known(x)]
        asked = self.ask(doubts, "where the best hypotheses disagree") if doubts else 0
        asked += self.ask(xs[: max(n - asked, 0)], "gaps that none has looked into") if xs else 0
        if asked and noisy:
            self.pool.search()
            self.pool.sharpen()
            self.show("more answers against noise")
        return asked > 0

    def _share(self, cover: Cover, k: int) -> float:
        return float(np.mean(cover.labels == k))

    def show(self, step: str) -> None:
        programs = self.programs()
        if programs:
            self.laboratory.propose(programs, step)

    def programs(self) -> list[Candidate]:
        cover = self.pool.cover()
        best = assemble(self.evidence, self.pool.rules, cover, self.edges.found, self.points, self.interval)
        rivals: list[Candidate] = []
        for k, rule in enumerate(self.pool.rules):
            if cover.rules_used != {k}:
                rivals.append(Program.single(rule, self.interval, self.evidence))
        rivals = sorted(rivals, key=lambda r: r.bits)[:5]
        return [*([best] if best is not None else []), *rivals]

    def finish(self) -> list[Candidate]:
        cover = self.pool.cover()
        if cover.unexplained > 0.15 or not cover.rules_used:
            refine_where_bent(self.evidence, self.interval, self.laboratory, self.ask)
            table = straight_lines(self.evidence)
            if table is not None:
                self.pool.rules = [table]
        self.pool.sharpen()
        programs = self.programs()
        if programs:
            self.laboratory.propose(programs, "final")
        return programs
