"""What the page of a run on texts shows: phrases, responses with and without the concept, texts with words lit."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...agent.record import RunRecord
from ...agent.types import Hypothesis, Observation, Verdict
from ...agent.wording import Span, Wording
from ...tools.texts import content_words
from .figures import Figure, axis, line, number, plotly_text
from .standing import as_sentence, metric_symbol, score_number
from .tables import Column, Row, Table, numeric, table, wide

APPLIES = 0.5
_PHRASES_SHOWN = 30
_TRIED_SHOWN = 40
_READINGS = 6
_LEVELS = 4
_BINS = 28
_LEAST_SEEN = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, lit at `level` from 0 (not at all) to 4; `value` for whoever hovers over it."""

    text: str
    level: int = 0
    value: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A held-out text, piece by piece, with its response and what the judge says of it."""

    pieces: tuple[Piece, ...]
    response: str
    judged: str


@dataclass(frozen=True, slots=True)
class Words:
    """The parts of a page that only runs on texts have."""

    phrases: Table | None
    readings: list[Reading]
    lit_by: str
    rests_on: list[tuple[str, str]]
    tried: Table | None


def words_of(run: RunRecord) -> Words:
    readings, lit_by = _readings(run)
    wording = _wording(run)
    return Words(_phrases(run), readings, lit_by, _rests_on(run, wording), _tried(run))


def _wording(run: RunRecord) -> Wording | None:
    return run.trial.verdict.wording if run.trial else None


def _value(o: Observation) -> float | None:
    value = o.reply.value
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _phrases(run: RunRecord) -> Table | None:
    """The phrases with the highest responses, and how far above the rest they stand."""
    known = {
        str(o.input): v
        for o in run.observations
        if o.purpose == "query" and (v := _value(o)) is not None and _is_phrase(str(o.input))
    }
    if not known:
        return None
    mean, spread = float(np.mean(list(known.values()))), float(np.std(list(known.values())))
    top = sorted(known, key=lambda p: (-known[p], p))[:_PHRASES_SHOWN]
    rows = [(p, number(known[p]), f"{(known[p] - mean) / spread:+.1f}" if spread else "0") for p in top]
    columns = [wide("phrase"), numeric("response"), numeric("standard deviations above the mean phrase")]
    return table(f"The {len(rows)} phrases with the highest responses, of {len(known)} asked", columns, rows)


def _is_phrase(text: str) -> bool:
    return len(text.split()) <= 3


def response_figure(run: RunRecord) -> Figure | None:
    """The module's responses to held-out texts, by whether the judge says that the explanation applies to them."""
    wording = _wording(run)
    if wording is None or not wording.degrees:
        return None
    values = {o.number: v for o in run.observations if (v := _value(o)) is not None}
    groups: dict[bool, list[float]] = {True: [], False: []}
    for n, degree in wording.degrees:
        if n in values:
            groups[degree > APPLIES].append(values[n])
    everything = np.array(groups[True] + groups[False])
    if len(everything) < 2 or np.ptp(everything) == 0:
        return None
    edges = np.histogram_bin_edges(everything, bins=min(_BINS, max(6, round(math.sqrt(len(everything)) * 1.6))))
    traces: list[dict[str, Any]] = []
    for applies, role in ((False, "query"), (True, "fit")):
        found = groups[applies]
        if not found:
            continue
        share = np.histogram(found, edges)[0] / len(found)
        name = f"{'applies' if applies else 'does not apply'} ({len(found)} texts)"
        steps = line(list(np.repeat(edges, 2)[1:-1]), list(np.repeat(share, 2)), name=name, role=role)
        traces.append(steps | {"fill": "tozeroy", "hoverinfo": "name"})
        mean = float(np.mean(found))
        height = float(share.max())
        traces.append(
            line([mean, mean], [0.0, height], name=f"mean {number(round(mean, 6))}", role=role, dash="dot")
            | {"showlegend": False, "hoverinfo": "name"}
        )
    caption = (
        "Shares of held-out texts by the module's response: those to which the judge says the explanation applies, and "
        "the others. Dotted lines are means."
    )
    layout = {"xaxis": axis("response"), "yaxis": axis("share of texts", rangemode="tozero")}
    alt = f"{caption} {_effect_sentence(wording)}"
    return Figure("responses", "Responses with and without the concept", caption, alt, traces, layout, None, height=320)


