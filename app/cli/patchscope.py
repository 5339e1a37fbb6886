"""`zetetic patchscope`: put a hidden state into another prompt and see what the model says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..failures import ExitCode, bad_input
from .options import DebugOption, JsonOption
from .results import write_json

if TYPE_CHECKING:
    from ...models import LanguageModel
    from ...tools.patchscope import Patchscope, Target

COLUMN_WIDTH = 13
"""Columns of a terminal that one target layer takes."""
PIPE_WIDTH = 160


def patchscope(
    source: Annotated[
        list[str], typer.Option("--source", metavar="TEXT", help="The prompt that is read; may be given several times.")
    ],
    model: Annotated[
        str, typer.Option(metavar="NAME", help="smollm2, a folder that transformers wrote, or a hub id.")
    ] = "smollm2",
    position: Annotated[
        str,
        typer.Option(
            metavar="N|TEXT", help="The token that is read: a number, or a part of the source (its last token)."
        ),
    ] = "-1",
    target: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="The prompt it is put into, at its ? or lone x. Default: token identity; with --describe, an "
            "entity-description prompt.",
        ),
    ] = None,
    target_position: Annotated[
        str | None, typer.Option(metavar="N|TEXT", help="Where it is put, if not at the placeholder.")
    ] = None,
    layers: Annotated[
        str | None, typer.Option(metavar="LAYERS", help="Source layers, such as 5 or 0,4,8 or 0:30:3. Default: all.")
    ] = None,
    target_layers: Annotated[
        str | None,
        typer.Option(metavar="LAYERS", help="Target layers. Default: all; with --describe, each source layer's own."),
    ] = None,
    describe: Annotated[
        bool, typer.Option("--describe", help="Go on writing from every layer, not the next token alone.")
    ] = False,
    max_new_tokens: Annotated[int, typer.Option(metavar="N", min=1, help="Length of a description.")] = 20,
    answer: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="What is right. Default: what the model itself says after the source."),
    ] = None,
    control: Annotated[
        list[str] | None,
        typer.Option("--control", metavar="TEXT", help="A control target in place of the default ones; repeatable."),
    ] = None,
    no_controls: Annotated[bool, typer.Option("--no-controls", help="Run no controls.")] = False,
    html: Annotated[Path | None, typer.Option(metavar="PATH", help="Write the page with the heatmaps there.")] = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Put a hidden state into another prompt and see what the model says (Patchscopes, arXiv:2401.06102).

    Unrelated control targets are run beside it: where a control says as much, the target explains nothing.
    """
    asked = {
        "position": position,
        "target": target,
        "target_position": target_position,
        "layers": parse_layers(layers, "--layers"),
        "target_layers": parse_layers(target_layers, "--target-layers"),
        "describe": describe,
        "max_new_tokens": max_new_tokens,
        "answer": answer,
        "controls": _controls(control, no_controls),
    }
    results = _run(model, source, asked)
    if html is not None:
        html = _write(results, html)
    if as_json:
        write_json({"results": [as_plain(r) for r in results], "page": None if html is None else str(html)})
    else:
        _show(_console(), results, html)
    raise typer.Exit(int(ExitCode.EXPLAINED))


def parse_layers(text: str | None, option: str) -> list[int] | None:
    """`5`, `0,4,8`, `0:30:3` (the end left out) or a mixture; -1 is the embedding. None stays None."""
    if text is None:
        return None
    found: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*(-1|\d+)(?::(\d+)(?::(\d+))?)?\s*", part)
        step = int(match[3] or 1) if match else 0
        if match is None or step < 1:
            raise bad_input(f"expected {option} such as 5 or 0,4,8 or 0:30:3, got {text!r}; -1 is the embedding")
        start = int(match[1])
        found += range(start, int(match[2]), step) if match[2] else [start]
    if not found:
        raise bad_input(f"expected at least one layer for {option}, got {text!r}, which names none")
    return found


def _controls(given: list[str] | None, none: bool) -> list[str] | None:
    if none and given:
        raise bad_input("expected --control or --no-controls, got both; leave one out")
    return [] if none else given


