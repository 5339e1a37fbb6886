"""Options that several commands share, and the state they set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

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

BOX_PANEL = "The black box"
TEXT_PANEL = "Text modules"
BUDGET_PANEL = "Budget"

DomainOption = Annotated[
    list[str] | None,
    typer.Option(
        "--domain",
        metavar="LOW:HIGH[:int]",
        help="Where an input lives; one for each input, in order. Wins over what the box says of itself. "
        "Default: the box's own, else -100:100 as a first guess.",
        rich_help_panel=BOX_PANEL,
    ),
]
IntegerOption = Annotated[
    bool, typer.Option("--integer", help="Every input is a whole number.", rich_help_panel=BOX_PANEL)
]
TextOption = Annotated[
    bool,
    typer.Option("--text", help="The input is a text, where the box does not say so.", rich_help_panel=TEXT_PANEL),
]
TimeoutOption = Annotated[
    float,
    typer.Option(metavar="SECONDS", help="How long one query may take before it fails.", rich_help_panel=BOX_PANEL),
]
TokenVariableOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The environment variable that holds the bearer token of an HTTP box.",
        rich_help_panel=BOX_PANEL,
    ),
]

SANDBOX_PANEL = "Sandbox"
SANDBOX_FIELDS = ("untrusted", "sandbox", "sandbox_level")
"""The fields of `OpenOptions` that say where a box's code runs."""
TrustOption = Annotated[
    bool | None,
    typer.Option(
        "--untrusted/--trusted",
        help="Run the box's code in a sandbox, or with your own rights. Default: your own for python:, a sandbox for "
        "find:.",
        show_default=False,
        rich_help_panel=SANDBOX_PANEL,
    ),
]
SandboxOption = Annotated[
    str | None,
    typer.Option(
        "--sandbox",
        metavar="NAME",
        help="Which one: auto, local, wasm, docker or a plug-in's. Implies --untrusted. Default: auto.",
        rich_help_panel=SANDBOX_PANEL,
    ),
]
SandboxLevelOption = Annotated[
    str | None,
    typer.Option(
        "--sandbox-level",
        metavar="LEVEL",
        help="The least it must guarantee: isolated, confined, or unsafe (no walls at all). Implies --untrusted. "
        "Default: confined.",
        rich_help_panel=SANDBOX_PANEL,
    ),
]


def sandbox_options(untrusted: bool | None, sandbox: str | None, level: str | None) -> dict[str, Any]:
    """The options of a black box that say where its code runs; what is not given is left out."""
    from ...sandboxes.types import LEVELS
    from ..failures import bad_input

    if level is not None and level not in LEVELS:
        raise bad_input(f"expected --sandbox-level {', '.join(LEVELS[:-1])} or {LEVELS[-1]}, got {level!r}; pick one")
    if untrusted is False and (sandbox or level):
        named = "--sandbox" if sandbox else "--sandbox-level"
        raise bad_input(f"expected --trusted or {named}, got both; leave one out")
    given = zip(SANDBOX_FIELDS, (untrusted, sandbox, level))
    return {name: value for name, value in given if value is not None}
