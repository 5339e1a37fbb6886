"""Live progress of a run, read from its journal's events: a few live lines on a terminal, plain lines elsewhere."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from ..agent.types import Event, Listener

REFRESHES_PER_SECOND = 8
_WORTH_TELLING = 0.1
PLAIN_LINE_SECONDS = 2.0
"""While nothing but the number of answers changes, at most one plain line in this time."""


@dataclass
class Progress:
    """What a person watching a run wants to know, folded from its events.

    `queries_limit` and `seconds_limit` are the budget (infinity: none); `seconds_before` is what earlier sittings of a
    resumed run have used. `planned`: the queries that the run has planned, once it has.
    """

    queries_limit: int = 400
    seconds_limit: float = 60.0
    seconds_before: float = 0.0
    clock: Callable[[], float] = time.monotonic
    planned: int | None = None
    queries: int = 0
    held_out: int = 0
    failures: int = 0
    step: str = "first look"
    live: int = 0
    formula: str = ""
    description: str = ""
    evidence: str = ""
    bits: float = math.nan
    verdict: str = ""
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.clock()

    @property
    def seconds(self) -> float:
        return self.seconds_before + self.clock() - self.started

    @property
    def best(self) -> str:
        """The best hypothesis so far, as a formula if it has one, on one line."""
        return " ".join((self.formula or self.description).split()) or "none yet"

    @property
    def remarks(self) -> str:
        """How many of the queries were held out, and how many failed; nothing where none was."""
        counts = ((self.held_out, "held out"), (self.failures, "failed"))
        return ", ".join(f"{count} {what}" for count, what in counts if count)

    @property
    def answers(self) -> str:
        """What the queries were, in words."""
        return f"{self.queries} of {self.queries_total} queries" + (f", {self.remarks}" if self.remarks else "")

    @property
    def queries_total(self) -> int:
        """What `queries` is told to be of: the plan, the budget once more than planned was asked, and never less than
        was asked (a resumed run may have a smaller budget than what it has spent).
        """
        total = self.queries_limit if self.planned is None else min(self.planned, self.queries_limit)
        return max(total if self.queries <= total else self.queries_limit, self.queries)

    def take(self, event: Event) -> None:
        """Fold one event in. Kinds that say nothing about progress are passed over."""
        if event.kind == "observation":
            observation = event.data["observation"]
            self.queries += 1
            self.held_out += observation["purpose"] == "held_out"
            self.failures += observation["reply"]["failure"] is not None
            if observation["purpose"] == "held_out":
                self.step = "verifying on held-out inputs"
        elif event.kind == "hypotheses":
            self._take_hypotheses(event.data)
        elif event.kind == "note" and event.data.get("memo") == "plan":
            self.planned = int(event.data["value"]["queries"])
        elif event.kind == "note" and "tool" in event.data:
            self.step = f"the model: {event.data['tool']['name'].replace('_', ' ')}"
        elif event.kind == "verdict":
            verdict = event.data["verdict"]
            self.verdict = _verdict_line(verdict)
            self.step = "explained" if verdict.get("explains") else "going round again"

    def _take_hypotheses(self, data: dict[str, Any]) -> None:
        ranked = data["ranked"]
        self.step = str(data["step"])
        self.live = int(data.get("live", len(ranked)))
        if ranked:
            best = ranked[0]
            self.formula = str(best["formula"])
            self.description = str(best["description"])
            self.evidence = str(best.get("evidence", ""))
            self.bits = best["bits"] if isinstance(best["bits"], int | float) else math.nan


def _verdict_line(verdict: dict[str, Any]) -> str:
    score = verdict["score"]
    low, value, high = (_number(score[key]) for key in ("low", "value", "high"))
    return f"{score['metric']} {value} [{low}, {high}] on {score['held_out']} held-out inputs"


def _number(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, int | float) else "undefined"


class LiveView:
    """A few lines that redraw themselves. No line is wider than the terminal: what does not fit is cut."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._spinner = Spinner("dots", style="cyan")

    def __rich__(self) -> RenderableType:
        p = self._progress
        head = Table.grid(padding=(0, 1))
        head.add_column(width=1)
        head.add_column(no_wrap=True, overflow="ellipsis")
        head.add_row(self._spinner, Text(p.step, style="bold"))
        said = _rows()
        said.add_row("  best", Text(p.best, style="cyan"))
        if p.live:
            bits = f", the best at {p.bits:.0f} bits" if math.isfinite(p.bits) else ""
            bits = f"; {p.evidence}" if p.evidence else bits
            said.add_row("  live", Text(f"{p.live} {'hypothesis' if p.live == 1 else 'hypotheses'}{bits}"))
        if p.verdict:
            said.add_row("  verdict", Text(p.verdict))
        # A table of its own: the last line must stay short, or the terminal's echo of Ctrl-C would wrap below it.
        spent = _rows()
        spent.add_row("  queries", _bar(p.queries, p.queries_total), Text(p.remarks, style="dim"))
        spent.add_row("  seconds", _bar(p.seconds, p.seconds_limit))
        return Group(head, said, spent)


