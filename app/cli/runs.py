"""`zetetic runs`: the runs a store holds, and what can be done with them."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..failures import CommandError, ExitCode, bad_input
from ..files import default_report
from .options import (
    SANDBOX_FIELDS,
    DebugOption,
    JsonOption,
    SandboxLevelOption,
    SandboxOption,
    StoreOption,
    TrustOption,
    sandbox_options,
)
from .results import figure, write_json
from .texts import open_corpus

if TYPE_CHECKING:
    from ...agent import RunSummary, Store
    from .driving import Sitting

runs_app = typer.Typer(help="List, show, resume, export and delete runs.", no_args_is_help=True)

RunArgument = Annotated[
    str, typer.Argument(metavar="ID", help="A run's id, an unambiguous beginning of it, or latest.")
]
COLOURS = {"explained": "green", "interrupted": "yellow", "running": "cyan", "failed": "red"}
SHORT = {"not_better_than_baseline": "not better"}
WIDE_COLUMNS = 90


@runs_app.command("list")
def list_runs(store: StoreOption = None, as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """List the runs of a store, the latest first."""
    with _open_to_read(store) as opened:
        runs = opened.runs()
        place = opened.path
    if as_json:
        write_json([asdict(run) for run in runs])
    elif not runs:
        print(f"no runs in {place}; begin one with: zetetic explain SPEC", file=sys.stderr)
    else:
        console = Console()
        if console.is_terminal:
            console.print(_table(runs, console.width))
        else:
            print(_plain_table(runs))


def _table(runs: list[RunSummary], width: int) -> Table:
    """The runs for a terminal of `width` columns: ids stay whole, what does not fit is cut with an ellipsis."""
    wide = width >= WIDE_COLUMNS
    table = Table(box=None, header_style="dim", padding=(0, 1), expand=True)
    table.add_column("run", no_wrap=True, min_width=13)
    if wide:
        table.add_column("begun", no_wrap=True)
    table.add_column("status", no_wrap=True, min_width=11)
    table.add_column("queries", justify="right", no_wrap=True)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("explanation", ratio=1, no_wrap=True, overflow="ellipsis", min_width=12)
    for run in runs:
        status = Text(SHORT.get(run.outcome or "", _status(run)), style=COLOURS.get(run.outcome or run.status, ""))
        says = Text(run.description or run.spec, style="" if run.description else "dim")
        begun = [_when(run.created_at)] if wide else []
        table.add_row(run.id, *begun, status, str(run.queries), _score(run), says)
    return table


def _plain_table(runs: list[RunSummary]) -> str:
    """The runs for a pipe: one line each, cells parted by tabs, nothing cut."""
    lines = ["run\tbegun\tstatus\tqueries\tscore\tspec\texplanation"]
    for run in runs:
        cells = (run.id, _when(run.created_at), _status(run), str(run.queries), _score(run), run.spec, run.description)
        lines.append("\t".join(" ".join(cell.split()) for cell in cells))
    return "\n".join(lines)


def _status(run: RunSummary) -> str:
    return (run.outcome or run.status).replace("_", " ")


def _score(run: RunSummary) -> str:
    return "" if run.score is None else figure(run.score)


def _when(moment: float) -> str:
    return datetime.fromtimestamp(moment).strftime("%Y-%m-%d %H:%M")


@runs_app.command("show")
def show(run: RunArgument, store: StoreOption = None, as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """Show a run: its explanation, how hypotheses rose and fell, the verdicts, what it cost."""
    from ...agent import replay_state
    from .showing import record_json, show_record

    with _open_to_read(store) as opened:
        journal = opened.journal(run)
        record = replay_state(journal.events(), run_id=journal.run_id)
        report = default_report(journal)
    found = report if report.is_file() else None
    if as_json:
        write_json(record_json(record, found))
    else:
        show_record(Console(), record, found)


@runs_app.command("report")
def report(
    run: RunArgument,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write. Default: reports/ID.html by the store."),
    ] = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Write a run's HTML report and print where it is."""
    from ...agent import replay_state
    from ..report import ReportError, write_report

    with _open_to_read(store) as opened:
        journal = opened.journal(run)
        record = replay_state(journal.events(), run_id=journal.run_id)
        place = output or default_report(journal)
    try:
        print(write_report(record, place))
    except ReportError as error:
        raise CommandError(str(error).replace("--report PATH", "-o FILE"), ExitCode.OUTPUT) from error


