"""A Patchscope beside its controls: the difference with a bootstrap interval, and what it says in plain words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .errors import PatchscopeError

Metric = Literal["precision@1", "answers found", "surprisal"]
Unit = Literal["source layers", "prompts", "positions"]
RESAMPLES = 2000
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its percentile bootstrap interval; `low` and `high` are NaN where there is one unit only."""

    value: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        return math.isfinite(self.low)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A target and a control, measured on the same hidden states.

    `difference` is oriented so that more is better for the target: precision of the target less the control's,
    surprisal (in nats) of the control less the target's. Its interval resamples `count` `units`.
    """

    metric: Metric
    control: str
    target_value: float
    control_value: float
    difference: Estimate
    units: Unit
    count: int

    @property
    def target_does_better(self) -> bool:
        """Whether the whole interval lies above 0."""
        return self.difference.known and self.difference.low > 0


def estimate(values: NDArray[np.float64], *, seed: int = 0) -> Estimate:
    """Mean of `values` (units,) with a 95 % percentile bootstrap interval over the units."""
    low, high = bands(np.asarray(values, dtype=np.float64)[:, None], seed=seed)
    return Estimate(float(np.mean(values)), float(low[0]), float(high[0]))


def bands(values: NDArray[np.float64], *, seed: int = 0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(low, high) of the mean over units of `values` (units, series), each (series,); whole units are resampled."""
    from scipy.stats import bootstrap

    if len(values) < 2:
        unknown = np.full(values.shape[1], math.nan)
        return unknown, unknown
    found: Any = bootstrap(
        (values,),
        np.mean,
        axis=0,
        n_resamples=RESAMPLES,
        batch=100,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(seed),
    )
    return found.confidence_interval.low, found.confidence_interval.high


def compare(
    metric: Metric, control: str, target: NDArray[np.float64], other: NDArray[np.float64], units: Unit, *, seed: int = 0
) -> Comparison:
    """Compare values (units,) of a target with a control's on the same units."""
    if target.shape != other.shape or not len(target):
        raise PatchscopeError(
            f"expected the same units of target and control, got {target.shape} and {other.shape}; run both on the "
            "same hidden states"
        )
    better = other - target if metric == "surprisal" else target - other
    difference = estimate(better, seed=seed)
    return Comparison(metric, control, float(target.mean()), float(other.mean()), difference, units, len(target))


def verdict(comparisons: Sequence[Comparison], reference: str, *, described: bool = False) -> str:
    """A few sentences: what counts as right, and is the target right more often than the controls?

    Only precision (or answers found) decides; the strongest control is the one that is named.
    """
    right = f"Right is a continuation with {reference}." if described else f"Right is {reference} as likeliest token."
    decisive = [c for c in comparisons if c.metric != "surprisal"]
    if not decisive:
        return f"{right} No controls were run, so nothing says that what is read here is due to this target."
    hardest = min(decisive, key=lambda c: (c.difference.value, c.difference.low))
    ours, theirs = f"{hardest.target_value:.2f}", f"{hardest.control_value:.2f}"
    if all(c.target_value == 0 and c.control_value == 0 for c in decisive):
        return f"{right} Neither the target nor any control is ever right: nothing is shown."
    if not hardest.difference.known:
        single = f"the target ({ours}) from the control {hardest.control!r} ({theirs})"
        return f"{right} One source layer alone cannot tell {single}."
    gap = f"difference {interval_text(hardest.difference)}, over {hardest.count} {hardest.units}"
    shares = f"the target in {ours} of the cells, {hardest.control!r} in {theirs} ({gap})"
    if hardest.target_does_better:
        return f"{right} The target does better than every control: {shares}."
    word = "better" if hardest.difference.high < 0 else "as well"
    return f"{right} A control does {word}: {shares}. What is read here cannot be put down to this target."


def interval_text(difference: Estimate) -> str:
    """`+0.12, 95 % interval +0.05 to +0.20`."""
    if not difference.known:
        return f"{difference.value:+.2f}"
    return f"{difference.value:+.2f}, 95 % interval {difference.low:+.2f} to {difference.high:+.2f}"
