"""`zetetic bench patchscopes`: what Patchscopes read out of a model, beside lenses, controls and a probe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from ..failures import CommandError, ExitCode
from .benching import carry_out
from .options import DebugOption, JsonOption
from .results import write_json

if TYPE_CHECKING:
    from ...benchmarks.patchscopes import PatchscopesReport

PIPE_WIDTH = 180


def bench_patchscopes(
    model: Annotated[
        str, typer.Option(metavar="NAME", help="smollm2, a folder that transformers wrote, or a hub id.")
    ] = "smollm2",
    part: Annotated[
        list[str] | None, typer.Option("--part", metavar="NAME", help="next-token or attributes. Default: both.")
    ] = None,
    positions: Annotated[int, typer.Option(metavar="N", help="Positions of plain text for next-token.")] = 300,
    tasks: Annotated[
        list[str] | None,
        typer.Option("--tasks", metavar="TASK[,TASK…]", help="Only these attribute-extraction tasks."),
    ] = None,
    examples: Annotated[int, typer.Option(metavar="N", help="Examples of each task.")] = 12,
    source_layers: Annotated[int, typer.Option(metavar="N", help="Source layers of attributes, spread evenly.")] = 6,
    target_layers: Annotated[int, typer.Option(metavar="N", help="Target layers of attributes, spread evenly.")] = 5,
    data: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="The folder with patchscopes/*/*.tsv. Default: $ZETETIC_DATA."),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the sample.")] = 0,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="The results file (JSON lines), appended to after every step.")
    ] = Path("patchscopes-results.jsonl"),
    fresh: Annotated[
        bool, typer.Option("--fresh/--resume", help="Empty the results file first, or go on with what it holds.")
    ] = False,
    html: Annotated[Path | None, typer.Option(metavar="PATH", help="Write the page with the plots there.")] = None,
    as_json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    debug: DebugOption = False,
) -> None:
    """Precision and surprisal by layer, and attribute extraction, beside lenses, unrelated targets and a probe.

    Ctrl-C keeps every finished step in the results file; the same command goes on from there.
    """
    settings: dict[str, Any] = {
        "model": model,
        "positions": positions,
        "tasks": tuple(name for text in tasks or [] for name in text.replace(",", " ").split()),
        "examples": examples,
        "source_layers": source_layers,
        "target_layers": target_layers,
        "data": None if data is None else data.expanduser(),
        "seed": seed,
        "out": out.expanduser(),
        "fresh": fresh,
    }
    if part:
        settings["parts"] = tuple(part)
    raise typer.Exit(_run(settings, html, as_json=as_json, quiet=quiet))


def _run(settings: dict[str, Any], html: Path | None, *, as_json: bool, quiet: bool) -> int:
    """Check the settings, run the benchmark, print its tables or its JSON; returns the exit code."""
    from ...benchmarks.patchscopes import PatchscopesOptions, run_patchscopes

    console = None if quiet else Console(stderr=True)
    report = carry_out(lambda: run_patchscopes(PatchscopesOptions(**settings), console=console), kept=settings["out"])
    if html is not None:
        html = _write(report, html)
    _show(report, html, as_json=as_json)
    return int(ExitCode.EXPLAINED)


def _show(report: PatchscopesReport, html: Path | None, *, as_json: bool) -> None:
    if as_json:
        write_json(report.model_dump(mode="json") | {"page": None if html is None else str(html)})
        return
    from ...benchmarks.patchscopes import render

    console = Console()
    if not console.is_terminal:
        console = Console(width=max(console.width, PIPE_WIDTH))
    console.print(render(report))
    if html is not None:
        console.print(f"page: {html}", soft_wrap=True, markup=False, highlight=False)


def _write(report: PatchscopesReport, html: Path) -> Path:
    from ..patchscopes import PageError, write_page
    from ..patchscopes.bench import bench_page

    try:
        return write_page(bench_page(report), html)
    except PageError as error:
        raise CommandError(str(error), ExitCode.OUTPUT) from error
