"""SASC's second step: explanations in words of what the top phrases share, by a chat model or without any."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .fitting import Fitting
from .generator import generate
from .types import Candidate, RankedPhrases, SascError

if TYPE_CHECKING:
    from ...models import Embedder
    from ..chat import Chat

SHOWN = 30
"""Top phrases that a chat model is shown, as in the paper."""
ALIKE = 0.85
"""Two explanations whose degrees correlate so over the phrases say the same; the better one is kept."""


def summarize(
    ranked: RankedPhrases,
    *,
    embedder: Embedder,
    chat: Chat | None = None,
    n: int = 5,
    topics: Sequence[str] | None = None,
) -> list[Candidate]:
    """At most `n` different explanations of what the top phrases share, the best fitting first.

    With a `chat` model, its own wording, asked for once. Without one, the embedded generator (`generator.generate`),
    `topics` being the bank that it may name. Either way an explanation's fit is the correlation, over the scored
    phrases, of how far it applies with the response. An explanation is a noun phrase, or completes "The text …".

    Of a constant module there is nothing to say: the list is empty. Raises `ChatError`.
    """
    if n < 1:
        raise SascError(f"expected to be asked for at least one explanation, got n={n}")
    if ranked.constant:
        return []
    fitting = Fitting(ranked, embedder)
    if chat is not None:
        return _by_chat(ranked, fitting, embedder, chat, n)
    pool = generate(fitting, embedder, topics)
    chosen: list[int] = []
    for row in pool.order:
        if pool.fits[row] <= 0 or len(chosen) == n:
            break
        if all(pool.likeness(int(row), other) < ALIKE for other in chosen):
            chosen.append(int(row))
    return [Candidate(pool.texts[i], pool.origins[i], float(pool.fits[i])) for i in chosen]


def _by_chat(ranked: RankedPhrases, fitting: Fitting, embedder: Embedder, chat: Chat, n: int) -> list[Candidate]:
    from ...prompts import render

    texts = chat.ask_list(render("sasc/summarize", phrases=ranked.phrases[:SHOWN], n=n), most=n)
    if not texts:
        return []
    fits = fitting.fits(fitting.likeness(embedder.encode(texts)))
    found = [Candidate(text, f"chat model {chat.name}", float(fit)) for text, fit in zip(texts, fits)]
    return sorted(found, key=lambda candidate: -candidate.fit)
