"""Judges: they answer in the shape asked for, and calibration tells who knows something from who does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from zetetic.models import LoadError, load
from zetetic.tools.chat import Chat, ChatError
from zetetic.tools.judging import (
    ChatJudge,
    EmbeddedJudge,
    Judge,
    LocalModelJudge,
    calibrate,
    calibration_pairs,
    judge_highlights,
)
from zetetic.tools.scoring.texts import fuzzing, highlighted


class Scripted:
    """A chat model that gives these answers, one after the other."""

    def __init__(self, *answers: str) -> None:
        self.answers, self.prompts = list(answers), list[str]()

    def invoke(self, prompt: str) -> Any:
        from langchain_core.messages import AIMessage

        self.prompts.append(prompt)
        return AIMessage(self.answers.pop(0))


def chat_judge(*answers: str) -> tuple[ChatJudge, Scripted]:
    model = Scripted(*answers)
    return ChatJudge(Chat(model, "scripted")), model  # type: ignore[arg-type]


class Coin:
    """A judge that knows nothing."""

    name = "coin"

    def judge(self, explanations: Sequence[str], texts: Sequence[str]) -> Any:
        seed = sum(map(ord, "".join(texts)))
        return np.random.default_rng(seed).random((len(explanations), len(texts)))


def test_the_calibration_pairs_are_balanced_and_of_several_kinds() -> None:
    pairs = calibration_pairs()
    assert len(pairs) >= 60
    assert sum(p.applies for p in pairs) * 2 == len(pairs)
    assert len({p.kind for p in pairs}) >= 5
    assert len({(p.explanation, p.text) for p in pairs}) == len(pairs)
    for explanation in {p.explanation for p in pairs}:
        assert len({p.applies for p in pairs if p.explanation == explanation}) == 2, explanation


def test_the_embedded_judge_knows_something(minilm):
    judge = EmbeddedJudge(minilm)
    assert isinstance(judge, Judge)
    found = calibrate(judge)
    assert not found.at_chance
    assert found.withheld == ""
    assert found.auc.low > 0.9
    assert found.accuracy > 0.85
    assert found.judge == judge.name


def test_a_coin_does_not_and_its_scores_are_withheld():
    found = calibrate(Coin())
    assert found.at_chance
    assert "at chance" in found.withheld
    assert "coin" in found.withheld


@pytest.mark.slow
def test_smollm2_is_at_chance_and_says_so():
    try:
        model = load("smollm2", progress=lambda *_: None)
    except LoadError as error:
        pytest.skip(f"the embedded model cannot be had: {error}")
    found = calibrate(LocalModelJudge(model))
    assert found.at_chance
    assert model.name in found.withheld


def test_rows_are_explanations_and_columns_texts(minilm):
    judge = EmbeddedJudge(minilm)
    found = judge.judge(["contains a number", "mentions food", "is short"], ["7 cats", "We had soup."])
    assert found.shape == (3, 2)
    assert found[0].tolist() == [1.0, 0.0]
    assert found[1, 1] > 0.5 > found[1, 0]
    assert judge.judge([], ["a"]).shape == (0, 1)
    assert judge.judge(["is short"], []).shape == (1, 0)


def test_a_chat_model_is_asked_once_for_each_text_in_batches():
    judge, model = chat_judge("1: 9\n2: 0\n3: 10")
    found = judge.judge(["mentions food"], ["soup", "rain", "bread", "soup"])
    np.testing.assert_allclose(found, [[0.9, 0.0, 1.0, 0.9]])
    assert judge.judge(["mentions food"], ["rain"])[0, 0] == 0.0
    assert len(model.prompts) == 1
    assert "mentions food" in model.prompts[0]
    assert "[3] bread" in model.prompts[0]


@pytest.mark.parametrize("bad", ["sure, happy to help", "1: 9", "1: 9\n2: 11", "1: 9\n1: 3", "1: 9\n2: yes", ""])
def test_an_answer_that_cannot_be_read_is_asked_again_once(bad):
    judge, model = chat_judge(bad, "1: 9\n2: 1")
    np.testing.assert_allclose(judge.judge(["x"], ["a", "b"]), [[0.9, 0.1]])
    assert "could not be read" in model.prompts[1]
    judge, _ = chat_judge(bad, bad)
    with pytest.raises(ChatError, match="asked twice"):
        judge.judge(["x"], ["a", "b"])


def test_many_texts_go_in_several_prompts():
    first = "\n".join(f"{i}: {i % 11}" for i in range(1, 21))
    judge, model = chat_judge(first, "1: 7")
    found = judge.judge(["x"], [f"text {i}" for i in range(21)])
    assert found.shape == (1, 21)
    assert found[0, -1] == 0.7
    assert len(model.prompts) == 2


TEXTS = ["we had soup and bread at noon in town", "the rice stew cooked while rain fell on us"]
FOOD_AT = [[0, 0, 5, 0, 4, 0, 0, 0, 0], [0, 4, 5, 3, 0, 0, 0, 0, 0]]


def test_highlights_are_judged_by_the_words_where_a_judge_reads_no_marks(minilm):
    examples = highlighted(TEXTS, FOOD_AT, np.random.default_rng(1), share=1 / 3)
    degrees = judge_highlights(EmbeddedJudge(minilm), "mentions food", examples)
    right = np.array([example.right for example in examples])
    found = fuzzing(degrees[right], degrees[~right], np.random.default_rng(0))
    assert found.balanced_accuracy.value == 1.0


def test_a_chat_model_sees_the_marks():
    judge, model = chat_judge("1: 8\n2: 1\n3: 9\n4: 0")
    examples = highlighted(TEXTS, FOOD_AT, np.random.default_rng(1))
    np.testing.assert_allclose(judge_highlights(judge, "mentions food", examples), [0.8, 0.1, 0.9, 0.0])
    assert "we had <<soup>> and <<bread>> at noon in town" in model.prompts[0]
