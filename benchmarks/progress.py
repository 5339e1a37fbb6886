"""A progress bar with a running tally, or silence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.console import Console


class Bar(Protocol):
    """Something that can be told that one more is done."""

    def advance(self, tally: str) -> None: ...


class _Silence:
    def advance(self, tally: str) -> None:
        """Nobody is watching."""


@contextmanager
def progress_bar(console: Console | None, *, total: int, done: int, title: str) -> Iterator[Bar]:
    """A bar of `total` steps on `console`, of which `done` are behind us; with no console, silence."""
    if console is None:
        yield _Silence()
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[tally]}"),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(title, total=total, completed=done, tally="")

        class _Bar:
            def advance(self, tally: str) -> None:
                progress.update(task, advance=1, tally=tally)

        yield _Bar()
