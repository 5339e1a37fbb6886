"""The embedded answerer: yes/no questions about texts answered without a language model, from sentence embeddings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .features import FEATURES, Background, QuestionVectors, pair_features, question_vectors
from .questions import asked, check_questions
from .surface import surface_concept
from .traits import TraitSpace
from .types import Floats, QAError, check_texts

if TYPE_CHECKING:
    from ...models.embedding import Embedder
    from ..concepts import Concept

RULE_DOUBT = 0.01
"""How unsure an answer stays that a rule gave, so that it is no certainty."""
TEXTS_AT_ONCE = 256
_ARRAYS = ("questions", "topics", "texts")
_TRAITS = ("directions", "names", "owners", "signs")


@dataclass(frozen=True, eq=False)
class AnswererWeights:
    """Logit of yes = features · `weights` + `intercept`; what it was fitted to, and how it does on unseen questions."""

    weights: Floats
    intercept: float
    background: Background
    embedder: str
    about: str

    @property
    def fingerprint(self) -> str:
        """Twelve digits that change with the weights."""
        digest = hashlib.sha256(np.append(self.weights, self.intercept).tobytes())
        for name in _ARRAYS:
            digest.update(np.asarray(getattr(self.background, name), dtype=np.float16).tobytes())
        return digest.hexdigest()[:12]


class EmbeddedAnswerer:
    """Calibrated probabilities of yes from likenesses of question and text (see `features`), by a logistic model that
    was fitted to labelled texts. What the surface of a text decides is decided by rule.

    It was tested on questions that it was not fitted to; `about` says how. Stance, irony and grammar are its weak side.
    """

    def __init__(self, weights: AnswererWeights, embedder: Embedder, *, rules: bool = True) -> None:
        if weights.embedder != embedder.name:
            raise QAError(
                f"expected the embedder {weights.embedder}, which the answerer was fitted with, got {embedder.name}; "
                "fit it again with zetetic.tools.qa_emb.train"
            )
        self._weights, self._embedder, self._rules = weights, embedder, rules
        self._vectors: dict[tuple[str, ...], QuestionVectors] = {}
        self._concepts: dict[str, Concept | None] = {}

    @property
    def name(self) -> str:
        return "embedded"

    @property
    def fingerprint(self) -> str:
        """Names what answers depend on."""
        return f"embedded {self._weights.fingerprint} {'rules' if self._rules else 'no rules'}"

    @property
    def about(self) -> str:
        """What it was fitted to, and how it does on questions that it was not fitted to."""
        return self._weights.about

    def answer(self, questions: Sequence[str], texts: Sequence[str]) -> Floats:
        """(texts, questions): the probability of yes."""
        questions, texts = check_questions(questions), check_texts(texts, least=0)
        found = np.zeros((len(texts), len(questions)))
        if not texts:
            return found
        ruled = {i: c for i, c in enumerate(map(self._concept, questions)) if c is not None}
        rest = [i for i in range(len(questions)) if i not in ruled]
        if rest:
            found[:, rest] = self._by_meaning(tuple(questions[i] for i in rest), texts)
        for column, concept in ruled.items():
            degrees = np.clip(concept.degrees(texts), RULE_DOUBT, 1 - RULE_DOUBT)
            found[:, column] = 1 - degrees if asked(questions[column]).negated else degrees
        return found

    def _by_meaning(self, questions: tuple[str, ...], texts: list[str]) -> Floats:
        if questions not in self._vectors:
            if len(self._vectors) > 16:
                self._vectors.clear()
            self._vectors[questions] = question_vectors(questions, self._weights.background, self._embedder)
        parts = []
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            some = texts[start : start + TEXTS_AT_ONCE]
            features = pair_features(self._vectors[questions], some, self._weights.background, self._embedder)
            parts.append(features @ self._weights.weights + self._weights.intercept)
        logits = np.concatenate(parts)
        signs = np.array([-1.0 if asked(q).negated else 1.0 for q in questions])
        return np.asarray(1 / (1 + np.exp(-np.clip(logits * signs, -500, 500))), dtype=np.float64)

    def _concept(self, question: str) -> Concept | None:
        if not self._rules:
            return None
        if question not in self._concepts:
            self._concepts[question] = surface_concept(asked(question), self._embedder)
        return self._concepts[question]


def embedded_answerer(embedder: Embedder | None = None) -> EmbeddedAnswerer:
    """The answerer with the weights that come with zetetic."""
    from ...models.embedding import load_embedder

    return EmbeddedAnswerer(shipped_weights(), embedder or load_embedder())


@lru_cache(maxsize=1)
def shipped_weights() -> AnswererWeights:
    """The weights that come with zetetic."""
    with as_file(files(__package__).joinpath("data/answerer.npz")) as path:
        return load_weights(path)


def save_weights(weights: AnswererWeights, path: Path) -> None:
    """Write everything to an npz file; vectors in half precision."""
    with path.open("wb") as file:
        np.savez_compressed(file, **dict(_fields(weights)))


def _fields(weights: AnswererWeights) -> Iterator[tuple[str, Any]]:
    background = weights.background
    yield from ((name, np.asarray(getattr(background, name), dtype=np.float16)) for name in _ARRAYS)
    yield from ((f"trait_{name}", np.asarray(getattr(background.traits, name), dtype=np.float16)) for name in _TRAITS)
    yield "weights", weights.weights
    yield "intercept", np.array(weights.intercept)
    yield "features", np.array(FEATURES)
    yield "embedder", np.array(weights.embedder)
    yield "about", np.array(weights.about)


def load_weights(path: Path) -> AnswererWeights:
    """Read what `save_weights` wrote. Raises `QAError` for any other file."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            if tuple(map(str, kept["features"])) != FEATURES:
                raise QAError(
                    f"expected weights for the features {', '.join(FEATURES)} in {path}, got others; fit again"
                )
            traits = TraitSpace(*(np.asarray(kept[f"trait_{name}"], dtype=np.float64) for name in _TRAITS))
            questions, topics, texts = (np.asarray(kept[name], dtype=np.float64) for name in _ARRAYS)
            weights, intercept = np.asarray(kept["weights"], dtype=np.float64), float(kept["intercept"])
            background = Background(questions, topics, texts, traits)
            return AnswererWeights(weights, intercept, background, str(kept["embedder"]), str(kept["about"]))
    except (OSError, ValueError, KeyError) as error:
        if isinstance(error, QAError):
            raise
        raise QAError(f"expected the weights of an answerer in {path}, got: {error}; fit again") from error