def scatter_figure(run: RunRecord) -> Figure | None:
    """Degree against response, a dot a held-out text."""
    wording = _wording(run)
    if wording is None or not wording.degrees:
        return None
    known = {o.number: (v, str(o.input)) for o in run.observations if (v := _value(o)) is not None}
    told = [(d, *known[n]) for n, d in wording.degrees if n in known]
    if not told:
        return None
    texts = [f"{number(v)} | judged {d:.2f} | {t}" for d, v, t in told]
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": [d for d, _, _ in told],
        "y": [v for _, v, _ in told],
        "text": [plotly_text(t, 220) for t in texts],
        "hoverinfo": "text",
        "marker": {"size": 7, "color": "role:held", "opacity": 0.75},
    }
    layout = {
        "xaxis": axis("how far the judge says it applies", range=[-0.03, 1.03]),
        "yaxis": axis("response"),
        "showlegend": False,
    }
    caption = "Every held-out text: how far the explanation applies to it, and what the module answers."
    return Figure(
        "degrees", "What was said against what was answered", caption, caption, [dots], layout, None, height=340
    )


def _effect_sentence(wording: Wording) -> str:
    if wording.effect is None:
        return ""
    return f"Texts to which it applies get {span(wording.effect)} standard deviations more."


def span(value: Span) -> str:
    """`0.62 (0.53 to 0.70)`."""
    known = math.isfinite(value.low) and math.isfinite(value.high)
    return f"{value.value:.2f}" + (f" ({value.low:.2f} to {value.high:.2f})" if known else "")


def wording_sentences(verdict: Verdict | None) -> list[str]:
    """What was measured, on what, and what came out."""
    wording = verdict.wording if verdict else None
    if verdict is None or wording is None:
        return ["Nothing was scored: the run ended before an explanation was frozen and put to the test."]
    if wording.withheld:
        return [f"The score is withheld. {as_sentence(wording.withheld)}"]
    score = verdict.score
    first = (
        f"The description was frozen. {score.held_out} texts that were never used to find it were asked: half of them "
        "drawn at random, half those to which it or a baseline applies most. The judge, who does not see the "
        "responses, said how far the description applies to each."
    )
    sentences = [first]
    if wording.correlation is not None:
        interval = f"95 % interval {score_number(score.low)} to {score_number(score.high)}"
        sentences.append(
            f"AUC, the probability that a text of the module's top fifth is judged higher than another one, is "
            f"{score_number(score.value)} ({interval}; 0.5 is chance). Rank correlation of judgement and response: "
            f"{span(wording.correlation)}. {_effect_sentence(wording)}"
        )
        sentences.append(
            f"Judgements dealt out at random reach such an AUC with probability {wording.p_value:.2g}; corrected for "
            f"the {wording.tried} hypotheses that came up, p = {wording.corrected_p_value:.2g}."
        )
    word = "explained" if verdict.explains else "not explained"
    sentences.append(f"The verdict: {word}. {as_sentence(verdict.reason)}")
    if wording.code_correlation is not None:
        sentences.append(
            f"What the code below gives for the same texts has rank correlation {wording.code_correlation:.2f} with "
            "the responses; the score above is the description's, not the code's."
        )
    return sentences


def rivals_table(verdict: Verdict | None) -> Table | None:
    """The explanation beside the baselines, on the same texts."""
    wording = verdict.wording if verdict else None
    if verdict is None or wording is None or not wording.rivals:
        return None
    metric = metric_symbol(verdict.score.metric)
    rows = [
        (r.name, r.says, score_number(r.auc), span(r.behind), f"{r.alike:.2f}")
        for r in sorted(wording.rivals, key=lambda r: -r.auc)
    ]
    columns = [
        Column("baseline"),
        wide("what it says"),
        numeric(f"{metric} on the same texts"),
        numeric("explanation ahead by"),
        numeric("agrees with it"),
    ]
    return table("Trivial explanations of the same phrases", columns, rows)


def wrong_table(verdict: Verdict | None) -> Table | None:
    """Held-out texts that the explanation tells wrongly about, the most wrongly first."""
    if verdict is None or not verdict.failing:
        return None
    rows = []
    for f in verdict.failing:
        degree = f.predicted if isinstance(f.predicted, float) else 0.0
        why = "judged to apply, yet not in the top fifth" if degree > APPLIES else "in the top fifth, yet judged not to"
        value = _value(f.observation)
        rows.append((str(f.observation.input), number(value), f"{degree:.2f}", why))
    columns = [wide("text"), numeric("response"), numeric("judged"), wide("what is wrong")]
    shown = f"{len(rows)} of {verdict.failed}" if verdict.failed > len(rows) else str(len(rows))
    return table(f"Held-out texts it got wrong: {shown}", columns, rows)


def _tried(run: RunRecord) -> Table | None:
    """Every hypothesis with how it did and what became of it, the best first."""
    order = {"concluded": 0, "live": 1}
    ranked = sorted(run.hypotheses.values(), key=lambda h: (order.get(h.standing, 2), h.bits))
    rows = [Row((h.description, h.evidence, _fate(run, h)), h.standing) for h in ranked[:_TRIED_SHOWN]]
    shown = f"The best {len(rows)} of {len(ranked)}" if len(ranked) > len(rows) else str(len(rows))
    columns = [wide("what was tried"), wide("how it did on what the scientist asked"), wide("what became of it")]
    return table(f"{shown} hypotheses", columns, rows)


