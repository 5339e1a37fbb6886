"""An LLM scientist with tools that others wrote: it calls them like ours, and survives them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zetetic.agent import Brief, Budget, Explanation, Investigation, Store
from zetetic.agent.llm import LLMScientist
from zetetic.agent.numeric_ground import NumericGround
from zetetic.models.chat import Call, ScriptedChatModel
from zetetic.sandboxes import SandboxError, open_sandbox
from zetetic.tools.black_boxes import Interval, NumericDomain
from zetetic.tools.black_boxes.function import FunctionBox
from zetetic.tools.toolbox import load_tools, open_tools
from zetetic.tools.toolbox.errors import ToolboxError
from zetetic.tools.toolbox.session import McpTool

DOMAIN = NumericDomain((Interval(-10.0, 10.0),))
FIND = [
    Call("query", {"inputs": [-10, -1, 0, 1, 2.5, 10], "why": "a spread"}),
    Call(
        "record_hypothesis", {"description": "twice the input, plus 1", "code": "def explained(x): return 2 * x + 1\n"}
    ),
    Call("conclude", {"id": "h1"}),
    "It is 2x + 1.",
]


def investigate(tmp_path: Path, tools: list[Any], *calls: Call) -> tuple[Explanation, list[dict[str, Any]]]:
    """A scripted investigation that makes `calls` first: what came of it, and what the tools answered."""
    try:
        open_sandbox().close()
    except SandboxError as error:
        pytest.skip(f"no sandbox works here: {error}")
    model = ScriptedChatModel(script=[*calls, *FIND])
    with Store.open(tmp_path / "store.sqlite") as store:
        box = FunctionBox(lambda x: 2 * x + 1)
        journal = store.create(Brief.of(box, scientist="llm", budget=Budget(queries=100), domain=DOMAIN))
        scientist = LLMScientist(model, extra_tools=tools)
        explanation = Investigation(box, scientist, journal, ground=NumericGround(DOMAIN, open_sandbox)).run()
        answers = [e.data["answered"] for e in journal.events() if e.kind == "note" and "answered" in e.data]
    return explanation, answers


def test_the_example_plugin_helps_an_investigation(plugin: Path, tmp_path: Path) -> None:
    tools = load_tools(["text_statistics"])
    good = Call("text_traits", {"texts": ["The cat sat.", "LOUD 12!"]})
    empty = Call("word_contrast", {"texts_a": ["1"], "texts_b": ["a heron"]})
    wrong = Call("word_contrast", {"texts_a": ["an otter"]})
    explanation, answers = investigate(tmp_path, tools, good, empty, wrong)
    assert explanation.outcome == "explained"
    assert "'The cat sat.': words 3" in answers[0]["text"]
    assert [answer["failed"] for answer in answers[:3]] == [False, True, True]
    assert "pass texts with words" in answers[1]["text"]
    assert "texts_b" in answers[2]["text"]


def test_an_mcp_server_helps_and_its_death_ends_no_run(raw: Callable[..., Path], tmp_path: Path) -> None:
    pytest.importorskip("fastmcp", reason="the extra `mcp` is not installed: pip install 'zetetic[mcp]'")
    calls = [Call("raw__echo", {"text": "hello"}), Call("raw__die", {"text": ""}), Call("raw__echo", {"text": "again"})]
    with open_tools(["raw"], mcp=raw(allow=["echo", "die"])) as tools:
        explanation, answers = investigate(tmp_path, tools, *calls)
    assert explanation.outcome == "explained"
    assert (answers[0]["text"], answers[0]["failed"]) == ("echo hello", False)
    assert answers[1]["failed"]
    assert "was restarted" in answers[1]["text"]
    assert (answers[2]["text"], answers[2]["failed"]) == ("echo again", False)


def test_tools_too_long_for_a_prompt_are_cut_short_and_it_is_said_once(tmp_path: Path) -> None:
    tools = [wordy(f"tool_{n}", 900) for n in range(20)]
    model = ScriptedChatModel(script=list(FIND))
    with Store.open(tmp_path / "store.sqlite") as store:
        box = FunctionBox(lambda x: 2 * x + 1)
        journal = store.create(Brief.of(box, scientist="llm", budget=Budget(queries=100), domain=DOMAIN))
        scientist = LLMScientist(model, extra_tools=tools)
        Investigation(box, scientist, journal, ground=NumericGround(DOMAIN, open_sandbox)).run()
        remarks = [str(e.data.get("text", "")) for e in journal.events() if e.kind == "note"]
    whole = json.dumps(model.tools_seen[0]) + str(model.seen[0][0].text)
    assert len(whole) / 3.5 < 1.1 * 4000
    assert sum("descriptions of tools were cut short" in remark for remark in remarks) == 1


def test_tools_too_long_for_any_prompt_are_refused_before_the_model_is_asked(tmp_path: Path) -> None:
    model = ScriptedChatModel(script=list(FIND))
    with Store.open(tmp_path / "store.sqlite") as store:
        box = FunctionBox(lambda x: 2 * x + 1)
        journal = store.create(Brief.of(box, scientist="llm", budget=Budget(queries=100), domain=DOMAIN))
        scientist = LLMScientist(model, extra_tools=[wordy(f"tool_{n}", 900) for n in range(200)])
        with pytest.raises(ToolboxError, match=r"MCP server many \(200 tools"):
            Investigation(box, scientist, journal, ground=NumericGround(DOMAIN, open_sandbox)).run()
    assert not model.seen


def wordy(name: str, characters: int) -> McpTool:
    schema = {"type": "object", "properties": {"text": {"type": "string"}}}
    description = ("Looks a word up. " * 100)[:characters]
    metadata = {"source": "MCP server many"}
    return McpTool(name=name, description=description, args_schema=schema, asks=lambda _: "no", metadata=metadata)
