"""Many tools in a prompt: descriptions are cut before anything is refused, and what still works works."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.tools import BaseTool

from zetetic.tools.toolbox.describing import arguments_schema
from zetetic.tools.toolbox.errors import ToolboxError
from zetetic.tools.toolbox.fitting import fit_tools, tokens_of
from zetetic.tools.toolbox.session import McpTool

LONG = "Reads a file from the disk and gives what is in it. " * 20


def tool(name: str, server: str, description: str = LONG) -> BaseTool:
    schema: dict[str, Any] = {
        "type": "object",
        "title": "Arguments",
        "properties": {
            "description": {"type": "string", "description": "What it is for. " * 20, "title": "Description"},
            "path": {"type": "object", "properties": {"deep": {"type": "string", "description": LONG}}},
        },
        "required": ["path"],
    }
    return McpTool(
        name=f"{server}__{name}",
        description=description,
        args_schema=schema,
        asks=lambda given: f"{name} {given['path']}",
        metadata={"source": f"MCP server {server}"},
    )


def test_tools_that_fit_stay_as_they_are() -> None:
    tools = [tool("read", "files")]
    assert fit_tools(tools, most_tokens=tokens_of(tools[0])) == (tools, "")


@pytest.mark.parametrize("share", [0.7, 0.35, 0.25])
def test_descriptions_are_cut_until_the_tools_fit(share: float) -> None:
    tools = [*(tool(f"read{n}", "files") for n in range(6)), tool("send", "mail")]
    before = sum(map(tokens_of, tools))
    short, remark = fit_tools(tools, most_tokens=int(share * before))
    assert sum(map(tokens_of, short)) <= share * before
    assert remark.startswith("descriptions of tools were cut short")
    assert "MCP server files (6 tools" in remark
    for old, new in zip(tools, short, strict=True):
        assert (new.name, new.metadata) == (old.name, old.metadata)
        assert old.description.startswith(new.description.rstrip("…"))
        assert new.description
        schema = arguments_schema(new)
        assert set(schema["properties"]) == {"description", "path"}  # an argument may bear any name
        assert schema["required"] == ["path"]
        assert "deep" in schema["properties"]["path"]["properties"]
        assert new.invoke({"path": {"deep": "x"}}) == old.invoke({"path": {"deep": "x"}})
    assert tools[0].description == LONG


def test_what_cannot_fit_is_refused_and_says_whose_tools_take_most() -> None:
    tools = [*(tool(f"read{n}", "files") for n in range(30)), tool("send", "mail"), tool("look", "web")]
    with pytest.raises(ToolboxError, match=r"MCP server files \(30 tools, \d+ tokens\), MCP server .*allow fewer"):
        fit_tools(tools, most_tokens=300)
