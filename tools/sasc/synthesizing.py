"""SASC's third step: texts with and without a concept, written by a chat model or found in held-out texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..texts.words import words
from .types import SascError, Synthetic

if TYPE_CHECKING:
    from ..chat import Chat
    from ..judging import Judge
    from ..texts import Corpus

TOP_SHARE, LOW_SHARE = 0.2, 0.6
"""Shares of a corpus, by degree: texts with the concept come from the top one, texts without from the lowest one."""


def synthesize(
    explanation: str,
    *,
    corpus: Corpus,
    judge: Judge,
    chat: Chat | None = None,
    n: int = 20,
    rng: np.random.Generator | None = None,
) -> Synthetic:
    """Up to `n` texts that `explanation` applies to, and as many that it does not apply to.

    A `chat` model writes both kinds. Without one, `corpus` (held out: never one that phrases came from) is searched:
    with the concept are the texts of the highest degree by the `judge`, without are texts of the lower degrees, drawn
    at random and matched in length, so that a module of length is not fooled. Raises `SascError` for a corpus of fewer
    than four texts, `ChatError` for a chat model that gives no texts.
    """
    if n < 1:
        raise SascError(f"expected to be asked for at least one text, got n={n}")
    if chat is not None:
        return _written(explanation, chat, n)
    if len(corpus) < 4:
        raise SascError(f"expected at least 4 held-out texts to choose from, got {len(corpus)}; pass a larger corpus")
    degrees = np.asarray(judge.judge([explanation], corpus.texts)[0], dtype=np.float64)
    return retrieve(
        corpus.texts, degrees, n=n, rng=rng or np.random.default_rng(0), source=f"{corpus.name}, {judge.name}"
    )


def retrieve(
    texts: Sequence[str], degrees: np.ndarray, *, n: int, rng: np.random.Generator, source: str = "retrieved"
) -> Synthetic:
    """Texts of the highest `degrees`, and of low ones that are about as long. Ties are broken at random."""
    order = rng.permutation(len(texts))
    order = order[np.argsort(-degrees[order], kind="stable")]
    size = min(n, max(1, int(TOP_SHARE * len(texts))))
    lowest = order[len(order) - max(size, int(LOW_SHARE * len(texts))) :]
    low = [int(i) for i in rng.permutation(lowest)]
    lengths = [len(words(text)) for text in texts]
    chosen = []
    for i in order[:size]:
        nearest = min(low, key=lambda j: abs(lengths[j] - lengths[int(i)]))
        low.remove(nearest)
        chosen.append(nearest)
    return Synthetic(tuple(texts[int(i)] for i in order[:size]), tuple(texts[i] for i in chosen), source)


def _written(explanation: str, chat: Chat, n: int) -> Synthetic:
    from ...prompts import render
    from ..chat import ChatError

    kinds = []
    for applies in (True, False):
        prompt = render("sasc/synthesize", explanation=explanation, applies=applies, n=n)
        texts = chat.ask_list(prompt, most=n)
        if not texts:
            raise ChatError(f"{chat.name} wrote no texts for {explanation!r}; ask again, or leave the chat model out")
        kinds.append(tuple(texts))
    return Synthetic(kinds[0], kinds[1], f"chat model {chat.name}")
