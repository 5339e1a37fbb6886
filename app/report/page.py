"""A run as the plain values that the template lays out: every text still raw, to be escaped by the template."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from ...agent.budget import Budget
from ...agent.record import RunRecord
from ...agent.types import Hypothesis, Verdict
from ...tools.black_boxes.types import NumericDomain
from ...tools.scoring.types import Score
from .cost import cost_figure, cost_table
from .evidence import Evidence, gather
from .figures import Figure, number, point_text
from .one_input import clipped_exceptions, one_input_figures
from .pairs import MEMO as PAIRS
from .pairs import facts_of_pairs, pair_parts
from .program import function_of, highlighted
from .several_inputs import several_input_figures
from .standing import (
    as_sentence,
    failing_table,
    metric_symbol,
    score_figure,
    score_number,
    score_table,
    scoring_sentences,
    share_text,
)
from .story import hypothesis_tables, story_figures, tell
from .strings import string_parts
from .tables import Column, Table, numeric, table, wide
from .words import Words, response_figure, rivals_table, scatter_figure, wording_sentences, words_of, wrong_table

_MAX_ANSWERS = 1000

STATUS = {
    "explained": ("Explained", "good", "It stood the test on held-out inputs."),
    "not_better_than_baseline": (
        "Not better than a baseline",
        "warn",
        "An honest ending: no explanation stood the test on held-out inputs. Below is the best one.",
    ),
    "out_of_budget": ("Out of budget", "warn", "The budget was spent before an explanation could be put to the test."),
    "interrupted": ("Interrupted", "warn", "The run was stopped and can be resumed; what follows is where it stood."),
    "failed": ("The black box failed", "bad", "The box gave no usable answers, so there is nothing to explain."),
    "running": ("Not finished", "warn", "The run has not ended; what follows is where it stood."),
}


@dataclass(frozen=True, slots=True)
class Tile:
    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template shows, in the order in which it shows it."""

    title: str
    headline: str
    status: str
    tone: str
    status_sentence: str
    tiles: list[Tile]
    formula: str
    exceptions: Table | None
    noise: str
    plots: list[Figure]
    scoring: list[str]
    score_plot: Figure | None
    score_table: Table | None
    failing: Table | None
    code: Any
    hypotheses: Table | None
    more_hypotheses: Table | None
    hypothesis_plots: list[Figure]
    cost: Table | None
    cost_plot: Figure | None
    answers: Table | None
    facts: list[tuple[str, str]]
    words: Words | None = None
    examples: Table | None = None
    rivals: Table | None = None

    @property
    def figures(self) -> list[Figure]:
        single = [f for f in (self.score_plot, self.cost_plot) if f is not None]
        return [*self.plots, *self.hypothesis_plots, *single]


def compose(run: RunRecord) -> Page:
    """The page of `run`."""
    leader = run.best
    evidence = _evidence(run, leader)
    verdict = run.trial.verdict if run.trial else None
    score = run.explanation.score if run.explanation else verdict.score if verdict else None
    held_out = _held_out(run)
    status, tone, _ = STATUS[status_of(run)]
    story = tell(run)
    known = {o.number: o for o in run.observations}
    names = evidence.names if evidence else run.brief.names
    shown, others = hypothesis_tables(story, names, known)
    code = _code(run, leader)
    page = Page(
        title=f"{status}: {run.brief.spec}",
        headline=_headline(run, leader),
        status=status,
        tone=tone,
        status_sentence=_status_sentence(run),
        tiles=_tiles(run, score, verdict, held_out[0]),
        formula=run.explanation.formula if run.explanation else leader.formula if leader else "",
        exceptions=_exceptions(evidence),
        noise=_noise(run),
        plots=_plots(evidence),
        scoring=scoring_sentences(score, verdict, len(run.verdicts), *held_out),
        score_plot=score_figure(score),
        score_table=score_table(score),
        failing=failing_table(names, verdict),
        code=highlighted(code) if code else "",
        hypotheses=shown,
        more_hypotheses=others,
        hypothesis_plots=story_figures(story),
        cost=cost_table(run.observations, run.spend.queries, run.spend.seconds),
        cost_plot=cost_figure(run.observations),
        answers=_answers(run, names, evidence),
        facts=_facts(run),
    )
    if run.brief.kind == "strings":
        function = function_of(code, own=_is_own(run, code))
        page = replace(page, **string_parts(run, page.tiles, story, function, held_out[0]))
    if PAIRS in run.memos:
        page = replace(page, **pair_parts(run, page.tiles, page.failing), facts=[*facts_of_pairs(run), *page.facts])
    return _on_texts(page, run, verdict) if run.brief.kind == "texts" else page


