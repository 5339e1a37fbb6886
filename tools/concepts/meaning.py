"""Concepts of meaning: is a text more like a topic than texts in general are, and more like it than like other topics?

A bare cosine says little: some topics are like everything, some texts like every topic. So likeness is measured twice
over, in standard deviations: against the background sentences (is this text unusually like the topic?) and against the
bank of topics (is this topic unusually like the text?). The best sentence of a text counts.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...models.embedding import Embedder
from .banks import background_texts, topic_bank
from .literal import word_mentions
from .measures import sentences
from .types import Floats

Floats32 = NDArray[np.float32]
MOST_WINDOWS = 16
"""Sentences of one text that are looked at, besides the whole; longer texts are read in as many longer pieces."""
AGAINST_TEXTS, AGAINST_TOPICS, OFFSET = 0.2, 1.2, -2.8
"""Logistic weights of both likenesses; see `likeness`."""
SAID = 0.85
"""The least degree of a text that says the topic's very word, where saying it is what is asked."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What is embedded once for all concepts: the bank and the background."""

    topics: Floats32
    texts: Floats32


_scales: weakref.WeakKeyDictionary[Any, Scale] = weakref.WeakKeyDictionary()


def scale_of(embedder: Embedder) -> Scale:
    """The bank and the background as `embedder` sees them, embedded once."""
    found = _scales.get(embedder)
    if found is None:
        found = Scale(embedder.encode(topic_bank()), embedder.encode(background_texts()))
        _scales[embedder] = found
    return found


@dataclass(frozen=True, slots=True)
class Meaning:
    """A topic: "is about food", "mentions food". With `said`, a text that says the word mentions it for certain."""

    description: str
    topic: str
    embedder: Embedder = field(repr=False, compare=False)
    said: bool = False

    def degrees(self, texts: Sequence[str]) -> Floats:
        if not texts:
            return np.zeros(0)
        found = likeness(self.topic, texts, self.embedder)
        if self.said:
            spoken = np.array([word_mentions(text, self.topic) > 0 for text in texts])
            found = np.where(spoken, np.maximum(found, SAID + (1 - SAID) * found), found)
        return found


def likeness(topic: str, texts: Sequence[str], embedder: Embedder) -> Floats:
    """(n,) in (0, 1): the best of each text's windows, by a logistic function of both likenesses."""
    scale = scale_of(embedder)
    pieces = [windows(text) for text in texts]
    vectors = embedder.encode([window for found in pieces for window in found])
    target = topic_vector(topic, embedder)
    alike = vectors @ target
    usual = scale.texts @ target
    against_texts = (alike - usual.mean()) / max(float(usual.std()), 0.02)
    others = vectors @ scale.topics.T
    against_topics = (alike - others.mean(axis=1)) / np.maximum(others.std(axis=1), 0.02)
    logit = OFFSET + AGAINST_TEXTS * against_texts + AGAINST_TOPICS * against_topics
    starts = np.cumsum([0, *(len(found) for found in pieces)])[:-1]
    best = np.maximum.reduceat(logit, starts)
    empty = np.array([not text.strip() for text in texts])
    return np.where(empty, 0.0, 1 / (1 + np.exp(-np.clip(best, -30, 30)))).astype(np.float64)


def topic_vector(topic: str, embedder: Embedder) -> Floats32:
    """The direction of a topic: the phrase, and a sentence that says it is the subject."""
    mean = embedder.encode([topic, f"This is about {topic}."]).mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)


def windows(text: str) -> list[str]:
    """The whole text, and its sentences if there are several; of long texts, runs of sentences."""
    found = sentences(text)
    if len(found) < 2:
        return [text]
    step = -(-len(found) // MOST_WINDOWS)
    return [text, *(" ".join(found[i : i + step]) for i in range(0, len(found), step))]
