"""FIND's unit test of language (arXiv:2309.03886, section 4): which of three does a description speak of?"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ....prompts import render
from .data import Item

if TYPE_CHECKING:
    from ....tools.chat import Chat
    from ....tools.judging.types import Judge

ATTEMPTS = 2
_ANSWER = re.compile(r"\W*(?:answer\W*)?([0-9]+)\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LanguageTest:
    """How a description did: for each item what it got, from 0 to 1. `unread` answers of a judge count as 0."""

    judge: str
    marks: tuple[float, ...]
    unread: int = 0

    @property
    def share(self) -> float:
        """The share of items that were got right; by guessing it is a third."""
        return float(np.mean(self.marks)) if self.marks else 0.0


def take_test(description: str, items: Sequence[Item], judge: Chat | Judge) -> LanguageTest:
    """Whether a judge who has only `description` finds what is right in each of `items`.

    A chat model is asked an item a prompt, as published, once more where its answer is no number from 1 to 3. A judge
    of texts takes the text to which the description applies most; where several tie, the right one gets its share.
    Items with outputs are for chat models alone.
    """
    from ....tools.chat import Chat

    if not description.strip():
        return LanguageTest(judge.name, (0.0,) * len(items))
    if isinstance(judge, Chat):
        chosen = [choose(description, item, judge) for item in items]
        marks = tuple(float(place == item.correct) for place, item in zip(chosen, items))
        return LanguageTest(judge.name, marks, sum(place is None for place in chosen))
    texts = [text for item in items for text in item.inputs]
    degrees = judge.judge([description], texts)[0]
    rows, at = [], 0
    for item in items:
        row = degrees[at : at + len(item.inputs)]
        at += len(item.inputs)
        best = np.flatnonzero(row == row.max())
        rows.append(float(item.correct in best) / len(best))
    return LanguageTest(judge.name, tuple(rows))


def choose(description: str, item: Item, chat: Chat) -> int | None:
    """The place (from 0) that the chat model takes for right; None where it says none that can be read."""
    trouble = ""
    for _ in range(ATTEMPTS):
        answer = chat.ask(
            render(
                "find/choose",
                description=description.strip(),
                inputs=[_quoted(text) for text in item.inputs],
                outputs=None if item.outputs is None else [_quoted(text) for text in item.outputs],
                trouble=trouble,
            )
        )
        match = _ANSWER.fullmatch(answer.strip())
        if match is not None and 1 <= int(match[1]) <= len(item.inputs):
            return int(match[1]) - 1
        trouble = f"expected a number from 1 to {len(item.inputs)} and nothing else, got {answer[:60]!r}"
    return None


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
