"""The inductive scientist's loop for one numeric input: probe, find rules, chase what they leave, look into gaps."""

from __future__ import annotations

import math

import numpy as np

from ..black_boxes.types import Interval
from .cover import UNDEFINED, UNEXPLAINED, Cover, Stretch
from .decimals import decimal_places, shortest_between
from .evidence import Evidence, rounding_error, scatter
from .expressions import Expression, Table, constants, evaluate
from .fitting import Data, polish
from .pool import Pool
from .probing import clean, first_probes, gap_probes, readable
from .program import Piece, Program, assemble
from .rules import Rule
from .types import Candidate, Laboratory, RememberingLaboratory
from .waves import located, wave_of

FINEST_GAP = 1 / 110
"""Share of the domain that no gap between queries may exceed: exceptions wider than this are seen."""
MEMORY_ENOUGH = 40
"""Answers an earlier round must have left for the first look to be skipped."""
EDGE_PRECISION = 1e-5
"""Share of the domain to which a change of rule is located when no short decimal explains it."""


class Univariate:
    """One investigation of one numeric input. Deterministic in (seed, replies); the clock only cuts it short."""

    def __init__(self, laboratory: Laboratory, *, seed: int, evidence: Evidence | None = None) -> None:
        self.laboratory = laboratory
        self.interval: Interval = laboratory.domain.inputs[0]
        self.rng = np.random.default_rng(seed)
        self.evidence = evidence or Evidence()
        self.pool = Pool(self.evidence, self._out_of_time)
        self.edges: dict[tuple[float, float], tuple[float, bool]] = {}
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

    # ---- the loop -------------------------------------------------------------------------------------------

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
            self.resolve_edges(cover)
            cover = self.pool.cover()
            if cover.unexplained > 0.3:
                if self.pool.exhausted:
                    break
                self.ask(self._spread(40, cover), "no rule explains enough yet: more inputs at random")
                cover = self.pool.search()
                self.show("searched again")
                continue
            if cover.unexplained > 0.04 and not self.pool.exhausted:
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
        for run in self.pool.cover().runs():
            low, high = self._outer(run)
            key = round((run.first + run.last) / 2, 12)
            if run.first == run.last and run.first in self.points:
                continue
            if key in self.hopeless and run.count > 30:
                continue
            inside = [readable(float(v), self.width) for v in np.linspace(run.first, run.last, 9)[1:-1] + self.rng.uniform(-0.05, 0.05, 7) * (run.last - run.first)]
            if run.first == run.last:
                inside = [readable(float(v), self.width) for v in np.linspace(low, high, 8)[1:-1]]
            new = [x for x in clean(inside, self.interval) if not self.evidence.known(x)]
            again = [run.first, run.last] if run.first != run.last else [run.first]
            self.ask([*new, *again], "inside a stretch that no rule explains")
            self.hopeless.add(key)
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
        return [x for x in clean([readable(float(v), self.width) for v in [*xs, *burst]], self.interval) if not self.evidence.known(x)]

    def scan(self, cover: Cover) -> bool:
        """Ask in the widest gaps; True if anything was asked. Noise makes every answer worth having."""
        noisy = any(self.pool.rules[k].sigma > 0 and self._share(cover, k) > 0.5 for k in cover.rules_used)
        finest = 0.0 if noisy else FINEST_GAP * self.width
        left = self.laboratory.queries_left
        n = (int(0.6 * left) if left > 60 else left) if noisy else min(left, 32)
        xs = gap_probes(np.unique(self.evidence.arrays.x), self.interval, n, finest, self.rng)
        if noisy and len(xs) < n:
            xs += [float(v) for v in self.rng.choice(np.unique(self.evidence.arrays.x), n - len(xs))]
        asked = self.ask(self._contested(xs), "gaps that none has looked into") if xs else 0
        if asked and noisy:
            self.pool.search()
            self.pool.sharpen()
            self.show("more answers against noise")
        return asked > 0

    def _share(self, cover: Cover, k: int) -> float:
        return float(np.mean(cover.labels == k))

    def _contested(self, xs: list[float]) -> list[float]:
        """The same inputs, those first on which the live rules disagree most."""
        if len(self.pool.rules) < 2:
            return xs
        values = np.stack([r.value(np.array(xs)) for r in self.pool.rules[-6:]])
        with np.errstate(all="ignore"):
            spread = np.nan_to_num(np.ptp(values, axis=0), nan=np.inf)
        return [xs[i] for i in np.argsort(-spread, kind="stable")]

    # ---- edges ----------------------------------------------------------------------------------------------

    def resolve_edges(self, cover: Cover) -> None:
        """Narrow down every change of rule by bisection, guessing the shortest decimal first."""
        if len(cover.stretches) > 24:
            return
        for a, b in zip(cover.stretches, cover.stretches[1:]):
            if UNEXPLAINED in (a.label, b.label) or a.label == b.label:
                continue
            if any(a.last <= e <= b.first for e, _ in self.edges.values()):
                continue
            self._bisect(a, b)

    def _bisect(self, a: Stretch, b: Stretch) -> None:
        low, high = a.last, b.first
        start = (low, high)
        tried: set[float] = set()
        while high - low > EDGE_PRECISION * self.width and self.laboratory.queries_left > 0:
            if self.interval.integer and high - low <= 1:
                break
            crossing = self._crossing(a.label, b.label, low, high)
            if crossing is not None:
                self.edges[start] = (crossing, True)
                return
            guess = self._round_guess(low, high, tried)
            if guess is not None:
                tried.add(guess)
                delta = 1e-7 * self.width
                sides = self._sides(a.label, b.label, [guess - delta, guess + delta])
                if sides is None:
                    return
                if sides[0] and not sides[1]:
                    at = self._sides(a.label, b.label, [guess])
                    self.edges[start] = (guess, bool(at and at[0]))
                    return
                low, high = (guess + delta, high) if sides[1] else (low, guess - delta)
                continue
            middle = self.interval.snap(readable((low + high) / 2, self.width))
            if not low < middle < high:
                middle = (low + high) / 2
            side = self._sides(a.label, b.label, [middle])
            if side is None:
                return
            low, high = (middle, high) if side[0] else (low, middle)
        crossing = self._crossing(a.label, b.label, low, high)
        edge = shortest_between(low, high) if crossing is None else crossing
        self.edges[start] = (edge, edge < high)

    def _round_guess(self, low: float, high: float, tried: set[float]) -> float | None:
        """A short decimal that stands nearly alone in the bracket: worth asking about outright."""
        if self.interval.integer:
            return None
        room = 0.02 * (high - low)
        guess = shortest_between(low + room, high - room)
        digits = 10.0 ** -decimal_places(guess)
        alone = high - low < 3.5 * digits and digits > 1e-4 * self.width
        return guess if alone and guess not in tried else None

    def _crossing(self, a: int, b: int, low: float, high: float) -> float | None:
        """Where two exact rules meet inside the bracket, if both go on smoothly there."""
        if a < 0 or b < 0 or high - low > 0.05 * self.width:
            return None
        left, right = self.pool.rules[a], self.pool.rules[b]
        if left.sigma > 0 or right.sigma > 0:
            return None
        grid = np.linspace(low, high, 65)
        gap = left.value(grid) - right.value(grid)
        scale = float(np.max(np.abs(left.value(grid)))) + 1e-300
        if not np.all(np.isfinite(gap)) or np.max(np.abs(np.diff(gap))) > 0.5 * np.ptp(gap) + 1e-300:
            return None
        change = np.flatnonzero(np.sign(gap[:-1]) * np.sign(gap[1:]) <= 0)
        if len(change) != 1:
            return None
        i = int(change[0])
        root = grid[i] - gap[i] * (grid[i + 1] - grid[i]) / (gap[i + 1] - gap[i]) if gap[i + 1] != gap[i] else grid[i]
        root = shortest_between(float(root) - 1e-7 * self.width, float(root) + 1e-7 * self.width)
        jump = abs(float(left.value(np.array([root]))[0] - right.value(np.array([root]))[0]))
        if jump > 1e-6 * scale:
            return None
        # A crossing is only the edge if the answers just beside it follow the two rules.
        step = 0.02 * (high - low)
        sides = self._sides(a, b, [max(low, root - step), min(high, root + step)])
        return float(root) if sides is not None and sides[0] and not sides[1] else None

    def _sides(self, a: int, b: int, xs: list[float]) -> list[bool] | None:
        """For each input whether it belongs to rule `a` (else `b`); None when an answer fits neither."""
        xs = [self.interval.snap(x) for x in xs]
        if self.ask([x for x in xs if not self.evidence.known(x)], "where one rule gives way to another") < 0:
            return None
        out = []
        for x in xs:
            fit_a, fit_b = self._misfit(a, x), self._misfit(b, x)
            if min(fit_a, fit_b) > 8.0:
                return None
            out.append(fit_a <= fit_b)
        return out

    def _misfit(self, label: int, x: float) -> float:
        arrays = self.evidence.arrays
        if x not in arrays.places:
            return math.inf
        ys = np.array([r.number for r in arrays.places[x]])
        if label == UNDEFINED:
            return 0.0 if np.all(np.isnan(ys)) else math.inf
        if np.any(np.isnan(ys)):
            return math.inf
        rule = self.pool.rules[label]
        s = rounding_error(arrays.x, arrays.y)[np.searchsorted(arrays.x, x)]
        worst = float(np.max(rule.misfit(np.full(len(ys), x), ys, np.full(len(ys), s))))
        return worst + (10.0 if rule.sigma > 0 else 0.0) * 0.1

    # ---- what is handed back --------------------------------------------------------------------------------

    def show(self, step: str) -> None:
        programs = self.programs()
        if programs:
            self.laboratory.propose(programs, step)

    def programs(self) -> list[Candidate]:
        cover = self.pool.cover()
        best = assemble(self.evidence, self.pool.rules, cover, self.edges, self.points, self.interval)
        rivals: list[Candidate] = []
        for k, rule in enumerate(self.pool.rules):
            if cover.rules_used != {k} and isinstance(rule.expression, Expression.__args__):
                rivals.append(Program.single(rule, self.interval, self.evidence))
        rivals = sorted(rivals, key=lambda r: r.bits)[:5]
        return [*([best] if best is not None else []), *rivals]

    def finish(self) -> list[Candidate]:
        cover = self.pool.cover()
        if cover.unexplained > 0.15 or not cover.rules_used:
            self._fall_back()
        self.pool.sharpen()
        programs = self.programs()
        if programs:
            self.laboratory.propose(programs, "final")
        return programs

    def _fall_back(self) -> None:
        """No formula: straight lines between knots, refined where the answers bend most."""
        while self.laboratory.queries_left > 0 and not self._out_of_time():
            a = self.evidence.arrays
            x, first = np.unique(a.x, return_index=True)
            if len(x) < 4:
                break
            y = a.y[first]
            slopes = np.diff(y) / np.diff(x)
            bend = np.abs(np.diff(slopes))
            need = np.zeros(len(x) - 1)
            need[:-1] += bend * np.diff(x)[:-1] ** 2
            need[1:] += bend * np.diff(x)[1:] ** 2
            need[np.diff(x) < 1e-6 * self.width] = 0
            order = np.argsort(need)[::-1][: min(24, self.laboratory.queries_left)]
            new = clean([readable(float((x[i] + x[i + 1]) / 2), self.width) for i in order if need[i] > 0], self.interval)
            new = [v for v in new if not self.evidence.known(v)]
            if not new or not self.ask(new, "no formula yet: finer where the answers bend"):
                break
        a = self.evidence.arrays
        if len(a.x) < 2:
            return
        x = np.unique(a.x)
        y = np.array([float(np.mean(a.y[a.x == v])) for v in x])
        sigma = scatter(a.repeats).sigma
        self.pool.rules = [Rule(Table(tuple(map(float, x)), tuple(map(float, y))), sigma)]


__all__ = ["Data", "Piece", "Univariate"]
