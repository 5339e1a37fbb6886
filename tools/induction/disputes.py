"""Queries that tell live hypotheses apart: inputs on which the best rules still in the running disagree most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .cover import Cover, price, rule_bits
from .evidence import Evidence, rounding_error, scatter
from .probing import readable
from .rules import Rule
from .types import Floats

IN_THE_RUNNING_BITS = 40.0
"""How much worse than the leading rule, on the answers it explains, a rival may stand and still be asked about."""
DOUBTS = 8
"""How many inputs are asked at once about a disputed stretch."""
LEAST_DISPUTE = 0.2
"""Standard errors by which two rules must differ somewhere for the question to be worth a query."""


def leading(cover: Cover) -> int | None:
    """The rule that explains most answers."""
    counts = {k: int(np.sum(cover.labels == k)) for k in cover.rules_used}
    return max(counts, key=lambda k: counts[k]) if counts else None


def rivals(evidence: Evidence, rules: Sequence[Rule], cover: Cover) -> list[Rule]:
    """Rules that describe the leader's own answers nearly as well as it does, best first, two at most."""
    best = leading(cover)
    if best is None:
        return []
    a = evidence.arrays
    mine = np.isin(a.x, cover.x[cover.labels == best])
    s, measured = rounding_error(a.x, a.y)[mine], scatter(a.repeats).sigma

    def bits(rule: Rule) -> float:
        return float(np.sum(rule_bits(rule, a.x[mine], a.y[mine], s, measured))) + price(rule)

    limit = bits(rules[best]) + IN_THE_RUNNING_BITS
    scored = sorted((bits(r), k) for k, r in enumerate(rules) if k != best)
    return [rules[k] for b, k in scored if b <= limit][:2]


def disputed(
    evidence: Evidence, rules: Sequence[Rule], cover: Cover, rng: np.random.Generator, width: float
) -> list[float]:
    """Inputs inside the leader's stretches on which it and its rivals differ most, by the noise there; maybe none."""
    best = leading(cover)
    against = rivals(evidence, rules, cover)
    if best is None or not against:
        return []
    spans = [(s.first, s.last) for s in cover.stretches if s.label == best and s.first < s.last]
    if not spans:
        return []
    xs = np.concatenate([rng.uniform(low, high, 200) for low, high in spans])
    gap = np.max([_difference(rules[best], r, xs) for r in against], axis=0)
    order = np.argsort(-gap)[:DOUBTS]
    return [readable(float(xs[i]), width) for i in order if gap[i] > LEAST_DISPUTE]


def _difference(one: Rule, other: Rule, xs: Floats) -> Floats:
    """How many standard errors two rules lie apart at `xs`; 0 where either has no value."""
    a, b = one.value(xs), other.value(xs)
    scale = np.hypot(rounding_error(xs, np.nan_to_num(a)), max(one.sigma, other.sigma))
    with np.errstate(all="ignore"):
        apart = np.abs(a - b) / scale
    return np.where(np.isfinite(apart), apart, 0.0)
