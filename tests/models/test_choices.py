"""Probabilities of given continuations equal those of the whole text, however much is shared."""

from __future__ import annotations

import pytest
import torch

from zetetic.models import ArchitectureError, PromptError
from zetetic.models.choices import continuation_log_probabilities
from zetetic.models.prefix import SharedPrefix


def by_hand(model, ids, continuation):
    logits = model.logits([[*ids, *continuation]], None)[0].float()
    logs = torch.log_softmax(logits, -1)
    return torch.tensor([logs[len(ids) - 1 + i, token] for i, token in enumerate(continuation)])


@pytest.mark.parametrize("shared", [0, 1, 8])
def test_log_probabilities_are_those_of_the_whole_text(decoder, prompts, shared):
    """With windows shorter than what is shared too (Mistral, Gemma 2 and 3, GPT-Neo)."""
    [beginning] = prompts(8)
    rows = [decoder.prompt([*beginning[:shared], *ids]) for ids in prompts(2, 5, 1, 3, seed=2)]
    continuations = prompts(1, 3, 2, 4, seed=3)
    found = continuation_log_probabilities(decoder, rows, continuations, batch_size=3)
    for prompt, continuation, ours in zip(rows, continuations, found):
        torch.testing.assert_close(ours, by_hand(decoder, prompt.ids, continuation), atol=3e-5, rtol=0.0)


@pytest.mark.parametrize("shared", [4, 6, 8])
def test_a_beginning_is_not_shared_where_length_changes_its_positions(tiny, prompts, shared):
    """LongRoPE, whose border lies at 6 tokens here."""
    model = tiny("phi3_long")
    [beginning] = prompts(shared)
    rows = [model.prompt([*beginning, *ids]) for ids in prompts(1, 2, 5, seed=2)]
    found = continuation_log_probabilities(model, rows, [[7], [8], [9]])
    for prompt, continuation, ours in zip(rows, [[7], [8], [9]], found):
        logits = model.model(input_ids=torch.tensor([prompt.ids])).logits[0, -1]
        torch.testing.assert_close(ours, torch.log_softmax(logits, -1)[continuation], atol=3e-5, rtol=0.0)


def test_one_prompt_may_be_the_beginning_of_another(tiny, prompts):
    model = tiny("llama")
    [ids] = prompts(6)
    rows = [model.prompt(ids[:n]) for n in (6, 3, 1, 6)]
    found = continuation_log_probabilities(model, rows, [[9], ids[3:], [4, 5], [9]])
    for prompt, continuation, ours in zip(rows, [[9], ids[3:], [4, 5], [9]], found):
        torch.testing.assert_close(ours, by_hand(model, prompt.ids, continuation), atol=3e-5, rtol=0.0)


def test_many_questions_on_one_text_run_the_text_once(tiny):
    model = tiny("gpt_neox")
    text = "A long text that all questions are about. "
    questions = [f"{text}{q}?" for q in ("one", "two", "three", "four")]
    shapes = []
    handle = model.blocks.embedding.register_forward_pre_hook(lambda _, args: shapes.append(tuple(args[0].shape)))
    try:
        found = model.choice_log_probabilities(questions, ["y", "n", "m"])
    finally:
        handle.remove()
    assert found.shape == (4, 3)
    common = len(model.prompt(text))
    assert shapes[0] == (1, common)
    assert sum(rows * columns for rows, columns in shapes[1:]) <= 4 * 6, "each question once, whatever the choices"
    for row, question in zip(found, questions):
        for value, choice in zip(row, "ynm"):
            torch.testing.assert_close(
                value, by_hand(model, model.prompt(question).ids, model.prompt(choice).ids).sum()
            )


def test_longer_choices_are_weighed_as_a_whole(tiny):
    model = tiny("llama")
    [[short, long]] = model.choice_log_probabilities(["Question?"], [" yes", " certainly"]).tolist()
    whole = by_hand(model, model.prompt("Question?").ids, model.prompt(" certainly").ids)
    assert long == pytest.approx(float(whole.sum()), abs=1e-4)
    assert short > long
    [own] = model.log_probabilities(["Question?"], [" certainly"])
    torch.testing.assert_close(own, whole, atol=3e-5, rtol=0.0)


def test_a_lent_cache_is_not_changed_by_those_who_use_it(typical, prompts):
    from zetetic.models.batches import make_batches

    [ids] = prompts(9)
    prefix = SharedPrefix(typical.runner, typical.blocks, ids[:6])
    last = typical.address("layers.2")
    expected = typical.capture([ids], last, [6, 7, 8])[last][0]
    for rows in (1, 3, 1):
        for grown in (False, True):
            [batch] = make_batches([ids[6:]] * rows)
            batch = batch.after(6)
            cells = batch.cells([[6, 7, 8]] * rows)
            found = typical.runner.read(batch, [last], cells, cache=prefix.cache(rows, grown=grown))[last]
            torch.testing.assert_close(found, expected.repeat(rows, 1), atol=3e-5, rtol=0.0)


def test_what_cannot_be_weighed_is_refused(tiny):
    model = tiny("llama")
    with pytest.raises(PromptError, match="at least one choice"):
        model.choice_log_probabilities(["x"], [])
    with pytest.raises(PromptError, match="at least one token, got an empty one"):
        model.choice_log_probabilities(["x"], [""])
    with pytest.raises(PromptError, match="a continuation for each of 2 prompts, got 1"):
        model.log_probabilities(["x", "y"], ["z"])
    with pytest.raises(PromptError, match="at most 64 tokens together"):
        model.log_probabilities([[5] * 64], ["yes"])
    with pytest.raises(ArchitectureError, match="predicts the next token, got tiny-bert"):
        tiny("bert").choice_log_probabilities(["x"], ["y"])
