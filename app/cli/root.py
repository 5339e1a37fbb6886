"""The `zetetic` command: its sub-commands, and the one place where errors become exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from ..failures import ExitCode, epilog, report
from .bench import bench_app
from .bench_patchscopes import bench_patchscopes
from .bench_qa_emb import bench_qa_emb
from .bench_sasc import bench_sasc
from .chat import chat, chat_about
from .explain import explain
from .explain_dataset import explain_dataset
from .mcp import mcp
from .models import models_app
from .options import CliState, DebugOption
from .patchscope import patchscope
from .qa_emb import qa_emb
from .runs import runs_app
from .sandbox import sandbox_app
from .tools import tools_app

app = typer.Typer(
    name="zetetic",
    help="Point it at a black box: get a description in words, code that reproduces it, and a held-out score.",
    epilog=epilog(),
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("explain", epilog=epilog())(explain)
app.command("chat", epilog=epilog())(chat)
app.command("patchscope", epilog=epilog())(patchscope)
app.command("qa-embed", epilog=epilog())(qa_emb)
app.command("explain-dataset", epilog=epilog())(explain_dataset)
app.command("mcp", epilog=epilog())(mcp)
bench_app.command("patchscopes")(bench_patchscopes)
bench_app.command("sasc")(bench_sasc)
bench_app.command("qa-emb")(bench_qa_emb)
runs_app.command("chat")(chat_about)
app.add_typer(runs_app, name="runs")
app.add_typer(tools_app, name="tools")
app.add_typer(bench_app, name="bench")
app.add_typer(models_app, name="models")
app.add_typer(sandbox_app, name="sandbox")


def _print_version(wanted: bool) -> None:
    if wanted:
        from ... import __version__

        print(f"zetetic {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
    debug: DebugOption = False,
) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; whatever goes wrong is one line on stderr."""
    _open_closed_streams()
    command = typer.main.get_command(app)
    state = CliState()
    try:
        given = None if arguments is None else list(arguments)
        result = command.main(args=given, prog_name="zetetic", standalone_mode=False, obj=state)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:
        return report(error, debug=state.debug)
    except SystemExit:  # how typer and rich leave when whoever read our output has gone
        return int(ExitCode.BROKEN_PIPE)
    return int(result) if isinstance(result, int) else 0


def _open_closed_streams() -> None:
    """Where the caller closed stdout or stderr, let their words go nowhere rather than into the next file opened."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
