from __future__ import annotations

from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.tools import tool

from zetetic.models.chat import Call, Fail, Say, ScriptedChatModel


@tool
def double(x: float) -> float:
    """Twice x."""
    return 2 * x


def test_an_agent_follows_a_list() -> None:
    model = ScriptedChatModel(script=[[Call("double", {"x": 2}), Call("double", {"x": 3})], "4 and 6"])
    messages = create_agent(model, [double]).invoke({"messages": [HumanMessage("go")]})["messages"]
    assert [m.type for m in messages] == ["human", "ai", "tool", "tool", "ai"]
    assert {str(m.content) for m in messages[2:4]} == {"4.0", "6.0"}
    assert messages[-1].text == "4 and 6"
    assert model.tools_seen[0][0]["function"]["name"] == "double"


def test_the_place_in_a_list_is_read_off_the_transcript() -> None:
    """So that a new object goes on where the conversation was."""
    script: Any = ["one", "two", "three"]
    history: list[Any] = [HumanMessage("a"), AIMessage("one"), HumanMessage("b")]
    assert ScriptedChatModel(script=script).invoke(history).text == "two"
    assert ScriptedChatModel(script=script).invoke([*history, AIMessage("x"), AIMessage("y")]).text == "three"


def test_failures_on_cue_pass() -> None:
    model = ScriptedChatModel(script=[Fail(TimeoutError("late"), times=2, then="done")])
    for _ in range(2):
        with pytest.raises(TimeoutError):
            model.invoke("go")
    assert model.invoke("go").text == "done"
    assert len(model.seen) == 3


def test_a_stream_adds_up_to_the_reply() -> None:
    model = ScriptedChatModel(script=[Say("some words here", (Call("double", {"x": 1}), Call("double", raw="x = 1")))])
    pieces = list(model.stream("go"))
    whole = pieces[0]
    for piece in pieces[1:]:
        whole += piece
    assert whole.text == "some words here"
    assert len(pieces) > 3
    assert [c["args"] for c in whole.tool_calls] == [{"x": 1}]
    assert [c["args"] for c in whole.invalid_tool_calls] == ["x = 1"]
    assert whole.usage_metadata == model.invoke("go").usage_metadata


def test_a_script_may_be_a_function_of_the_messages() -> None:
    model = ScriptedChatModel(script=lambda messages: f"{len(messages)} so far")
    assert model.invoke([HumanMessage("a"), HumanMessage("b")]).text == "2 so far"
