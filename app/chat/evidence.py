"""Which observations speak for a hypothesis and which against it, by their numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...agent.frozen import tolerance_at, usable

if TYPE_CHECKING:
    from ...agent import Hypothesis, Observation, RunRecord

Predict = Callable[["Hypothesis", Sequence["Observation"]], Sequence[float | None]]
"""What a hypothesis says of inputs: a value, or for texts without code how far it applies; None where nothing."""
CITED = 6


@dataclass(frozen=True, slots=True)
class Told:
    """An observation beside what a hypothesis says of it."""

    observation: Observation
    predicted: float | complex | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """`against`: the worst first. `telling`: those of `right` on which some rival is wrong, with the rivals' ids."""

    right: tuple[Told, ...]
    against: tuple[Told, ...]
    telling: tuple[tuple[Told, tuple[str, ...]], ...] = ()


def visible(record: RunRecord) -> list[Observation]:
    """What a person may be shown: all of a run that has concluded, else queries and what verdicts gave away."""
    if record.explanation is not None:
        return list(record.observations)
    given_away = {f.observation.number for v in record.verdicts for f in v.failing}
    return [o for o in record.observations if o.purpose == "query" or o.number in given_away]


def wrong_on(candidate: Any, told: Sequence[Told]) -> list[Told]:
    """Those of `told` on which the prediction is off by more than the noise that `candidate` names, worst first."""
    scale = _typical([t.observation for t in told])
    missed = [(miss, t) for t in told if (miss := _miss(candidate, t, scale)) > 0.0]
    return [t for _, t in sorted(missed, key=lambda pair: (-pair[0], pair[1].observation.number))]


def _typical(observations: Sequence[Observation]) -> float:
    sizes = sorted(abs(v) for o in observations if (v := usable(o.reply.value)) is not None)
    return float(sizes[len(sizes) // 2]) if sizes else 0.0


def _miss(candidate: Any, told: Told, scale: float) -> float:
    """By how much the prediction is off beyond what is allowed; infinite where one of both is undefined."""
    truth, guess = usable(told.observation.reply.value), usable(told.predicted)
    if truth is None or guess is None:
        return 0.0 if truth is guess else math.inf
    point = told.observation.input
    allowed = tolerance_at(candidate, point if isinstance(point, tuple) else (0.0,), max(abs(truth), scale))
    return max(0.0, abs(truth - guess) - allowed)


def tells(o: Observation) -> bool:
    """Whether the reply says something of the function: a number, or that there is none here."""
    failure = o.reply.failure
    return usable(o.reply.value) is not None or (failure is not None and failure.kind in ("raised", "not_finite"))


def of_numbers(candidate: Any, told: Sequence[Told], rivals: dict[str, frozenset[int]]) -> Evidence:
    """The evidence for `candidate`; `rivals` says on which observations other live hypotheses are wrong."""
    against = wrong_on(candidate, told)
    lost = {t.observation.number for t in against}
    right = [t for t in told if t.observation.number not in lost]
    telling = []
    for t in right:
        beaten = tuple(id for id, wrong in rivals.items() if t.observation.number in wrong)
        if beaten:
            telling.append((t, beaten))
    telling.sort(key=lambda pair: -len(pair[1]))
    return Evidence(tuple(right), tuple(against), tuple(telling))


def of_words(told: Sequence[Told]) -> Evidence:
    """For: high responses to which the description applies, and low ones to which it does not; against: the others.

    By ranks: the upper quarter of responses and of degrees count as high.
    """
    scored = [t for t in told if usable(t.observation.reply.value) is not None and t.predicted is not None]
    if len(scored) < 4:
        return Evidence((), ())
    responses = _ranks([t.observation.reply.number for t in scored])
    degrees = _ranks([float(abs(t.predicted or 0.0)) for t in scored])
    gaps = [(abs(r - d), max(r, d), t) for r, d, t in zip(responses, degrees, scored)]
    high = [(g, m, t) for g, m, t in gaps if m >= 0.75]
    right = sorted((x for x in high if x[0] < 0.25), key=lambda x: (-x[1], x[2].observation.number))
    against = sorted((x for x in high if x[0] >= 0.5), key=lambda x: (-x[0], x[2].observation.number))
    return Evidence(tuple(t for *_, t in right), tuple(t for *_, t in against))


def _ranks(values: Sequence[float]) -> list[float]:
    """From 0 (lowest) to 1; equal values share the middle of their ranks."""
    order = sorted(values)
    from bisect import bisect_left, bisect_right

    most = max(1, len(order) - 1)
    return [(bisect_left(order, v) + bisect_right(order, v) - 1) / 2 / most for v in values]
