"""Relations as a chat model knows them: read strictly, asked once more, then a failure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from langchain_core.messages import BaseMessage

from zetetic.models.chat import ScriptedChatModel, StubServer
from zetetic.tools.black_boxes import BlackBox, Reply, SpecError
from zetetic.tools.black_boxes.relation import RelationBox, read_answers
from zetetic.tools.chat import Chat

CAPITALS = {"Italy": "Rome", "Peru": "Lima", "Japan": "Tokyo"}


def texts_of(prompt: str) -> list[str]:
    return [json.loads(line) for line in re.findall(r"^\d+\. (.*)$", prompt, re.MULTILINE)]


def knows(prompt: str) -> str:
    return json.dumps([CAPITALS.get(text, "Undefined.") for text in texts_of(prompt)])


def box_of(answer: Callable[[str], str], **options: Any) -> tuple[RelationBox, ScriptedChatModel]:
    def script(messages: Sequence[BaseMessage]) -> str:
        return answer(str(messages[-1].text))

    model = ScriptedChatModel(script=script)
    return RelationBox("a country", "its capital", Chat(model, "scripted"), **options), model


def prompts_of(model: ScriptedChatModel) -> list[str]:
    return [str(messages[-1].text) for messages in model.seen]


def test_a_relation_gives_texts_and_is_asked_once() -> None:
    box, model = box_of(knows)
    assert isinstance(box, BlackBox)
    assert box.signature.output == "text"
    asked = ["Italy", "a spoon", "", "Peru", "Italy", "  "]
    expected = ["Rome", "undefined", "undefined", "Lima", "Rome", "undefined"]
    assert [reply.value for reply in box.ask(asked)] == expected
    assert [reply.value for reply in box.ask(asked)] == expected
    assert [texts_of(prompt) for prompt in prompts_of(model)] == [["Italy", "a spoon", "Peru"]]
    assert box.usage.calls == 1


def test_the_prompt_says_the_relation_and_its_exception() -> None:
    box, model = box_of(knows, exception="the country is in Asia")
    list(box.ask(["Japan"]))
    (prompt,) = prompts_of(model)
    for part in ("a country", "its capital", "where the country is in Asia", '1. "Japan"'):
        assert part in prompt


def test_an_answer_that_is_none_is_asked_for_once_more_with_the_reason() -> None:
    answers = iter(["Rome, I think", '```json\n["Rome", 3]\n```'])
    box, model = box_of(lambda _: next(answers))
    assert [reply.value for reply in box.ask(["Italy", "Peru"])] == ["Rome", "3"]
    assert "could not be used: expected a JSON list of 2 texts" in prompts_of(model)[1]


def test_two_answers_that_are_none_fail_the_texts_of_that_prompt_alone() -> None:
    box, _ = box_of(lambda prompt: "no" if "bad" in prompt else knows(prompt), batch_size=2)
    replies = list(box.ask(["Italy", "bad", "Peru"]))
    assert [reply.value for reply in replies] == [None, None, "Lima"]
    assert replies[0].failure is not None
    assert replies[0].failure.kind == "wrong_kind"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ('[" Rome ", 1.50, 7]', ["Rome", "1.50", "7"]),
        ('["UNDEFINED.", "a  b", "x"]', ["undefined", "a b", "x"]),
        ('["Rome"]', "a list of 1"),
        ('["", "a", "b"]', "''"),
        ('[null, "a", "b"]', "None"),
        ('{"a": 1}', "a list of 3 texts"),
    ],
)
def test_answers_are_read_strictly(answer: str, expected: list[str] | str) -> None:
    found = read_answers(answer, 3)
    if isinstance(expected, str):
        assert isinstance(found, str)
        assert expected in found
    else:
        assert found == expected


def test_a_spec_opens_it_over_http() -> None:
    with StubServer(lambda messages, _: knows(str(messages[-1]["content"]))) as server:
        spec = (
            f"relation:a country -> its capital?except=the country is in Asia&model=openai:stub&base_url={server.url}"
        )
        box = open_relation(spec)
        assert [reply.value for reply in box.ask(["Italy", "spoon"])] == ["Rome", "undefined"]
        again = open_relation(box.spec)
        assert again.spec == box.spec
        assert next(iter(again.ask(["Peru"]))).value == "Lima"
        assert "in Asia" in server.requests[0]["messages"][-1]["content"]


def test_a_model_that_does_not_answer_fails_each_text() -> None:
    def refuses(_: str) -> str:
        raise ConnectionError("nobody there")

    box, _ = box_of(refuses)
    (reply,) = box.ask(["Italy"])
    assert isinstance(reply, Reply)
    assert reply.failure is not None
    assert reply.failure.kind == "transport"
    assert "nobody there" in reply.failure.message


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("relation:a city?model=openai:x", "relation:KIND -> WHAT IT GIVES"),
        ("relation:a city -> its country", "add ?model=PROVIDER:MODEL"),
        ("relation:a city -> its country?model=gpt", "PROVIDER:MODEL"),
        ("relation:a city -> its country?model=openai:x&judge=y", "'judge'"),
    ],
)
def test_a_bad_spec_says_what_is_expected(spec: str, said: str) -> None:
    with pytest.raises(SpecError) as error:
        open_relation(spec)
    assert said in str(error.value)


def open_relation(spec: str) -> BlackBox:
    from zetetic.tools.black_boxes.options import OpenOptions
    from zetetic.tools.black_boxes.relation import open_box as opener

    scheme, _, rest = spec.partition(":")
    assert scheme == "relation"
    return opener(rest, OpenOptions(output="text"))
