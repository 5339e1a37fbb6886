"""Concepts of meaning: is a text more like a topic than texts in general are, and more like it than like other topics?

A bare cosine says little: some topics are like everything, some texts like every topic. So likeness is measured twice
over, in standard deviations: against the background sentences (is this text unusually like the topic?) and against the
bank of topics (is this topic unusually like the text?). The best sentence of a text counts.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ...models.embedding import Embedder
from .banks import background_texts, topic_bank
from .literal import word_mentions
from .measures import sentences
from .poles import poles
from .types import Floats

Floats32 = NDArray[np.float32]
MOST_WINDOWS = 16
"""Sentences of one text that are looked at, besides the whole; longer texts are read in as many longer pieces."""
AGAINST_TEXTS, AGAINST_TOPICS, OFFSET = 0.2, 1.2, -2.8
"""Logistic weights of both likenesses; see `likeness`."""
TRANSLATIONS = (
    ("The cat is asleep on the sofa.", "Кошка спит на диване."),
    ("The bank raised its interest rates.", "银行提高了利率。"),
    ("We are going to the beach tomorrow.", "سنذهب إلى الشاطئ غدا."),
    ("The teacher corrected the exam.", "教師は試験を採点した。"),
)
"""An embedder that reads other scripts puts each sentence nearest to its own translation; MiniLM does not."""
SAID = 0.85
"""The least degree of a text that says the topic's very word, where saying it is what is asked."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What is embedded once for all concepts: the bank and the background."""

    topics: Floats32
    texts: Floats32
    reads_all_scripts: bool


_scales: weakref.WeakKeyDictionary[Any, Scale] = weakref.WeakKeyDictionary()


def scale_of(embedder: Embedder) -> Scale:
    """The bank and the background as `embedder` sees them, embedded once."""
    found = _scales.get(embedder)
    if found is None:
        pairs = embedder.encode([text for pair in TRANSLATIONS for text in pair]).reshape(len(TRANSLATIONS), 2, -1)
        alike = np.einsum("ik,jk->ij", pairs[:, 0], pairs[:, 1])
        reads = bool((alike.argmax(axis=1) == np.arange(len(pairs))).all() and alike.diagonal().min() > 0.4)
        found = Scale(embedder.encode(topic_bank()), embedder.encode(background_texts()), reads)
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
    """(n,) in [0, 1): the best of each text's windows, by a logistic function of both likenesses.

    A topic with an opposite (`poles`) is weighed against it: "positive" texts are nearer to praise than to criticism.
    Texts in a script that the embedder does not read count for what can be read of them.
    """
    read = _reading(tuple(texts), cast(Any, embedder))
    sides = poles(topic)
    if sides is None:
        logit = OFFSET + _standing(topic, read, embedder)
    else:
        own, other = (_standing(side, read, embedder) for side in sides)
        logit = (own - other) + 0.5 * (OFFSET + _standing(topic, read, embedder))
    best = np.maximum.reduceat(logit, read.starts)
    degrees = 1 / (1 + np.exp(-np.clip(best, -30, 30)))
    return np.asarray(degrees * read.legible, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What judging some texts by any topic begins with: `vectors` of their windows, those of text i from `starts[i]`
    on; the `mean` and `deviation` of each window's likeness to the bank; how `legible` each text is.
    """

    vectors: Floats32
    starts: NDArray[np.intp]
    mean: Floats
    deviation: Floats
    legible: Floats


@lru_cache(maxsize=4)
def _reading(texts: tuple[str, ...], embedder: Any) -> Reading:
    """Done once for the same texts, for they are judged by many topics in a row."""
    scale = scale_of(embedder)
    pieces = [windows(text) for text in texts]
    vectors = embedder.encode([window for found in pieces for window in found])
    starts = np.cumsum([0, *(len(found) for found in pieces)])[:-1]
    others = vectors @ scale.topics.T
    legible = np.array([_legible(text, scale) for text in texts])
    return Reading(vectors, starts, others.mean(axis=1), np.maximum(others.std(axis=1), 0.02), legible)


def _standing(topic: str, read: Reading, embedder: Embedder) -> Floats:
    """Both likenesses of the windows to the topic, weighed together."""
    target = topic_vector(topic, embedder)
    alike, usual = read.vectors @ target, scale_of(embedder).texts @ target
    against_texts = (alike - usual.mean()) / max(float(usual.std()), 0.02)
    against_topics = (alike - read.mean) / read.deviation
    return np.asarray(AGAINST_TEXTS * against_texts + AGAINST_TOPICS * against_topics, dtype=np.float64)


def _legible(text: str, scale: Scale) -> float:
    """The share of letters that the embedder can read: all of them, or the Latin ones. 0 for an empty text."""
    letters = [letter for letter in text if letter.isalpha()]
    if scale.reads_all_scripts or not letters:
        return float(bool(text.strip()))
    return sum(letter < "\u0250" for letter in letters) / len(letters)


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
