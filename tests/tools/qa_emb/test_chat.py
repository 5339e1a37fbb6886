"""A chat model's answers: read strictly, asked again once, weighed where it gives log-probabilities."""

from __future__ import annotations

import math

import numpy as np
import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from zetetic.tools.chat import Chat, ChatError
from zetetic.tools.qa_emb import ChatAnswerer, QAError, propose_questions
from zetetic.tools.qa_emb.chat import parse_answers

QUESTIONS = ["Does the text mention soup?", "Is the text about rain?", "Is it a question?"]


def chat(*replies):
    return Chat(GenericFakeChatModel(messages=iter(replies)), "scripted")


def test_one_call_answers_several_questions_about_a_text():
    model = chat("1: yes\n2: no\n3: No.", "1. no\n2) Yes\n3 - yes")
    found = ChatAnswerer(model).answer(QUESTIONS, ["hot soup", "rain?"])
    np.testing.assert_array_equal(found, [[1, 0, 0], [0, 1, 1]])
    assert model.usage.calls == 2


def test_more_questions_than_go_into_a_call_take_several():
    found = ChatAnswerer(chat("1: yes\n2: no", "1: yes"), questions_a_call=2).answer(QUESTIONS, ["x"])
    np.testing.assert_array_equal(found, [[1, 0, 1]])


def test_repeats_are_averaged():
    model = chat("1: yes", "1: no", "1: yes", "1: yes")
    assert ChatAnswerer(model, repeats=4).answer(QUESTIONS[:1], ["x"])[0, 0] == 0.75


def test_what_a_reply_leaves_out_is_asked_once_more():
    model = chat("1: yes\n2: it depends", "1: no\n2: yes")
    np.testing.assert_array_equal(ChatAnswerer(model).answer(QUESTIONS, ["x"]), [[1, 0, 1]])
    with pytest.raises(ChatError, match="yes or no from scripted for 'Is the text about rain\\?', got neither"):
        ChatAnswerer(chat("1: yes", "perhaps")).answer(QUESTIONS[:2], ["x"])


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("1: yes\n1: no\n2: no", {1: 0.0}),
        ("**1: Yes**\n- 2. NO", {0: 1.0, 1: 0.0}),
        ("yes\nno", {}),
        ("0: yes\n3: yes", {}),
        ("1: yes, because it says so", {}),
        ("", {}),
    ],
)
def test_replies_are_read_strictly(reply, said):
    assert parse_answers(reply, 2) == said


def test_log_probabilities_weigh_the_answer():
    def token(word, probability, **others):
        top = [{"token": word, "logprob": math.log(probability)}]
        top += [{"token": w, "logprob": math.log(p)} for w, p in others.items()]
        return {"token": word, "logprob": math.log(probability), "top_logprobs": top}

    logs = [token("1", 1.0), token(":", 1.0), token(" yes", 0.6, No=0.2, Yes=0.1)]
    message = AIMessage("1: yes", response_metadata={"logprobs": {"content": logs}})
    assert ChatAnswerer(chat(message)).answer(QUESTIONS[:1], ["x"])[0, 0] == pytest.approx(0.7 / 0.9)
    odd = AIMessage("1: no", response_metadata={"logprobs": {"content": logs}})
    assert ChatAnswerer(chat(odd)).answer(QUESTIONS[:1], ["x"])[0, 0] == 0, "weights of another reply are not used"


def test_settings_are_checked():
    with pytest.raises(QAError, match="1 or more questions a call and repeats, got 0 and 1"):
        ChatAnswerer(chat(), questions_a_call=0)


def test_a_chat_model_proposes_questions_and_what_is_none_is_dropped():
    model = chat("1. Does the text mention soup?\n- What is it about?\n* Is the text long or short?\nThanks!")
    found = propose_questions(["soup", "rain", "sun"], [1, 0, 0], chat=model)
    assert found == ["Does the text mention soup?", "Is the text long or short?"]
    with pytest.raises(QAError, match="expected yes/no questions from scripted, got none"):
        propose_questions(["soup"], chat=chat("I cannot."))