def _run(name: str, sources: list[str], asked: dict[str, Any]) -> list[Patchscope]:
    from ...models.errors import ModelError
    from ...models.loading import load
    from ...tools.patchscope import PatchscopeError, Source, pooled
    from ...tools.patchscope.tool import position_like

    try:
        model = load(name)
        target = _target(model, asked)
        results = [
            _one(Source(model, text, position_like(asked["position"]), asked["layers"]), target, asked)
            for text in sources
        ]
        return pooled(results) if len(results) > 1 and results[0].controls else results
    except (ModelError, PatchscopeError) as error:
        raise bad_input(str(error)) from error


def _target(model: LanguageModel, asked: dict[str, Any]) -> Target:
    from ...tools.patchscope import Target
    from ...tools.patchscope.places import PLACEHOLDER
    from ...tools.patchscope.targets import entity_description_prompt, token_identity_prompt
    from ...tools.patchscope.tool import position_like

    default = entity_description_prompt() if asked["describe"] else token_identity_prompt()
    where = PLACEHOLDER if asked["target_position"] is None else position_like(asked["target_position"])
    text = default if asked["target"] is None else asked["target"]
    return Target(model, text, where, asked["target_layers"])


def _one(source: Any, target: Target, asked: dict[str, Any]) -> Patchscope:
    from ...tools.patchscope import describe, grid
    from ...tools.patchscope.targets import CONTROLS

    controls = CONTROLS if asked["controls"] is None else asked["controls"]
    if asked["describe"]:
        length = asked["max_new_tokens"]
        return describe(source, target, answer=asked["answer"], controls=controls, max_new_tokens=length)
    return grid(source, target, answer=asked["answer"], controls=controls)


def _write(results: list[Patchscope], html: Path) -> Path:
    from ..failures import CommandError
    from ..patchscopes import PageError, write_page
    from ..patchscopes.one import patchscope_page

    try:
        return write_page(patchscope_page(results), html)
    except PageError as error:
        raise CommandError(str(error), ExitCode.OUTPUT) from error


def as_plain(result: Patchscope) -> dict[str, Any]:
    """The whole result as plain data, with its verdict."""
    from dataclasses import asdict

    return asdict(result) | {"verdict": result.verdict}


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=max(console.width, PIPE_WIDTH))


def _show(console: Console, results: list[Patchscope], html: Path | None) -> None:
    for result in results:
        console.print(_table(result, console.width))
    first = results[0]
    if first.comparisons:
        console.print(_comparisons(first))
    for line in (first.verdict, *dict.fromkeys(note for r in results for note in r.notes)):
        console.print(Text(line))
    if html is not None:
        console.print(Text(f"page: {html}"), soft_wrap=True)


def _table(result: Patchscope, width: int) -> Table:
    """A row a source layer; a column a target layer, as many as fit, or the continuation."""
    from ...tools.patchscope.outcomes import saying

    reading = result.target
    title = Text(f"{result.source!r} at {result.source_token!r} → {reading.prompt!r} at {reading.token!r}")
    if reading.diagonal:
        table = Table("layer", "target", title=title, title_justify="left")
        for control in result.controls[:1]:
            table.add_column(Text(f"control {control.prompt!r}"))
        for number, cell in enumerate(reading.cells):
            shown = [cell, *(c.cells[number] for c in result.controls[:1])]
            table.add_row(str(cell.source_layer), *(_word(saying(c), c.hit) for c in shown))
        return table
    high = reading.target_layers
    count = max(1, min(len(high), (width - 10) // COLUMN_WIDTH))
    columns = sorted({round(i * (len(high) - 1) / max(1, count - 1)) for i in range(count)})
    table = Table("layer", *(f"→ {high[i]}" for i in columns), title=title, title_justify="left")
    for row in reading.by_source_layer():
        table.add_row(str(row[0].source_layer), *(_word(saying(row[i]), row[i].hit) for i in columns))
    return table


def _word(text: str, hit: bool) -> Text:
    """A token or a text as it is, with line breaks spelt out; bold where it is right."""
    return Text(json.dumps(text, ensure_ascii=False)[1:-1], style="bold green" if hit else "")


def _comparisons(result: Patchscope) -> Table:
    from ...tools.patchscope.comparison import interval_text

    table = Table("control", "measure", "target", "control's", "target better by", title="Against the controls")
    for c in result.comparisons:
        values = (f"{c.target_value:.3f}", f"{c.control_value:.3f}", interval_text(c.difference))
        table.add_row(Text(c.control), c.metric, *values)
    return table
