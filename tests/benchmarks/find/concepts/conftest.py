"""A few synthetic neurons in the published layout, and a server that plays every part."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from zetetic.benchmarks.find import FindOptions, Investigator
from zetetic.models.chat import StubServer
from zetetic.models.chat.stub_server import Answer, Cue

ENTITIES = [
    {"dir": "f00000", "concept1": "food", "concept2": None, "initial": ["soup", "tax"]},
    {"dir": "f00001", "concept1": "music", "concept2": "dogs", "initial": ["violin"]},
]
ENTITY_TESTS = [
    {"name": "f00000", "test_vec": [["soup", "tax", "war"], ["river", "bread", "law"]], "correct_inx": [1, 2]},
    {"name": "f00001", "test_vec": [["tax", "puppy", "war"]], "correct_inx": [2]},
]
RELATIONS = [
    {"dir": "/somewhere/f00000", "concept1": "a country", "concept2": "its capital", "exeption": None, "initial": []},
    {
        "dir": "/somewhere/f00001",
        "concept1": "a country",
        "concept2": "its capital",
        "exeption": " the country is in Asia",
        "initial": ["Peru "],
    },
]
RELATION_TESTS = [
    {
        "name": name,
        "test_vec": [[["Italy", "Bach", "42"], [" Rome", " Music", "7"]], [["Mars", "Peru", "x"], ["1", " Lima", "y"]]],
        "correct_inx": [1, 2],
    }
    for name in ("f00000", "f00001")
]
CAPITALS = {"Italy": "Rome", "Peru": "Lima", "France": "Paris"}
CODE = f"TABLE = {CAPITALS!r}\n\n\ndef explained(text):\n    return TABLE.get(text, 'undefined')\n"


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A folder `find_dataset` as FIND's authors publish it."""
    for name, rows, tests in (
        ("neurons_entities", ENTITIES, ENTITY_TESTS),
        ("neurons_relations", RELATIONS, RELATION_TESTS),
    ):
        folder = tmp_path / "find_dataset" / name
        folder.mkdir(parents=True)
        (folder / "data.json").write_text(json.dumps(rows))
        (folder / "unit_test_data.json").write_text(json.dumps(tests))
    return tmp_path / "find_dataset"


def texts_of(prompt: str) -> list[str]:
    """The quoted texts of a numbered list."""
    return [json.loads(line) for line in re.findall(r'^\d+\. (?:input )?(".*?(?<!\\)")', prompt, re.MULTILINE)]


@dataclass
class Cast:
    """Plays scientist, box and judge at one server, and counts what each was asked.

    `steps` are the scientist's calls in turn; `fault(part, number)` may answer in its place.
    """

    steps: Sequence[Cue]
    fault: Callable[[str, int], Cue | None] = lambda part, number: None
    asked: dict[str, int] = field(default_factory=lambda: {"scientist": 0, "box": 0, "judge": 0})

    def __call__(self, messages: Sequence[dict[str, Any]], _: int) -> Cue:
        prompt = str(messages[-1]["content"])
        part = "scientist"
        if "You play a function of words" in prompt or "You play a neuron" in prompt:
            part = "box"
        elif "Exactly one of them is right" in prompt:
            part = "judge"
        self.asked[part] += 1
        return self.fault(part, self.asked[part]) or self._answer(part, prompt, messages)

    def _answer(self, part: str, prompt: str, messages: Sequence[dict[str, Any]]) -> Cue:
        if part == "scientist":
            turn = sum(message["role"] == "assistant" for message in messages)
            return self.steps[min(turn, len(self.steps) - 1)]
        texts = texts_of(prompt)
        if part == "box" and "neuron" in prompt:
            return json.dumps([0.9 if re.search("soup|bread|eat|food|cook", text) else 0.1 for text in texts])
        if part == "box":
            return json.dumps([CAPITALS.get(text, "undefined") for text in texts])
        known = {*CAPITALS, "soup", "bread", "puppy"}
        return str(1 + next(k for k, text in enumerate(texts) if text in known))


MAPS = [
    Answer(calls=(("query", {"inputs": ["Italy", "Bach", "Peru", "x"], "why": "a spread"}),)),
    Answer(calls=(("record_hypothesis", {"description": "a country to its capital", "code": CODE}),)),
    Answer(calls=(("conclude", {"id": "h1"}),)),
    "Done.",
]
RESPONDS = [
    Answer(calls=(("query", {"inputs": ["soup", "bread", "tax", "war"], "why": "a spread"}),)),
    Answer(calls=(("record_hypothesis", {"description": "is about food"}),)),
    Answer(calls=(("conclude", {"id": "h1"}),)),
    "Done.",
]


@pytest.fixture
def serve() -> Iterator[Callable[[Cast], StubServer]]:
    """Opens servers, and closes them in the end."""
    opened: list[StubServer] = []

    def begin(cast: Cast) -> StubServer:
        opened.append(StubServer(cast))
        return opened[-1]

    yield begin
    for server in opened:
        server.close()


@pytest.fixture
def options(published: Path, tmp_path: Path) -> Callable[..., FindOptions]:
    """Settings in which the server at `url` plays every part."""

    def make(url: str, category: str, **more: Any) -> FindOptions:
        given = {
            "data": published,
            "category": category,
            "jobs": 1,
            "budget_queries": 60,
            "out": tmp_path / "out.jsonl",
            "investigator": Investigator(kind="llm", model="openai:scientist", base_url=url),
            "judge": "openai:judge",
            "judge_url": url,
            "box_model": "openai:box",
            "box_url": url,
        }
        return FindOptions(**{**given, **more})

    return make
