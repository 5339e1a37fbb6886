"""Running the FIND benchmark: parallel, resumable, one killed function never more than one failed row."""

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from ...tools.black_boxes.find import FIND_DOMAIN
from ..errors import BenchmarkError
from ..ledger import Ledger, content_hash, content_key, engine_fingerprint
from ..pool import run_all
from ..progress import progress_bar
from ..trial import Effort, explain_box, failed_trial, scratch_folder
from .measure import RowResult, measure
from .options import FindOptions
from .report import FindReport, report_on
from .sources import choose, load_subject, open_source

if TYPE_CHECKING:
    from rich.console import Console

_RULES = 1
"""Raised whenever a row's figures change their meaning, so that older results are measured anew."""


@dataclass(frozen=True, slots=True)
class Task:
    """One function for a worker."""

    path: Path
    id: str
    effort: Effort
    scratch: Path
    trusted: bool = False


def run_find(options: FindOptions, *, console: Console | None = None) -> FindReport:
    """Run what has no result yet, append each result to `options.out`, and report on all that was asked for.

    With a `console` a progress bar is drawn on it. Ctrl-C ends the workers and reports on what is done, with
    `missing` above 0; the next run goes on from there. Raises BenchmarkError for what the user can mend.
    """
    if options.category != "numeric":
        raise BenchmarkError(f"expected the category numeric, got {options.category!r}; no other is built yet")
    source = open_source(options.data)
    chosen = choose(source, options.ids, options.limit)
    ledger = Ledger(options.out)
    if options.fresh:
        ledger.clear()
    engine = engine_fingerprint()
    effort = Effort(options.budget_queries, options.seconds, options.seed)
    keys = {name: _key(options, name, engine) for name in chosen}
    rows = {name: row for name in chosen if (row := _recorded(ledger, keys[name])) is not None}
    limit = options.seconds + options.grace_seconds
    with (
        suppress(KeyboardInterrupt),
        scratch_folder() as scratch,
        progress_bar(console, total=len(chosen), done=len(rows), title="FIND") as bar,
    ):
        tasks = [Task(source.path, n, effort, scratch, options.trusted) for n in chosen if n not in rows]
        with closing(_run(tasks, jobs=options.jobs, timeout_seconds=limit)) as finished:
            for row in finished:
                rows[row.id] = row
                ledger.append(keys[row.id], row.model_dump(mode="json"))
                bar.advance(_tally(rows.values()))
    return report_on(
        list(rows.values()),
        data=options.data.name,
        engine=engine,
        seed=options.seed,
        budget_queries=options.budget_queries,
        missing=len(chosen) - len(rows),
    )


def _run(tasks: Sequence[Task], *, jobs: int, timeout_seconds: float) -> Generator[RowResult, None, None]:
    """Results as they come; a killed or broken worker's function gets a failed row."""
    with closing(run_all(explain_and_measure, tasks, jobs=jobs, timeout_seconds=timeout_seconds)) as finished:
        for end in finished:
            if end.result is not None:
                yield end.result
            else:
                subject = load_subject(end.task.path, end.task.id, trusted=end.task.trusted)
                trial = failed_trial(end.error or "no result", seconds=end.seconds)
                yield measure(subject, trial, seed=end.task.effort.seed)


def explain_and_measure(task: Task) -> RowResult:
    """The work of one worker on one function."""
    subject = load_subject(task.path, task.id, trusted=task.trusted)
    box = subject.open(task.effort.seed)
    try:
        trial = explain_box(box, FIND_DOMAIN, task.effort, task.scratch)
    finally:
        box.close()
    return measure(subject, trial, seed=task.effort.seed)


def _key(options: FindOptions, name: str, engine: str) -> str:
    """What a result depends on: the function's data, the settings, the engine and the meaning of the figures."""
    data = options.data
    stamp = content_hash(data) if data.is_file() else str(data.resolve())
    effort = (options.budget_queries, options.seconds, options.seed)
    rights = {"trusted": True} if options.trusted and data.is_dir() else {}
    return content_key(id=name, data=stamp, effort=effort, engine=engine, rules=_RULES, **rights)


def _recorded(ledger: Ledger, key: str) -> RowResult | None:
    """The result under `key`, if there is one of today's shape."""
    record = ledger.get(key)
    try:
        return None if record is None else RowResult.model_validate(record)
    except ValidationError:
        return None


def _tally(rows: Collection[RowResult]) -> str:
    official = sum(row.mark.official for row in rows) / len(rows)
    exact = sum(row.mark.exact for row in rows) / len(rows)
    return f"official {official:.3f} · exact {exact:.3f}"
