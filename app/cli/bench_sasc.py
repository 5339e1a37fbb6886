"""`zetetic bench sasc`: are text modules explained by the keyword that they were made of?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from ..failures import ExitCode
from .benching import carry_out
from .options import DebugOption, JsonOption
from .results import write_json

if TYPE_CHECKING:
    from ...benchmarks.sasc import SascReport

PIPE_WIDTH = 180


def bench_sasc(
    settings: Annotated[
        list[str] | None,
        typer.Option("--setting", metavar="NAME", help="default, noisy or restricted. Default: all three."),
    ] = None,
    tasks: Annotated[
        list[str] | None,
        typer.Option("--tasks", metavar="TASK[,TASK…]", help="Only these tasks, by number or keyword."),
    ] = None,
    phrases: Annotated[int, typer.Option(metavar="N", help="Phrases of each corpus at most.")] = 5000,
    budget: Annotated[
        int | None, typer.Option(metavar="N", help="Phrases that a module is asked at most. Default: all.")
    ] = None,
    held_out: Annotated[int, typer.Option(metavar="N", help="Held-out texts at most.")] = 200,
    chat: Annotated[
        str | None, typer.Option(metavar="PROVIDER:MODEL", help="A chat model that summarizes too.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(metavar="PATH", help="The folder that holds d3/. Default: $ZETETIC_DATA.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of splits and noise.")] = 0,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="The results file (JSON lines), appended to after every step.")
    ] = Path("sasc-results.jsonl"),
    fresh: Annotated[
        bool, typer.Option("--fresh/--resume", help="Empty the results file first, or go on with what it holds.")
    ] = False,
    as_json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    debug: DebugOption = False,
) -> None:
    """Explain modules of similarity to a keyword: accuracy, rank, held-out AUC, calls, beside the word count.

    Ctrl-C keeps every finished step in the results file; the same command goes on from there.
    """
    chosen: dict[str, Any] = {
        "tasks": tuple(name for text in tasks or [] for name in text.replace(",", " ").split()),
        "phrases": phrases,
        "budget": budget,
        "held_out": held_out,
        "chat": chat,
        "data": None if data is None else data.expanduser(),
        "seed": seed,
        "out": out.expanduser(),
        "fresh": fresh,
    }
    if settings:
        chosen["settings"] = tuple(settings)
    raise typer.Exit(_run(chosen, as_json=as_json, quiet=quiet))


def _run(chosen: dict[str, Any], *, as_json: bool, quiet: bool) -> int:
    """Check the settings, run the benchmark, print its tables or its JSON; returns the exit code."""
    from ...benchmarks.sasc import SascOptions, run_sasc

    console = None if quiet else Console(stderr=True)
    report = carry_out(lambda: run_sasc(SascOptions(**chosen), console=console), kept=chosen["out"])
    _show(report, as_json=as_json)
    return int(ExitCode.EXPLAINED)


def _show(report: SascReport, *, as_json: bool) -> None:
    if as_json:
        write_json(report.model_dump(mode="json"))
        return
    from ...benchmarks.sasc import render

    console = Console()
    if not console.is_terminal:
        console = Console(width=max(console.width, PIPE_WIDTH))
    console.print(render(report))
