"""The embedded judge: concepts read from the words of an explanation, MiniLM for what only meaning decides."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from ...models.embedding import Embedder
from ..concepts import Concept, parse
from .types import Floats


class EmbeddedJudge:
    """Judges without a language model. Counts, marks, grammar, places and negations are decided by code; topics by
    likeness of embeddings.

    >>> EmbeddedJudge(load_embedder()).judge(["mentions food"], ["We had soup.", "It rained."])
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._parse = lru_cache(maxsize=4096)(self._read)

    @property
    def name(self) -> str:
        return f"concepts and {self._embedder.name} similarity"

    def concept(self, explanation: str) -> Concept:
        """What the judge takes `explanation` to mean. Raises `ConceptError` for one that says nothing."""
        return self._parse(explanation)

    def judge(self, explanations: Sequence[str], texts: Sequence[str]) -> Floats:
        """(explanations, texts) in [0, 1]: how far each applies to each."""
        if not explanations:
            return np.zeros((0, len(texts)))
        return np.stack([self.concept(explanation).degrees(texts) for explanation in explanations])

    def _read(self, explanation: str) -> Concept:
        return parse(explanation, self._embedder)
