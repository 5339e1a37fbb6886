"""Keeping a long conversation inside a model's context: older tool answers are folded, the journal keeps all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AnyMessage, ToolMessage

from .accounts import count_tokens

FOLDED = "(the rest is folded; recall shows observations again)"
_KEPT_TOOLS = 4
"""The last answers are never folded."""
_KEPT_CHARACTERS = 120


def fold(messages: Sequence[AnyMessage], model: Any, *, most_tokens: int) -> list[AnyMessage]:
    """`messages`, with as many of the oldest tool answers cut to their first line as it takes to get under
    `most_tokens`. What was said by people and by the model stays whole.
    """
    folded = list(messages)
    tokens = [count_tokens([m], model) for m in folded]
    tools = [i for i, m in enumerate(folded) if isinstance(m, ToolMessage)]
    total = sum(tokens)
    for i in tools[: max(0, len(tools) - _KEPT_TOOLS)]:
        if total <= most_tokens:
            break
        short = _shortened(folded[i])
        if short is None:
            continue
        folded[i] = short
        now = count_tokens([short], model)
        total += now - tokens[i]
        tokens[i] = now
    return folded


def _shortened(message: AnyMessage) -> AnyMessage | None:
    text = str(message.text)
    first = text.partition("\n")[0][:_KEPT_CHARACTERS]
    if len(first) + len(FOLDED) + 1 >= len(text):
        return None
    return message.model_copy(update={"content": f"{first}\n{FOLDED}"})
