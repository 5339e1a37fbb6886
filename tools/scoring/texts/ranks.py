"""AUC and Spearman's correlation, for many resamples at once: a resample is how often each text counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .estimates import Floats

Bools = NDArray[np.bool_]


def auc(degrees: Floats, positive: Bools) -> float:
    """The probability that a positive text has the higher degree than another, ties counting half; NaN if one class."""
    return float(auc_rows(degrees, positive, np.ones((1, len(degrees))))[0])


def auc_rows(degrees: Floats, positive: Bools, weights: Floats) -> Floats:
    """`auc` under each row of `weights` (rows, texts): how often each text counts. NaN where a class is empty."""
    order = np.argsort(degrees, kind="stable")
    starts = _group_starts(degrees[order])
    sorted_weights, sorted_positive = weights[:, order], positive[order]
    inside = np.add.reduceat(sorted_weights * sorted_positive, starts, axis=1)
    outside = np.add.reduceat(sorted_weights * ~sorted_positive, starts, axis=1)
    below = np.cumsum(outside, axis=1) - outside
    pairs = inside.sum(axis=1) * outside.sum(axis=1)
    with np.errstate(all="ignore"):
        return np.asarray((inside * (below + outside / 2)).sum(axis=1) / np.where(pairs > 0, pairs, np.nan))


def spearman(first: Floats, second: Floats) -> float:
    """The correlation of midranks; NaN where one of both is constant."""
    return float(spearman_rows(first, second, np.ones((1, len(first))))[0])


def spearman_rows(first: Floats, second: Floats, weights: Floats) -> Floats:
    """`spearman` under each row of `weights` (rows, texts). NaN where one of both is constant."""
    total = weights.sum(axis=1, keepdims=True)
    x, y = (midranks(values, weights) - (total + 1) / 2 for values in (first, second))
    covariance = (weights * x * y).sum(axis=1)
    spread = np.sqrt((weights * x * x).sum(axis=1) * (weights * y * y).sum(axis=1))
    with np.errstate(all="ignore"):
        return np.asarray(covariance / np.where(spread > 1e-9, spread, np.nan))


def midranks(values: Floats, weights: Floats) -> Floats:
    """(rows, texts): each text's mean rank among the texts of its row, a text of weight w standing there w times."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = _group_starts(ordered)
    grouped = np.add.reduceat(weights[:, order], starts, axis=1)
    ranks = np.cumsum(grouped, axis=1) - grouped + (grouped + 1) / 2
    owners = np.cumsum(np.isin(np.arange(len(values)), starts)) - 1
    found = np.empty_like(weights)
    found[:, order] = ranks[:, owners]
    return found


def _group_starts(ordered: Floats) -> NDArray[np.intp]:
    """Where runs of equal values begin in `ordered`."""
    return np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