def _on_texts(page: Page, run: RunRecord, verdict: Verdict | None) -> Page:
    """The page of a run on texts: what is said in words takes the place of what is drawn over numbers."""
    words = words_of(run)
    figures = [figure for figure in (response_figure(run), scatter_figure(run)) if figure is not None]
    return replace(
        page,
        plots=figures,
        tiles=_word_tiles(page.tiles, verdict),
        scoring=wording_sentences(verdict),
        score_table=rivals_table(verdict) or page.score_table,
        hypotheses=words.tried,
        more_hypotheses=None,
        failing=wrong_table(verdict),
        hypothesis_plots=[],
        facts=[*words.rests_on, *page.facts],
        words=words,
    )


def _word_tiles(tiles: list[Tile], verdict: Verdict | None) -> list[Tile]:
    """The score, its effect and p, and the cost; agreement within a tolerance means nothing for words."""
    wording = verdict.wording if verdict else None
    kept = [t for t in tiles if not t.name.startswith("Predicted")]
    if wording is None:
        return kept
    told = []
    if wording.effect is not None:
        low, high = f"{wording.effect.low:+.2f}", f"{wording.effect.high:+.2f}"
        told.append(Tile("Effect", f"{wording.effect.value:+.2f} sd", f"95 % interval {low} to {high}"))
    told.append(Tile("p", f"{wording.corrected_p_value:.2g}", f"corrected for {wording.tried} tried"))
    return [*kept[:1], *told, *kept[1:]] if kept and kept[0].name.startswith("Held-out") else [*told, *kept]


def status_of(run: RunRecord) -> str:
    """A key of `STATUS`: the outcome of a run that has ended, or how it stands."""
    if run.explanation is not None:
        return run.explanation.outcome
    return "interrupted" if run.status == "stopped" else "running"


def _status_sentence(run: RunRecord) -> str:
    """What the status means, and why it is so."""
    _, _, sentence = STATUS[status_of(run)]
    why = as_sentence(run.explanation.reason) if run.explanation else run.stopped
    return f"{sentence} {why}".strip()


def _held_out(run: RunRecord) -> tuple[int, int]:
    """Inputs held out for the round that counts, and how many of them had been queries (small whole-number domains)."""
    if run.trial is None:
        return 0, 0
    queried, drawn, repeated = set(), 0, 0
    mine = f"held-out inputs of round {run.trial.verdict.round}"
    for o in run.observations:
        if o.purpose == "query":
            queried.add(o.input)
        elif o.why.partition(",")[0] == mine:
            drawn += 1
            repeated += o.input in queried
    return drawn, repeated


def _headline(run: RunRecord, leader: Hypothesis | None) -> str:
    if run.explanation and run.explanation.description:
        return run.explanation.description
    if leader is not None:
        return f"Leading hypothesis: {leader.description}"
    return f"Nothing is known yet about {run.brief.spec}"


def _is_own(run: RunRecord, code: str) -> bool:
    """Whether induction printed `code`, not a language model or a person."""
    written = any("person" in h.origin for h in run.hypotheses.values() if h.code == code)
    return run.brief.scientist == "inductive" and not written


def _code(run: RunRecord, leader: Hypothesis | None) -> str:
    if run.explanation is not None:
        return run.explanation.code
    return (leader.code or "") if leader else ""


def _evidence(run: RunRecord, leader: Hypothesis | None) -> Evidence | None:
    if not isinstance(run.brief.domain, NumericDomain):
        return None
    code = _code(run, leader)
    function = function_of(code, own=_is_own(run, code))
    return gather(run.brief.names, run.brief.domain, run.observations, function, run.explanation)


def _plots(evidence: Evidence | None) -> list[Figure]:
    if evidence is None or not (evidence.sightings or evidence.failed):
        return []
    return one_input_figures(evidence) if evidence.domain.arity == 1 else several_input_figures(evidence)


