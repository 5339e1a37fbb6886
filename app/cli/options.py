"""Options that several commands share, and the state they set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer


@dataclass
class CliState:
    """What holds for the whole invocation. The root context carries it as `obj`."""

    debug: bool = False


def _set_debug(context: typer.Context, wanted: bool) -> bool:
    state = context.find_root().obj
    if wanted and isinstance(state, CliState):
        state.debug = True
    return wanted


DebugOption = Annotated[
    bool, typer.Option("--debug", callback=_set_debug, help="Print the traceback of an error as well.")
]
StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        metavar="PATH",
        help="The SQLite file that keeps the runs. Default: $ZETETIC_STORE, else journal.sqlite among the user's data.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout and nothing else.")]
