"""FIND's unit test of language, by judges of both kinds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from langchain_core.messages import BaseMessage

from zetetic.benchmarks.find.concepts import take_test
from zetetic.benchmarks.find.concepts.data import Item
from zetetic.models.chat import ScriptedChatModel
from zetetic.tools.chat import Chat

WORDS = Item(("soup", "tax", "war"), None, 0)
PAIRS = Item(("Italy", "Bach"), ("Rome", "Music"), 0)


def judge(answer: Callable[[str], str]) -> tuple[Chat, ScriptedChatModel]:
    def script(messages: Sequence[BaseMessage]) -> str:
        return answer(str(messages[-1].text))

    model = ScriptedChatModel(script=script)
    return Chat(model, "judge"), model


class Longest:
    """Judges a text by its length."""

    name = "longest"

    def judge(self, explanations: Sequence[str], texts: Sequence[str]) -> Any:
        return np.array([[float(len(text)) for text in texts]] * len(explanations))


def test_a_chat_model_is_asked_an_item_a_prompt() -> None:
    chat, model = judge(lambda _: "[ANSWER]: 1")
    test = take_test("is about food", [WORDS, Item(("tax", "soup", "war"), None, 1)], chat)
    assert test.marks == (1.0, 0.0)
    assert test.share == 0.5
    prompts = [str(messages[-1].text) for messages in model.seen]
    assert len(prompts) == 2
    assert "is about food" in prompts[0]
    assert '1. "soup"' in prompts[0]
    assert "1 to 3" in prompts[0]


def test_relations_are_shown_in_pairs() -> None:
    chat, model = judge(lambda _: "1")
    assert take_test("a country to its capital", [PAIRS], chat).share == 1.0
    assert '1. input "Italy", output "Rome"' in str(model.seen[0][-1].text)


def test_an_answer_that_is_no_number_is_asked_for_once_more_and_then_wrong() -> None:
    chat, model = judge(lambda prompt: "2" if "could not be read" in prompt else "the second")
    assert take_test("x", [Item(("a", "b", "c"), None, 1)], chat).marks == (1.0,)
    assert len(model.seen) == 2
    chat, _ = judge(lambda _: "1 or 2")
    test = take_test("x", [WORDS], chat)
    assert (test.share, test.unread) == (0.0, 1)
    chat, _ = judge(lambda _: "4")
    assert take_test("x", [WORDS], chat).unread == 1


def test_a_judge_of_texts_takes_the_one_that_fits_best_and_shares_ties() -> None:
    test = take_test("x", [WORDS, Item(("a", "bb", "cccc"), None, 2), Item(("aa", "bb", "c"), None, 0)], Longest())
    assert test.marks == (1.0, 1.0, 0.5)
    assert test.judge == "longest"


def test_nothing_said_gets_nothing_and_asks_nobody() -> None:
    chat, model = judge(lambda _: "1")
    assert take_test("  ", [WORDS, WORDS], chat).share == 0.0
    assert not model.seen
