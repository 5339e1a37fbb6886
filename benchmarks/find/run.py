"""Running the FIND benchmark: parallel, resumable, one killed function never more than one failed row."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Sequence
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ..errors import BenchmarkError, Unfinished
from ..ledger import Ledger, content_key, engine_fingerprint
from ..pool import run_all
from ..progress import progress_bar
from ..trial import scratch_folder
from .categories import category_of
from .category import Category, Facts, Report, Row, Task
from .llm_chats import check_models
from .llm_costs import discard, with_costs
from .options import FindOptions

if TYPE_CHECKING:
    from rich.console import Console


def run_find(options: FindOptions, *, console: Console | None = None) -> Report:
    """Run what has no result yet, append each result to `options.out`, and report on all that was asked for.

    With a `console` a progress bar is drawn on it. Ctrl-C ends the workers and reports on what is done, with
    `missing` above 0; the next run goes on from there. Raises BenchmarkError for what the user can mend.
    """
    category = category_of(options.category)
    options = _settled(options, category)
    chosen = choose(category, options)
    category.check(options)
    ledger = Ledger(options.out)
    if options.fresh:
        ledger.clear()
        shutil.rmtree(options.runs, ignore_errors=True)
    engine = _engine(options, category)
    keys = {name: _key(category, options, name, engine) for name in chosen}
    rows = {name: row for name in chosen if (row := _recorded(category, ledger, keys[name])) is not None}
    if len(rows) < len(chosen):
        check_models(options)
    limit = options.seconds + options.grace_seconds
    with (
        suppress(KeyboardInterrupt),
        scratch_folder() as scratch,
        progress_bar(console, total=len(chosen), done=len(rows), title=f"FIND {category.name}") as bar,
    ):
        tasks = [Task(options, name, scratch, keys[name]) for name in chosen if name not in rows]
        with closing(_run(tasks, jobs=options.jobs, timeout_seconds=limit)) as finished:
            for row in finished:
                rows[row.id] = row
                ledger.append(keys[row.id], row.model_dump(mode="json"))
                discard(options, keys[row.id])
                bar.advance(category.tally(rows.values()))
    facts = Facts(
        scientist=options.investigator.name,
        data=options.data.name,
        engine=engine,
        seed=options.seed,
        budget_queries=options.budget_queries or category.budget_queries,
        missing=len(chosen) - len(rows),
    )
    return category.report(list(rows.values()), facts)


def choose(category: Category[Any], options: FindOptions) -> list[str]:
    """The ids asked for, in the data's order; BenchmarkError for one that is not there."""
    if not options.data.exists():
        raise BenchmarkError(
            f"there is no {options.data}; pass --data a folder such as find_dataset, or a file of its functions"
        )
    known = category.ids(options.data)
    unknown = sorted(set(options.ids) - set(known))
    if unknown:
        raise BenchmarkError(f"{options.data} has no function {unknown[0]!r}; its ids look like {known[0]!r}")
    chosen = [name for name in known if not options.ids or name in options.ids]
    return chosen if options.limit is None else chosen[: options.limit]


def work(task: Task) -> Row | str:
    """What a worker process does with a task: its row, or why it has to be gone on with another time."""
    try:
        row: Row = category_of(task.options.category).run(task)
    except Unfinished as error:
        return str(error)
    return with_costs(row, task)


def _engine(options: FindOptions, category: Category[Any]) -> str:
    """What explanations come from. The sources of the inductive scientist; of a language model, which is paid for, the
    version alone: its runs are not begun anew for every mended line.
    """
    if options.investigator.kind == "inductive":
        return engine_fingerprint(*category.sources)
    from ... import __version__

    return f"zetetic {__version__}"


def _settled(options: FindOptions, category: Category[Any]) -> FindOptions:
    if options.budget_queries is not None:
        return options
    return options.model_copy(update={"budget_queries": category.budget_queries})


def _run(tasks: Sequence[Task], *, jobs: int, timeout_seconds: float) -> Generator[Row, None, None]:
    """Results as they come; a killed or broken worker's function gets a failed row."""
    with closing(run_all(work, tasks, jobs=jobs, timeout_seconds=timeout_seconds)) as finished:
        for end in finished:
            if isinstance(end.result, str):
                raise BenchmarkError(f"{end.task.id} is not done: {end.result}; what is done is kept: run it again")
            if end.result is not None:
                yield end.result
            else:
                category = category_of(end.task.options.category)
                row: Row = category.failed(end.task, end.error or "no result", end.seconds)
                yield with_costs(row, end.task)


def _key(category: Category[Any], options: FindOptions, name: str, engine: str) -> str:
    """What a result depends on: the function's data, the settings, the engine and the meaning of the figures."""
    parts: dict[str, Any] = {
        "id": name,
        "data": category.stamp(options.data, name),
        "effort": (options.budget_queries, options.seconds, options.seed),
        "engine": engine,
        "rules": category.rules,
    }
    if options.trusted and options.data.is_dir():
        parts["trusted"] = True
    if options.category != "numeric":
        parts["category"] = options.category
    if options.investigator.kind != "inductive":
        parts["investigator"] = options.investigator.model_dump()
    if options.judge is not None:
        parts["judge"] = (options.judge, options.judge_url)
    if options.box_model is not None:
        parts["box"] = (options.box_model, options.box_url)
    if options.hints:
        parts["hints"] = True
    return content_key(**parts)


def _recorded(category: Category[Any], ledger: Ledger, key: str) -> Row | None:
    """The result under `key`, if there is one of today's shape."""
    record = ledger.get(key)
    try:
        return None if record is None else category.read(record)
    except ValidationError:
        return None
