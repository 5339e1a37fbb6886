"""The LangChain tool: tells answers, fits targets, hands mistakes back."""

from __future__ import annotations

import numpy as np
import pytest

from zetetic.tools.qa_emb.tool import qa_features_tool

QUESTIONS = ["Does the text mention soup?", "Does the text mention rain?"]


@pytest.fixture
def tool(words):
    return qa_features_tool(lambda: words)


def test_answers_are_told(tool):
    said = tool.invoke({"texts": ["hot soup", "rain"], "questions": QUESTIONS})
    assert "by words" in said
    assert "'hot soup': Does the text mention soup? 0.90; Does the text mention rain? 0.10" in said


def test_a_target_is_fitted_and_scored_on_held_out_texts(tool):
    rng = np.random.default_rng(0)
    texts = [f"{'soup ' if i % 2 else ''}text {i}" for i in range(60)]
    target = [float(2 * (i % 2) + rng.normal() * 0.1) for i in range(60)]
    said = tool.invoke({"texts": texts, "questions": QUESTIONS, "target": target})
    assert "rises with yes to “Does the text mention soup?”" in said
    assert "Held-out R² 0.9" in said


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"texts": []}, "bad value for texts"),
        ({"texts": ["x"], "colour": 1}, "bad value for colour"),
        ({"texts": ["x"], "questions": ["What?"]}, "expected a yes/no question"),
        ({"texts": [" "], "questions": QUESTIONS}, "expected texts that say something"),
        ({"texts": ["x"] * 9, "questions": QUESTIONS, "target": [1.0] * 9}, "a target that varies"),
        ({"texts": ["x"] * 9, "questions": QUESTIONS, "target": [1.0, 2.0] * 4 + [1.0]}, "at least 10 different texts"),
    ],
)
def test_what_an_agent_can_mend_comes_back_to_it(tool, given, answer):
    assert answer in tool.invoke(given)
