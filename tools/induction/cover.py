"""Which rule holds where: the cheapest cover of the answers by rules on intervals (minimum description length)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .evidence import Evidence, rounding_error, scatter
from .expressions import constants, size
from .rules import BITS_PER_NODE, OUTLIER_BITS, Rule
from .types import Floats

UNEXPLAINED, UNDEFINED = -1, -2
SWITCH_BITS = 12.0


@dataclass(frozen=True)
class Stretch:
    """Consecutive answers under one label: a rule's index, UNEXPLAINED or UNDEFINED. Ends are asked inputs."""

    label: int
    first: float
    last: float
    count: int


@dataclass(frozen=True)
class Cover:
    stretches: tuple[Stretch, ...]
    labels: Floats
    x: Floats
    bits: float

    @property
    def unexplained(self) -> float:
        """The share of the answers that no rule explains."""
        return float(np.mean(self.labels == UNEXPLAINED)) if len(self.labels) else 1.0

    @property
    def rules_used(self) -> set[int]:
        return {s.label for s in self.stretches if s.label >= 0}

    def runs(self) -> list[Stretch]:
        return [s for s in self.stretches if s.label == UNEXPLAINED]


NOISE_DIGITS_BITS = 16.0
"""What an answer with the noise that repeats show costs more than one that a rule gives exactly."""


def open_digits(sigma: Floats | float, s: Floats, measured: float) -> Floats:
    """Bits for the digits that noise of `sigma` leaves open, down to a fixed fraction of the `measured` noise."""
    finest = np.maximum(s, (measured or float(np.max(sigma))) * 2.0**-NOISE_DIGITS_BITS)
    return np.asarray(np.log2(np.maximum(sigma, finest) / finest))


def rule_bits(rule: Rule, x: Floats, y: Floats, s: Floats, measured: float = 0.0) -> Floats:
    """Bits to say each answer given the rule; noise is paid for by the digits it leaves open."""
    z = rule.misfit(x, y, s)
    bits = np.where(z < 8.0, 0.72 * z**2, 50.0 + np.log2(np.clip(z, 1.0, 1e30)))
    if rule.sigma > 0:
        bits = bits + open_digits(rule.sigma, s, measured)
    return np.asarray(bits)


def price(rule: Rule) -> float:
    """Bits to state the rule itself."""
    return BITS_PER_NODE * size(rule.expression) + 14.0 * len(constants(rule.expression))


def cover(evidence: Evidence, pool: Sequence[Rule]) -> Cover:
    """Label every answer so that rules, switches and leftovers together cost least (dynamic programming)."""
    arrays = evidence.arrays
    x = np.concatenate([arrays.x, arrays.undefined])
    order = np.argsort(x, kind="stable")
    real = np.concatenate([np.ones(len(arrays.x), bool), np.zeros(len(arrays.undefined), bool)])[order]
    s = rounding_error(arrays.x, arrays.y)
    costs = np.full((len(pool) + 2, len(x)), np.inf)
    spread = scatter(arrays.repeats)
    steady = np.isin(arrays.x, spread.steady)
    for k, rule in enumerate(pool):
        told = rule_bits(rule, arrays.x, arrays.y, s, spread.sigma)
        # Noise does not answer twice alike (but for the whole numbers of counting noise, which cost a few bits).
        costs[k, real] = told + np.where(steady, 0.0 if rule.sigma == 0 else OUTLIER_BITS + 10.0, 0.0)
    costs[-2, real] = OUTLIER_BITS  # row of UNEXPLAINED
    costs[-1, ~real] = 0.0  # row of UNDEFINED
    labels, bits = _thrifty(costs, np.array([price(r) for r in pool]))
    named = np.where(labels == len(pool), UNEXPLAINED, np.where(labels == len(pool) + 1, UNDEFINED, labels))
    return Cover(_stretches(x[order], named), named, x[order], bits)


def _thrifty(costs: Floats, prices: Floats) -> tuple[Floats, float]:
    """The cheapest labels when a rule is paid for once, however often the cover returns to it.

    What dynamic programming finds when every entry costs the full price is relabelled with the rules it uses, and
    rules are left out as long as that is cheaper.
    """
    n = len(prices)
    labels, _ = _cheapest(costs, np.concatenate([SWITCH_BITS + prices, [4.0, SWITCH_BITS]]))
    kept = [k for k in range(n) if np.any(labels == k)]
    labels, bits = _with_rules(costs, prices, kept)
    while len(kept) > 1:
        trials = [[k for k in kept if k != out] for out in kept]
        outcomes = [_with_rules(costs, prices, trial) for trial in trials]
        best = min(range(len(trials)), key=lambda i: outcomes[i][1])
        if outcomes[best][1] >= bits:
            break
        kept, (labels, bits) = trials[best], outcomes[best]
    return labels, bits


def _with_rules(costs: Floats, prices: Floats, kept: Sequence[int]) -> tuple[Floats, float]:
    """Labels and bits with these rules only, each paid for once if it is used."""
    n = len(prices)
    rows = [*kept, n, n + 1]
    labels, bits = _cheapest(costs[rows], np.array([SWITCH_BITS] * len(kept) + [4.0, SWITCH_BITS]))
    labels = np.array(rows)[labels.astype(int)]
    return labels, bits + float(sum(prices[k] for k in kept if np.any(labels == k)))


def _cheapest(costs: Floats, entry: Floats) -> tuple[Floats, float]:
    states, n = costs.shape
    if n == 0:
        return np.zeros(0, int), 0.0
    back = np.zeros((n, states), int)
    best = costs[:, 0] + entry
    for i in range(1, n):
        cheapest = int(np.argmin(best))
        stay = best <= best[cheapest] + entry
        back[i] = np.where(stay, np.arange(states), cheapest)
        best = np.where(stay, best, best[cheapest] + entry) + costs[:, i]
    labels = np.zeros(n, int)
    labels[-1] = int(np.argmin(best))
    for i in range(n - 1, 0, -1):
        labels[i - 1] = back[i, labels[i]]
    return labels, float(best.min())


def _stretches(x: Floats, labels: Floats) -> tuple[Stretch, ...]:
    if len(x) == 0:
        return ()
    edges = np.flatnonzero(np.diff(labels)) + 1
    parts = np.split(np.arange(len(x)), edges)
    return tuple(Stretch(int(labels[p[0]]), float(x[p[0]]), float(x[p[-1]]), len(p)) for p in parts)
