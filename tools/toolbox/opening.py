"""Everything that may be put beside our own tools: installed plug-ins and MCP servers, open while they are used."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import ToolboxError
from .registry import Offer, choose, installed_tools, known_tools
from .servers import Server, Servers, find_servers

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from .session import McpSession


@contextlib.contextmanager
def open_tools(
    names: Sequence[str] | None = None, *, mcp: Path | None = None, taken: Collection[str] = ()
) -> Iterator[list[BaseTool]]:
    """Tools for an agent, by the name of an entry, a tool, an MCP server, or `server__tool`; None: all there are.

    Servers come from `mcp`, else from `$ZETETIC_MCP`, else from the user's own file, and live as long as the context.

    >>> with open_tools(["readability", "files__read_file"]) as tools:
    ...     LLMScientist(model, extra_tools=tools)

    Raises `ToolboxError` for what is unknown or broken, and for a name that is `taken`.
    """
    with open_offers(names, mcp=mcp) as offers:
        yield choose(offers, names, taken=taken)


@contextlib.contextmanager
def open_offers(names: Sequence[str] | None = None, *, mcp: Path | None = None) -> Iterator[list[Offer]]:
    """What there is, broken or not, with the servers open. `names` spares what cannot be meant by them."""
    servers = find_servers(mcp)
    entries = known_tools()
    both = sorted(set(entries) & set(servers.by_name))
    if both:
        raise ToolboxError(f"{both[0]!r} is the name of a tool and of a server in {servers.place}; rename the server")
    wanted, rest = _wanted(names, servers, entries)
    installed = [] if rest == [] else installed_tools(rest)
    with contextlib.ExitStack() as stack:
        yield [*installed, *_open_servers(wanted, servers.place, stack)]


def _wanted(
    names: Sequence[str] | None, servers: Servers, entries: list[str]
) -> tuple[dict[str, Server], list[str] | None]:
    """The servers to start, and the entries to import (None: all)."""
    if names is None:
        return servers.by_name, None
    of_servers = {name: name.partition("__")[0] for name in names if name.partition("__")[0] in servers.by_name}
    started = {s: servers.by_name[s] for s in of_servers.values()}
    rest = [name for name in names if name not in of_servers]
    return started, rest if set(rest) <= set(entries) else None


def _open_servers(servers: dict[str, Server], place: str, stack: contextlib.ExitStack) -> list[Offer]:
    """Start all servers side by side; those that fail say why."""
    if not servers:
        return []
    from .session import McpSession

    sessions: list[McpSession] = []
    for name, server in servers.items():
        session = McpSession(name, server, place)
        stack.callback(session.close)
        sessions.append(session)
        session.begin()
    return [_offer(session) for session in sessions]


def _offer(session: McpSession) -> Offer:
    try:
        session.start()
        remote = session.remote_tools
        idle = tuple(sorted(name for name in remote if not session.allows(name)))
        fault = ""
        if not session.server.allow:
            named = ", ".join(f'"{name}"' for name in idle[:3])
            fault = f"{session.source} is allowed no tool of {', '.join(idle)}; say which: allow = [{named}]"
        return Offer(session.name, session.source, tuple(session.tools()), fault, idle)
    except ToolboxError as error:
        return Offer(session.name, session.source, fault=str(error))
