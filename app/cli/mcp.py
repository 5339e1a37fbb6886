"""`zetetic mcp`: our tools for other agents, over stdio."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ..failures import ExitCode, bad_input
from .options import DebugOption, StoreOption

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from ..mcp import BoxRules, Explainer


def mcp(
    tool: Annotated[
        list[str] | None,
        typer.Option(
            "--tool", metavar="NAME", help="A plug-in to serve beside explain and query; repeat it. Default: all."
        ),
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option(
            "--allow",
            metavar="PATTERN",
            help="Black boxes of the kinds command: and sklearn: that the client may name, such as "
            "'command:./probe *'; they run with your rights. Default: none.",
        ),
    ] = None,
    trusted: Annotated[
        bool, typer.Option("--trusted", help="Run python: boxes with your own rights instead of in a sandbox.")
    ] = False,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Serve our tools over the Model Context Protocol on stdin and stdout, until the client leaves.

    explain and query take black boxes by their spec; the tools of installed plug-ins stand beside them.
    """
    from ... import __version__
    from ...tools.toolbox import ToolboxError
    from ..mcp import BoxRules, Explainer, own_wire, serve, status_of

    rules = BoxRules(tuple(allow or ()), trusted)
    explainer = Explainer(rules, None if store is None else store.expanduser().absolute())
    try:
        with own_wire() as wire:  # before plug-ins are imported: they may print
            tools = _tools(tool, explainer, rules)
            if wire[0].isatty():
                print(status_of(tools), file=sys.stderr)
            serve(tools, wire, __version__)
    except ToolboxError as error:
        raise bad_input(str(error)) from error
    finally:
        explainer.close()
    sys.stdout.flush()
    os._exit(int(ExitCode.EXPLAINED))  # the client has left; nobody waits for the calls that may still run


def _tools(names: list[str] | None, explainer: Explainer, rules: BoxRules) -> list[BaseTool]:
    """Ours and those of plug-ins. One that is broken is named on stderr and left out, unless it was asked for."""
    from ...tools.toolbox import ToolboxError, installed_tools
    from ...tools.toolbox.registry import choose
    from ..mcp import query_tool

    ours = [explainer.tool(), query_tool(rules)]
    taken = {one.name for one in ours}
    offers = installed_tools()
    if names:
        return [*ours, *choose(offers, names, taken=taken)]
    for offer in offers:
        try:
            fresh = choose([offer], None, taken=taken)
        except ToolboxError as error:
            print(f"warning: {error}", file=sys.stderr)
            continue
        ours += fresh
        taken |= {one.name for one in fresh}
    return ours
