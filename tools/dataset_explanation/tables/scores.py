"""Scores of predictions on held-out rows: R² or AUC with bootstrap intervals, and what is lost without a feature."""

from __future__ import annotations

import math

import numpy as np

from ...scoring.texts import Estimate, auc, estimate_auc
from ...scoring.texts.estimates import counts, quantiles, stratified_counts
from ...scoring.texts.ranks import auc_rows
from ..types import Floats, Kind


def score(y: Floats, predicted: Floats, kind: Kind) -> float:
    """R² of a number, AUC of two groups."""
    if kind == "groups":
        return auc(predicted, y > 0.5)
    return float(1 - ((y - predicted) ** 2).sum() / max(float(((y - y.mean()) ** 2).sum()), 1e-300))


def estimate_score(y: Floats, predicted: Floats, kind: Kind, rng: np.random.Generator) -> Estimate:
    """`score` with its 95 % bootstrap interval."""
    if kind == "groups":
        return estimate_auc(predicted, y > 0.5, rng)
    drawn = np.concatenate([_r2_rows(y, predicted, weights) for weights in counts(len(y), rng)])
    return Estimate(score(y, predicted, kind), *quantiles(drawn))


def _r2_rows(y: Floats, predicted: Floats, weights: Floats) -> Floats:
    total = weights.sum(axis=1)
    centred = y - y.mean()
    mean = weights @ centred / total
    spread = weights @ centred**2 - total * mean**2
    with np.errstate(all="ignore"):
        return np.asarray(1 - (weights @ (y - predicted) ** 2) / np.where(spread > 0, spread, np.nan))


def losses(y: Floats, predicted: Floats, kind: Kind) -> Floats:
    """What each row costs: its squared error, or minus the log of the probability of what is right."""
    if kind == "number":
        return (y - predicted) ** 2
    sure = np.clip(predicted, 1e-6, 1 - 1e-6)
    return -np.where(y > 0.5, np.log(sure), np.log1p(-sure))


def importance(
    y: Floats, predicted: Floats, without: Floats, kind: Kind, rng: np.random.Generator
) -> tuple[Estimate, float]:
    """(score lost without a feature, one-sided p-value that there is no loss), on held-out rows.

    `without` are the predictions of a model fitted without it. The interval is the bootstrap's over rows; p is from the
    losses of single rows, paired, by the normal distribution.
    """
    from scipy.stats import norm

    extra = losses(y, without, kind) - losses(y, predicted, kind)
    spread = float(extra.std(ddof=1)) / math.sqrt(len(extra))
    p_value = 1.0 if spread == 0 else float(norm.sf(extra.mean() / spread))
    drawn = []
    for weights in stratified_counts(y > 0.5, rng) if kind == "groups" else counts(len(y), rng):
        both = [_score_rows(y, one, kind, weights) for one in (predicted, without)]
        drawn.append(both[0] - both[1])
    value = score(y, predicted, kind) - score(y, without, kind)
    return Estimate(value, *quantiles(np.concatenate(drawn))), p_value


def _score_rows(y: Floats, predicted: Floats, kind: Kind, weights: Floats) -> Floats:
    if kind == "groups":
        return auc_rows(predicted, y > 0.5, weights)
    return _r2_rows(y, predicted, weights)
