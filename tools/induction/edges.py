"""Where one rule gives way to another: bisection, with a guess at the short decimal a person would have written."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ..black_boxes.types import Interval
from .cover import UNDEFINED, UNEXPLAINED, Cover, Stretch
from .decimals import decimal_places, shortest_between
from .evidence import rounding_error
from .pool import Pool
from .probing import readable

EDGE_PRECISION = 1e-5
"""Share of the domain to which a change of rule is located when no short decimal explains it."""
NO_FIT = 8.0
"""Standardized residual from which an answer belongs to neither of two rules."""
NOISY_ASKS = 4
"""How often an input is asked, at most, to tell two rules apart through noise."""


class Edges:
    """The edges found so far: bracket of inputs → (edge, whether the edge itself belongs to the left rule)."""

    def __init__(
        self, pool: Pool, interval: Interval, ask: Callable[[list[float], str], int], queries_left: Callable[[], int]
    ) -> None:
        self.pool = pool
        self.interval = interval
        self.width = interval.width
        self.ask = ask
        self.queries_left = queries_left
        self.found: dict[tuple[float, float], tuple[float, bool]] = {}

    def resolve(self, cover: Cover) -> None:
        """Narrow down every change of rule that is not located yet."""
        if len(cover.stretches) > 24:
            return
        for a, b in zip(cover.stretches, cover.stretches[1:]):
            if UNEXPLAINED in (a.label, b.label) or a.label == b.label:
                continue
            if any(a.last <= e <= b.first for e, _ in self.found.values()):
                continue
            self._bisect(a, b)

    def _bisect(self, a: Stretch, b: Stretch) -> None:
        low, high = a.last, b.first
        start = (low, high)
        tried: set[float] = set()
        while high - low > EDGE_PRECISION * self.width and self.queries_left() > 0:
            if self.interval.integer and high - low <= 1:
                break
            crossing = self._crossing(a.label, b.label, low, high)
            if crossing is not None:
                self.found[start] = (crossing, True)
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
                    self.found[start] = (guess, bool(at and at[0]))
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
        self.found[start] = (edge, edge < high)

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
        self.ask([x for x in xs if not self.pool.evidence.known(x)], "where one rule gives way to another")
        out = []
        for x in xs:
            fit_a, fit_b = self._misfit(a, x), self._misfit(b, x)
            for _ in range(NOISY_ASKS - 1):
                if not (self._noisy(a) and self._noisy(b)) or abs(fit_a - fit_b) > 3.0:
                    break
                self.ask([x], "where one rule gives way to another, through noise")
                fit_a, fit_b = self._misfit(a, x), self._misfit(b, x)
            if min(fit_a, fit_b) > NO_FIT:
                return None
            out.append(fit_a <= fit_b)
        return out

    def _noisy(self, label: int) -> bool:
        return label >= 0 and self.pool.rules[label].sigma > 0

    def _misfit(self, label: int, x: float) -> float:
        arrays = self.pool.evidence.arrays
        if x not in arrays.places:
            return math.inf
        ys = np.array([r.number for r in arrays.places[x]])
        if label == UNDEFINED:
            return 0.0 if np.all(np.isnan(ys)) else math.inf
        if np.any(np.isnan(ys)):
            return math.inf
        rule = self.pool.rules[label]
        s = rounding_error(arrays.x, arrays.y)[np.searchsorted(arrays.x, x)]
        each = rule.misfit(np.full(len(ys), x), ys, np.full(len(ys), s))
        # Together, repeats tell more than one: the root of their summed squares, less what noise alone brings.
        together = math.sqrt(max(float(np.sum(np.minimum(each, 1e9) ** 2)) - len(ys) + 1, 0.0))
        return together + (1.0 if rule.sigma > 0 else 0.0)
