"""Scores of predictions on held-out rows: R² or AUC with bootstrap intervals, and what a feature's loss costs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ...scoring.texts import Estimate, auc, estimate_auc
from ...scoring.texts.estimates import counts, quantiles
from ..types import Feature, Floats, Kind
from .design import take
from .models import Model

SHUFFLES = 8


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
    model: Model, features: Sequence[Feature], number: int, y: Floats, kind: Kind, rng: np.random.Generator
) -> tuple[Estimate, float]:
    """(score lost where the feature is dealt out at random, one-sided p-value that there is no loss), held-out rows.

    The interval is the bootstrap's over rows; p is from the losses of single rows, paired, by the normal distribution.
    """
    from scipy.stats import norm

    predicted = model.predict(features)
    dealt = []
    for _ in range(SHUFFLES):
        changed = list(features)
        changed[number] = take(features[number], rng.permutation(len(y)))
        dealt.append(model.predict(changed))
    extra = np.mean([losses(y, other, kind) for other in dealt], axis=0) - losses(y, predicted, kind)
    spread = float(extra.std(ddof=1)) / math.sqrt(len(extra))
    p_value = 1.0 if spread == 0 else float(norm.sf(extra.mean() / spread))
    value = score(y, predicted, kind) - float(np.mean([score(y, other, kind) for other in dealt]))
    return Estimate(value, *_interval(y, predicted, dealt, kind, rng)), p_value


def _interval(
    y: Floats, predicted: Floats, dealt: Sequence[Floats], kind: Kind, rng: np.random.Generator
) -> tuple[float, float]:
    if kind == "number":
        mean_loss = np.mean([(y - other) ** 2 for other in dealt], axis=0) - (y - predicted) ** 2
        centred = (y - y.mean()) ** 2
        drawn = np.concatenate([(w @ mean_loss) / np.maximum(w @ centred, 1e-300) for w in counts(len(y), rng)])
        return quantiles(drawn)
    from ...scoring.texts.estimates import stratified_counts
    from ...scoring.texts.ranks import auc_rows

    found = []
    for weights in stratified_counts(y > 0.5, rng):
        own = auc_rows(predicted, y > 0.5, weights)
        found.append(own - np.mean([auc_rows(other, y > 0.5, weights) for other in dealt[:3]], axis=0))
    return quantiles(np.concatenate(found))
