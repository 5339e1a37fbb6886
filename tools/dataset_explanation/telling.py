"""Differences in sentences with their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from ..scoring.texts import Estimate
from .measuring import Measured
from .types import Difference, Target, Together


def sentence_of(phrase: str, found: Measured, holm: float, target: Target, *, favours_a: bool) -> str:
    """A difference as a sentence: who, what, the shares, the effect with its interval, the corrected p-value."""
    auc = found.auc if favours_a else flipped(found.auc)
    if target.kind == "number":
        more = "higher" if favours_a else "lower"
        assert found.correlation is not None
        return (
            f"The {more} {target.name}, the more often a text {phrase}: {percent(found.share_a)} above the median, "
            f"{percent(found.share_b)} below; Spearman correlation {interval(found.correlation, sign=True)}, "
            f"{p_text(holm)}"
        )
    who, other = (target.a, target.b) if favours_a else (target.b, target.a)
    shares = (found.share_a, found.share_b) if favours_a else (found.share_b, found.share_a)
    gap = found.gap if favours_a else negated(found.gap)
    return (
        f"A text of {who} more often {phrase}: {percent(shares[0])} of {who}, {percent(shares[1])} of {other} "
        f"(by {points(gap)}; AUC {interval(auc)}; {p_text(holm)})"
    )


def summary_of(found: Sequence[Difference], overall: Together, target: Target, tested: int, held_out: int) -> str:
    """The verdict in a few sentences."""
    where = f"on {held_out} held-out texts, corrected for {tested} candidates"
    what = f"{target.a} and {target.b}" if target.kind == "groups" else f"texts with high and low {target.name}"
    if not found:
        said = f"No difference found between {what} {where}."
        if overall.probe is not None and overall.probe.low > overall.chance:
            said += (
                f" There is one nevertheless: a probe of embeddings tells them apart ({overall.metric} "
                f"{interval(overall.probe)}), by nothing that was put into words."
            )
        return said
    number = "One difference" if len(found) == 1 else f"{len(found)} differences"
    said = f"{number} between {what} {'holds' if len(found) == 1 else 'hold'} {where}."
    if overall.differences is not None and overall.probe is not None:
        said += f" Together they tell held-out texts apart with {overall.metric} {interval(overall.differences)}"
        said += f"; a probe of embeddings has {interval(overall.probe)}, chance is {overall.chance:g}."
    return said


def flipped(auc: Estimate) -> Estimate:
    """An AUC seen from the other group."""
    return Estimate(1 - auc.value, 1 - auc.high, 1 - auc.low)


def negated(gap: Estimate) -> Estimate:
    return Estimate(-gap.value, -gap.high, -gap.low)


def percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def points(gap: Estimate) -> str:
    """A difference of shares in percentage points with its interval."""
    return f"{100 * gap.value:.0f} points, {100 * gap.low:.0f} to {100 * gap.high:.0f}"


def interval(estimate: Estimate, *, sign: bool = False) -> str:
    form = "+.2f" if sign else ".2f"
    if not estimate.known:
        return format(estimate.value, form)
    return f"{estimate.value:{form}} ({estimate.low:{form}} to {estimate.high:{form}})"


def p_text(p: float) -> str:
    return "corrected p < 0.001" if p < 0.001 else f"corrected p = {p:.2g}"
