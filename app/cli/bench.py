"""`zetetic bench`: the published benchmarks, run on your machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from ..failures import ExitCode
from .bench_generate import bench_generate
from .benching import carry_out
from .modelling import BaseUrlOption, ModelOption, ModelWish, MoneyOption, ScientistOption, TokensOption
from .options import DebugOption, JsonOption
from .results import write_json

PIPE_WIDTH = 160
"""Columns of a table that no terminal limits."""

bench_app = typer.Typer(help="Run benchmarks: parallel over cores, resumable.", no_args_is_help=True)


bench_app.command("generate")(bench_generate)


@bench_app.callback()
def bench() -> None:
    """Run benchmarks: parallel over cores, resumable."""


@bench_app.command("find")
def find(
    data: Annotated[
        Path,
        typer.Option(metavar="PATH", help="FIND's folder as its authors publish it, or a jsonl of its functions."),
    ],
    category: Annotated[
        str, typer.Option(metavar="NAME", help="Which part of FIND: numeric, strings, entities or relations.")
    ] = "numeric",
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", metavar="N", help="Worker processes. Default: one a core.")
    ] = None,
    limit: Annotated[int | None, typer.Option(metavar="N", help="Only the first N functions.")] = None,
    ids: Annotated[
        list[str] | None,
        typer.Option("--ids", metavar="ID[,ID…]", help="Only these functions; may be given more than once."),
    ] = None,
    budget_queries: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Queries for each function. Default: numeric and entities 400, relations 200, strings 150.",
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS", help="Time for each function. Default: 60, strings 28; for a language model 1800."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of every run.")] = 0,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="The results file (JSON lines), appended to after every function.")
    ] = Path("find-results.jsonl"),
    fresh: Annotated[
        bool, typer.Option("--fresh/--resume", help="Empty the results file first, or go on with what it holds.")
    ] = False,
    trusted: Annotated[
        bool,
        typer.Option("--trusted", help="Run a folder's code with your own rights instead of in a sandbox."),
    ] = False,
    scientist: ScientistOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    budget_tokens: TokensOption = None,
    budget_money: MoneyOption = None,
    judge: Annotated[
        str | None,
        typer.Option(
            metavar="PROVIDER:MODEL",
            help="A chat model that takes FIND's tests of language; for entities also embedder.",
        ),
    ] = None,
    judge_url: Annotated[
        str | None, typer.Option(metavar="URL", help="A server that speaks the judge's protocol.")
    ] = None,
    box_model: Annotated[
        str | None,
        typer.Option(metavar="PROVIDER:MODEL", help="A chat model that plays relations, or entities."),
    ] = None,
    box_url: Annotated[
        str | None, typer.Option(metavar="URL", help="A server that speaks the box model's protocol.")
    ] = None,
    embedder: Annotated[
        bool, typer.Option("--embedder", help="Have the embedder play entities, as it does without --box-model.")
    ] = False,
    hints: Annotated[
        bool, typer.Option("--hints", help="Tell a language model the words that come with a function.")
    ] = False,
    transcripts: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Where transcripts of language models go. Default: a folder beside the results file."
        ),
    ] = None,
    cache_replies: Annotated[
        bool,
        typer.Option(
            "--cache-replies", help="Keep what chat models say over runs; the same question is paid for once."
        ),
    ] = False,
    as_json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    debug: DebugOption = False,
) -> None:
    """Explain FIND's functions and score the explanations by FIND's own measures and by stricter ones.

    Ctrl-C keeps every finished function in the results file; the same command goes on from there.
    """
    chosen = tuple(name for text in ids or [] for name in text.replace(",", " ").split())
    settings: dict[str, Any] = {
        "data": data.expanduser(),
        "category": category,
        "limit": limit,
        "ids": chosen,
        "budget_queries": budget_queries,
        "seed": seed,
        "out": out.expanduser(),
        "fresh": fresh,
        "trusted": trusted,
        "judge": judge,
        "judge_url": judge_url,
        "box_model": box_model,
        "box_url": box_url,
        "embedder": embedder,
        "hints": hints,
        "cache_replies": cache_replies,
        "transcripts": None if transcripts is None else transcripts.expanduser(),
    }
    if seconds is not None:
        settings["seconds"] = seconds
    wish = ModelWish(scientist, model, base_url, budget_tokens, budget_money)
    wish.check()
    for remark in wish.remarks:
        print(remark, file=sys.stderr)
    if wish.name == "llm":
        investigator = {"kind": "llm", "model": model, "base_url": base_url}
        settings["investigator"] = {**investigator, "tokens": budget_tokens, "money": budget_money}
    if jobs is not None:
        settings["jobs"] = jobs
    raise typer.Exit(_run_find(settings, as_json=as_json, quiet=quiet))


def _run_find(settings: dict[str, Any], *, as_json: bool, quiet: bool) -> int:
    """Check the settings, run the benchmark, print its table or its JSON; returns the exit code."""
    from ...benchmarks.find import FindOptions, render, run_find

    console = None if quiet else Console(stderr=True)
    report = carry_out(
        lambda: run_find(FindOptions(**settings), console=console), kept=settings["out"], what="functions"
    )
    if as_json:
        write_json(report.model_dump(mode="json"))
    else:
        console = Console()
        if not console.is_terminal:
            console = Console(width=max(console.width, PIPE_WIDTH))
        console.print(render(report))
    return int(ExitCode.INTERRUPTED if report.missing else ExitCode.EXPLAINED)
