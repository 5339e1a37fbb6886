"""Driving a run from the command line: progress, Ctrl-C, the report, the explanation, the exit code."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from ..failures import OUTCOME_CODES, CommandError, ExitCode, bad_input, classify, one_line
from ..files import default_report
from ..progress import Progress, show_progress
from .interrupts import Interrupted, StopRequest, stoppable
from .results import explanation_json, show_explanation, write_json

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from ...agent import Brief, Budget, Event, Explanation, Investigation, Journal, Store
    from ...tools.black_boxes import BlackBox
    from ...tools.texts import Corpus

REMEDIES = {
    ExitCode.BOX_FAILED: "; mend the black box or where it is asked, and see: zetetic runs show {run}",
    ExitCode.BUDGET_SPENT: "; give more with --budget-queries or --seconds",
}

Prepare = Callable[["Store"], "Sitting"]
"""Opens what a sitting needs, in the store given."""


@dataclass(frozen=True)
class Sitting:
    """One go at a run: its journal, its box, and the budget if this sitting has another one than the run began with.

    Without a box the run has concluded already and there is nothing left to do.
    """

    journal: Journal
    box: BlackBox | None
    budget: Budget | None = None
    remarks: tuple[str, ...] = ()
    """Lines that the user should see before it begins."""
    corpus: Corpus | None = None
    """The texts of a run on a text module, where they are open already."""


@dataclass(frozen=True)
class Output:
    """What the user wants to see and where it goes."""

    as_json: bool = False
    report: Path | None = None
    no_report: bool = False
    quiet: bool = False
    store: Path | None = None

    def check(self) -> None:
        """Refuse a report that could not be written before anything is spent on it."""
        if self.report is None:
            return
        if self.no_report:
            raise bad_input("expected --report or --no-report, got both; leave one out")
        place = self.report.expanduser()
        if place.is_dir():
            raise bad_input(f"expected a file name for --report, got the folder {place}; try {place / 'report.html'}")
        nearest = next(folder for folder in place.absolute().parents if folder.exists())
        if not nearest.is_dir():
            raise bad_input(f"expected --report in a folder, got {place}, and {nearest} is a file; pass another path")
        if not os.access(nearest, os.W_OK):
            raise bad_input(f"expected --report in a folder you may write to, got {place}; pass another path")

    def report_path(self, journal: Journal) -> Path | None:
        """Where the report of `journal` goes; None when none is wanted."""
        if self.no_report or (self.as_json and self.report is None):
            return None
        if self.report is not None:
            return self.report.expanduser()
        return default_report(journal)


def drive(output: Output, prepare: Prepare) -> int:
    """Run what `prepare` opens to its end, or to the user's; returns the exit code."""
    from ...agent import Store

    with stoppable() as stop, contextlib.ExitStack() as cleanup:
        sitting: Sitting | None = None
        try:
            store = cleanup.enter_context(Store.open(output.store))
            sitting = prepare(store)
            if sitting.box is not None:
                cleanup.callback(sitting.box.close)
            _remark(sitting, output)
            explanation = _run(sitting, output, stop)
        except Interrupted as interrupt:
            return _say_interrupted(interrupt.exit_code, sitting, output)
        except Exception as error:
            if stop.signum is None:
                raise _with_the_way_on(error, sitting, output) from error
            return _say_interrupted(128 + stop.signum, sitting, output)
        if stop.signum is not None:
            return _say_interrupted(128 + stop.signum, sitting, output)
        return _conclude(explanation, sitting.journal, output)


def _remark(sitting: Sitting, output: Output) -> None:
    """What the user should know before it begins, on stderr. That nothing is walled in is said even if quiet."""
    from ...tools.black_boxes.sandboxed import standing_of

    standing = standing_of(sitting.box)
    if standing is not None and standing.level == "unsafe":
        print(f"warning: the box's code runs without walls, with limits only ({standing})", file=sys.stderr)
    if not output.quiet:
        for line in sitting.remarks:
            print(f"note: {line}", file=sys.stderr)


