"""`zetetic runs show`: a run as people read it, and as JSON for scripts."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .results import explanation_json, figure, show_explanation

if TYPE_CHECKING:
    from pathlib import Path

    from ...agent import Hypothesis, Observation, RunRecord
    from ...tools.black_boxes import Domain, Input, Reply

NARROW_COLUMNS = 90
NARROW_CELL = 12
"""Columns that a cell may take on a terminal of fewer than NARROW_COLUMNS, the last cell of a row apart."""
LONGEST_CELL = 60
"""Characters of a text that a cell of a table shows."""
TRIED_SHOWN = 24
FALLEN_SHOWN = 12
"""How many fallen hypotheses are listed; the JSON and the report hold all of them."""


def record_json(record: RunRecord, report: Path | None) -> dict[str, Any]:
    """A run without its observations, which `zetetic runs export` gives in full."""
    brief, ended = record.brief, record.explanation
    return {
        "run_id": record.run_id,
        "status": record.status,
        "stopped": record.stopped or None,
        "spec": brief.spec,
        "inputs": list(brief.names),
        "domain": [asdict(interval) for interval in getattr(brief.domain, "inputs", ())],
        **({} if brief.corpus is None else {"corpus": asdict(brief.corpus), "chat": brief.chat, "memos": record.memos}),
        "scientist": brief.scientist,
        "seed": brief.seed,
        "sandboxes": [asdict(standing) for standing in record.sandboxes],
        "version": brief.version,
        "started_at": datetime.fromtimestamp(record.started_at, UTC).isoformat(),
        "budget": asdict(record.budget),
        "spend": asdict(record.spend),
        "resumes": record.resumes,
        "steps": [_step_json(step) for step in record.steps],
        "hypotheses": [asdict(h) for h in record.hypotheses.values()],
        "verdicts": [asdict(v) for v in record.verdicts],
        "explanation": None if ended is None else explanation_json(ended, report, record.memos.get("examples")),
    }


def _step_json(step: Any) -> dict[str, Any]:
    return {
        "step": step.step,
        "live": step.live,
        "ranked": [h.id for h in step.ranked],
        "dropped": [{"id": id, "refuted_by": by} for id, by in step.dropped],
        "queries": step.queries,
        "seconds": step.seconds,
    }


def show_record(console: Console, record: RunRecord, report: Path | None) -> None:
    """Print the explanation, how hypotheses rose and fell, the verdicts and the cost."""
    _grid(console, _origin(record))
    if record.explanation is not None:
        console.print()
        show_explanation(console, record.explanation, report, record.memos.get("examples"))
    elif record.best is not None:
        console.print(Text(f"\nBest so far: {record.best.description}", style="bold"))
    if record.steps:
        _print_table(console, _rises(record))
    fallen = [h for h in record.hypotheses.values() if h.standing in ("refuted", "revised")]
    if record.brief.kind == "texts":
        _print_table(console, _tried(record))
    elif fallen:
        _print_table(console, _falls(record, fallen))
    if record.trials:
        _print_table(console, _verdicts(record))
    console.print()
    _grid(console, _cost(record))


def _origin(record: RunRecord) -> list[tuple[str, str]]:
    brief = record.brief
    status = record.status + (f": {record.stopped}" if record.stopped else "")
    begun = datetime.fromtimestamp(record.started_at).strftime("%Y-%m-%d %H:%M:%S")
    return [
        ("run", f"{record.run_id} ({status})"),
        ("black box", brief.spec),
        *(("sandbox", str(standing)) for standing in record.sandboxes),
        ("inputs", domain_text(brief.names, brief.domain) + _corpus_text(record)),
        ("scientist", f"{brief.scientist}, seed {brief.seed}, zetetic {brief.version}"),
        ("begun", begun + (f", resumed {record.resumes} times" if record.resumes else "")),
    ]


def _corpus_text(record: RunRecord) -> str:
    corpus = record.brief.corpus
    if corpus is None:
        return ""
    return f", from the corpus {corpus.path or corpus.name} ({corpus.texts} texts)"


def domain_text(names: tuple[str, ...], domain: Domain) -> str:
    """Such as `mass in [0, 5], n in [0, 9] (whole numbers)`."""
    from ...tools.black_boxes import NumericDomain

    if not isinstance(domain, NumericDomain):
        return ", ".join(names)
    parts = [
        f"{name} in [{i.low:g}, {i.high:g}]{' (whole numbers)' if i.integer else ''}"
        for name, i in zip(names, domain.inputs)
    ]
    return ", ".join(parts) + ("" if domain.stated else " (a first guess)")


def _cost(record: RunRecord) -> list[tuple[str, str]]:
    spend = record.spend
    failed = sum(o.reply.failure is not None for o in record.observations)
    rows = [
        ("queries", f"{spend.queries} of {record.budget.queries}: {spend.held_out} held out, {failed} failed"),
        ("seconds", f"{spend.seconds:.1f} of {record.budget.seconds:g}"),
        ("rounds", f"{spend.rounds} of {record.budget.rounds}"),
    ]
    plan = record.memos.get("plan")
    if plan:
        each = 1000 * plan["seconds_each"]
        rows.append(("speed", f"{each:.3g} ms a phrase, so {plan['queries']} queries were planned"))
    if spend.tokens or spend.money:
        rows.append(("model", f"{spend.tokens} tokens, {spend.money:.4f} dollars"))
    return rows


def _table(title: str, *columns: str) -> Table:
    """A table without rules; every cell is one line."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, header_style="dim", padding=(0, 1))
    for column in columns:
        justify: Literal["left", "right"] = "right" if column in _FIGURES else "left"
        table.add_column(column, no_wrap=True, overflow="ellipsis", justify=justify)
    return table


