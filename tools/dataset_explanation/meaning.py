"""Differences in meaning: topics that texts of one group are closer to, screened by embeddings and put to a judge."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from .candidates import Candidate
from .measuring import effects
from .types import Floats, Target
from .words import telling_terms

if TYPE_CHECKING:
    from ...models.embedding import Embedder
    from ..judging.types import Judge

FROM_DATA = 40
"""Telling words of the data themselves that are tried as topics, besides the bank."""
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
    own = [t for t in own_topics(texts, target) if t not in {topic.casefold() for topic in bank}]
    topics = [*bank, *own]
    found = np.abs(effects(alikeness(texts, topics, embedder, reference=len(bank)), target))
    order = np.argsort(-found, kind="stable")[:most]
    return [judged(topic_phrase(topics[i]), judge) for i in order]


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
    """Telling words and phrases of the data that can stand for a topic, in lower case."""
    found = [t.term for t in telling_terms(texts, target, most=4 * FROM_DATA)]
    return [term for term in found if _is_topic(term)][:FROM_DATA]


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
