"""Replies kept over runs: given again for the very same question under the very same settings, and for nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_openai import ChatOpenAI

from zetetic.agent.llm.accounts import Usage, usage_of
from zetetic.models.chat import ReplyCache, StubServer
from zetetic.models.chat.reply_cache import cache_folder
from zetetic.models.chat.stub_server import Answer

TOOL = {"type": "function", "function": {"name": "query", "parameters": {"type": "object", "properties": {}}}}


def model(server: StubServer, folder: Path, *, name: str = "stub", **more: Any) -> ChatOpenAI:
    settings = {"model": name, "base_url": server.url, **more}
    return ChatOpenAI(api_key="any", cache=ReplyCache(folder, settings), **settings)  # type: ignore[arg-type]


def said(server: StubServer, folder: Path, messages: list[BaseMessage], **more: Any) -> BaseMessage:
    return model(server, folder, **more).invoke(messages)


def test_the_same_question_is_asked_once_and_its_reply_costs_nothing_again(tmp_path: Path) -> None:
    with StubServer(lambda messages, number: f"reply {number}") as server:
        question: list[BaseMessage] = [SystemMessage("be brief"), HumanMessage("hello")]
        first = said(server, tmp_path, question)
        again = said(server, tmp_path, question)
        assert (str(first.text), str(again.text)) == ("reply 0", "reply 0")
        assert len(server.requests) == 1
        assert isinstance(first, AIMessage)
        assert isinstance(again, AIMessage)
        assert usage_of(first, question, [], None).tokens == 15
        assert usage_of(again, question, [], None) == Usage(0, 0)


def test_anything_else_is_another_question(tmp_path: Path) -> None:
    with StubServer(lambda messages, number: f"reply {number}") as server, StubServer(["other"]) as other:
        question: list[BaseMessage] = [HumanMessage("hello")]
        said(server, tmp_path, question)
        for more in ({"temperature": 0}, {"temperature": 0.5}, {"name": "stub-2"}, {"max_tokens": 5}):
            before = len(server.requests)
            said(server, tmp_path, question, **more)
            assert len(server.requests) == before + 1, more
        assert str(said(other, tmp_path, question).text) == "other"
        for messages in ([HumanMessage("hello ")], [SystemMessage("hello")], [HumanMessage("a"), HumanMessage("b")]):
            before = len(server.requests)
            said(server, tmp_path, messages)
            assert len(server.requests) == before + 1
        before = len(server.requests)
        model(server, tmp_path).bind_tools([TOOL]).invoke(question)
        assert len(server.requests) == before + 1


def test_what_replies_cost_and_are_called_is_no_part_of_the_question(tmp_path: Path) -> None:
    """A replay's messages carry other ids and other costs than those of the first run."""

    def conversation(tokens: int, id: str) -> list[BaseMessage]:
        usage = {"input_tokens": tokens, "output_tokens": 1, "total_tokens": tokens + 1}
        call = {"name": "query", "args": {"x": 1}, "id": "call_1", "type": "tool_call"}
        spoken = AIMessage("", tool_calls=[call], id=id, usage_metadata=usage, response_metadata={"served by": id})  # type: ignore[arg-type, list-item]
        return [HumanMessage("go"), spoken, ToolMessage("3", tool_call_id="call_1")]

    with StubServer(lambda messages, number: f"reply {number}") as server:
        said(server, tmp_path, conversation(7, "a"))
        said(server, tmp_path, conversation(0, "b"))
        assert len(server.requests) == 1
        other = conversation(7, "a")
        other[-1] = ToolMessage("4", tool_call_id="call_1")
        said(server, tmp_path, other)
        assert len(server.requests) == 2


def test_tool_calls_come_back_as_they_were(tmp_path: Path) -> None:
    with StubServer([Answer(calls=(("query", {"inputs": [1, 2]}),))]) as server:
        first, again = (model(server, tmp_path).bind_tools([TOOL]).invoke("go") for _ in range(2))
        assert first.tool_calls == again.tool_calls  # type: ignore[attr-defined]
        assert len(server.requests) == 1


def test_empty_replies_and_broken_files_are_asked_again(tmp_path: Path) -> None:
    with StubServer([Answer(""), "something", "more"]) as server:
        question: list[BaseMessage] = [HumanMessage("hello")]
        said(server, tmp_path, question)
        assert str(said(server, tmp_path, question).text) == "something"
        (file,) = tmp_path.glob("??/*.json")
        file.write_text(file.read_text()[:20])
        assert str(said(server, tmp_path, question).text) == "more"
        assert "more" in json.dumps(json.loads(file.read_text()))
        ReplyCache(tmp_path, {}).clear()
        assert not [*tmp_path.glob("??/*.json")]


def test_a_folder_that_cannot_be_written_to_costs_nobody_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with StubServer(["fine"]) as server:
        assert str(said(server, tmp_path / "file", [HumanMessage("hello")]).text) == "fine"


def test_the_folder_lies_in_the_cache_that_the_user_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ZETETIC_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path / "replies"
