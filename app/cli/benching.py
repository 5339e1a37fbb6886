"""Carrying out a benchmark from the command line: bad settings and Ctrl-C as every other command tells them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import typer

from ..failures import ExitCode, bad_input
from .interrupts import Interrupted, stoppable

T = TypeVar("T")
_OPTIONS = {"parts": "part", "settings": "setting"}
"""Settings whose option has another name, because it is given once for each."""


def carry_out(work: Callable[[], T], *, kept: Path | None, what: str = "steps") -> T:
    """What `work` gives: it checks its settings and runs.

    When it is stopped, leaves with the exit code of an interruption, and says where finished `what` are `kept`.
    """
    from pydantic import ValidationError

    from ...benchmarks.errors import BenchmarkError

    with stoppable() as stop:
        try:
            report = work()
        except ValidationError as error:
            raise bad_input(_first_fault(error)) from error
        except BenchmarkError as error:
            raise bad_input(str(error)) from error
        except KeyboardInterrupt as interrupt:
            code = interrupt.exit_code if isinstance(interrupt, Interrupted) else int(ExitCode.INTERRUPTED)
            where = "" if kept is None else f"finished {what} are kept in {kept}: "
            print(f"interrupted; {where}run it again", file=sys.stderr)
            raise typer.Exit(code) from interrupt
    if stop.signum is not None:
        raise typer.Exit(128 + stop.signum)
    return report


def _first_fault(error: Any) -> str:
    """The first thing wrong with the settings, named as the option that set it."""
    fault = error.errors()[0]
    field = str(fault["loc"][0])
    option = "--" + _OPTIONS.get(field, field).replace("_", "-")
    return f"bad value for {option}: {fault['msg']}, got {fault['input']!r}"
