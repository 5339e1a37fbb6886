"""What a watched run shows, live and in a pipe."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from zetetic.agent.types import Event, EventKind
from zetetic.app.progress import LiveView, Progress, show_progress


def event(kind: EventKind, **data: Any) -> Event:
    return Event(1, 0.0, kind, data)


def answer(purpose: str = "query", failed: bool = False) -> Event:
    failure = {"kind": "raised", "message": "no"} if failed else None
    reply = {"value": None if failed else 1.0, "failure": failure, "seconds": 0.0}
    return event("observation", observation={"purpose": purpose, "reply": reply})


def step(name: str, *formulas: str) -> Event:
    ranked = [{"formula": f, "description": f"it is {f}", "bits": 10.0 * i} for i, f in enumerate(formulas, start=1)]
    return event("hypotheses", step=name, ranked=ranked, live=len(ranked) + 2)


VERDICT = event(
    "verdict",
    verdict={
        "score": {"metric": "r2", "value": 0.999, "low": 0.99, "high": {"$float": "nan"}, "held_out": 60},
        "explains": True,
    },
)
LONG = "COEFFICIENT*sin(x)+" * 40


def rendered(progress: Progress, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    console.print(LiveView(progress))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_progress_counts_answers_failures_and_what_was_held_out() -> None:
    progress = Progress(queries_limit=10)
    for e in (answer(), answer(failed=True), answer("held_out")):
        progress.take(e)
    assert (progress.queries, progress.failures, progress.held_out) == (3, 1, 1)
    assert progress.answers == "3 of 10 queries, 1 held out, 1 failed"


def test_progress_shows_the_leader_of_the_last_step() -> None:
    progress = Progress()
    assert progress.best == "none yet"
    progress.take(step("scan", "x", "2*x"))
    progress.take(step("refine", "3*x\n+ 1"))
    assert (progress.step, progress.best, progress.live) == ("refine", "3*x + 1", 3)
    progress.take(step("nothing left"))
    assert progress.best == "3*x + 1"


def test_time_goes_on_from_what_earlier_sittings_used() -> None:
    now = [100.0]
    progress = Progress(seconds_before=20.0, clock=lambda: now[0])
    now[0] += 5
    assert progress.seconds == 25.0


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_no_live_line_is_wider_than_the_terminal(width: int) -> None:
    progress = Progress(queries_limit=400)
    for e in (answer(), step("fit [families]", LONG), VERDICT):
        progress.take(e)
    lines = rendered(progress, width).splitlines()
    assert len(lines) == 6
    assert max(len(line) for line in lines) <= width


def test_an_unlimited_budget_has_no_bar() -> None:
    text = rendered(Progress(seconds_limit=float("inf"), clock=lambda: 0.0), 80)
    assert "inf" not in text
    assert "0.0" in text


def test_a_pipe_gets_plain_lines_without_control_codes() -> None:
    console = Console(file=io.StringIO(), width=40)
    with show_progress(Progress(queries_limit=400), console=console) as listener:
        for e in (answer(), step("fit [families]", LONG), VERDICT):
            listener(e)
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("fit [families]: best COEFFICIENT*sin(x)+")
    assert "1 of 400 queries" in lines[0]
    assert lines[1] == "verdict: r2 0.999 [0.99, undefined] on 60 held-out inputs"
    assert "\x1b" not in console.file.getvalue()


def test_many_answers_make_few_plain_lines() -> None:
    now = [0.0]
    console = Console(file=io.StringIO(), width=80)
    progress = Progress(clock=lambda: now[0])
    with show_progress(progress, console=console) as listener:
        for _ in range(100):
            now[0] += 0.1
            listener(answer())
    assert isinstance(console.file, io.StringIO)
    assert 3 <= len(console.file.getvalue().splitlines()) <= 5


def test_quiet_shows_nothing_but_still_counts() -> None:
    console = Console(file=io.StringIO(), force_terminal=True)
    progress = Progress()
    with show_progress(progress, quiet=True, console=console) as listener:
        listener(answer())
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == ""
    assert progress.queries == 1


def test_a_terminal_is_left_clean() -> None:
    console = Console(file=io.StringIO(), width=80, force_terminal=True)
    with show_progress(Progress(), console=console) as listener:
        listener(step("scan", "x"))
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().rstrip().endswith("\x1b[2K")
    assert "\x1b[?25h" in console.file.getvalue(), "the cursor is shown again"


def test_what_was_asked_never_passes_what_it_is_told_to_be_of() -> None:
    progress = Progress(queries_limit=10)
    progress.take(event("note", memo="plan", value={"queries": 3}))
    progress.take(answer())
    assert progress.answers == "1 of 3 queries"
    for _ in range(3):  # more than was planned
        progress.take(answer())
    assert progress.answers == "4 of 10 queries"
    for _ in range(8):  # a run that is resumed with a smaller budget than what it has spent
        progress.take(answer())
    assert progress.answers == "12 of 12 queries"


def test_seconds_beyond_the_limit_are_told_beside_it() -> None:
    now = [0.0]
    progress = Progress(seconds_limit=60.0, clock=lambda: now[0])
    now[0] = 63.2
    assert "60.0/60, 3.2 beyond" in rendered(progress, 100)
