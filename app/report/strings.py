"""What the page of a run on functions of texts shows: worked examples, what else agrees, replies exactly right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ...agent.record import RunRecord
from ...agent.string_examples import USUAL, memo_key
from ...agent.types import Hypothesis, Observation, Verdict
from ...tools.scoring.types import Score
from .curve import Function
from .figures import number
from .standing import as_sentence, score_number, share_text
from .story import Story
from .tables import Column, Row, Table, numeric, table, wide

_EXAMPLES = 16
_EDGES = 6
_LONG = 60
_FEW_TRAILS = 2
"""With so few hypotheses there is nothing to draw of how they rose and fell."""
_MAX_ANSWERS = 1000


def shown_text(text: object) -> str:
    """A text as a cell shows it: in quotes, so that spaces can be seen, and cut if long."""
    if text is None:
        return "fails"
    if not isinstance(text, str):
        return number(text)  # type: ignore[arg-type]
    quoted = number(text)
    return quoted if len(quoted) <= _LONG else quoted[: _LONG - 2] + '…"'


def shown_reply(o: Observation) -> str:
    """What came back; why nothing did."""
    failure = o.reply.failure
    return f"{failure.kind}: {failure.message}"[:_LONG] if failure else shown_text(o.reply.value)


def examples_table(run: RunRecord, function: Function | None) -> Table | None:
    """Short, typical texts and the edge cases, some of each branch, with what came back."""
    notes = _notes(run)
    branches: dict[str, str] = notes.get("branches", {})
    seen: dict[str, list[Observation]] = {}
    for o in run.observations:
        if o.purpose == "query":
            seen.setdefault(str(o.input), []).append(o)
    differing = [t for t, asked in seen.items() if len(set(map(shown_reply, asked))) > 1]
    rows = []
    for text in _chosen(differing or list(seen), branches):
        replies = [*dict.fromkeys(map(shown_reply, seen[text]))]
        note = "" if differing else _disagreement(function, text, seen[text][0])
        cells = [shown_text(text), ", ".join(replies)]
        cells += [branches.get(text, "")] if branches else []
        rows.append(Row((*cells, note), "refuted" if note else ""))
    columns = [wide("text"), wide("answer"), *([wide("which case")] if branches else []), wide("")]
    if not any(row.cells[-1] for row in rows):
        columns, rows = columns[:-1], [Row(row.cells[:-1], row.mark) for row in rows]
    return table(f"{len(rows)} of {len(seen)} texts that were asked", columns, rows)


def _disagreement(function: Function | None, text: str, o: Observation) -> str:
    """What the code gives where that is something else than the answer."""
    says = _says(function, text)
    return "" if says is None or says == o.reply.value else f"the code gives {shown_text(says)}"


def _chosen(texts: Sequence[str], branches: dict[str, str]) -> list[str]:
    """Typical ones first (short words and phrases), then the edges; every branch comes at least three times."""
    typical = [t for t in texts if 2 <= len(t) <= 20 and t.isprintable() and any(c.isalpha() for c in t)]
    typical.sort(key=lambda t: (not t.replace(" ", "").isalpha(), abs(len(t) - 7)))
    edges = [t for t in texts if t not in typical and len(t) <= 40]
    chosen = dict.fromkeys(typical[: _EXAMPLES - min(_EDGES, len(edges))])
    chosen |= dict.fromkeys(edges[:_EDGES])
    for case in dict.fromkeys(branches.values()):
        if case != USUAL:
            chosen |= dict.fromkeys([t for t in [*typical, *edges] if branches.get(t) == case][:3])
    return sorted(chosen, key=lambda t: (t in edges, branches.get(t, "") != USUAL))


def rivals_table(run: RunRecord) -> Table | None:
    """Other programs that agree with all that was asked, and what would tell them apart."""
    rivals = _notes(run).get("rivals", [])
    rows = [(r["description"], shown_text(r["text"]), shown_text(r["leader"]), shown_text(r["rival"])) for r in rivals]
    columns = [wide("what it says"), wide("asked next would be"), wide("the explanation gives"), wide("this one gives")]
    return table("What agrees with every answer as well", columns, rows)


def _notes(run: RunRecord) -> dict[str, Any]:
    """What the scientist kept to be shown of the explanation that counts."""
    round = run.trial.verdict.round if run.trial else 1
    found = run.memos.get(memo_key(round))
    return found if isinstance(found, dict) else {}


def string_scoring(score: Score | None, verdict: Verdict | None, rounds: int, drawn: int) -> list[str]:
    """What was measured, on what, and what came out."""
    if score is None or verdict is None:
        return ["Nothing was scored: the run ended before an explanation was frozen and put to the test."]
    right = drawn - verdict.failed
    interval = f"{share_text(score.confidence)} interval {score_number(score.low)} to {score_number(score.high)}"
    first = (
        f"The code was frozen, then asked about {drawn} fresh texts that were never used to find it. "
        f"It gives {right} of the {drawn} replies exactly, character by character: a share of "
        f"{score_number(score.value)} ({interval})."
    )
    best = max(score.baselines.items(), key=lambda b: b[1], default=None)
    if best is not None:
        first += f" The best baseline, {_BASELINES.get(best[0], best[0])}, reaches {score_number(best[1])}."
    word = "explained" if verdict.explains else "not explained"
    sentences = [first, f"The verdict: {word}. {as_sentence(verdict.reason)}"]
    if rounds > 1:
        sentences.append(f"This is round {verdict.round} of {rounds}; every round draws texts of its own.")
    return sentences


_BASELINES = {
    "identity": "the text itself",
    "constant": "the commonest answer",
    "nearest": "the answer to the most similar text",
}


def string_failing(verdict: Verdict | None) -> Table | None:
    """Held-out texts that the code got wrong."""
    if verdict is None or not verdict.failing:
        return None
    rows = [
        (
            f"#{f.observation.number}",
            shown_text(f.observation.input),
            shown_reply(f.observation),
            shown_text(f.predicted),
        )
        for f in verdict.failing
    ]
    wrong = max(verdict.failed, len(rows))
    of = f" (the first {len(rows)} of {wrong})" if wrong > len(rows) else ""
    columns = [Column("observation"), wide("text"), wide("observed"), wide("explained")]
    return table(f"Held-out texts it got wrong{of}", columns, rows)


def string_answers(run: RunRecord, function: Function | None) -> Table | None:
    """Every answer in the order asked."""
    rows = []
    for o in run.observations[:_MAX_ANSWERS]:
        why = "held out" if o.purpose == "held_out" else o.why
        says = shown_text(_says(function, str(o.input))) if function else ""
        rows.append((f"{o.number}", shown_text(o.input), shown_reply(o), says, why))
    total = len(run.observations)
    caption = f"The {'first ' if total > _MAX_ANSWERS else ''}{len(rows)} of {total} answers, in the order asked"
    return table(caption, [numeric("#"), wide("text"), wide("answer"), wide("explained"), wide("asked for")], rows)


def string_hypotheses(story: Story, observations: dict[int, Observation]) -> Table | None:
    """What was supposed, and which text spoke against it."""
    rows = []
    for trail in story.trails:
        h = trail.hypothesis
        steps = [p.step for p in trail.places]
        when = "" if not steps else f"{min(steps)}" if min(steps) == max(steps) else f"{min(steps)}–{max(steps)}"
        rows.append(Row((h.description, number(round(h.bits, 1)), when, _fate(h, observations)), h.standing))
    columns = [wide("hypothesis"), numeric("bits"), Column("steps"), wide("what became of it")]
    many = f"{len(rows)} hypotheses, the concluded and the longest-lived first"
    return table(many if len(rows) > 1 else "The only hypothesis", columns, rows)


def _fate(h: Hypothesis, observations: dict[int, Observation]) -> str:
    o = observations.get(h.refuted_by) if h.refuted_by is not None else None
    if o is not None:
        word = "revised after" if h.standing == "revised" else "refuted by"
        return f"{word} #{o.number}: {shown_text(o.input)} gave {shown_reply(o)}"
    kinds = {"concluded": "concluded", "live": "agrees with every answer", "refuted": "fell behind"}
    return kinds.get(h.standing, str(h.standing))


def _says(function: Function | None, text: str) -> Any:
    """What the code gives; None where it fails or there is none."""
    if function is None:
        return None
    try:
        return function(text)
    except Exception:
        return None


def string_parts(
    run: RunRecord, tiles: Sequence[Any], story: Story, function: Function | None, drawn: int
) -> dict[str, Any]:
    """The parts of a page that are other ones for a function of texts: examples take the place of plots."""
    verdict = run.trial.verdict if run.trial else None
    score = run.explanation.score if run.explanation else verdict.score if verdict else None
    kept = [t for t in tiles if not t.name.startswith("Predicted")]
    if score is not None and verdict is not None and drawn:
        right = f"{drawn - verdict.failed} of {drawn} held-out texts, {kept[0].note}"
        kept[0] = replace(kept[0], name="Exactly right", value=share_text(score.value), note=right)
    figures: dict[str, Any] = {} if len(story.trails) > _FEW_TRAILS else {"hypothesis_plots": []}
    return {
        **figures,
        "tiles": kept,
        "scoring": string_scoring(score, verdict, len(run.verdicts), drawn),
        "failing": string_failing(verdict),
        "examples": examples_table(run, function),
        "rivals": rivals_table(run),
        "hypotheses": string_hypotheses(story, {o.number: o for o in run.observations}),
        "more_hypotheses": None,
        "answers": string_answers(run, function),
    }