def _fate(run: RunRecord, h: Hypothesis) -> str:
    for trial in run.trials:
        if trial.hypothesis == h.id:
            said = f"put to the test in round {trial.verdict.round}: AUC {score_number(trial.verdict.score.value)}"
            return f"{said}, {'stands' if trial.verdict.explains else trial.verdict.reason}"
    if h.standing == "live":
        return "live at the end, but not the best"
    fallen = next((o for o in run.observations if o.number == h.refuted_by), None)
    if fallen is None:
        return "fell behind"
    text = str(fallen.input)
    shown = text if len(text) <= 90 else text[:89] + "…"
    return f"fell behind; furthest off on #{fallen.number}: {shown}"


def _rests_on(run: RunRecord, wording: Wording | None) -> list[tuple[str, str]]:
    corpus = run.brief.corpus
    rows = []
    if wording is not None:
        rows.append(("Judge", f"{wording.judge}; AUC {span(wording.judge_auc)} on its calibration set"))
        rows.append(("Tried", f"{wording.tried} hypotheses, for which p is corrected"))
    if corpus is not None:
        rows.append(("Corpus", f"{corpus.path or corpus.name}, {corpus.texts} texts; half of them only to verify"))
    plan = run.memos.get("plan")
    if plan:
        each = 1000 * plan["seconds_each"]
        rows.append(("Speed", f"{each:.3g} ms a phrase in the first look, so {plan['queries']} queries were planned"))
    if run.brief.chat:
        failed = run.memos.get("chat failed")
        rows.append(("Chat model", run.brief.chat + (f" (failed: {failed})" if failed else "")))
    return rows


def _readings(run: RunRecord) -> tuple[list[Reading], str]:
    """The held-out texts with the highest responses, lit token by token where the module tells, else by words."""
    wording = _wording(run)
    if run.trial is None or wording is None:
        return [], ""
    degrees = dict(wording.degrees)
    seen = [(v, o) for o in run.observations if o.number in degrees and (v := _value(o)) is not None]
    seen.sort(key=lambda pair: (-pair[0], pair[1].number))
    illustrated = {i["number"]: i["tokens"] for i in run.memos.get("illustrations", ())}
    tokens = [o for _, o in seen[:_READINGS] if o.number in illustrated]
    weights = {} if tokens else _word_weights(run.observations)
    readings = []
    for value, o in seen[:_READINGS]:
        text = str(o.input)
        spans = illustrated.get(o.number) if tokens else _word_spans(text, weights)
        judged = f"judged {degrees[o.number]:.2f}: {'applies' if degrees[o.number] > APPLIES else 'does not apply'}"
        readings.append(Reading(_pieces(text, spans or []), number(value), judged))
    lit_by = (
        "by the module's own value at each token"
        if tokens
        else "by how much higher the module's response is to phrases that hold the word"
    )
    return readings, lit_by


def _word_weights(observations: Sequence[Observation]) -> dict[str, float]:
    """For words in enough phrases: the mean response to those, in standard deviations above all phrases' mean."""
    by_word: dict[str, list[float]] = defaultdict(list)
    values = []
    for o in observations:
        value = _value(o)
        if o.purpose == "query" and value is not None and _is_phrase(str(o.input)):
            values.append(value)
            for word in set(re.findall(r"\w+", str(o.input).lower())):
                by_word[word].append(value)
    spread = float(np.std(values)) if values else 0.0
    if not spread:
        return {}
    mean = float(np.mean(values))
    return {w: (float(np.mean(v)) - mean) / spread for w, v in by_word.items() if len(v) >= _LEAST_SEEN}


def _word_spans(text: str, weights: dict[str, float]) -> list[tuple[int, int, float]]:
    found = []
    for match in re.finditer(r"\w+", text):
        weight = weights.get(match.group().lower())
        if weight is not None and content_words(match.group()):
            found.append((match.start(), match.end(), round(weight, 3)))
    return found


def _pieces(text: str, spans: Sequence[Sequence[float]]) -> tuple[Piece, ...]:
    """`text` cut at the spans, those with high values lit: the brightest is the text's highest."""
    values = [v for _, _, v in spans]
    rest = float(np.median(values)) if values else 0.0
    reach = max((v - rest for v in values), default=0.0)
    pieces, place = [], 0
    for start, end, value in sorted((int(s), int(e), float(v)) for s, e, v in spans):
        if start < place or end <= start or end > len(text):
            continue
        if start > place:
            pieces.append(Piece(text[place:start]))
        level = max(0, round(_LEVELS * (value - rest) / reach)) if reach > 0 else 0
        pieces.append(Piece(text[start:end], level, number(value)))
        place = end
    if place < len(text):
        pieces.append(Piece(text[place:]))
    return tuple(pieces)
