"""Conclusions: frozen explanations with the verifier's word, and which one of a run counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .frozen import Frozen
from .types import Verdict


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A frozen explanation with the verifier's word on it."""

    frozen: Frozen
    verdict: Verdict


def best_conclusion(
    conclusions: Sequence[Conclusion], better: Callable[[Conclusion, Conclusion], bool]
) -> Conclusion | None:
    """The conclusion that counts: the last one, unless an earlier explanation verified better; None without any."""
    kept: Conclusion | None = None
    for conclusion in conclusions:
        if kept is None or not better(kept, conclusion):
            kept = conclusion
    return kept


def standing_first(one: Verdict, two: Verdict) -> bool | None:
    """Whether `one` is better because it was scored or stands where `two` was not or does not; None: neither says."""
    if not one.score.held_out or not two.score.held_out:
        return one.score.held_out > two.score.held_out
    if one.explains != two.explains:
        return one.explains
    return None
