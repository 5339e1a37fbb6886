"""The LangChain tool: its schema, its answers, and mistakes that go back to the agent."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from zetetic.tools.patchscope import patchscope_tool
from zetetic.tools.patchscope.tool import PatchscopeArguments


def test_the_schema_is_closed_and_told(tiny):
    tool = patchscope_tool(tiny)
    schema = tool.get_input_schema().model_json_schema()
    assert tool.name == "patchscope"
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["source"]
    assert all(field.get("description") for field in schema["properties"].values())
    with pytest.raises(ValidationError, match="extra"):
        PatchscopeArguments(source="a", prompt="b")


def test_it_describes_and_reads(tiny):
    tool = patchscope_tool(tiny)
    asked = {"source": "the cat sat", "position": "cat", "target": "a→a; ?", "max_new_tokens": 4}
    described = tool.invoke(asked)
    assert described.count("\nlayer ") == 4
    assert "Control 'The weather today is nice and the ?'" in described
    grid = tool.invoke({**asked, "describe": False, "layers": [0, 1], "target_layers": [2], "answer": "cat"})
    assert grid.count("\nlayer ") == 2
    assert "Right is the answer 'cat'" in grid


def test_mistakes_are_answers(tiny):
    tool = patchscope_tool(tiny)
    assert "layer 77 is not one of" in tool.invoke({"source": "cat", "layers": [77]})
    assert "stands 0 times" in tool.invoke({"source": "cat", "position": "dog"})
    assert "placeholder" in tool.invoke({"source": "cat", "target": "none"})
    assert "unknown" in tool.invoke({"source": "cat", "unknown": 1})
    assert "max_new_tokens" in tool.invoke({"source": "cat", "max_new_tokens": 0})


def test_the_model_is_loaded_once_and_only_when_asked(tiny):
    loads = []

    def load():
        loads.append(1)
        return tiny()

    tool = patchscope_tool(load)
    assert not loads
    for _ in range(2):
        tool.invoke({"source": "the cat", "layers": [1], "max_new_tokens": 1})
    assert loads == [1]
