"""Making room: descriptions of many tools cut short, so that a model need not read thousands of tokens every turn."""

from __future__ import annotations

import copy
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .describing import arguments_schema
from .errors import ToolboxError

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

CHARACTERS_A_TOKEN = 3.5
_LENGTHS = ((300, 120), (120, 60), (60, 0))
"""How long a tool's description and those of its arguments may be, in characters, from mild to harsh."""
_SHOWN = 3


def tokens_of(tool: BaseTool) -> int:
    """About how many tokens a model reads of the tool: its name, its description, its arguments."""
    written = json.dumps({"name": tool.name, "description": tool.description, "parameters": arguments_schema(tool)})
    return round(len(written) / CHARACTERS_A_TOKEN)


def fit_tools(tools: Sequence[BaseTool], *, most_tokens: int) -> tuple[list[BaseTool], str]:
    """`tools` in `most_tokens`, with shorter descriptions if need be, and a line that says so (empty if not).

    Raises `ToolboxError` where even that is too long; it names the servers and packages that take most.
    """
    before = sum(tokens_of(tool) for tool in tools)
    if before <= most_tokens:
        return list(tools), ""
    for length, argument_length in _LENGTHS:
        short = [shortened(tool, length, argument_length) for tool in tools]
        after = sum(tokens_of(tool) for tool in short)
        if after <= most_tokens:
            return short, (
                f"descriptions of tools were cut short, from about {before} to {after} tokens (most of them of "
                f"{_most(tools)}), so that the prompt stays below its limit"
            )
    raise ToolboxError(
        f"expected tools of about {most_tokens} tokens beside our own, got {after} even with their descriptions cut "
        f"short ({before} as they are); most are of {_most(tools)}: allow fewer of their tools (allow = [...] in the "
        "servers' file), or name those that are needed with --tool SERVER__TOOL"
    )


def shortened(tool: BaseTool, length: int, argument_length: int) -> BaseTool:
    """The same tool with descriptions of at most so many characters."""
    changes: dict[str, Any] = {"description": _cut(tool.description, length)}
    if isinstance(tool.args_schema, dict):
        changes["args_schema"] = _with_short_texts(tool.args_schema, argument_length)
    return tool.model_copy(update=changes)


def _cut(text: str, length: int) -> str:
    """The first sentences that fit; else the beginning, up to a word's end."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    head = text[:length]
    end = max(head.rfind(". ") + 1, 0)
    if end >= length // 2:
        return head[:end]
    return head[: max(head.rfind(" "), 0) or length].rstrip(" ,;:") + "…"


def _with_short_texts(schema: Any, length: int) -> Any:
    """A copy of a JSON schema whose descriptions, at any depth, are cut; titles and examples are left out."""
    found = copy.deepcopy(schema)
    _shorten(found, length, names_of_properties=False)
    return found


def _shorten(node: Any, length: int, *, names_of_properties: bool) -> None:
    if isinstance(node, list):
        for part in node:
            _shorten(part, length, names_of_properties=False)
    if not isinstance(node, dict):
        return
    if not names_of_properties:
        for key in ("title", "examples", "$schema"):
            node.pop(key, None)
        if isinstance(node.get("description"), str):
            said = _cut(node["description"], length) if length else ""
            if said:
                node["description"] = said
            else:
                del node["description"]
    for key, part in node.items():
        _shorten(
            part, length, names_of_properties=key in ("properties", "$defs", "definitions") and not names_of_properties
        )


def _most(tools: Sequence[BaseTool]) -> str:
    """Whose tools take most tokens, such as `the MCP server files (34 tools, 3100 tokens)`."""
    owned: dict[str, list[int]] = defaultdict(list)
    for tool in tools:
        owned[str((tool.metadata or {}).get("source") or f"the tool {tool.name}")].append(tokens_of(tool))
    ranked = sorted(owned.items(), key=lambda item: -sum(item[1]))[:_SHOWN]
    return ", ".join(f"{who} ({len(n)} {'tool' if len(n) == 1 else 'tools'}, {sum(n)} tokens)" for who, n in ranked)