def _run(sitting: Sitting, output: Output, stop: StopRequest) -> Explanation:
    """Drive the investigation with progress on stderr; a run that has concluded is only read."""
    from ...agent import replay_state

    journal = sitting.journal
    record = replay_state(journal.events(), run_id=journal.run_id)
    if record.explanation is not None:
        return record.explanation
    budget = sitting.budget or record.budget
    pairs = getattr(sitting.box, "examples", None)
    queries = budget.queries if pairs is None else len(pairs.pairs)
    progress = Progress(queries, budget.seconds, seconds_before=record.spend.seconds)
    begun = False
    for event in journal.events():
        progress.take(event)
        begun = begun or event.kind != "started"
    if begun:
        progress.step = "taking up what is known"
    with contextlib.ExitStack() as cleanup, show_progress(progress, quiet=output.quiet) as listener, _calm():
        investigation = _cast(sitting, cleanup)

        def hear(event: Event) -> None:
            listener(event)
            if event.kind != "stopped":
                stop.check()

        forget = journal.subscribe(hear)
        try:
            return investigation.resume() if begun else investigation.run()
        finally:
            forget()


def _cast(sitting: Sitting, cleanup: contextlib.ExitStack) -> Investigation:
    """Who investigates the sitting's box; what that opens is closed by `cleanup`."""
    from ...agent.passive import cast as cast_passive
    from ...tools.examples import ExamplesBox

    journal, box = sitting.journal, sitting.box
    assert box is not None, "a run that has not concluded needs its box"
    if isinstance(box, ExamplesBox):
        return cast_passive(journal, box, sitting.budget)
    from ...agent.llm.casting import cast

    extra = cleanup.enter_context(tools_for(journal.brief))
    return cast(journal, box, sitting.budget, corpus=sitting.corpus, extra_tools=extra)


@contextlib.contextmanager
def tools_for(brief: Brief) -> Iterator[Sequence[BaseTool]]:
    """The tools of plug-ins and MCP servers that the brief names; their sessions end with the block."""
    if not brief.tools and brief.mcp is None:
        yield ()
        return
    from ...agent.llm.toolset import NAMES
    from ...tools.toolbox import open_tools

    with open_tools(brief.tools, mcp=None if brief.mcp is None else Path(brief.mcp), taken=NAMES) as opened:
        yield opened


@contextlib.contextmanager
def _calm() -> Iterator[None]:
    """Keep the warnings of numerical libraries off the screen, unless the user asked Python for them (`-W`)."""
    with warnings.catch_warnings():
        if not sys.warnoptions:
            warnings.simplefilter("ignore")
        yield


def _way_on(sitting: Sitting, output: Output) -> str:
    """The command that takes the run up again."""
    where = "" if output.store is None else f" --store {shlex.quote(str(output.store))}"
    return f"zetetic runs resume {sitting.journal.run_id}{where}"


def _with_the_way_on(error: Exception, sitting: Sitting | None, output: Output) -> Exception:
    """`error`, and how to go on where a run had begun: what was answered is kept."""
    from ...agent import RunBusyError

    if sitting is None or isinstance(error, RunBusyError):
        return error
    line, code = classify(error)
    return CommandError(f"{line}; go on with: {_way_on(sitting, output)}", code)


def _say_interrupted(code: int, sitting: Sitting | None, output: Output) -> int:
    if sitting is None:
        print("interrupted before anything was asked", file=sys.stderr)
    else:
        print(f"interrupted; go on with: {_way_on(sitting, output)}", file=sys.stderr)
    return code


def _conclude(explanation: Explanation, journal: Journal, output: Output) -> int:
    """Write the report, print the explanation, and say the exit code."""
    code = OUTCOME_CODES[explanation.outcome]
    account = _account_of(journal)
    report = _write_report(journal, output) if explanation.code or explanation.score else None
    if output.as_json:
        write_json(explanation_json(explanation, report, account))
    elif code in (ExitCode.EXPLAINED, ExitCode.NOT_BETTER):
        show_explanation(Console(), explanation, report, account)
    if code not in (ExitCode.EXPLAINED, ExitCode.NOT_BETTER):
        remedy = REMEDIES.get(code, "").format(run=explanation.run_id)
        print(f"error: {one_line(explanation.description)}{remedy}", file=sys.stderr)
    return int(code)


def _account_of(journal: Journal) -> dict[str, Any] | None:
    """What a run on examples says of them; None for a run on a box."""
    from ...agent import replay_state
    from ...agent.passive import MEMO

    return replay_state(journal.events(), run_id=journal.run_id).memos.get(MEMO)


def _write_report(journal: Journal, output: Output) -> Path | None:
    """The report's path, or None with a warning on stderr: a run is never lost for want of its report."""
    path = output.report_path(journal)
    if path is None:
        return None
    from ...agent import replay_state
    from ..report import ReportError, write_report

    try:
        return write_report(replay_state(journal.events(), run_id=journal.run_id), path)
    except ReportError as error:
        print(f"warning: {one_line(str(error))}", file=sys.stderr)
        return None
