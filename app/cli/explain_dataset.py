"""`zetetic explain-dataset`: what tells two lots of texts apart, or what a column of a table goes with."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..failures import CommandError, ExitCode, bad_input
from .options import DebugOption, JsonOption
from .results import write_json

if TYPE_CHECKING:
    from ...tools.chat import Chat
    from ...tools.dataset_explanation import DatasetExplanation, Difference, TableExplanation

    Explained = DatasetExplanation | TableExplanation

PIPE_WIDTH = 140
SHOWN_LETTERS = 220
"""Of an example text."""


def explain_dataset(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="A [B]", help="Two files of texts, one a line; or one .csv, .tsv or .jsonl."),
    ],
    text: Annotated[str | None, typer.Option(metavar="COL", help="The column of texts. Default: detected.")] = None,
    label: Annotated[
        str | None, typer.Option(metavar="COL", help="The column that names the groups. Default: detected.")
    ] = None,
    target: Annotated[
        str | None, typer.Option(metavar="COL", help="A column with a number to explain, in place of groups.")
    ] = None,
    a: Annotated[str | None, typer.Option("--a", metavar="NAME", help="The group of interest.")] = None,
    b: Annotated[
        str | None, typer.Option("--b", metavar="NAME", help="The group to compare with. Default: all others.")
    ] = None,
    table: Annotated[bool, typer.Option("--table", help="Explain by the other columns, not by the texts.")] = False,
    chat: Annotated[
        str | None,
        typer.Option(metavar="PROVIDER:MODEL", help="A chat model that proposes differences too. Default: none."),
    ] = None,
    top: Annotated[int, typer.Option(metavar="N", min=1, max=50, help="How many differences to report.")] = 5,
    most_texts: Annotated[int, typer.Option(metavar="N", min=40, help="Texts to look at; more are sampled.")] = 2000,
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="The files' encoding. Default: UTF-8, or UTF-16 by its mark.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Which texts are held out.")] = 0,
    html: Annotated[Path | None, typer.Option(metavar="PAGE", help="Write a page with plots and examples.")] = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Say in words what tells two lots of texts apart, or what a label or number in a table goes with.

    Differences are proposed on one half and measured on the other: shares, effects with intervals, p-values corrected
    for all that was tried. Exit code 1: no difference was found.
    """
    if len(paths) > 2:
        raise bad_input(f"expected one table or two files of texts, got {len(paths)} files; pass one or two")
    options = {
        "text": text, "label": label, "target": target, "a": a, "b": b, "table": table, "encoding": encoding,
        "top": top, "most_texts": most_texts, "seed": seed,
    }  # fmt: skip
    found = _run(paths, options, chat)
    page = None if html is None else _write(found, html)
    if as_json:
        write_json(as_plain(found) | {"page": None if page is None else str(page)})
    else:
        show(_console(), found, page)
    raise typer.Exit(int(ExitCode.EXPLAINED if found.found else ExitCode.NOT_BETTER))


def _run(paths: list[Path], options: dict[str, Any], chat: str | None) -> Explained:
    from ...tools.chat import ChatError
    from ...tools.dataset_explanation import DatasetError
    from ...tools.dataset_explanation import explain_dataset as explain

    waiting = Console(stderr=True)
    try:
        with waiting.status("reading") as status:
            other = paths[1] if len(paths) > 1 else None
            return explain(paths[0], other, chat=_open(chat), say=status.update, **options)
    except DatasetError as error:
        raise bad_input(str(error)) from error
    except ChatError as error:
        raise CommandError(str(error), ExitCode.BOX_FAILED) from error


def _open(chat: str | None) -> Chat | None:
    if chat is None:
        return None
    from ...tools.chat import Chat, open_chat_model

    return Chat(open_chat_model(chat), chat)


