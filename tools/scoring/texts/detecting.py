"""Detection and fuzzing scores as delphi defines them (arXiv:2410.13928, section 3)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .estimates import RESAMPLES, Estimate, Floats, ScoringError, as_floats, quantiles

APPLIES = 0.5
"""A degree above it says that the explanation applies."""


@dataclass(frozen=True, slots=True)
class Detected:
    """Balanced accuracy of a judge's decisions with its interval, and the two shares that it is the mean of."""

    balanced_accuracy: Estimate
    true_positive_rate: float
    true_negative_rate: float
    positives: int
    negatives: int


def detection(
    activating: Sequence[float] | Floats, others: Sequence[float] | Floats, rng: np.random.Generator
) -> Detected:
    """Does the judge, knowing the explanation alone, pick the activating examples out of a mixed lot?

    `activating` and `others` are the judge's degrees on texts that the module responds to and on texts that it does
    not. Chance is 0.5.
    """
    return _balanced(as_floats(activating, "degrees"), as_floats(others, "degrees"), rng)


def fuzzing(rightly: Sequence[float] | Floats, wrongly: Sequence[float] | Floats, rng: np.random.Generator) -> Detected:
    """Are the highlighted tokens the activating ones? Chance is 0.5.

    `rightly` are the judge's degrees on examples whose highlighted tokens are those the module responds to, `wrongly`
    where as many others are highlighted in their stead; `highlighted` makes both.
    """
    return _balanced(as_floats(rightly, "degrees"), as_floats(wrongly, "degrees"), rng)


def _balanced(positive: Floats, negative: Floats, rng: np.random.Generator) -> Detected:
    if not len(positive) or not len(negative):
        raise ScoringError(
            f"expected examples of both kinds, got {len(positive)} and {len(negative)}; give the judge some of each"
        )
    hits, rejections = positive > APPLIES, negative <= APPLIES
    value = float(hits.mean() + rejections.mean()) / 2
    low = high = math.nan
    if min(len(hits), len(rejections)) >= 2:
        # counting is enough: a resample of k hits among n is binomial; half a hit keeps perfect shares from certainty
        shares = [rng.binomial(len(a), _smoothed(a), RESAMPLES) / len(a) for a in (hits, rejections)]
        low, high = quantiles((shares[0] + shares[1]) / 2)
    return Detected(
        Estimate(value, min(low, value), max(high, value)),
        float(hits.mean()),
        float(rejections.mean()),
        len(hits),
        len(rejections),
    )


def _smoothed(decisions: np.ndarray) -> float:
    return (
        (float(decisions.sum()) + 0.5) / (len(decisions) + 1)
        if decisions.all() or not decisions.any()
        else float(decisions.mean())
    )
