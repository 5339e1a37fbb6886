"""How well explanations fit the phrases they were found with: held-in, so for choosing among them, never as a score."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .types import Floats, RankedPhrases

if TYPE_CHECKING:
    from ...models import Embedder

MOST_FITTED = 4000
"""Phrases that explanations are fitted to: the top ones, and others drawn at random."""
_PENALTIES = np.logspace(-1, 4, 16)


class Fitting:
    """A module's responses to phrases, beside the phrases' embeddings.

    What counts is how far a response exceeds the median: an explanation says when a module responds, and the lower half
    of most modules' responses is noise about rest. The first `keep` of `phrases` are the top ones.
    """

    def __init__(self, ranked: RankedPhrases, embedder: Embedder) -> None:
        rows = _sample(len(ranked.all_phrases), len(ranked), MOST_FITTED)
        self.keep = len(ranked)
        self.phrases = [ranked.all_phrases[i] for i in rows]
        self.responses: Floats = ranked.all_responses[rows]
        self.vectors: NDArray[np.float32] = embedder.encode(self.phrases)
        self._excess = np.maximum(self.responses - np.median(self.responses), 0.0)
        if not np.ptp(self._excess):  # more than half of the phrases share the highest response
            self._excess = self.responses

    def fits(self, degrees: Floats) -> Floats:
        """The correlation of each row of `degrees` (explanations, phrases) with the response; 0 for constant rows."""
        centred = degrees - degrees.mean(axis=1, keepdims=True)
        excess = self._excess - self._excess.mean()
        norms = np.linalg.norm(centred, axis=1) * np.linalg.norm(excess)
        return np.asarray((centred @ excess) / np.where(norms > 1e-9, norms, np.inf), dtype=np.float64)

    def likeness(self, vectors: NDArray[np.float32]) -> Floats:
        """(explanations, phrases): the similarity in meaning of explanations, given as unit vectors, to phrases."""
        return np.asarray(vectors @ self.vectors.T, dtype=np.float64)

    def smoothed(self) -> Floats:
        """What like phrases say the responses are: a ridge regression on meaning, its penalty by cross-validation.

        Noise of a module is averaged away; where meaning says nothing of the response, this is nearly constant.
        """
        return np.asarray((self.vectors - self.vectors.mean(axis=0)) @ self.direction(), dtype=np.float64)

    @cached_property
    def _direction(self) -> Floats:
        centre = self.vectors.mean(axis=0)
        u, s, v = np.linalg.svd(np.asarray(self.vectors - centre, dtype=np.float64), full_matrices=False)
        target = self.responses - self.responses.mean()
        shares = u.T @ target
        errors = [_gcv(s, shares, float(target @ target), len(target), penalty) for penalty in _PENALTIES]
        penalty = float(_PENALTIES[int(np.argmin(errors))])
        return np.asarray(v.T @ (s / (s**2 + penalty) * shares), dtype=np.float64)

    def direction(self) -> Floats:
        """(width,): the direction in meaning along which the response grows, by that regression."""
        return self._direction


def _gcv(s: Floats, shares: Floats, total: float, n: int, penalty: float) -> float:
    """Generalized cross-validation (Golub, Heath and Wahba 1979) of a ridge regression, from its singular values."""
    kept = s**2 / (s**2 + penalty)
    residual = total - float(((2 * kept - kept**2) * shares**2).sum())
    return residual / max(n - float(kept.sum()), 1.0) ** 2


def _sample(n: int, top: int, most: int) -> NDArray[np.intp]:
    """The first `top` of `n` rows and as many others as make `most`, the same ones each time."""
    if n <= most:
        return np.arange(n)
    others = top + np.random.default_rng(0).choice(n - top, max(0, most - top), replace=False)
    return np.concatenate([np.arange(top), np.sort(others)])
