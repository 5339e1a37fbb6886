"""`zetetic sandbox`: what this machine offers against code that nobody vouches for, and whether it holds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..failures import ExitCode, bad_input, one_line
from .options import DebugOption, JsonOption
from .results import write_json

if TYPE_CHECKING:
    from ...sandboxes import Level, Limits, Sandbox, Standing
    from ...sandboxes.contract import Check
    from ..machine import Fact

sandbox_app = typer.Typer(help="Sandboxes: what this machine offers, and a self-test.", no_args_is_help=True)
_MARKS: dict[bool | None, tuple[str, str]] = {True: ("yes", "green"), False: ("no", "red"), None: ("-", "dim")}


@dataclass(frozen=True)
class Backend:
    """A backend and how it started: its `standing`, or why it did not (`refusal`), or neither if it was not tried."""

    name: str
    standing: Standing | None = None
    refusal: str = ""


@dataclass(frozen=True)
class Findings:
    """What `check` found out. `chosen` is the backend that was tested; `holds` says whether the level does."""

    level: Level
    machine: list[Fact]
    backends: list[Backend]
    chosen: Backend | None
    checks: list[Check]

    @property
    def failed(self) -> list[Check]:
        return [check for check in self.checks if not check.passed]

    @property
    def holds(self) -> bool:
        return self.chosen is not None and bool(self.checks) and not self.failed


@sandbox_app.callback()
def sandbox() -> None:
    """Sandboxes: what this machine offers, and a self-test."""


@sandbox_app.command("check")
def check(
    sandbox: Annotated[
        str, typer.Option(metavar="NAME", help="Which one to test: auto, local, wasm, docker or a plug-in's.")
    ] = "auto",
    sandbox_level: Annotated[
        str, typer.Option(metavar="LEVEL", help="The least it must guarantee: isolated, confined or unsafe.")
    ] = "confined",
    every: Annotated[
        bool,
        typer.Option("--all", help="Start every backend. The first start of wasm and docker may take minutes."),
    ] = False,
    as_json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    debug: DebugOption = False,
) -> None:
    """Show what this machine offers, start the sandbox, and put it through its contract.

    Exit code 0: the level holds. 6: no sandbox guarantees it, or a check failed.
    """
    level = _known_level(sandbox_level)
    _known_name(sandbox)
    with _progress(shown=not quiet) as tell:
        findings = _find_out(sandbox, level, every=every, tell=tell)
    if as_json:
        write_json(_as_json(findings))
    else:
        _show(Console(), findings)
    if not findings.holds:
        print(f"error: {one_line(_trouble(findings))}", file=sys.stderr)
    raise typer.Exit(int(ExitCode.EXPLAINED if findings.holds else ExitCode.SANDBOX))


def _known_level(level: str) -> Level:
    from ...sandboxes.types import LEVELS

    for known in LEVELS:
        if level == known:
            return known
    raise bad_input(f"expected --sandbox-level {', '.join(LEVELS[:-1])} or {LEVELS[-1]}, got {level!r}; pick one")


def _known_name(name: str) -> None:
    from ...sandboxes import known_sandboxes

    known = ["auto", *known_sandboxes()]
    if name not in known:
        raise bad_input(f"expected --sandbox {', '.join(known[:-1])} or {known[-1]}, got {name!r}; pick one")


class _Telling:
    """One line that says what is being done: alive on a terminal, left out elsewhere."""

    def __init__(self, status: Any = None) -> None:
        self._status = status

    def __call__(self, text: str) -> None:
        if self._status is not None:
            self._status.update(Text(text))


@contextmanager
def _progress(*, shown: bool) -> Iterator[_Telling]:
    """A spinner on stderr, which also shows what the sandboxes log while they get ready."""
    import logging

    console = Console(stderr=True)
    if not (shown and console.is_terminal):
        yield _Telling()
        return
    logger = logging.getLogger("zetetic.sandboxes")
    with console.status("looking at this machine") as status:
        telling = _Telling(status)

        class Shown(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                telling(record.getMessage())

        handler, propagated = Shown(), logger.propagate
        logger.addHandler(handler)
        logger.propagate = False
        try:
            yield telling
        finally:
            logger.removeHandler(handler)
            logger.propagate = propagated


def _find_out(name: str, level: Level, *, every: bool, tell: _Telling) -> Findings:
    from ..machine import facts

    machine = list(facts())
    backends = list(_start(name, level, every=every, tell=tell))
    candidates = [backend for backend in backends if name in ("auto", backend.name)]
    chosen = next((backend for backend in candidates if _suffices(backend, level)), None)
    checks = list(_test(chosen, level, tell)) if chosen is not None else []
    return Findings(level, machine, backends, chosen, checks)


def _suffices(backend: Backend, level: Level) -> bool:
    from ...sandboxes.types import LEVELS

    return backend.standing is not None and LEVELS.index(backend.standing.level) <= LEVELS.index(level)


def _start(name: str, level: Level, *, every: bool, tell: _Telling) -> Iterator[Backend]:
    """Start backends in the order in which `auto` takes them, until one suffices; `every` starts them all."""
    from ...sandboxes import SandboxError, known_sandboxes, open_sandbox
    from ...sandboxes.registry import PREFERRED

    known = known_sandboxes()
    found = False
    for backend in [n for n in PREFERRED if n in known] + [n for n in known if n not in PREFERRED]:
        wanted = backend == name or (name == "auto" and backend in PREFERRED and not found)
        if not (wanted or every):
            yield Backend(backend)
            continue
        tell(f"starting {backend}")
        try:
            with open_sandbox(backend, level="unsafe") as opened:
                started = Backend(backend, opened.standing)
        except SandboxError as error:
            started = Backend(backend, refusal=str(error))
        found = found or _suffices(started, level)
        yield started


def _test(backend: Backend, level: Level, tell: _Telling) -> Iterator[Check]:
    from ...sandboxes import open_sandbox
    from ...sandboxes.contract import run_contract

    def opened(limits: Limits) -> Sandbox:
        return open_sandbox(backend.name, limits, level=level)

    failed = 0
    for number, made in enumerate(run_contract(opened), start=1):
        failed += not made.passed
        tell(f"testing {backend.name}: {number} checks, {failed} failed; {made.name}")
        yield made


def _trouble(findings: Findings) -> str:
    """Why the level does not hold, and what to do."""
    if findings.chosen is None:
        found = [(b.name, b.refusal or (f"only {b.standing.level}" if b.standing else "")) for b in findings.backends]
        reasons = [f"{name}: {why}" for name, why in found if why]
        return f"expected a sandbox of level {findings.level}, got none. {'; '.join(reasons)}"
    if not findings.checks:
        return f"{findings.chosen.name} was not put through a single check; run again with --debug"
    first = findings.failed[0]
    return (
        f"{findings.chosen.name} failed {len(findings.failed)} of {len(findings.checks)} checks, the first being "
        f"{first.name!r}: {first.detail}; use another sandbox, or report this"
    )


def _as_json(findings: Findings) -> dict[str, Any]:
    return {
        "level": findings.level,
        "holds": findings.holds,
        "chosen": findings.chosen.name if findings.chosen else None,
        "machine": [asdict(fact) for fact in findings.machine],
        "backends": [
            {
                "name": backend.name,
                "standing": asdict(backend.standing) if backend.standing else None,
                "refusal": backend.refusal or None,
            }
            for backend in findings.backends
        ],
        "checks": [asdict(check) for check in findings.checks],
    }


Row: TypeAlias = tuple[str, str, str, str]
"""A label, a word, its colour, and a text."""


def _show(console: Console, findings: Findings) -> None:
    """Tables on a terminal, plain lines elsewhere."""
    machine = [(fact.name, *_MARKS[fact.present], fact.detail) for fact in findings.machine]
    sections: list[tuple[str, list[Row]]] = [
        ("This machine", machine),
        ("Sandboxes", [_standing_row(backend) for backend in findings.backends]),
    ]
    if findings.chosen is not None:
        sections.append((f"Self-test of {findings.chosen.name}", _test_rows(findings)))
    for title, rows in sections:
        _show_section(console, title, rows)
    if findings.holds and findings.chosen is not None:
        line = Text(f"{findings.chosen.standing}: the level {findings.level} holds", style="bold green")
        console.print(line, soft_wrap=not console.is_terminal)


def _show_section(console: Console, title: str, rows: list[Row]) -> None:
    if not console.is_terminal:
        lines = [
            title,
            *(f"  {label + ':':17} {word + ',' if text else word} {text}".rstrip() for label, word, _, text in rows),
        ]
        console.print("\n".join(lines), soft_wrap=True, markup=False, highlight=False, emoji=False)
    else:
        table = Table(
            title=title, title_justify="left", title_style="bold", box=None, show_header=False, padding=(0, 1)
        )
        table.add_column(no_wrap=True, style="dim", width=16)
        table.add_column(no_wrap=True, width=8)
        table.add_column(overflow="fold")
        for label, word, colour, text in rows:
            table.add_row(label, Text(word, style=colour), Text(text))
        console.print(table)
    console.print()


def _standing_row(backend: Backend) -> Row:
    standing = backend.standing
    if standing is None:
        mark = _MARKS[False if backend.refusal else None]
        return backend.name, *mark, backend.refusal or "not started; --all starts it"
    colour = "red" if standing.level == "unsafe" else "green"
    return backend.name, standing.level, colour, "; ".join((", ".join(standing.layers), *standing.notes))


def _test_rows(findings: Findings) -> list[Row]:
    passed = len(findings.checks) - len(findings.failed)
    word, colour = _MARKS[not findings.failed]
    rows: list[Row] = [("passed", word, colour, f"{passed} of {len(findings.checks)} checks")]
    return rows + [("", "", "", f"{made.name}: {made.detail}") for made in findings.failed]
