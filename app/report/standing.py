"""How the explanation was scored, against what, and which held-out inputs it got wrong."""

from __future__ import annotations

import math
from typing import Any

from ...agent.types import Verdict
from ...tools.scoring.types import Score
from .figures import Figure, axis, number, plotly_text, point_text
from .tables import Column, Table, numeric, table

_FLOOR = -0.25
"""Scores below this are drawn at the edge of the chart; their number is written beside them."""
_MAX_FAILING = 40


def score_number(value: float) -> str:
    """A score to four digits; one that only just falls short of 1, and not by rounding, says by how much."""
    short = 1.0 - value
    return f"1 − {short:.1g}" if 1e-12 < short < 5e-5 else number(round(value, 4))


def share_text(share: float) -> str:
    """A share in percent, as 95 %."""
    return f"{share:.0%}".replace("%", " %")


def score_text(score: Score) -> str:
    interval = f"{share_text(score.confidence)} interval {score_number(score.low)} to {score_number(score.high)}"
    return f"{score_number(score.value)} ({interval})"


def scoring_sentences(
    score: Score | None, verdict: Verdict | None, rounds: int, drawn: int = 0, repeated: int = 0
) -> list[str]:
    """What was measured, on what, and what came out. `drawn` held-out inputs, `repeated` of them asked before."""
    if score is None:
        return ["Nothing was scored: the run ended before an explanation was frozen and put to the test."]
    drawn = drawn or score.held_out
    fresh = "fresh inputs that were never used to find it"
    if repeated:
        fresh = f"inputs. The domain holds too few fresh ones: {repeated} of these had been asked before"
    answered = "" if drawn == score.held_out else f" on the {score.held_out} that the black box answered"
    first = (
        f"The code was frozen, then asked about {drawn} {fresh}. "
        f"The code's {metric_name(score.metric)}{answered} is {score_text(score)}"
    )
    sentences = [first + _beside_baselines(score, verdict)]
    if verdict is not None:
        sentences.append(_agreement_sentence(verdict))
        if verdict.reason:
            word = "explained" if verdict.explains else "not explained"
            sentences.append(f"The verdict: {word}. {as_sentence(verdict.reason)}")
        if rounds > 1:
            sentences.append(_round_sentence(verdict, rounds))
    return sentences


def _beside_baselines(score: Score, verdict: Verdict | None) -> str:
    """How the score compares. Where the verdict stands on other grounds, not to beat a baseline is no fault."""
    best = max(score.baselines.items(), key=lambda b: b[1], default=None)
    if best is None:
        return "."
    reached = f"{best[0]}, reaches {score_number(best[1])}"
    if score.beats_baselines:
        return f". It beats every baseline; the best of them, {reached}."
    if verdict is not None and verdict.explains:
        return f". The best baseline, {reached}."
    return f". It does not clearly beat every baseline: the best of them, {reached}."


def as_sentence(text: str) -> str:
    """`text` with a capital letter and a full stop."""
    return text[:1].upper() + text[1:] + ("." if text and not text.endswith((".", "!", "?")) else "")


def _round_sentence(verdict: Verdict, rounds: int) -> str:
    each = "every round draws inputs of its own"
    if verdict.round < rounds:
        return f"This is round {verdict.round} of {rounds}, which came out better than the later ones; {each}."
    return f"This is round {verdict.round} of {rounds}; {each}."


def _agreement_sentence(verdict: Verdict) -> str:
    within = f"to within {verdict.tolerance:.2g}, which is what noise and rounding allow"
    if not verdict.failed and not verdict.failing:
        return f"Every one of the held-out inputs was predicted {within}."
    wrong = max(verdict.failed, len(verdict.failing))
    return f"{verdict.agreement:.1%} of the held-out inputs were predicted {within}; {wrong} were not."


def metric_name(metric: str) -> str:
    """The metric for a sentence, with what it means."""
    return {"r2": "R² (share of the variance explained; 1 is perfect)"}.get(metric, metric)


def metric_symbol(metric: str) -> str:
    """The metric for a label."""
    return {"r2": "R²"}.get(metric, metric)


