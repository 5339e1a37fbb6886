"""The verifier: fresh inputs that no scientist chose, and the word on a frozen explanation."""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from typing import Any

import numpy as np

from ..sandboxes.types import Sandbox
from ..tools.black_boxes.types import Interval, NumericDomain, Point
from ..tools.scoring import (
    CodeError,
    Score,
    as_numbers,
    bootstrap_r2,
    errors,
    fit_baselines,
    nearest_answered,
    predict_all,
    r2,
)
from .frozen import Frozen, noise_at, tolerance_at, usable
from .rule import Performance, stands
from .types import Failing, Observation, Verdict

LOG_SHARE = 0.25
"""Share of held-out inputs drawn on logarithmic scales near 0 and near the ends of the domain."""
_DECADES = 7.0
_FAILING_SHOWN = 16
_CONFIDENCE = 0.95
_LEAST_REPEATS = 3


def held_out_stream(seed: int, round: int) -> np.random.Generator:
    """Random numbers for verification alone: independent of whatever a scientist makes of the same seed."""
    return np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=(0x5EA1ED, round)))


def draw_held_out(domain: NumericDomain, count: int, rng: np.random.Generator, queried: Set[Point]) -> list[Point]:
    """Up to `count` different inputs, none of them in `queried`; fewer when a whole-number domain holds no more.

    Three in four are uniform over the domain; the others have one coordinate on a logarithmic scale near 0 or near
    an end, where rules change unseen.
    """
    drawn: dict[Point, None] = {}
    special = round(count * LOG_SHARE)
    for attempt in range(200 * count):
        if len(drawn) == count:
            break
        point = domain.sample(rng, 1)[0]
        if len(drawn) < special and attempt < 50 * count:
            point = _near_an_edge(domain, point, rng)
        if point not in queried:
            drawn[point] = None
    return list(drawn)


def _near_an_edge(domain: NumericDomain, point: Point, rng: np.random.Generator) -> Point:
    axis = int(rng.integers(domain.arity))
    moved = list(point)
    moved[axis] = _log_scaled(domain.inputs[axis], rng)
    return domain.snap(moved)