_FIGURES = {"#", "queries", "s", "live", "bits", "r2", "wrong"}


def _print_table(console: Console, table: Table) -> None:
    """On a terminal cut to its width, the last column first but not to nothing; elsewhere as wide as it needs to be."""
    console.print()
    if not console.is_terminal:
        Console(file=console.file, width=max(console.width, 1000)).print(table)
        return
    table.expand = True
    table.columns[-1].ratio = 1
    if console.width < NARROW_COLUMNS:
        for column in table.columns[:-1]:
            column.max_width = NARROW_CELL
    console.print(table)


def _rises(record: RunRecord) -> Table:
    table = _table("How hypotheses rose", "#", "step", "queries", "s", "live", "bits", "best")
    for step in record.steps:
        best = step.ranked[0] if step.ranked else None
        bits = "" if best is None else f"{best.bits:.0f}"
        says = "" if best is None else f"{best.id}  {_says(best)}"
        cost = (str(step.queries), f"{step.seconds:.1f}")
        table.add_row(str(step.number), Text(step.step), *cost, str(step.live), bits, Text(says))
    return table


def _falls(record: RunRecord, fallen: list[Hypothesis]) -> Table:
    by_number = {o.number: o for o in record.observations}
    table = _table("How they fell", "id", "standing", "by", "hypothesis")
    for h in fallen[-FALLEN_SHOWN:]:
        by = "" if h.refuted_by is None else _sighting(by_number.get(h.refuted_by), h.refuted_by)
        table.add_row(h.id, h.standing, Text(by), Text(_says(h)))
    if len(fallen) > FALLEN_SHOWN:
        table.title = f"How they fell (the last {FALLEN_SHOWN} of {len(fallen)})"
    return table


def _tried(record: RunRecord) -> Table:
    """The descriptions of a text run, the best first, with what became of them."""
    table = _table("What was tried", "id", "standing", "description", "evidence")
    order = {"concluded": 0, "live": 1}
    ranked = sorted(record.hypotheses.values(), key=lambda h: (order.get(h.standing, 2), h.bits))
    for h in ranked[:TRIED_SHOWN]:
        table.add_row(h.id, h.standing, Text(shortened(h.description)), Text(h.evidence))
    if len(ranked) > TRIED_SHOWN:
        table.title = f"What was tried (the best {TRIED_SHOWN} of {len(ranked)})"
    return table


def _says(hypothesis: Hypothesis) -> str:
    return " ".join((hypothesis.formula or hypothesis.description).split())


def _sighting(observation: Observation | None, number: int) -> str:
    if observation is None:
        return f"#{number}"
    return f"#{number} f({input_text(observation.input)}) = {reply_text(observation.reply)}"


def shortened(text: str) -> str:
    """`text` on one line, cut where it would fill a terminal by itself."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_CELL else line[: LONGEST_CELL - 1] + "…"


def input_text(point: Input) -> str:
    return repr(shortened(point)) if isinstance(point, str) else ", ".join(f"{x:.6g}" for x in point)


def reply_text(reply: Reply) -> str:
    if reply.failure is not None:
        return reply.failure.kind.replace("_", " ")
    return f"{reply.value:.6g}" if isinstance(reply.value, float | complex) else repr(reply.value)


def _verdicts(record: RunRecord) -> Table:
    table = _table("Verdicts", "#", "score", "interval", "held out", "wrong", "verdict")
    for number, verdict in enumerate(record.verdicts, start=1):
        score = verdict.score
        word = "explained" if verdict.explains else "not explained"
        table.add_row(
            str(number),
            f"{score.metric} {figure(score.value)}",
            f"{figure(score.low)} to {figure(score.high)}",
            str(score.held_out),
            str(verdict.failed),
            Text(f"{word}: {verdict.reason}" if verdict.reason else word),
        )
    return table


def _grid(console: Console, rows: list[tuple[str, str]]) -> None:
    if not console.is_terminal:
        for label, text in rows:
            console.print(f"{label + ':':11} {text}", soft_wrap=True, markup=False, highlight=False, emoji=False)
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True, width=11)
    table.add_column(overflow="fold")
    for label, text in rows:
        table.add_row(label, Text(text))
    console.print(table)