def _write(found: Explained, html: Path) -> Path:
    from ..dataset_explanation import dataset_page
    from ..patchscopes import PageError, write_page

    try:
        return write_page(dataset_page(found), html)
    except PageError as error:
        raise CommandError(str(error), ExitCode.OUTPUT) from error


def as_plain(found: Explained) -> dict[str, Any]:
    """The whole explanation as plain data; `kind_of_data` is texts or table."""
    from ...tools.dataset_explanation import TableExplanation

    kind = "table" if isinstance(found, TableExplanation) else "texts"
    return {"kind_of_data": kind, "found": found.found, **asdict(found)}


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=max(console.width, PIPE_WIDTH))


def show(console: Console, found: Explained, page: Path | None) -> None:
    """The explanation as a person reads it in a terminal."""
    from ...tools.dataset_explanation import TableExplanation

    console.print(Text(found.summary, style="bold"))
    if isinstance(found, TableExplanation):
        _show_table(console, found)
    else:
        _show_texts(console, found)
    for note in found.notes:
        console.print(Text(f"Note: {note}.", style="dim"))
    if page is not None:
        console.print(Text(f"page: {page}"), soft_wrap=True)


def _show_texts(console: Console, found: DatasetExplanation) -> None:
    if found.differences:
        console.print(_differences(found))
    for number, one in enumerate(found.differences, 1):
        _show_examples(console, number, one)
    if found.rejected:
        console.print(Text(f"{len(found.rejected)} other candidates were not reported; --json or --html says why."))
    if found.judges:
        console.print(Text(f"Judge of what is about what: {', '.join(found.judges)}.", style="dim"))


def _differences(found: DatasetExplanation) -> Table:
    number = found.kind == "number"
    names = ("above", "below") if number else (found.a, found.b)
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    table.add_column("", justify="right")
    table.add_column("more often", overflow="fold")
    table.add_column("a text", ratio=1, overflow="fold")
    for name in names:
        table.add_column(Text(name), justify="right", max_width=12, overflow="fold")
    table.add_column("correlation" if number else "AUC", no_wrap=True)
    table.add_column("p", no_wrap=True)
    for place, one in enumerate(found.differences, 1):
        effect = one.correlation if number and one.correlation is not None else _favoured(found, one)
        who = f"{one.more_in} {found.target}" if number else one.more_in
        shares = (f"{100 * one.share_a:.0f} %", f"{100 * one.share_b:.0f} %")
        low_p = "<0.001" if one.holm < 0.001 else f"{one.holm:.2g}"
        table.add_row(str(place), Text(who), Text(one.phrase), *shares, str(effect), low_p)
    return table


def _favoured(found: DatasetExplanation, one: Difference) -> Any:
    from ...tools.dataset_explanation.telling import flipped

    return one.auc if one.more_in == found.a else flipped(one.auc)


def _show_examples(console: Console, number: int, one: Difference) -> None:
    if one.also:
        more = f" and {len(one.also) - 6} more" if len(one.also) > 6 else ""
        console.print(Text(f"{number}. The same texts: {'; '.join(one.also[:6])}{more}", style="dim"))
    for example in one.examples[:1]:
        letters = " ".join(example.text.split())
        cut = letters if len(letters) <= SHOWN_LETTERS else letters[: SHOWN_LETTERS - 1] + "…"
        console.print(Text(f"{number}. {example.group}: “{cut}”"))


def _show_table(console: Console, found: TableExplanation) -> None:
    from ...tools.dataset_explanation.tables.types import rule_text

    for number, effect in enumerate(found.effects, 1):
        console.print(Text(f"{number}. {effect.sentence}"))
    for rule in found.rules:
        console.print(Text(f"- {rule_text(rule, found.kind)}"))
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    table.add_column("model")
    table.add_column(f"{found.metric}, cross-validated", justify="right")
    table.add_column("held out")
    for score in found.scores:
        style = "bold" if score.name == found.form else ""
        table.add_row(score.name, f"{score.cross_validated:.2f}", str(score.held_out), style=style)
    console.print(table)
