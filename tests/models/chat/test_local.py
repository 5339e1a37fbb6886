from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool

from zetetic.models import PromptError
from zetetic.models.chat import LocalChatModel


@tool
def double(x: float) -> float:
    """Twice x."""
    return 2 * x


def test_words_come_back_and_are_counted(smollm2: Any) -> None:
    model = LocalChatModel(language_model=smollm2, max_new_tokens=8)
    message = model.invoke("What is the capital of France?")
    assert message.text
    assert message.usage_metadata is not None
    assert message.usage_metadata["output_tokens"] <= 8
    assert message.usage_metadata["input_tokens"] == model.get_num_tokens_from_messages(
        [HumanMessage("What is the capital of France?")]
    )


def test_tools_and_past_calls_reach_the_prompt(smollm2: Any) -> None:
    model = LocalChatModel(language_model=smollm2)
    messages: list[Any] = [
        SystemMessage("You are terse."),
        HumanMessage("Double 4."),
        AIMessage("", tool_calls=[{"name": "double", "args": {"x": 4}, "id": "1"}]),
        ToolMessage("8.0", tool_call_id="1", name="double"),
    ]
    bound: Any = model.bind_tools([double])
    text = smollm2.decode(model._ids(messages, bound.kwargs["tools"]))
    assert '"name": "double"' in text
    assert '"arguments": {"x": 4}' in text
    assert "8.0" in text
    assert model.get_num_tokens_from_messages(messages, tools=[double]) > model.get_num_tokens_from_messages(messages)


def test_a_call_in_the_text_becomes_a_call(smollm2: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    model = LocalChatModel(language_model=smollm2)
    good = '<tool_call>{"name": "double", "arguments": {"x": 4}}</tool_call>'
    message = model._message(f"Sure. {good}{good}<tool_call>{{broken</tool_call>", prompt=3, new=2)
    assert [c["args"] for c in message.tool_calls] == [{"x": 4}, {"x": 4}]
    assert len({c["id"] for c in message.tool_calls}) == 2
    assert len(message.invalid_tool_calls) == 1
    assert message.text == "Sure."


def test_a_conversation_beyond_the_context_is_refused(smollm2: Any) -> None:
    with pytest.raises(PromptError, match="8192"):
        LocalChatModel(language_model=smollm2).invoke("word " * 9000)