def _tiles(run: RunRecord, score: Score | None, verdict: Verdict | None, drawn: int) -> list[Tile]:
    tiles = []
    if score is not None:
        interval = f"{share_text(score.confidence)} interval {score_number(score.low)} to {score_number(score.high)}"
        tiles.append(Tile(f"Held-out {metric_symbol(score.metric)}", score_number(score.value), interval))
    if verdict is not None:
        of = f"of {drawn} held-out inputs"
        tiles.append(Tile("Predicted within tolerance", f"{100 * verdict.agreement:.4g} %", of))
    held_out = sum(o.purpose == "held_out" for o in run.observations)
    tiles.append(Tile("Queries", str(run.spend.queries), f"{held_out} of them held out"))
    tiles.append(Tile("Seconds", f"{run.spend.seconds:.3g}"))
    if run.explanation and run.explanation.exceptions:
        tiles.append(Tile("Exceptions", str(len(run.explanation.exceptions))))
    return tiles


def _exceptions(evidence: Evidence | None) -> Table | None:
    if evidence is None or evidence.explanation is None:
        return None
    columns = [Column(""), numeric("from"), numeric("to"), wide("what holds there")]
    drawn = clipped_exceptions(evidence) or list(evidence.explanation.exceptions)
    rows = [(f"E{n}", number(e.low), number(e.high), e.description) for n, e in enumerate(drawn, 1)]
    return table("Where another rule holds", columns, rows)


def _noise(run: RunRecord) -> str:
    noise = run.explanation.noise if run.explanation else None
    if noise is None:
        return ""
    return f"Noise: {noise.kind}, with a standard deviation of {number(noise.scale)}."


def _answers(run: RunRecord, names: tuple[str, ...], evidence: Evidence | None) -> Table | None:
    said = {s.number: s.predicted for s in evidence.sightings} if evidence else {}
    rows = []
    for o in run.observations[:_MAX_ANSWERS]:
        failure = o.reply.failure
        got = f"{failure.kind}: {failure.message}" if failure else number(o.reply.value)
        why = "held out" if o.purpose == "held_out" else o.why
        rows.append((f"{o.number}", point_text(names, o.input), got, number(said.get(o.number, math.nan)), why))
    total = len(run.observations)
    caption = f"The {'first ' if total > _MAX_ANSWERS else ''}{len(rows)} of {total} answers, in the order asked"
    columns = [numeric("#"), Column("input"), numeric("answer"), numeric("explained"), wide("asked for")]
    return table(caption, columns, rows)


def domain_text(run: RunRecord) -> str:
    domain = run.brief.domain
    if not isinstance(domain, NumericDomain):
        return "texts"
    names = run.brief.names if len(run.brief.names) == domain.arity else tuple(f"x{i + 1}" for i in range(domain.arity))
    parts = [
        f"{name} from {number(i.low)} to {number(i.high)}{' (whole numbers)' if i.integer else ''}"
        for name, i in zip(names, domain.inputs)
    ]
    return ", ".join(parts) + ("" if domain.stated else " (a first guess: nobody stated it)")


def budget_text(budget: Budget) -> str:
    parts = [f"{budget.queries} queries", f"{budget.seconds:g} seconds", f"{budget.rounds} rounds of verification"]
    parts += [f"{budget.tokens} tokens"] if budget.tokens is not None else []
    parts += [f"{budget.money:g} US dollars"] if budget.money is not None else []
    return ", ".join(parts)


def _facts(run: RunRecord) -> list[tuple[str, str]]:
    started = datetime.fromtimestamp(run.started_at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    facts = [
        ("Black box", run.brief.spec),
        ("Sandbox", "; then ".join(map(str, run.sandboxes))),
        ("Domain", domain_text(run)),
        ("Run", run.run_id),
        ("Seed", str(run.brief.seed)),
        ("Scientist", run.brief.scientist),
        ("Budget", budget_text(run.budget)),
        ("Started", started + (f", resumed {run.resumes} times" if run.resumes else "")),
        ("Version", f"zetetic {run.brief.version}"),
    ]
    return [(name, value) for name, value in facts if value]