@runs_app.command("resume")
def resume(
    run: RunArgument,
    store: StoreOption = None,
    as_json: JsonOption = False,
    report: Annotated[Path | None, typer.Option(metavar="PATH", help="Where the HTML report goes.")] = None,
    no_report: Annotated[bool, typer.Option("--no-report", help="Write no report.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    budget_queries: Annotated[
        int | None, typer.Option(metavar="N", help="Another limit of queries, those already asked included.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="Another limit of time, what was used before included.")
    ] = None,
    corpus: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where the texts of the run lie now, if not where they were."),
    ] = None,
    untrusted: TrustOption = None,
    sandbox: SandboxOption = None,
    sandbox_level: SandboxLevelOption = None,
    debug: DebugOption = False,
) -> None:
    """Take an interrupted run up where it stopped. What was answered is not asked again."""
    from .driving import Output, drive

    output = Output(as_json=as_json, report=report, no_report=no_report, quiet=quiet, store=store)
    output.check()
    _open_to_read(store).close()
    place = sandbox_options(untrusted, sandbox, sandbox_level)
    raise typer.Exit(drive(output, lambda opened: _reopen(opened, run, (budget_queries, seconds), place, corpus)))


def _reopen(
    store: Store, run: str, limits: tuple[int | None, float | None], place: dict[str, Any], corpus: Path | None
) -> Sitting:
    """The next sitting of `run`; one that has concluded needs no box."""
    from ...agent import replay_state
    from ...tools.black_boxes import open_box
    from .driving import Sitting

    journal = store.journal(run)
    record = replay_state(journal.events(), run_id=journal.run_id)
    if record.explanation is not None:
        return Sitting(journal, None)
    if journal.is_driven:
        raise CommandError(
            f"expected a run that nobody drives, got {journal.run_id}, which a live process drives; "
            "wait for it to end, or stop it",
            ExitCode.STORE,
        )
    budget_queries, seconds = limits
    budget = replace(
        record.budget,
        queries=record.budget.queries if budget_queries is None else budget_queries,
        seconds=record.budget.seconds if seconds is None else seconds,
    )
    brief = journal.brief
    options = {name: value for name, value in brief.options.items() if not (place and name in SANDBOX_FIELDS)} | place
    texts = None if corpus is None or brief.kind != "texts" else open_corpus(corpus)
    return Sitting(journal, open_box(brief.spec, domain=brief.domain, **options), budget, corpus=texts)


@runs_app.command("export")
def export(
    run: RunArgument,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to FILE instead of stdout.")
    ] = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Write a run's events as JSON lines: run, sequence, at, kind, data."""
    with _open_to_read(store) as opened:
        journal = opened.journal(run)
        if output is None:
            journal.export_jsonl(sys.stdout)
            sys.stdout.flush()
            return
        place = output.expanduser()
        if place.is_dir() or not place.parent.is_dir():
            raise bad_input(f"expected a file in a folder that exists for -o, got {place}; pass another path")
        lines = journal.export_jsonl(place)
    print(f"{lines} events of run {journal.run_id} written to {place}", file=sys.stderr)


@runs_app.command("delete")
def delete(
    run: RunArgument,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Delete a run for good. A run that is being driven is refused."""
    with _open_to_write(store) as opened:
        print(f"deleted run {opened.delete(run)}")


def _open_to_read(path: Path | None) -> Store:
    from ...agent import Store

    return Store.open(path, read_only=True)


def _open_to_write(path: Path | None) -> Store:
    """An existing store: a mistyped path must not become a new, empty one."""
    from ...agent import Store

    _open_to_read(path).close()
    return Store.open(path)
