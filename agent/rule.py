"""Whether an explanation stands, by what it did on the held-out inputs: one rule, in one place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..tools.induction.types import Noise
from ..tools.scoring import Score

MISPLACED_SHARE = 0.05
"""Share of held-out inputs on which an explanation may be undefined where the box answers, or the reverse."""
EXACT_SHARE = 0.95
"""Share of replies that a noise-free explanation must reproduce to stand by exactness, the rest being wrong."""
NOISE_FACTOR = 1.5
"""Noise is what repeats show if the two standard deviations differ by no more than this factor."""
_BETTER_BY = 0.01
_NEGLIGIBLE = 1e-3


@dataclass(frozen=True, slots=True)
class Performance:
    """A frozen explanation on `inputs` held-out inputs.

    `truth`, predicted `values` (NaN: undefined), errors `missed` and `allowed` ones and the noise `claimed` (standard
    deviations, 0: none) are (n,) over the inputs that the box answered; `rivals` holds each baseline's errors on them.
    `wrong` counts all inputs beyond the tolerance, `misplaced` those where the box fails and the code does not, or the
    reverse; `misplaced_by_lookup` is how many the nearest query gets wrong in that way. `repeats`: the standard
    deviation that repeated queries show, None without.
    """

    noise: Noise | None
    score: Score
    truth: Any
    values: Any
    missed: Any
    allowed: Any
    claimed: Any
    rivals: dict[str, Any]
    inputs: int
    wrong: int
    misplaced: int
    misplaced_by_lookup: int
    repeats: float | None


def stands(trial: Performance) -> tuple[bool, str]:
    """Whether the explanation stands, and why, in a short sentence.

    It stands if it knows where the box fails, and then if it reproduces every reply, or beats every baseline with an
    R² interval above 0, or does as well as the noise that repeats show allows. A constant with noise stands where no
    baseline does better: it says truly that there is nothing to predict.
    """
    if trial.score.held_out == 0:
        return False, "no held-out input had a usable reply, so nothing could be scored"
    if trial.misplaced > max(MISPLACED_SHARE * trial.inputs, trial.misplaced_by_lookup):
        return False, (
            f"on {trial.misplaced} of {trial.inputs} held-out inputs it gives a value where the black box fails, "
            "or none where it answers"
        )
    for rule in (_exact, _exact_outside_exceptions, _constant_with_noise, _nearly_exact, _beats, _within_noise):
        reason = rule(trial)
        if reason:
            return True, reason
    if not trial.rivals:
        return False, "no query had a usable reply, so there is nothing to compare with"
    if not trial.score.low > 0.0 and trial.score.value > max(trial.score.baselines.values()):
        return False, "its r2 interval is not above 0: it does not clearly predict anything"
    best = max(trial.score.baselines, key=lambda name: trial.score.baselines[name])
    return False, f"it does not beat the baseline `{best}` (r2 {trial.score.baselines[best]:.4g}) on held-out inputs"


def _exact(trial: Performance) -> str:
    if trial.wrong:
        return ""
    if not np.any(trial.claimed):
        return "every held-out reply is reproduced exactly"
    spread = float(np.median(np.abs(trial.truth - np.median(trial.truth.real) - 1j * np.median(trial.truth.imag))))
    if float(np.max(trial.allowed)) <= _NEGLIGIBLE * spread:
        return "every held-out reply is reproduced to within a small noise"
    return ""


def _exact_outside_exceptions(trial: Performance) -> str:
    """Exact where no noise is named; in noisy exceptions the noise is as large as named and no baseline does better."""
    noisy = trial.claimed > 0.0
    if trial.noise is not None or trial.wrong or not trial.rivals or not 0 < 2 * np.sum(noisy) <= len(noisy):
        return ""
    size = _root_mean_square(trial.missed[noisy] / trial.claimed[noisy])
    factor = NOISE_FACTOR * (1.0 + 2.0 / math.sqrt(2.0 * np.sum(noisy)))  # few inputs measure a deviation badly
    if not 1.0 / factor <= size <= factor:
        return ""
    if any(clearly_smaller(rival[noisy], trial.missed[noisy]) for rival in trial.rivals.values()):
        return ""
    return "every held-out reply is reproduced exactly, within their noise inside the exceptions"


def _nearly_exact(trial: Performance) -> str:
    """Next to a pole a single miss outweighs all else in r2: there, hits are counted instead."""
    right = trial.missed <= trial.allowed
    if np.any(trial.claimed) or trial.wrong > (1.0 - EXACT_SHARE) * trial.inputs or not trial.rivals:
        return ""
    most = max(int(np.sum(rival <= trial.allowed)) for rival in trial.rivals.values())
    if most > 0.5 * int(np.sum(right)):
        return ""
    return f"all but {trial.wrong} of {trial.inputs} held-out replies are reproduced, by the best baseline only {most}"


def _beats(trial: Performance) -> str:
    if not trial.rivals or not trial.score.low > 0.0:
        return ""
    if trial.score.beats_baselines:
        return "it beats every baseline on held-out inputs"
    if all(clearly_smaller(trial.missed, rival) for rival in trial.rivals.values()):
        return "its errors are smaller than every baseline's on the same held-out inputs"
    return ""


def _within_noise(trial: Performance) -> str:
    if not trial.rivals or not trial.repeats or not trial.score.low > 0.0 or _outdone(trial):
        return ""
    if _root_mean_square(trial.missed / trial.repeats) > NOISE_FACTOR:
        return ""
    return f"its errors are no larger than the noise measured by repeats (standard deviation {trial.repeats:.3g})"


def _constant_with_noise(trial: Performance) -> str:
    """The same value everywhere, with noise as large as repeats show, and no baseline that does better."""
    values = trial.values[~np.isnan(trial.values)]
    if trial.noise is None or not trial.repeats or len(values) == 0 or np.any(values != values[0]):
        return ""
    if not 1.0 / NOISE_FACTOR <= trial.noise.scale / trial.repeats <= NOISE_FACTOR:
        return ""
    if _root_mean_square(trial.missed / trial.repeats) > NOISE_FACTOR or _outdone(trial):
        return ""
    return (
        f"a constant with noise as large as repeats show (standard deviation {trial.repeats:.3g}): no baseline does "
        "better, there is nothing to predict"
    )


def _outdone(trial: Performance) -> bool:
    """Whether some baseline does clearly better."""
    return any(
        trial.score.baselines[name] > trial.score.value + _BETTER_BY and clearly_smaller(rival, trial.missed)
        for name, rival in trial.rivals.items()
    )


def _root_mean_square(values: Any) -> float:
    return float(np.sqrt(np.mean(values**2)))


def clearly_smaller(missed: Any, rival: Any) -> bool:
    """Whether squared errors are smaller than a rival's in 97.5 % of paired bootstrap resamples."""
    scale = float(np.max(rival, initial=0.0))
    if scale == 0.0:
        return False
    with np.errstate(over="ignore"):
        difference = (rival / scale) ** 2 - (missed / scale) ** 2
    picks = np.random.default_rng(0).integers(0, len(difference), (1000, len(difference)))
    return bool(np.percentile(difference[picks].mean(axis=1), 2.5) > 0.0)
