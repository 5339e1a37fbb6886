"""From the names of installed tools to LangChain tools, through one door: entry points."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...plugins import PluginGroup
from .errors import ToolboxError

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

GROUP = "zetetic.tools"
"""The entry-point group. An entry `name = "package.module:thing"` names a `BaseTool`, or a callable without arguments
that returns one or a list of them."""
_TOOLS = PluginGroup(GROUP, "tool", ToolboxError)
_WIRE_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What every provider of chat models accepts as the name of a tool."""
_WANTED = (
    "expected a LangChain tool (decorate a function with langchain_core.tools.tool), or a callable without arguments "
    "that returns one or a list of them"
)


@dataclass(frozen=True)
class Offer:
    """What a package or an MCP server offers under `name`: its tools, or the `fault` that keeps it from having any.

    `source` says where it comes from: `package zetetic`, or `MCP server (mcp.toml)`. `idle` names what an MCP server
    has besides, which nobody allowed.
    """

    name: str
    source: str
    tools: tuple[BaseTool, ...] = ()
    fault: str = ""
    idle: tuple[str, ...] = ()


def known_tools() -> list[str]:
    """The names under which installed packages offer tools, sorted. Nothing of theirs is imported."""
    return _TOOLS.names()


def installed_tools(names: Collection[str] | None = None) -> list[Offer]:
    """What installed packages offer, sorted by name (`names`: those alone); what is broken says so in its `fault`."""
    return [_offer(name) for name in known_tools() if names is None or name in names]


def load_tools(names: Sequence[str] | None = None, *, taken: Collection[str] = ()) -> list[BaseTool]:
    """The tools of installed packages, by the name of an entry or of a tool; None: all of them.

    `taken` are names that no tool may have, for instance those of tools it will stand beside.

    >>> [tool.name for tool in load_tools(["patchscope"])]
    ['patchscope']

    Raises `ToolboxError` for an unknown name, a broken plug-in, and two tools of one name.
    """
    return choose(installed_tools(None if names is None else _entries_for(names)), names, taken=taken)


def choose(offers: Sequence[Offer], names: Sequence[str] | None, *, taken: Collection[str] = ()) -> list[BaseTool]:
    """The tools of `offers` that `names` names, by offer or by tool; None: all. Raises `ToolboxError`."""
    chosen: dict[str, tuple[BaseTool, Offer]] = {}
    for offer, tool in _named(offers, names):
        if tool.name in taken:
            raise ToolboxError(f"the tool {tool.name!r} of {offer.source} has the name of one of ours; leave it out")
        other = chosen.setdefault(tool.name, (tool, offer))[1]
        if other is not offer:
            raise ToolboxError(
                f"the tool {tool.name!r} is offered by {other.source} as {other.name!r} and by {offer.source} as "
                f"{offer.name!r}; name the one you want, or uninstall the other"
            )
    return [tool for tool, _ in chosen.values()]


def _named(offers: Sequence[Offer], names: Sequence[str] | None) -> list[tuple[Offer, BaseTool]]:
    if names is None:
        wanted = list(offers)
        found = [(offer, tool) for offer in offers for tool in offer.tools]
    else:
        by_name = {offer.name: offer for offer in offers}
        wanted = [by_name[name] for name in names if name in by_name]
        found = [(offer, tool) for offer in wanted for tool in offer.tools]
        for name in names:
            if name not in by_name:
                found += _called(offers, name)
    broken = next((offer for offer in wanted if offer.fault), None)
    if broken is not None:
        raise ToolboxError(broken.fault)
    return found


def _called(offers: Sequence[Offer], name: str) -> list[tuple[Offer, BaseTool]]:
    """The tools called `name`, whatever the entries that offer them are called."""
    found = [(offer, tool) for offer in offers for tool in offer.tools if tool.name == name]
    if found:
        return found
    for offer in offers:
        prefix, _, bare = name.partition("__")
        if offer.name == prefix and bare in offer.idle:
            raise ToolboxError(f'{offer.source} is not allowed the tool {bare!r}; add it: allow = ["{bare}"]')
        if offer.name == prefix and offer.fault:
            raise ToolboxError(offer.fault)
    known = sorted({tool.name for offer in offers for tool in offer.tools} | {offer.name for offer in offers})
    broken = "".join(f". Besides: {offer.fault}" for offer in offers if offer.fault)
    raise ToolboxError(f"no tool is called {name!r}; known: {', '.join(known) or 'none'}{broken}")


def _entries_for(names: Sequence[str]) -> set[str] | None:
    """The entries to import for `names`; None where a name is of no entry, and so may be of any entry's tool."""
    known = set(known_tools())
    return set(names) if known.issuperset(names) else None


def _offer(name: str) -> Offer:
    try:
        source = f"package {_TOOLS.package(name)}"
    except ToolboxError as error:  # two packages claim it
        return Offer(name, "several packages", fault=str(error))
    try:
        return Offer(name, source, _open(name, source))
    except ToolboxError as error:
        return Offer(name, source, fault=str(error))


def _open(name: str, source: str) -> tuple[BaseTool, ...]:
    from langchain_core.tools import BaseTool

    found = _TOOLS.load_any(name)
    remedy = f"repair or uninstall {source.removeprefix('package ')}"
    if callable(found) and not isinstance(found, BaseTool):
        try:
            found = found()
        except (Exception, SystemExit) as error:
            raise ToolboxError(
                f"the {source} offers the tool {name!r} but making it failed ({type(error).__name__}: {error}; "
                f"{_WANTED}); {remedy}"
            ) from error
    tools: list[Any] = list(found) if isinstance(found, list | tuple) else [found]
    strange = next((one for one in tools if not isinstance(one, BaseTool)), None)
    if strange is not None or not tools:
        got = "an empty list" if not tools else f"{type(strange).__name__}"
        raise ToolboxError(f"the {source} offers the tool {name!r}: {_WANTED}, got {got}; {remedy}")
    for tool in tools:
        if not _WIRE_NAME.fullmatch(tool.name):
            raise ToolboxError(
                f"the {source} offers a tool called {tool.name!r}, which chat models refuse: expected up to 64 "
                f"letters, digits, _ and -; {remedy}"
            )
    return tuple(tools)
