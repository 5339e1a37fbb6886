"""A language model investigates a function of texts, and another takes FIND's unit test, over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from zetetic.benchmarks.find import FindOptions, Investigator, run_find
from zetetic.models.chat import StubServer
from zetetic.models.chat.stub_server import Answer, Cue

STEPS: list[Cue] = [
    Answer(calls=(("query", {"inputs": ["abc", "Hello", "", "a b"], "why": "a spread"}),)),
    Answer(
        calls=(
            (
                "record_hypothesis",
                {"description": "Reverses the text.", "code": "def explained(text):\n    return text[::-1]\n"},
            ),
        )
    ),
    Answer(calls=(("conclude", {"id": "h1"}),)),
    "It is reversed.",
]


def plays(messages: Sequence[dict[str, Any]], _: int) -> Cue:
    if "Exactly one of them is right" in str(messages[-1]["content"]):
        return "2"
    return STEPS[min(sum(message["role"] == "assistant" for message in messages), len(STEPS) - 1)]


def test_a_function_of_texts_by_a_model_with_a_judge(strings_set: Path, tmp_path: Path) -> None:
    with StubServer(plays) as server:
        options = FindOptions(
            data=strings_set,
            category="strings",
            ids=("f00000",),
            jobs=1,
            budget_queries=60,
            out=tmp_path / "out.jsonl",
            investigator=Investigator(kind="llm", model="openai:thinker", base_url=server.url),
            judge="openai:judge",
            judge_url=server.url,
        )
        (row,) = run_find(options).rows  # type: ignore[attr-defined]
    assert row.mark.exact
    assert (row.mark.official, row.language) == (1.0, 1.0)
    assert [(cost.who, cost.calls) for cost in row.costs] == [("scientist", 4), ("judge", 10)]
    assert "Reverses the text." in Path(row.transcript).read_text()
    assert not options.runs.exists()
