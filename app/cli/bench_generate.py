"""`zetetic bench generate`: new functions in FIND's layout, as many as you like."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from ..failures import ExitCode, bad_input
from .benching import carry_out
from .options import DebugOption, JsonOption
from .results import write_json


def bench_generate(
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder of the data set, such as find_dataset.")],
    category: Annotated[str, typer.Option(metavar="NAME", help="Which functions: strings or numeric.")] = "strings",
    count: Annotated[int, typer.Option(metavar="N", help="How many functions.")] = 100,
    seed: Annotated[int, typer.Option(metavar="N", help="The same seed writes the same bytes.")] = 0,
    families: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME[,NAME…]", help="Only these families, or kinds of them. Default: all."),
    ] = None,
    depth: Annotated[
        str,
        typer.Option(metavar="LOW-HIGH", help="Steps of a function of texts; a third has one where one is allowed."),
    ] = "1-3",
    noise: Annotated[
        float | None, typer.Option(metavar="SHARE", help="Stochastic functions. Default: strings 0, numeric a third.")
    ] = None,
    corruptions: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Functions with an exception. Default: strings 0.15, numeric a third."),
    ] = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Write functions in the layout that FIND's authors publish (arXiv:2309.03886); families are zetetic's own.

    `zetetic bench find --category strings --data DIR` explains them and scores the explanations.
    """
    settings: dict[str, Any] = {
        "out": out.expanduser(),
        "category": category,
        "count": count,
        "seed": seed,
        "families": tuple(name for text in families or [] for name in text.replace(",", " ").split()),
        "depth": _depth(depth),
        "noise": noise,
        "corruptions": corruptions,
    }
    from ...benchmarks.generator import GeneratorOptions, generate

    folder = carry_out(lambda: generate(GeneratorOptions(**settings)), kept=None)
    if as_json:
        write_json({"folder": str(folder), "category": category, "count": count, "seed": seed})
    else:
        print(f"{count} functions in {folder}; next: zetetic bench find --category {category} --data {folder}")
    raise typer.Exit(int(ExitCode.EXPLAINED))


def _depth(text: str) -> tuple[int, int]:
    """`2` or `1-3` as (low, high)."""
    found = re.fullmatch(r"\s*(\d)(?:\s*-\s*(\d))?\s*", text)
    if found is None:
        raise bad_input(f"bad value for --depth: expected a number of steps or a range such as 1-3, got {text!r}")
    return int(found[1]), int(found[2] or found[1])
