"""Finding the rules in play: searches on the whole, on windows, and on what the rules so far leave unexplained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from .cover import UNDEFINED, UNEXPLAINED, Cover, Stretch, cover, price
from .evidence import Evidence, rounding_error, scatter
from .expressions import Expression, constants, evaluate, total
from .fitting import Data, polish
from .rules import Clock, Level, Rule, candidates, extended, noisy, ordinary, quick, with_steps
from .snapping import snap
from .windows import WINDOWS, Window, change_windows, data_of, shares, steady_runs
from .words import polynomial_degree

DEEP_SEARCHES = 1
"""How often compositions are sought before the search is called exhausted."""
SHALLOW: tuple[tuple[Level, tuple[Window, ...]], ...] = (
    (quick, WINDOWS),
    (ordinary, WINDOWS[:1]),
    (quick, ()),
    (ordinary, WINDOWS[1:4]),
)
"""What is sought where before compositions are (no shares: between abrupt changes). A second look takes two steps."""
HOPELESS, MANY_RUNS = 0.7, 6
"""With more than this left unexplained, in more pieces than this, pieces are not searched one by one."""
MANY_LINES = 4
"""Different straight lines that together are taken for a piecewise linear function."""


class Pool:
    """The rules found so far. `cover` says where each holds."""

    def __init__(self, evidence: Evidence, clock: Clock) -> None:
        self.evidence = evidence
        self.clock = clock
        self.rules: list[Rule] = []
        self.deep = self.peeled = 0
        self._searched: set[tuple[str, int, float, float]] = set()

    def cover(self) -> Cover:
        return cover(self.evidence, self.rules)

    def add(self, rule: Rule) -> None:
        """Keep `rule` unless one that is no longer says the same of every answer so far."""
        a = self.evidence.arrays
        s = np.hypot(rounding_error(a.x, a.y), 0.1 * rule.sigma)
        mine = rule.value(a.x)
        for k, other in enumerate(self.rules):
            if (other.sigma > 0) != (rule.sigma > 0):
                continue
            with np.errstate(all="ignore"):
                same = np.abs(other.value(a.x) - mine) <= 2.0 * s
            if np.all(same | ~np.isfinite(mine)):
                if price(rule) < price(other):
                    self.rules[k] = rule
                return
        self.rules.append(rule)

    def search_deeper(self) -> Cover:
        """Compositions on the whole at once: simple rules have left too much."""
        self.deep += 1
        self._windows(shares(self.evidence, WINDOWS[:1]), (extended,))
        return self.leftovers()

    def search(self, *, deep: bool = False) -> Cover:
        """Widen the search until the cover is good: quick families everywhere, then named ones, then compositions."""
        arrays = self.evidence.arrays
        if len(arrays.x) < 6:
            return self.cover()
        spread = scatter(arrays.repeats)
        if len(spread.varying) > len(spread.steady):
            return self._search_noisy(spread.sigma)
        for level, parts in SHALLOW[:2] if deep else SHALLOW:
            windows = shares(self.evidence, parts) if parts else change_windows(self.evidence, 4)
            self._windows(windows, (level,))
            best = self.cover()
            if good(best, self.rules) and (level is not quick or self._plain(best)):
                return best
            if level is ordinary and self._many_lines(best):
                self.deep = DEEP_SEARCHES
                return best
        if best.unexplained < HOPELESS and len(best.runs()) <= MANY_RUNS:
            best = self.leftovers()
        if good(best, self.rules) or self.exhausted or not deep:
            return best
        return self.search_deeper()

    @property
    def exhausted(self) -> bool:
        """Whether compositions have been sought often enough: more of the same would cost time and find nothing."""
        return self.deep >= DEEP_SEARCHES

    def _many_lines(self, best: Cover) -> bool:
        """Whether the answers follow many straight lines: a table says that better than any composition."""
        lines = {
            k for k in best.rules_used if self.rules[k].sigma == 0 and polynomial_degree(self.rules[k].expression) == 1
        }
        share = float(np.mean(np.isin(best.labels, sorted(lines)))) if lines else 0.0
        return len(lines) >= MANY_LINES and share > 0.4

    def _plain(self, best: Cover) -> bool:
        """Whether no rule in use has many constants, or all of them are short decimals: no smooth stand-in."""
        a = self.evidence.arrays
        s = rounding_error(a.x, a.y)
        owner = best.labels[np.isin(best.x, a.x)]
        for k in best.rules_used:
            if self.rules[k].freedom <= 3:
                continue
            mine = owner == k
            data = Data(a.x[mine], a.y[mine], s[mine])
            numbers = [c.value for c in constants(snap(polish(self.rules[k].expression, data)[0], data))]
            if any(float(f"{v:.4g}") != v for v in numbers):
                return False
        return True

    def _search_noisy(self, sigma: float) -> Cover:
        """Rules under noise everywhere: one for all if it leaves no more than the noise, else breaks, else depth."""
        self._windows(steady_runs(self.evidence), (quick, ordinary))
        self._windows(shares(self.evidence, WINDOWS[:1]), (quick, noisy))
        best = self.cover()
        for count in (1, 2, 3):
            if self._only_noise_left(best, sigma):
                return best
            self._windows(change_windows(self.evidence, count), (quick,))
            self.sharpen()
            best = self.cover()
        if not self._only_noise_left(best, sigma) and not self.exhausted:
            self.deep += 1
            self._windows(shares(self.evidence, WINDOWS[:1]), (extended,))
            best = self.cover()
        return best

    def _only_noise_left(self, best: Cover, sigma: float) -> bool:
        """Whether every rule in use leaves about what repeats at one input leave."""
        freedom = max(sum(len(r) - 1 for r in self.evidence.arrays.repeats.values()), 1)
        allowed = sigma * (1.0 + 1.5 / np.sqrt(freedom)) + 1e-300
        return best.unexplained < 0.02 and all(self.rules[k].sigma <= allowed for k in best.rules_used)

    def leftovers(self) -> Cover:
        """Search each run that no rule explains, with what its own repeats say of noise."""
        best = self.cover()
        for _ in range(2):
            before = len(self.rules)
            for run in best.runs():
                if run.first == run.last:
                    continue
                if run.count >= 5:
                    self._seek(run.first, run.last, (quick, ordinary))
                if run.count >= 7 and len(self.rules) == before:
                    self._seek(*self._within(run), (quick, ordinary))
                if run.count >= 2 and len(self.rules) == before:
                    self._seek(*self._around(run, 10), (ordinary,))
            if len(self.rules) == before:
                break
            best = self.cover()
        self.peel(best)
        return self.cover()

    def peel(self, best: Cover) -> None:
        """What the main rule leaves elsewhere: a part may be added to it there, or vanish where it was found."""
        shares = {k: int(np.sum(best.labels == k)) for k in best.rules_used if self.rules[k].sigma == 0}
        if not shares:
            return
        main = self.rules[max(shares, key=lambda k: shares[k])]
        places = [s for s in best.stretches if s.label != UNDEFINED and s.count >= 5 and s.first < s.last]
        for s in places:
            if s.label == UNEXPLAINED or (
                s.label >= 0 and self.rules[s.label].freedom >= 4 and self.rules[s.label] != main
            ):
                self._seek_on_top(main, s.first, s.last, (quick,))
        if best.unexplained > 0.03 and self.peeled < 2:
            self.peeled += 1
            self._seek_on_top(main, -np.inf, np.inf, (quick, ordinary))

    def _seek_on_top(self, main: Rule, low: float, high: float, levels: Sequence[Level]) -> None:
        data, sigma = data_of(self.evidence, low, high)
        base = main.value(data.x)
        key = (repr(main.expression), len(data), low, high)
        if sigma > 0 or len(data) < 5 or not np.all(np.isfinite(base)) or key in self._searched:
            return
        self._searched.add(key)
        left = data.y - base
        left = np.where(np.abs(left) < 4.0 * data.s, 0.0, left)
        for found in fits(Data(data.x, left, data.s), 0.0, levels, self.clock):
            if found.freedom <= 4:
                expression, _ = polish(total(main.expression, found.expression), data)
                self.add(Rule(expression))

    def _within(self, run: Stretch) -> tuple[float, float]:
        """The run without its first and last input, either of which may be odd."""
        x = np.unique(self.evidence.arrays.x)
        i, j = np.searchsorted(x, [run.first, run.last])
        return float(x[i + 1]), float(x[j - 1])

    def _around(self, run: Stretch, n: int) -> tuple[float, float]:
        """The run with `n` answers more on either side."""
        x = np.unique(self.evidence.arrays.x)
        i, j = np.searchsorted(x, [run.first, run.last])
        return float(x[max(0, i - n)]), float(x[min(len(x) - 1, j + n)])

    def _windows(self, windows: Sequence[Window], levels: Sequence[Level]) -> None:
        for low, high in windows:
            if self.clock():
                return
            self._seek(low, high, levels)

    def _seek(self, low: float, high: float, levels: Sequence[Level]) -> None:
        data, sigma = data_of(self.evidence, low, high)
        key = (",".join(level.__name__ for level in levels), len(data), low, high)
        if len(data) < 5 or key in self._searched:
            return
        self._searched.add(key)
        for found in fits(data, sigma, levels, self.clock):
            self.add(found)

    def sharpen(self) -> None:
        """Fit every rule again on all the answers it explains."""
        a = self.evidence.arrays
        s = rounding_error(a.x, a.y)
        best = self.cover()
        owner = best.labels[np.isin(best.x, a.x)] if len(a.undefined) else best.labels
        for k in best.rules_used:
            mask = owner == k
            rule = self.rules[k]
            data = Data(a.x[mask], a.y[mask], np.hypot(s[mask], rule.sigma))
            expression, _ = polish(rule.expression, data)
            expression = with_steps(expression, data)
            sigma = rule.sigma
            if sigma > 0:
                sigma = residual_sigma(expression, data, rule.freedom)
            self.rules[k] = Rule(expression, sigma)


def residual_sigma(expression: Expression, data: Data, freedom: int) -> float:
    """Standard deviation of what the expression leaves, with far outliers left out."""
    r = np.abs(evaluate(expression, data.x) - data.y)
    r = r[r <= 6.0 * np.median(r) / 0.6745 + 1e-300]
    return float(np.sqrt(np.sum(r**2) / max(len(r) - freedom, 1)))


def fits(data: Data, sigma: float, levels: Sequence[Level], clock: Clock) -> Iterator[Rule]:
    """Rules worth keeping for `data`: exact ones where there is no noise, else the best few by description length."""
    found = candidates(data, levels, clock)
    if sigma == 0:
        for expression in found[:3]:
            rule = Rule(expression)
            if int(np.sum(rule.misfit(data.x, data.y, data.s) < 6.0)) >= max(rule.freedom + 4, 0.6 * len(data)):
                yield rule
        return
    for expression in found[:4]:
        rule = Rule(expression)
        yield Rule(expression, residual_sigma(expression, data, rule.freedom))


def good(best: Cover, rules: Sequence[Rule]) -> bool:
    """Few simple rules that explain most of what was asked, each with answers to spare."""
    used = best.rules_used
    if not used or len(used) > 3 or best.unexplained > 0.35:
        return False
    for k in used:
        count = int(np.sum(best.labels == k))
        if rules[k].sigma > 0 and count > 0.5 * len(best.labels):
            return False
        if rules[k].sigma == 0 and count < 3 * rules[k].freedom + 3:
            return False
    return len(best.stretches) <= 8