def _log_scaled(interval: Interval, rng: np.random.Generator) -> float:
    distance = 10.0 ** -rng.uniform(0.0, _DECADES)
    places = [interval.low + interval.width * distance, interval.high - interval.width * distance]
    reaches = [end for end in (interval.low, interval.high) if interval.low <= 0.0 <= interval.high and end != 0.0]
    places += [end * distance for end in reaches for _ in range(2 // len(reaches))]
    return interval.snap(float(places[int(rng.integers(len(places)))]))


def judge(
    explanation: Frozen,
    held_out: Sequence[Observation],
    queries: Sequence[Observation],
    *,
    seed: int,
    round: int,
    sandbox: Sandbox | None = None,
) -> Verdict:
    """Score `explanation` by running its code on the inputs of `held_out`, in `sandbox` if it is not our own code.

    r2 is taken over inputs with a real or complex reply; baselines are made from `queries` and scored on the same
    inputs. An input on which the box fails must come out undefined (NaN or an exception), and only such an input:
    anything else counts in the agreement and against the explanation (see `stands`).
    """
    try:
        predicted = predict_all(explanation.code, [_point(o) for o in held_out], sandbox=sandbox)
        fault = ""
    except CodeError as error:
        predicted, fault = [None] * len(held_out), str(error)
    replies = [usable(o.reply.value) for o in held_out]
    answered = [k for k, reply in enumerate(replies) if reply is not None]
    points = [_point(held_out[k]) for k in answered]
    truth = as_numbers([replies[k] for k in answered])
    values = as_numbers([predicted[k] for k in answered])
    missed = errors(truth, values)
    allowed = _tolerances(explanation, points, truth)
    failing = [
        (float(missed[j]), k) for j, k in enumerate(answered) if predicted[k] is None or missed[j] > allowed[j]
    ] + [(math.inf, k) for k, reply in enumerate(replies) if reply is None and predicted[k] is not None]
    failing.sort(key=lambda f: (-f[0], f[1]))
    score, rivals = _score(truth, missed, points, queries, seed, round)
    trial = Performance(
        noise=explanation.noise,
        score=score,
        truth=truth,
        values=values,
        missed=missed,
        allowed=allowed,
        claimed=np.array([noise_at(explanation, p) for p in points], dtype=np.float64),
        rivals=rivals,
        inputs=len(held_out),
        wrong=len(failing),
        misplaced=sum((reply is None) != (guess is None) for reply, guess in zip(replies, predicted)),
        misplaced_by_lookup=_misplaced_by_lookup(held_out, queries),
        repeats=repeat_deviation(queries),
    )
    explains, reason = (False, fault) if fault else stands(trial)
    return Verdict(
        score=score,
        agreement=1.0 - len(failing) / len(held_out) if held_out else math.nan,
        tolerance=float(np.median(allowed)) if len(allowed) else 0.0,
        failing=tuple(Failing(held_out[k], predicted[k]) for _, k in failing[:_FAILING_SHOWN]),
        round=round,
        explains=explains,
        reason=reason,
        failed=len(failing),
    )


def _misplaced_by_lookup(held_out: Sequence[Observation], queries: Sequence[Observation]) -> int:
    """On how many held-out inputs the box does otherwise (answers, or fails) than on the nearest query."""
    if not held_out or not queries:
        return 0
    asked = np.array([_point(o) for o in queries], dtype=np.float64)
    answers = nearest_answered(asked, np.array([usable(o.reply.value) is not None for o in queries]))
    guess = answers(np.array([_point(o) for o in held_out], dtype=np.float64))
    return sum(bool(g) != (usable(o.reply.value) is not None) for g, o in zip(guess, held_out))


def _point(o: Observation) -> Point:
    if isinstance(o.input, str):
        raise TypeError("numeric verification was given a text input")
    return o.input


def _tolerances(explanation: Frozen, points: Sequence[Point], truth: Any) -> Any:
    typical = float(np.median(np.abs(truth))) if len(truth) else 0.0
    return np.array([tolerance_at(explanation, p, max(abs(v), typical)) for p, v in zip(points, truth)])


def _score(
    truth: Any, missed: Any, points: Sequence[Point], queries: Sequence[Observation], seed: int, round: int
) -> tuple[Score, dict[str, Any]]:
    """The score, and each baseline's absolute errors on the same inputs."""
    if not points:
        return Score(math.nan, math.nan, math.nan, "r2", 0, _CONFIDENCE), {}
    rng = np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=(0xB007, round)))
    low, high = bootstrap_r2(truth, missed, rng, confidence=_CONFIDENCE)
    known = [(_point(o), v) for o in queries if (v := usable(o.reply.value)) is not None]
    rivals: dict[str, Any] = {}
    if known:
        fitted = fit_baselines(np.array([p for p, _ in known], dtype=np.float64), as_numbers([v for _, v in known]))
        rivals = {name: errors(truth, predict(np.array(points))) for name, predict in fitted.items()}
    values = {name: r2(truth, error) for name, error in rivals.items()}
    asked = {o.input for o in queries}
    repeated = sum(point in asked for point in points)
    return Score(r2(truth, missed), low, high, "r2", len(points), _CONFIDENCE, values, repeated), rivals


def repeat_deviation(queries: Sequence[Observation]) -> float | None:
    """Standard deviation of replies to the same input, pooled; None with fewer than 3 degrees of freedom."""
    groups: dict[Any, list[complex]] = {}
    for o in queries:
        value = usable(o.reply.value)
        if value is not None:
            groups.setdefault(o.input, []).append(complex(value))
    repeated = [np.array(g) for g in groups.values() if len(g) > 1]
    freedom = sum(len(g) - 1 for g in repeated)
    if freedom < _LEAST_REPEATS:
        return None
    with np.errstate(over="ignore"):
        return float(np.sqrt(sum(float(np.sum(np.abs(g - g.mean()) ** 2)) for g in repeated) / freedom))
