"""The effect of a concept: how far texts with it move a module, in standard deviations of its response."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from .estimates import CONFIDENCE, RESAMPLES, Estimate, Floats, ScoringError, as_floats


def effect(
    with_: Sequence[float] | Floats, without: Sequence[float] | Floats, spread: float, rng: np.random.Generator
) -> Estimate:
    """(mean response to texts with the concept − mean without) / `spread`: SASC's score (arXiv:2305.09863, section 2).

    `spread` is the standard deviation of the module's response over the corpus, taken as known. The interval is the
    studentized bootstrap's, both groups resampled. Responses that are NaN are left out.
    """
    if not (math.isfinite(spread) and spread > 0):
        raise ScoringError(
            f"expected a spread above 0 (the standard deviation of the module's response), got {spread}; a module that "
            "answers the same to every text has no effects"
        )
    inside, outside = (as_floats(v, w) for v, w in ((with_, "responses with"), (without, "responses without")))
    inside, outside = inside[np.isfinite(inside)], outside[np.isfinite(outside)]
    if not len(inside) or not len(outside):
        raise ScoringError(
            f"expected responses to texts with and without the concept, got {len(inside)} and {len(outside)}; "
            "give both some texts"
        )
    value = (float(inside.mean()) - float(outside.mean())) / spread
    low, high = _interval(inside / spread, outside / spread, rng)
    return Estimate(value, low, high)


def _interval(inside: Floats, outside: Floats, rng: np.random.Generator) -> tuple[float, float]:
    if min(len(inside), len(outside)) < 2:
        return math.nan, math.nan
    difference, error = _moments(inside[None, :], outside[None, :])
    if min(np.ptp(inside), np.ptp(outside)) == 0.0:
        return _beside_constant(inside, outside, float(difference[0]))
    differences, errors = _moments(
        inside[rng.integers(0, len(inside), (RESAMPLES, len(inside)))],
        outside[rng.integers(0, len(outside), (RESAMPLES, len(outside)))],
    )
    sound = errors > 1e-3 * error[0]
    if sound.mean() < 0.9:  # hardly any variation is left in a resample: plain percentiles
        tail = 50.0 * (1.0 - CONFIDENCE)
        low, high = np.percentile(differences, [tail, 100.0 - tail])
        return float(low), float(high)
    t = (differences[sound] - difference[0]) / errors[sound]
    tail = 50.0 * (1.0 - CONFIDENCE)
    low_t, high_t = np.percentile(t, [tail, 100.0 - tail])
    return float(difference[0] - high_t * error[0]), float(difference[0] - low_t * error[0])


def _beside_constant(inside: Floats, outside: Floats, value: float) -> tuple[float, float]:
    """The normal interval where a group answers the same throughout, which resamples take for certain.

    Such a group counts as if two of its texts had answered otherwise, as far off as any response seen (as Agresti and
    Coull do for shares, 1998).
    """
    from scipy.stats import norm

    width = float(np.ptp(np.concatenate([inside, outside])))
    squared = 0.0
    for group in (inside, outside):
        n = len(group)
        if np.ptp(group) == 0.0:
            share = 2 / (n + 4)
            squared += width**2 * share * (1 - share) / (n + 4)
        else:
            squared += float(group.var(ddof=1)) / n
    reach = float(norm.ppf(0.5 + CONFIDENCE / 2)) * math.sqrt(squared)
    return value - reach, value + reach


def _moments(inside: Floats, outside: Floats) -> tuple[Floats, Floats]:
    """Difference of means and its standard error, for each row."""
    errors = inside.var(axis=1, ddof=1) / inside.shape[1] + outside.var(axis=1, ddof=1) / outside.shape[1]
    return inside.mean(axis=1) - outside.mean(axis=1), np.sqrt(errors)
