"""What is known of a pair of question and text without a language model: likenesses, each against its background.

A bare cosine between a question and a text says more about either than about the pair. Each likeness is therefore
counted in standard deviations over what other questions have with the same text, and a question is also turned into
what texts about it look like (pseudo-relevance feedback, as in information retrieval) and into common topics near it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .questions import Asked, asked
from .traits import TraitSpace
from .types import Floats
from .windows import windows

if TYPE_CHECKING:
    from ...models.embedding import Embedder

FEATURES = (
    "likeness", "best window", "nearest topics", "best window to typical texts", "typical texts",
    "likeness of what a trait is called", "trait",
)  # fmt: skip
TYPICAL_TEXTS = 15
NEAREST_TOPICS = 8


@dataclass(frozen=True, eq=False)
class Background:
    """What pairs are compared with, all unit vectors (rows, width): questions of the bank, common topics, texts."""

    questions: Floats
    topics: Floats
    texts: Floats
    traits: TraitSpace


@dataclass(frozen=True, eq=False)
class QuestionVectors:
    """(questions, width) each, and what traits each asks for (questions, traits)."""

    own: Floats
    topics: Floats
    typical: Floats
    traits: Floats


def forms(asked: Asked) -> list[str]:
    """Several ways to say what is asked for; their mean is less a matter of wording than any of them."""
    core, predicate = asked.core, asked.predicate
    return [core, predicate, f"The text {predicate}.", f"This text is about {core}."]


def mean_of_forms(questions: Sequence[str], embedder: Embedder) -> Floats:
    """(questions, width): the mean embedding of the forms of each."""
    said = [form for q in questions for form in forms(asked(q))]
    vectors = np.asarray(embedder.encode(said), dtype=np.float64)
    return np.asarray(vectors.reshape(len(questions), -1, vectors.shape[1]).mean(axis=1), dtype=np.float64)


def question_vectors(questions: Sequence[str], background: Background, embedder: Embedder) -> QuestionVectors:
    """Everything about questions that does not depend on a text."""
    own = mean_of_forms(questions, embedder)
    centre = background.texts.mean(axis=0)
    nearest = np.argsort(-(own @ background.topics.T), axis=1)[:, :NEAREST_TOPICS]
    typical = np.argsort(-(own @ background.texts.T), axis=1)[:, :TYPICAL_TEXTS]
    return QuestionVectors(
        own,
        unit(background.topics[nearest].mean(axis=1)),
        unit(background.texts[typical].mean(axis=1) - centre),
        np.stack([background.traits.asked_for(asked(q), embedder) for q in questions]),
    )


def pair_features(vectors: QuestionVectors, texts: Sequence[str], background: Background, embedder: Embedder) -> Floats:
    """(texts, questions, features), named in `FEATURES`."""
    pieces = [windows(text) for text in texts]
    starts = np.cumsum([0, *map(len, pieces)])[:-1]
    whole = np.asarray(embedder.encode(list(texts)), dtype=np.float64)
    parts = np.asarray(embedder.encode([p for found in pieces for p in found]), dtype=np.float64)
    centre = background.texts.mean(axis=0)

    def best(likeness: Floats) -> Floats:
        return np.asarray(np.maximum.reduceat(likeness, starts, axis=0), dtype=np.float64)

    def against(likeness: Floats, others: Floats) -> Floats:
        """In standard deviations of what the whole text has with `others`."""
        usual = whole @ others.T
        spread = np.maximum(usual.std(axis=1, keepdims=True), 1e-6)
        return np.asarray((likeness - usual.mean(axis=1, keepdims=True)) / spread, dtype=np.float64)

    sure = np.abs(vectors.traits).max(axis=1)
    strongest = vectors.traits[np.arange(len(sure)), np.abs(vectors.traits).argmax(axis=1)]
    likeness = against(whole @ vectors.own.T, background.questions)
    content = np.stack(
        [
            likeness,
            against(best(parts @ vectors.own.T), background.questions),
            against(whole @ vectors.topics.T, background.topics),
            5 * best(unit(parts - centre) @ vectors.typical.T),
            5 * (unit(whole - centre) @ vectors.typical.T),
        ],
        axis=-1,
    ) * (1 - sure)[None, :, None]  # fmt: skip
    style = np.stack([likeness * (sure * (strongest > 0)), _trait(whole, vectors, background)], axis=-1)
    return np.concatenate([content, style], axis=-1)


def _trait(whole: Floats, vectors: QuestionVectors, background: Background) -> Floats:
    """(texts, questions): how far the texts have what the questions ask for, in deviations over background texts."""
    directions = background.traits.directions
    usual = background.texts @ directions.T
    found = (whole @ directions.T - usual.mean(axis=0)) / np.maximum(usual.std(axis=0), 1e-6)
    weight = np.maximum(1.0, np.sqrt(np.abs(vectors.traits).sum(axis=1)))
    return np.asarray(found @ vectors.traits.T / weight, dtype=np.float64)


def unit(vectors: Floats) -> Floats:
    """Rows of length 1."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9), dtype=np.float64)
