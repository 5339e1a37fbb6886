"""Questions worth asking of some texts: proposed by a chat model, or taken from the banks by the texts themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ...prompts import render
from .questions import is_question, question_about, question_bank
from .types import Floats, QAError, check_texts

if TYPE_CHECKING:
    from ...models.embedding import Embedder
    from ..chat import Chat

TEMPLATE = "qa_emb/propose"
SHOWN = 12
"""Texts shown to a chat model from either end of the target."""
SHOWN_CHARACTERS = 400


def propose_questions(
    texts: Sequence[str],
    y: ArrayLike | None = None,
    *,
    chat: Chat | None = None,
    embedder: Embedder | None = None,
    count: int = 60,
    seed: int = 0,
) -> list[str]:
    """Up to `count` questions about texts like `texts`, those about the target `y` first where it is given.

    With `chat`, the model proposes them from texts with high and low values. Without, they are the questions of the
    bank and about common topics that are nearest to what the texts of high or low values say (by `embedder`). Only
    `texts` that may be used to choose belong here: a score on the same texts would be flattered.
    """
    texts = check_texts(texts)
    values = None if y is None else np.asarray(y, dtype=np.float64).ravel()
    if values is not None and len(values) != len(texts):
        raise QAError(f"expected a target for each of {len(texts)} texts, got {len(values)}")
    if count < 1:
        raise QAError(f"expected a count of 1 or more questions, got {count}")
    if chat is not None:
        return _by_chat(chat, texts, values, count, seed)
    return _from_banks(texts, values, embedder, count)


def _by_chat(chat: Chat, texts: list[str], values: Floats | None, count: int, seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    if values is None:
        low = [texts[i] for i in rng.permutation(len(texts))[: 2 * SHOWN]]
        high: list[str] = []
    else:
        order = np.lexsort((rng.random(len(texts)), values))
        end = min(SHOWN, max(1, len(texts) // 2))
        low, high = [texts[i] for i in order[:end]], [texts[i] for i in order[::-1][:end]]
    prompt = render(TEMPLATE, count=count, high_texts=list(map(_short, high)), low_texts=list(map(_short, low)))
    found = [q for q in chat.ask_list(prompt) if is_question(q)][:count]
    if not found:
        raise QAError(f"expected yes/no questions from {chat.name}, got none; try again, or another model")
    return found


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


def _from_banks(texts: list[str], values: Floats | None, embedder: Embedder | None, count: int) -> list[str]:
    """The candidates whose likeness to the texts varies most with the target, or without one, varies most."""
    from ...models.embedding import load_embedder
    from .questions import asked

    candidates = list(dict.fromkeys([*question_bank(), *map(question_about, _topics())]))
    embedder = embedder or load_embedder()
    likeness = embedder.encode(texts) @ embedder.encode([asked(q).core for q in candidates]).T
    if values is None or np.ptp(values) == 0 or len(texts) < 3:
        strength = likeness.std(axis=0) + likeness.mean(axis=0)
    else:
        centred = values - values.mean()
        spread = np.maximum(likeness.std(axis=0), 1e-9) * np.sqrt(len(texts)) * np.linalg.norm(centred)
        strength = np.abs((likeness - likeness.mean(axis=0)).T @ centred) / spread
    return [candidates[i] for i in np.argsort(-strength, kind="stable")[:count]]


def _topics() -> tuple[str, ...]:
    from ..concepts import topic_bank

    return topic_bank()
