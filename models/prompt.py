"""Prompts: a text, a chat or token ids, with the place of every token in the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from .errors import PositionError, PromptError

Message: TypeAlias = Mapping[str, str]
"""A turn of a chat: `role` and `content`."""


@dataclass(frozen=True)
class Prompt:
    """Tokens, and where they come from: token i covers the characters `offsets[i]` (half-open) of `text`.

    Tokens that a tokenizer adds (beginning of text) cover nothing. `text` and `offsets` are None for bare ids.
    """

    ids: tuple[int, ...]
    text: str | None = None
    offsets: tuple[tuple[int, int], ...] | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def position(self, position: int) -> int:
        """`position` counted from 0, negative ones from the end. Raises `PositionError` outside the prompt."""
        size = len(self.ids)
        if isinstance(position, bool) or not isinstance(position, int) or not -size <= position < size:
            shown = "" if self.text is None else f" ({_shorten(self.text)!r})"
            raise PositionError(
                f"position {position!r} is outside the prompt of {size} tokens{shown}; "
                f"pass a position from 0 to {size - 1}, or from -{size} to -1 counted from the end"
            )
        return position % size

    def span(self, part: str, occurrence: int = 0) -> range:
        """The positions of the tokens that cover `part`, found by characters, not by tokenizing `part` alone.

        `occurrence` 0 is the first place where `part` stands, -1 the last.
        """
        if self.text is None or self.offsets is None:
            raise PositionError(
                "expected a prompt made of text by a tokenizer that knows offsets, got bare token ids; "
                "pass the text, or give positions as numbers"
            )
        starts = _occurrences(self.text, part)
        try:
            start = starts[occurrence]
        except IndexError:
            raise PositionError(
                f"{part!r} stands {len(starts)} times in the prompt {_shorten(self.text)!r}, and occurrence "
                f"{occurrence} was asked for; pass a part of the prompt, exactly as it is written there"
            ) from None
        end = start + len(part)
        found = [i for i, (low, high) in enumerate(self.offsets) if low < end and start < high]
        if not found:
            raise PositionError(f"no token of the prompt {_shorten(self.text)!r} covers {part!r}; pass a longer part")
        return range(found[0], found[-1] + 1)

    def last_position_of(self, part: str, occurrence: int = 0) -> int:
        """The position of the last token of `part`: where a subject is usually read."""
        return self.span(part, occurrence)[-1]


PromptLike: TypeAlias = str | Prompt | Sequence[int] | Sequence[Message]
"""What can be made a prompt: a text, token ids, or the messages of a chat."""


@dataclass(frozen=True)
class Limits:
    """What a prompt must fit: the model's `name` for messages, its context in tokens, its number of token ids."""

    name: str = "the model"
    context_length: int | None = None
    n_tokens: int | None = None


def make_prompt(
    tokenizer: Any, source: PromptLike, *, special_tokens: bool = True, limits: Limits | None = None
) -> Prompt:
    """Tokenize `source`. `special_tokens`: let the tokenizer add its own (beginning of text) to a plain text.

    Messages go through the chat template, up to where the assistant's answer begins.
    Raises `PromptError` for an empty prompt, or one longer than the context.
    """
    limits = limits or Limits()
    if isinstance(source, Prompt):
        prompt = source
    elif isinstance(source, str):
        prompt = _from_text(tokenizer, source, special_tokens)
    elif _is_chat(source):
        prompt = _from_text(tokenizer, _render_chat(tokenizer, source, limits.name), special_tokens=False)
    else:
        prompt = _from_ids(source)
    _check(prompt, limits)
    return prompt


def _check(prompt: Prompt, limits: Limits) -> None:
    if not prompt.ids or prompt.text == "":
        raise PromptError("expected a prompt with at least one token, got an empty one; pass some text")
    if limits.context_length is not None and len(prompt) > limits.context_length:
        raise PromptError(
            f"expected a prompt of at most {limits.context_length} tokens (the context of {limits.name}), "
            f"got {len(prompt)}; shorten it"
        )
    if limits.n_tokens is not None and max(prompt.ids) >= limits.n_tokens:
        raise PromptError(
            f"token id {max(prompt.ids)} is not one of 0..{limits.n_tokens - 1} in {limits.name}; "
            "pass ids of its own tokenizer"
        )


def _from_text(tokenizer: Any, text: str, special_tokens: bool) -> Prompt:
    if tokenizer is None:
        raise PromptError("expected token ids, for this model was loaded without a tokenizer; got a text")
    fast = bool(getattr(tokenizer, "is_fast", False))
    encoded = tokenizer(
        text, add_special_tokens=special_tokens, return_offsets_mapping=fast, return_attention_mask=False, verbose=False
    )
    offsets = tuple((int(a), int(b)) for a, b in encoded["offset_mapping"]) if fast else None
    return Prompt(tuple(int(i) for i in encoded["input_ids"]), text, offsets)


def _from_ids(source: Any) -> Prompt:
    values = source.tolist() if hasattr(source, "tolist") else list(source)
    if not all(isinstance(i, int) and not isinstance(i, bool) and i >= 0 for i in values):
        raise PromptError(
            "expected a text, token ids (whole numbers from 0) or chat messages "
            f"({{'role': …, 'content': …}}), got {_shorten(repr(source))}"
        )
    return Prompt(tuple(values))


def _is_chat(source: Any) -> bool:
    return isinstance(source, Sequence) and bool(source) and all(isinstance(m, Mapping) for m in source)


def _render_chat(tokenizer: Any, messages: Any, name: str) -> str:
    for message in messages:
        if not {"role", "content"} <= set(message):
            raise PromptError(f"expected messages with role and content, got {_shorten(repr(dict(message)))}")
    if not getattr(tokenizer, "chat_template", None):
        raise PromptError(
            f"expected a model with a chat template for a prompt of messages, got {name or 'one without'}; "
            "pass the prompt as one text"
        )
    return str(tokenizer.apply_chat_template(list(messages), tokenize=False, add_generation_prompt=True))


def _occurrences(text: str, part: str) -> list[int]:
    if not part:
        return []
    starts, at = [], text.find(part)
    while at >= 0:
        starts.append(at)
        at = text.find(part, at + 1)
    return starts


def _shorten(text: str, size: int = 60) -> str:
    return text if len(text) <= size else text[: size - 1] + "…"
