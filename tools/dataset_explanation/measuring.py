"""Measuring candidates on held-out texts: shares, gaps, AUC, permutation p-values for all of them at once."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..scoring.texts import Estimate, auc, estimate_auc, spearman
from .candidates import CUT
from .types import Bools, Floats, Target

PERMUTATIONS = 20_000
_RESAMPLES = 2_000
_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Measured:
    """One candidate on one half. `gap` and `auc` favour A (or higher numbers) where above 0 and 0.5."""

    share_a: float
    share_b: float
    gap: Estimate
    auc: Estimate
    correlation: Estimate | None


def measure(degrees: Floats, applies: Bools, target: Target, rng: np.random.Generator) -> Measured:
    """Shares, gap and AUC with 95 % bootstrap intervals (texts resampled within either group)."""
    high = target.high
    share_a, share_b = float(applies[high].mean()), float(applies[~high].mean())
    found = None
    if target.kind == "number":
        found = correlation(degrees, target.values, rng)
    return Measured(share_a, share_b, measure_gap(applies, target, rng), estimate_auc(degrees, high, rng), found)


def measure_gap(applies: Bools, target: Target, rng: np.random.Generator) -> Estimate:
    """The share of A that a phrase applies to less that of B, with its 95 % bootstrap interval."""
    high = target.high
    share_a, share_b = float(applies[high].mean()), float(applies[~high].mean())
    drawn = _shares(share_a, int(high.sum()), rng) - _shares(share_b, int((~high).sum()), rng)
    low, up = np.percentile(drawn, [2.5, 97.5])
    return Estimate(share_a - share_b, float(low), float(up))


def strength(degrees: Floats, target: Target, signs: Floats) -> Floats:
    """(candidates,) what candidates are ranked by, in the direction of `signs`: the mean of the effect of the degrees
    and of the gap of the shares. Either alone misleads: degrees may part texts to hardly any of which a phrase applies.
    """
    high, yes = target.high, degrees > CUT
    gaps = yes[high].mean(axis=0) - yes[~high].mean(axis=0)
    return np.asarray(signs * (effects(degrees, target) + gaps) / 2)


def _shares(share: float, n: int, rng: np.random.Generator) -> Floats:
    """Bootstrap draws of a share: resampling n yes and no answers is a binomial draw.

    A share of 0 or 1 is drawn with half an answer against it, since what was not seen may still be.
    """
    sure = share in (0.0, 1.0)
    return np.asarray(rng.binomial(n, (share * n + 0.5) / (n + 1) if sure else share, _RESAMPLES) / n)


def correlation(degrees: Floats, values: Floats, rng: np.random.Generator) -> Estimate:
    """Spearman's correlation with a 95 % bootstrap interval."""
    from ..scoring.texts.estimates import counts, quantiles
    from ..scoring.texts.ranks import spearman_rows

    value = spearman(degrees, values)
    if math.isnan(value):
        return Estimate(0.0, math.nan, math.nan)
    drawn = np.concatenate([spearman_rows(degrees, values, w) for w in counts(len(degrees), rng)])
    return Estimate(value, *quantiles(drawn))


def effects(degrees: Floats, target: Target) -> Floats:
    """(candidates,) effect of each column of `degrees` (texts, candidates), in -1..1: 2·AUC - 1, or Spearman's."""
    if target.kind == "number":
        found = [spearman(column, target.values) for column in degrees.T]
    else:
        found = [2 * auc(column, target.high) - 1 for column in degrees.T]
    return np.nan_to_num(np.array(found, dtype=np.float64))


def permutation_p_values(degrees: Floats, target: Target, rng: np.random.Generator) -> Floats:
    """(candidates,) two-sided p-values: how often the target, dealt out at random, goes as well with the degrees.

    The statistic is the rank sum of A (of a number, the covariance of ranks). One dealing serves all candidates; p is
    never below 1 / (permutations + 1).
    """
    from scipy.stats import rankdata

    ranks = rankdata(degrees, axis=0)
    ranks = ranks - ranks.mean(axis=0)
    values = target.high.astype(float) if target.kind == "groups" else rankdata(target.values)
    values = values - values.mean()
    seen = np.abs(values @ ranks) * (1 - 1e-9) - 1e-9
    hits = np.zeros(ranks.shape[1])
    for _ in range(PERMUTATIONS // _ROWS):
        dealt = rng.permuted(np.broadcast_to(values, (_ROWS, len(values))), axis=1)
        hits += (np.abs(dealt @ ranks) >= seen).sum(axis=0)
    return np.asarray((1 + hits) / (1 + PERMUTATIONS))
