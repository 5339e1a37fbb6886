"""How well an explanation tells, on texts never used to find it, where a module responds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .corrections import bonferroni
from .estimates import Estimate, Floats, ScoringError, as_floats, counts, stratified_counts
from .intervals import auc_interval, expanded
from .ranks import Bools, auc, auc_rows, midranks, spearman, spearman_rows

TOP_SHARE = 0.2
"""The share of held-out texts that count as those the module responds to."""
LEAST_PERMUTATIONS, MOST_PERMUTATIONS = 2_000, 50_000
_ENOUGH_HITS = 100


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A held-out score.

    `auc`: the probability that a text of the module's top share gets a higher degree than another one. `correlation`:
    Spearman's, of degree with response, over all texts. `p_value` is the permutation test's of the AUC, one-sided,
    never below `resolution`; `corrected_p_value` is for `tried` explanations (Bonferroni). `positives` of the `n` texts
    are the top share, of which the least response is `cut`. `left_out` texts had no finite response.
    """

    auc: Estimate
    correlation: Estimate
    p_value: float
    corrected_p_value: float
    resolution: float
    tried: int
    n: int
    positives: int
    cut: float
    left_out: int = 0


def held_out(
    degrees: Sequence[float] | Floats,
    responses: Sequence[float] | Floats,
    *,
    tried: int,
    rng: np.random.Generator,
    top_share: float = TOP_SHARE,
) -> HeldOut:
    """Score `degrees` (does the explanation apply?) against a module's `responses`, one of each a text.

    The AUC is against the module's *top share*, not its median: an explanation says when a module responds, and the
    lower half of most modules' responses is noise about rest. Equal responses are never parted: the share is the one
    nearest to `top_share` that a cut between different responses gives, so a module of yes and no is cut between both.

    Raises `ScoringError` for fewer than four texts with a response, or responses that are all the same.
    """
    given, answers, left_out = _paired(degrees, responses)
    positive, cut = top(answers, top_share)
    found = _estimate_correlation(given, answers, rng)
    p_value, resolution = permutation_p_value(given, positive, rng, tried=tried)
    return HeldOut(
        auc=estimate_auc(given, positive, rng),
        correlation=found,
        p_value=p_value,
        corrected_p_value=bonferroni(p_value, tried),
        resolution=resolution,
        tried=tried,
        n=len(given),
        positives=int(positive.sum()),
        cut=cut,
        left_out=left_out,
    )


def top(responses: Floats, share: float = TOP_SHARE) -> tuple[Bools, float]:
    """Which texts are the module's top `share`, and the least response among them; equal responses stay together."""
    values = np.unique(responses)
    if len(values) < 2:
        raise ScoringError(
            f"expected responses that differ, got {len(responses)} times the same; a module that answers the same to "
            "every text has nothing to explain"
        )
    above = 1.0 - np.searchsorted(np.sort(responses), values[1:], side="left") / len(responses)
    cut = float(values[1:][np.argmin(np.abs(above - share))])
    return responses >= cut, cut


def estimate_auc(degrees: Floats, positive: Bools, rng: np.random.Generator) -> Estimate:
    """AUC with its interval; see `intervals.auc_interval`. Resampled is within both classes."""
    value = auc(degrees, positive)
    if len(np.unique(degrees)) < 2:
        return Estimate(value, math.nan, math.nan)
    drawn = np.concatenate([auc_rows(degrees, positive, w) for w in stratified_counts(positive, rng)])
    low, high = auc_interval(value, drawn, int(positive.sum()), int((~positive).sum()))
    return Estimate(value, low, high)


def permutation_p_value(
    degrees: Floats, positive: Bools, rng: np.random.Generator, *, tried: int = 1
) -> tuple[float, float]:
    """(p, resolution): how often degrees dealt out at random give an AUC as high.

    The more explanations were tried, the more permutations: enough for a corrected p of 0.01, 50,000 at most. It stops
    at 100 hits, which keeps p valid (Besag and Clifford 1991).
    """
    most = int(min(MOST_PERMUTATIONS, max(LEAST_PERMUTATIONS, 200 * tried)))
    ranks = midranks(degrees, np.ones((1, len(degrees))))[0]
    inside = int(positive.sum())
    seen = float(ranks[positive].sum()) - 1e-9
    hits = done = 0
    while done < most and hits < _ENOUGH_HITS:
        rows = min(500, most - done)
        dealt = rng.permuted(np.broadcast_to(ranks, (rows, len(ranks))), axis=1)[:, :inside].sum(axis=1)
        hits += int((dealt >= seen).sum())
        done += rows
    return (1 + hits) / (1 + done), 1 / (1 + most)


def difference(
    degrees: Sequence[float] | Floats,
    others: Mapping[str, Sequence[float] | Floats],
    responses: Sequence[float] | Floats,
    rng: np.random.Generator,
    *,
    top_share: float = TOP_SHARE,
) -> dict[str, Estimate]:
    """By how much the AUC of `degrees` exceeds that of each of `others` on the same texts (paired bootstrap)."""
    given, answers, _ = _paired(degrees, responses)
    kept = np.isfinite(as_floats(responses, "responses"))
    positive, _ = top(answers, top_share)
    rows = {}
    for name, values in others.items():
        other = as_floats(values, f"degrees of {name}")
        if len(other) != len(kept):
            raise ScoringError(f"expected {len(kept)} degrees of {name}, got {len(other)}; judge the same texts")
        rows[name] = other[kept]
    ours: list[Floats] = []
    theirs: dict[str, list[Floats]] = {name: [] for name in rows}
    for weights in stratified_counts(positive, rng):
        ours.append(auc_rows(given, positive, weights))
        for name, other in rows.items():
            theirs[name].append(auc_rows(other, positive, weights))
    own, value, fewer = np.concatenate(ours), auc(given, positive), int(min(positive.sum(), (~positive).sum()))
    found = {}
    for name, other in rows.items():
        gap = value - auc(other, positive)
        found[name] = Estimate(gap, *expanded(gap, own - np.concatenate(theirs[name]), fewer))
    return found


def _estimate_correlation(degrees: Floats, responses: Floats, rng: np.random.Generator) -> Estimate:
    value = spearman(degrees, responses)
    if math.isnan(value):
        return Estimate(0.0, math.nan, math.nan)
    drawn = np.concatenate([spearman_rows(degrees, responses, w) for w in counts(len(degrees), rng)])
    low, high = expanded(value, drawn, len(degrees))
    return Estimate(value, max(-1.0, low), min(1.0, high))


def _paired(degrees: Sequence[float] | Floats, responses: Sequence[float] | Floats) -> tuple[Floats, Floats, int]:
    """Degrees and responses of the texts that have a finite response, and how many have none."""
    given, answers = as_floats(degrees, "degrees"), as_floats(responses, "responses")
    if len(given) != len(answers):
        raise ScoringError(f"expected a degree for each response, got {len(given)} for {len(answers)}; pair them")
    if not np.isfinite(given).all():
        raise ScoringError("expected finite degrees, got NaN or infinity; mend the judge")
    kept: NDArray[np.bool_] = np.isfinite(answers)
    if int(kept.sum()) < 4:
        raise ScoringError(f"expected at least 4 held-out texts with a response, got {int(kept.sum())}; hold out more")
    return given[kept], answers[kept], int((~kept).sum())
