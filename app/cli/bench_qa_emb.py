"""`zetetic bench qa-emb`: how well and how fast yes/no questions about texts are answered."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from ..failures import ExitCode
from .benching import carry_out
from .options import DebugOption, JsonOption
from .results import write_json

PIPE_WIDTH = 180


def bench_qa_emb(
    part: Annotated[
        list[str] | None, typer.Option("--part", metavar="NAME", help="answers, student or speed. Default: all.")
    ] = None,
    texts: Annotated[int, typer.Option(metavar="N", help="Labelled texts of each task.")] = 100,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="A local model as an answerer too: smollm2, a folder or hub id.")
    ] = None,
    chat: Annotated[str | None, typer.Option(metavar="PROVIDER:MODEL", help="A chat model as an answerer too.")] = None,
    few_texts: Annotated[int, typer.Option(metavar="N", help="Texts of each task for --model and --chat.")] = 20,
    speed_texts: Annotated[int, typer.Option(metavar="N", help="Texts of 200 tokens in the part speed.")] = 4,
    alone: Annotated[int, typer.Option(metavar="N", help="Pairs asked one by one in the part speed.")] = 20,
    data: Annotated[
        Path | None, typer.Option(metavar="PATH", help="The folder with tasks.json. Default: d3 below $ZETETIC_DATA.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the samples.")] = 0,
    as_json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    debug: DebugOption = False,
) -> None:
    """Accuracy and AUC of answerers on D3's labels, students beside teachers, pairs a second."""
    settings: dict[str, Any] = {
        "texts": texts, "few_texts": few_texts, "model": model, "chat": chat, "speed_texts": speed_texts,
        "alone": alone, "data": None if data is None else data.expanduser(), "seed": seed,
    }  # fmt: skip
    if part:
        settings["parts"] = tuple(part)
    raise typer.Exit(_run(settings, as_json=as_json, quiet=quiet))


def _run(settings: dict[str, Any], *, as_json: bool, quiet: bool) -> int:
    from ...benchmarks.qa_emb import QAEmbOptions, render, run_qa_emb

    console = None if quiet else Console(stderr=True)
    report = carry_out(lambda: run_qa_emb(QAEmbOptions(**settings), console=console), kept=None)
    if as_json:
        write_json(report.model_dump(mode="json") | {"bar_met": report.bar_met})
        return int(ExitCode.EXPLAINED)
    console = Console()
    (console if console.is_terminal else Console(width=max(console.width, PIPE_WIDTH))).print(render(report))
    return int(ExitCode.EXPLAINED)
