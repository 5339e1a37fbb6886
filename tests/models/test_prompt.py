"""Prompts: tokens with their place in the text, chats, and mistakes told apart."""

from __future__ import annotations

import pytest

from zetetic.models import PositionError, Prompt, PromptError

TEXT = "Crème brûlée in Paris, not Paris"


def test_every_token_covers_its_characters(tiny):
    prompt = tiny("llama").prompt(TEXT)
    assert prompt.text == TEXT
    assert len(prompt) == len(TEXT.encode())
    assert all(prompt.offsets[i][0] <= prompt.offsets[i + 1][0] for i in range(len(prompt) - 1))


def test_a_part_is_found_by_characters(tiny):
    model = tiny("llama")
    prompt = model.prompt(TEXT)
    for part in ("Paris", "brûlée", "è", TEXT):
        span = prompt.span(part)
        assert model.decode(prompt.ids[span.start : span.stop]) == part
    assert prompt.span("Paris", 1) == prompt.span("Paris", -1)
    assert prompt.span("Paris", 1).start > prompt.span("Paris").start
    assert prompt.last_position_of("Paris", -1) == len(prompt) - 1


@pytest.mark.parametrize(("part", "occurrence"), [("Rome", 0), ("Paris", 2), ("", 0)])
def test_a_part_that_is_not_there_is_refused(tiny, part, occurrence):
    with pytest.raises(PositionError, match=r"stands \d times in the prompt"):
        tiny("llama").prompt(TEXT).span(part, occurrence)


def test_messages_go_through_the_chat_template(tiny):
    prompt = tiny("llama").prompt([{"role": "user", "content": "Hello"}])
    assert prompt.text == "[user] Hello\n[assistant] "
    assert prompt.span("Hello").start == 7


def test_tokens_that_a_tokenizer_adds_cover_no_character(tiny, tokenizer):
    from tokenizers.processors import TemplateProcessing

    from zetetic.models.prompt import make_prompt

    backend = tokenizer.backend_tokenizer
    before = backend.post_processor
    backend.post_processor = TemplateProcessing(single="<bos> $A <eos>", special_tokens=[("<bos>", 1), ("<eos>", 2)])
    try:
        prompt = make_prompt(tokenizer, "abc")
        plain = make_prompt(tokenizer, "abc", special_tokens=False)
    finally:
        backend.post_processor = before
    assert prompt.ids[0] == 1
    assert prompt.ids[1:-1] == plain.ids
    assert prompt.span("abc") == range(1, 4)


@pytest.mark.parametrize("empty", ["", [], ()])
def test_an_empty_prompt_is_refused(tiny, empty):
    with pytest.raises(PromptError, match="at least one token, got an empty one"):
        tiny("llama").prompt(empty)


def test_a_prompt_longer_than_the_context_is_refused(tiny):
    model = tiny("gpt2")
    assert model.context_length == 64
    assert len(model.prompt([5] * 64)) == 64
    with pytest.raises(PromptError, match=r"at most 64 tokens \(the context of tiny-gpt2\), got 65"):
        model.prompt("x" * 65)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ([300], "token id 300 is not one of 0..299 in tiny-llama"),
        ([-1], "expected a text, token ids"),
        ([True], "expected a text, token ids"),
        (["a", "b"], "expected a text, token ids"),
        ([{"role": "user"}], "expected messages with role and content"),
    ],
)
def test_what_is_no_prompt_is_refused(tiny, source, says):
    with pytest.raises(PromptError, match=says):
        tiny("llama").prompt(source)


def test_a_model_without_tokenizer_takes_ids_and_says_so_of_texts(raw):
    from zetetic.models import LanguageModel

    model = LanguageModel(raw("llama"), name="bare")
    assert model.prompt([4, 5]) == Prompt((4, 5))
    assert model.decode([4, 5]) == "4 5"
    with pytest.raises(PromptError, match="loaded without a tokenizer"):
        model.prompt("text")
    with pytest.raises(PositionError, match="bare token ids"):
        model.prompt([4, 5]).span("text")


def test_a_model_without_chat_template_says_so(tiny, tokenizer):
    template, tokenizer.chat_template = tokenizer.chat_template, None
    try:
        with pytest.raises(PromptError, match="chat template for a prompt of messages, got tiny-llama"):
            tiny("llama").prompt([{"role": "user", "content": "Hello"}])
    finally:
        tokenizer.chat_template = template


@pytest.mark.parametrize("position", [5, -6, 1.0, True, "0"])
def test_a_position_outside_the_prompt_is_refused(tiny, position):
    with pytest.raises(PositionError, match=r"outside the prompt of 5 tokens.*from 0 to 4, or from -5 to -1"):
        tiny("llama").prompt("abcde").position(position)
    assert tiny("llama").prompt("abcde").position(-5) == 0
