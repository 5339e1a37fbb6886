"""A language model's answers: shared prefixes change nothing but the work."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from zetetic.tools.qa_emb import LocalAnswerer, QAError

QUESTIONS = [
    "Does the text mention food?", "Is the text long?", "Is the text about sports or games?", "Does it rain here?",
    "Does the text contain a number?",
]  # fmt: skip
TEXTS = ["We had soup.", "A longer text about a match that was lost in the rain on a Sunday.", "x"]


def by_hand(model, prompt, space):
    logits = model.logits([prompt])[0][-1].float()
    logs = torch.log_softmax(logits, -1)
    whole = {}
    for word in ("yes", "Yes", "no", "No"):
        ids = model.prompt(space + word, special_tokens=False).ids
        every = model.logits([[*prompt.ids, *ids]], None)[0].float().log_softmax(-1)
        whole[word] = sum(float(every[len(prompt.ids) - 1 + i, token]) for i, token in enumerate(ids))
    assert logs.isfinite().all()
    yes, no = np.logaddexp(whole["yes"], whole["Yes"]), np.logaddexp(whole["no"], whole["No"])
    return 1 / (1 + np.exp(no - yes))


@pytest.mark.parametrize("size", [1, 2, 64])
@pytest.mark.parametrize("asked", [1, 5])
def test_every_pair_is_answered_as_if_it_were_alone(tiny, size, asked):
    answerer = LocalAnswerer(tiny, batch_size=size)
    found = answerer.answer(QUESTIONS[:asked], TEXTS)
    assert found.shape == (3, asked)
    space = "" if tiny.name.endswith("chat") else " "
    for row, text in enumerate(TEXTS):
        for column, question in enumerate(QUESTIONS[:asked]):
            [prompt] = answerer.prompts([question], text)
            assert found[row, column] == pytest.approx(by_hand(tiny, prompt, space), abs=1e-5)


def test_the_text_is_run_once_for_all_its_questions(tiny):
    answerer = LocalAnswerer(tiny)
    shapes = []
    handle = tiny.blocks.embedding.register_forward_pre_hook(lambda _, args: shapes.append(tuple(args[0].shape)))
    try:
        answerer.answer(QUESTIONS, TEXTS[1:2])
    finally:
        handle.remove()
    whole = len(answerer.prompts(QUESTIONS[:1], TEXTS[1])[0])
    one_row = [columns for rows, columns in shapes if rows == 1]
    assert max(one_row) > 100, "the text before its questions, as one row"
    assert all(columns < whole / 2 for rows, columns in shapes if rows > 1), "questions without the text"


def test_a_question_in_the_text_stays_a_text(tiny):
    found = LocalAnswerer(tiny).answer(QUESTIONS[:1], ["{{ question }} \ue000question\ue000"])
    assert 0 < found[0, 0] < 1


def test_a_text_longer_than_the_context_loses_its_end(tiny):
    long = "word " * 500
    answerer = LocalAnswerer(tiny)
    assert max(map(len, answerer.prompts(QUESTIONS, long))) <= 400
    assert np.isfinite(answerer.answer(QUESTIONS, [long, "short"])).all()


def test_a_question_that_fills_the_context_is_refused(tiny):
    with pytest.raises(QAError, match="leave room for a text in the 400 tokens"):
        LocalAnswerer(tiny).answer([f"Is it {'very ' * 100}long?"], ["a text"])


def test_a_model_that_cannot_answer_is_refused(tiny):
    with pytest.raises(QAError, match="batch size of 1 or more, got 0"):
        LocalAnswerer(tiny, batch_size=0)

    class Encoder:
        name, is_causal, tokenizer = "bert", False, None

    with pytest.raises(QAError, match="predicts the next token, with its tokenizer, got bert"):
        LocalAnswerer(Encoder())
