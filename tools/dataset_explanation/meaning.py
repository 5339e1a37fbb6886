"""Differences in meaning: topics that texts of one group are closer to, screened by embeddings and put to a judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from .candidates import Candidate
from .measuring import effects
from .types import Floats, Target
from .words import find_terms, telling_terms

if TYPE_CHECKING:
    from ...models.embedding import Embedder
    from ..judging.types import Judge

FROM_DATA = 40
"""Telling words of the data themselves that are tried as topics, besides the bank."""
STRIKING = 2.5
"""A word as much more like a topic than like others, in standard deviations, shows it."""
_LEAST_SPREAD = 1e-6


def meaning_candidates(
    texts: Sequence[str], target: Target, *, embedder: Embedder, judge: Judge, most: int
) -> list[Candidate]:
    """The topics of the bank, and of the data's own words, that part the target most, up to `most`.

    Every topic is screened by how much more alike a text is to it than to the other topics; `judge` says the degrees
    that count.
    """
    from ..concepts import topic_bank

    bank = list(topic_bank())
    own = [t for t in own_topics(texts, target) if t.casefold() not in {topic.casefold() for topic in bank}]
    topics = [*bank, *own]
    found = np.abs(effects(alikeness(texts, topics, embedder, reference=len(bank)), target))
    order = np.argsort(-found, kind="stable")[:most]
    candidates = [judged(topic_phrase(topics[i]), judge) for i in order]
    return [
        replace(one, general=bool(i < len(bank)), spans=partial(telling_words, topics[i], embedder))
        for i, one in zip(order, candidates)
    ]


def telling_words(topic: str, embedder: Embedder, text: str) -> tuple[tuple[int, int], ...]:
    """Where the content words of `text` stand that are unusually like `topic` on their own."""
    from ..concepts import topic_bank
    from ..texts import content_words

    own = list(dict.fromkeys(content_words(text)))
    if not own:
        return ()
    bank = topic_bank()
    alike = alikeness(own, [*bank, topic], embedder, reference=len(bank))[:, -1]
    return find_terms([word for word, z in zip(own, alike) if z >= STRIKING], text)


def alikeness(texts: Sequence[str], topics: Sequence[str], embedder: Embedder, *, reference: int) -> Floats:
    """(texts, topics): how alike they are, in standard deviations of a text's likeness to the first `reference`."""
    vectors = embedder.encode(texts).astype(np.float64)
    bare = embedder.encode(topics).astype(np.float64)
    directions = bare + embedder.encode([f"This is about {topic}." for topic in topics])
    directions /= np.maximum(np.linalg.norm(directions, axis=1, keepdims=True), _LEAST_SPREAD)
    alike = vectors @ directions.T
    usual = alike[:, :reference]
    spread = np.maximum(usual.std(axis=1, keepdims=True), _LEAST_SPREAD)
    return np.asarray((alike - usual.mean(axis=1, keepdims=True)) / spread)


def own_topics(texts: Sequence[str], target: Target) -> list[str]:
    """Telling words and phrases of the data that can stand for a topic, written as they mostly are."""
    found = [t.term for t in telling_terms(texts, target, most=4 * FROM_DATA)]
    return [_written(term, texts) for term in found if _is_topic(term)][:FROM_DATA]


def _written(term: str, texts: Sequence[str]) -> str:
    """The commonest spelling of `term` inside sentences, where a capital letter means something."""
    found = Counter(text[a:b] for text in texts for a, b in find_terms([term], text) if a > 0)
    return found.most_common(1)[0][0] if found and "\n" not in next(iter(found)) else term


def _is_topic(term: str) -> bool:
    from ..texts import stop_words

    words = term.split()
    return all(w.replace("'", "").replace("-", "").isalpha() and len(w) > 3 for w in words) and not (
        set(words) & stop_words()
    )


def topic_phrase(topic: str) -> str:
    """A topic as a phrase that completes "The text …"."""
    return f"is about {topic}"


def judged(phrase: str, judge: Judge) -> Candidate:
    """A phrase whose degrees a judge says; it applies where the judge says so, above 0.5."""
    return Candidate(phrase, "meaning", judge.name, partial(_degrees, judge, phrase))


def _degrees(judge: Judge, phrase: str, texts: Sequence[str]) -> Floats:
    return np.asarray(judge.judge([phrase], texts)[0], dtype=np.float64)