def _rows() -> Table:
    """A grid of labelled lines, each cut where the terminal ends."""
    rows = Table.grid(padding=(0, 1))
    rows.add_column(style="dim", width=9, no_wrap=True)
    rows.add_column(no_wrap=True, overflow="ellipsis")
    rows.add_column(no_wrap=True, overflow="ellipsis")
    return rows


def _bar(spent: float, limit: float) -> RenderableType:
    """A bar with its figures; without a limit only the figure."""
    shown = f"{spent:d}" if isinstance(spent, int) else f"{min(spent, limit):.1f}"
    if not math.isfinite(limit):
        return Text(shown)
    beyond = f", {spent - limit:.1f} beyond" if spent >= limit + _WORTH_TELLING else ""
    line = Table.grid(padding=(0, 1))
    line.add_column(width=24)
    line.add_column(no_wrap=True, overflow="ellipsis")
    line.add_row(ProgressBar(total=limit, completed=min(spent, limit), width=24), f"{shown}/{limit:g}{beyond}")
    return line


class PlainView:
    """One line when something has changed, for logs and pipes."""

    def __init__(self, console: Console, progress: Progress) -> None:
        self._console = console
        self._progress = progress
        self._said_at = progress.clock()

    def take(self, event: Event) -> None:
        p = self._progress
        if event.kind == "hypotheses":
            self._say(f"{p.step}: best {p.best} ({p.live} live; {self._cost()})")
        elif event.kind == "verdict":
            self._say(f"verdict: {p.verdict}")
        elif event.kind == "observation" and p.clock() - self._said_at >= PLAIN_LINE_SECONDS:
            self._say(f"{p.step}: {self._cost()}")

    def _cost(self) -> str:
        return f"{self._progress.answers}, {self._progress.seconds:.1f} s"

    def _say(self, line: str) -> None:
        self._said_at = self._progress.clock()
        self._console.print(line, soft_wrap=True, markup=False, highlight=False, emoji=False)


@contextmanager
def show_progress(progress: Progress, *, quiet: bool = False, console: Console | None = None) -> Iterator[Listener]:
    """Within the block, whatever events the listener is given are shown on stderr (nothing if `quiet`)."""
    screen = console or Console(stderr=True)
    if quiet:
        yield progress.take
    elif screen.is_terminal and not screen.is_dumb_terminal:
        with Live(
            LiveView(progress),
            console=screen,
            refresh_per_second=REFRESHES_PER_SECOND,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=sys.stderr.isatty(),
        ):
            yield progress.take
    else:
        view = PlainView(screen, progress)

        def tell(event: Event) -> None:
            progress.take(event)
            view.take(event)

        yield tell