def _rows(score: Score) -> list[tuple[str, float]]:
    return [("explanation", score.value), *sorted(score.baselines.items(), key=lambda b: -b[1])]


def score_table(score: Score | None) -> Table | None:
    if score is None:
        return None
    columns = [Column("predictor"), numeric(f"{metric_symbol(score.metric)} on held-out inputs")]
    return table("The explanation beside trivial predictors", columns, [(n, score_number(v)) for n, v in _rows(score)])


def score_figure(score: Score | None) -> Figure | None:
    """One dot a predictor, the explanation's with its interval."""
    if score is None or not math.isfinite(score.value):
        return None
    rows = [(n, v) for n, v in _rows(score) if math.isfinite(v)]
    names = [plotly_text(n, 40) for n, _ in rows]
    shown = [max(v, _FLOOR) for _, v in rows]
    low, high = max(score.low, _FLOOR), max(score.high, _FLOOR)
    error = {"type": "data", "symmetric": False, "color": "role:fit", "thickness": 2, "width": 8}
    common: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers+text",
        "textposition": "middle right",
        "cliponaxis": False,
        "hoverinfo": "text",
    }
    first = {
        **common,
        "name": "explanation",
        "x": shown[:1],
        "y": names[:1],
        "textposition": "top left" if shown[0] > 0.7 else "top center",
        "text": [score_number(score.value)],
        "marker": {"size": 12, "color": "role:fit"},
        "error_x": {**error, "array": [max(high - shown[0], 0.0)], "arrayminus": [max(shown[0] - low, 0.0)]},
    }
    texts = [f"  {score_number(v)}  " if v >= _FLOOR else f"  ← {number(v)}  " for _, v in rows[1:]]
    places = ["middle left" if v > 0.7 else "middle right" for v in shown[1:]]
    rest = {
        **common,
        "name": "baselines",
        "x": shown[1:],
        "y": names[1:],
        "text": texts,
        "textposition": places,
        "marker": {"size": 9, "symbol": "square", "color": "role:faint"},
    }
    left = min(0.0, *shown, low)
    layout = {
        "xaxis": axis(metric_symbol(score.metric), range=[left - 0.06, max(1.06, *shown, high + 0.06)]),
        "yaxis": {"automargin": True, "range": [len(rows) - 0.5, -0.8], "type": "category"},
        "showlegend": False,
    }
    caption = f"Held-out {metric_symbol(score.metric)}; the bar is the {share_text(score.confidence)} interval."
    alt = f"{caption} " + ", ".join(f"{n} {number(v)}" for n, v in rows)
    return Figure("score", "Against the baselines", caption, alt, [first, rest], layout, None, 110 + 38 * len(rows))


def failing_table(names: tuple[str, ...], verdict: Verdict | None) -> Table | None:
    """The held-out inputs the explanation got wrong, worst first where a distance can be told."""
    if verdict is None:
        return None
    rows = []
    for f in verdict.failing:
        reply = f.observation.reply
        seen = number(reply.value) if reply.value is not None else _failure_text(reply)
        where = point_text(names, f.observation.input)
        cells = (f"#{f.observation.number}", where, seen, number(f.predicted))
        rows.append((_distance(reply.value, f.predicted), cells))
    rows.sort(key=lambda r: -r[0])
    worst = [(*c, number(d) if math.isfinite(d) else "") for d, c in rows[:_MAX_FAILING]]
    wrong = max(verdict.failed, len(rows))
    of = f" (the worst {len(worst)} of {wrong})" if wrong > len(worst) else ""
    columns = [Column("observation"), Column("input"), numeric("observed"), numeric("explained"), numeric("apart")]
    return table(f"Held-out inputs it got wrong{of}", columns, worst)


def _failure_text(reply: Any) -> str:
    return f"{reply.failure.kind}: {reply.failure.message}" if reply.failure else "no value"


def _distance(value: object, predicted: object) -> float:
    if isinstance(value, float | complex) and isinstance(predicted, float | complex):
        distance = abs(value - predicted)
        return math.inf if math.isnan(distance) else distance
    return math.inf
