"""How fetching a model is shown: one live line on a terminal, a plain line for each step elsewhere; on stderr."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from .storage import Progress


@contextmanager
def shown(console: Console | None = None) -> Iterator[Progress]:
    """Within the block, what the progress function is told is shown."""
    screen = console or Console(stderr=True)
    if not screen.is_terminal or screen.is_dumb_terminal:
        yield _plain(screen)
        return
    from rich.progress import BarColumn, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=screen, transient=True) as bars:
        task = bars.add_task("starting", total=None)

        def tell(step: str, share: float | None) -> None:
            bars.update(task, description=step, total=None if share is None else 1.0, completed=share or 0.0)

        yield tell


def _plain(screen: Console) -> Progress:
    said: list[str] = []

    def tell(step: str, _: float | None) -> None:
        if said[-1:] != [step]:
            said.append(step)
            screen.print(step, soft_wrap=True, markup=False, highlight=False, emoji=False)

    return tell
