"""`zetetic tools`: what plug-ins and MCP servers offer to an agent, and a try of each."""

from __future__ import annotations

import json
import time
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
    from contextlib import AbstractContextManager

    from langchain_core.tools import BaseTool

    from ...tools.toolbox import Offer

tools_app = typer.Typer(help="Tools for an agent: plug-ins and MCP servers; list them, try them.", no_args_is_help=True)
McpOption = Annotated[
    Path | None,
    typer.Option(
        "--mcp",
        metavar="FILE",
        help="The MCP servers: TOML or JSON. Default: $ZETETIC_MCP, else mcp.toml in the user's configuration folder.",
    ),
]


@tools_app.callback()
def tools() -> None:
    """Tools for an agent: plug-ins and MCP servers; list them, try them."""


@tools_app.command("list")
def list_tools(mcp: McpOption = None, as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """List the tools of installed packages and of MCP servers, and what is broken about them."""
    with _offers(None, mcp) as offers:
        if as_json:
            write_json({"tools": _listed(offers), "faults": _faults(offers)})
        else:
            _show_list(Console(), offers)


@tools_app.command("show")
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The tool, as `zetetic tools list` names it.")],
    mcp: McpOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Show what an agent reads of a tool: its description and its arguments."""
    with _offers([name], mcp) as offers:
        described = [_described(tool, offers) for tool in _choose(offers, name)]
        if as_json:
            write_json(described[0] if len(described) == 1 else {"tools": described})
            return
        for one in described:
            _show_one(Console(), one)


@tools_app.command("try")
def try_tool(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The tool, as `zetetic tools list` names it.")],
    arguments: Annotated[str, typer.Argument(metavar="JSON", help='Its arguments: \'{"text": "…"}\'.')] = "{}",
    mcp: McpOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Call a tool once, as an agent would, and print its answer.

    Exit code 3: the tool answered with an error.
    """
    given = _arguments(arguments)
    with _offers([name], mcp) as offers:
        tool = _only(_choose(offers, name), name)
        started = time.monotonic()
        output, failed = _call(tool, given)
        seconds = time.monotonic() - started
    if as_json:
        write_json({"name": tool.name, "output": output, "failed": failed, "seconds": round(seconds, 3)})
    elif not failed:
        print(output)
    if failed and not as_json:
        raise CommandError(f"{tool.name} answered with an error: {output}", ExitCode.BOX_FAILED)
    raise typer.Exit(int(ExitCode.BOX_FAILED if failed else ExitCode.EXPLAINED))


def _offers(names: list[str] | None, mcp: Path | None) -> AbstractContextManager[list[Offer]]:
    """What there is, with a user's mistakes told as such."""
    from contextlib import contextmanager

    from ...tools.toolbox import ToolboxError, open_offers

    @contextmanager
    def opened() -> Any:
        try:
            with open_offers(names, mcp=mcp) as offers:
                yield offers
        except ToolboxError as error:
            raise bad_input(str(error)) from error

    return opened()


def _choose(offers: list[Offer], name: str) -> list[BaseTool]:
    from ...tools.toolbox.registry import choose

    return choose(offers, [name])


def _only(tools: list[BaseTool], name: str) -> BaseTool:
    if len(tools) != 1:
        names = ", ".join(tool.name for tool in tools)
        raise bad_input(f"expected one tool, got {name!r}, which stands for {len(tools)}: {names}; name one of them")
    return tools[0]


def _arguments(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except ValueError as error:
        raise bad_input(f"expected the arguments as JSON, got {text!r} ({error}); quote them: '{{…}}'") from error
    if not isinstance(given, dict):
        raise bad_input(f'expected the arguments as a JSON object such as \'{{"text": "…"}}\', got {text!r}')
    return given


def _call(tool: BaseTool, given: dict[str, Any]) -> tuple[str, bool]:
    """What an agent would be told, and whether as an error."""
    from pydantic import ValidationError

    from ...tools.toolbox.describing import first_fault

    try:
        said = tool.invoke({"type": "tool_call", "id": "try", "name": tool.name, "args": given})
    except ValidationError as error:
        return first_fault(error), True
    except Exception as error:
        return f"{type(error).__name__}: {error}", True
    return str(said.text), said.status == "error"


def _listed(offers: list[Offer]) -> list[dict[str, Any]]:
    return [
        {"name": tool.name, "source": offer.source, "description": tool.description}
        for offer in offers
        for tool in offer.tools
    ]


def _faults(offers: list[Offer]) -> list[dict[str, str]]:
    return [{"name": o.name, "source": o.source, "fault": o.fault} for o in offers if o.fault]


def _described(tool: BaseTool, offers: list[Offer]) -> dict[str, Any]:
    from ...tools.toolbox.describing import arguments_schema

    source = next(offer.source for offer in offers if tool in offer.tools)
    return {
        "name": tool.name,
        "source": source,
        "description": tool.description,
        "arguments": arguments_schema(tool),
    }


def _show_list(console: Console, offers: list[Offer]) -> None:
    rows = [(o.source, tool.name, _first_sentence(tool.description), "") for o in offers for tool in o.tools]
    rows += [(o.source, o.name, o.fault, "red") for o in offers if o.fault]
    if not rows:
        console.print("No tool is installed and no MCP server configured; see docs/plugins.md")
        return
    if not console.is_terminal:
        for source, name, text, colour in rows:
            mark = "broken: " if colour else ""
            console.print(f"{name}  {mark}{text}  [{source}]", soft_wrap=True, markup=False, highlight=False)
        return
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("tool", no_wrap=True)
    table.add_column("what it does", overflow="fold", ratio=3)
    table.add_column("from", style="dim", overflow="fold", ratio=1)
    for source, name, text, colour in rows:
        table.add_row(Text(name, style=colour or "bold"), Text(text, style=colour), source)
    console.print(table)


def _show_one(console: Console, one: dict[str, Any]) -> None:
    from ...tools.toolbox.describing import argument_rows

    lines = [f"{one['name']}  ({one['source']})", "", one["description"], "", "Arguments:"]
    lines += [f"  {name}: {kind}{note}  {text}".rstrip() for name, kind, note, text in argument_rows(one["arguments"])]
    if lines[-1] == "Arguments:":
        lines[-1] = "It takes no arguments."
    console.print("\n".join(lines), soft_wrap=not console.is_terminal, markup=False, highlight=False)


def _first_sentence(text: str) -> str:
    return " ".join(text.split()).split(". ")[0].rstrip(".")
