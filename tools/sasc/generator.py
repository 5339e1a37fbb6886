"""The embedded candidate generator: explanations and how far each applies to phrases, without any language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .fitting import Fitting
from .lexicon import lexicon
from .types import Floats
from .wording import known, phrasings

if TYPE_CHECKING:
    from ...models import Embedder

UNKNOWN_WORTH = 0.95
"""What the fit of an explanation counts for whose words are in no vocabulary: rare names and misspellings explain
little, unless nothing else comes near."""
PARTNERS = 200
"""The best fitting explanations among which a partner for "A or B" is looked for."""
DIFFERENT = 0.4
"""Two explanations whose degrees correlate less mean different things, and "A or B" says something."""
JOINING_GAIN = 0.04
"""By how much "A or B" must fit better than A before two things are named in the place of one."""
MOST_COMMON = 60
"""Common words that are fitted: those nearest to the direction in which the response grows."""
MOST_SURFACE = 8
SURFACE_PHRASES = 600
"""Phrases, besides the top ones, among which countable traits are looked for."""


@dataclass(frozen=True)
class Pool:
    """Explanations, where each comes from, and (explanations, phrases) how far they apply."""

    texts: tuple[str, ...]
    origins: tuple[str, ...]
    degrees: Floats
    fits: Floats

    def __len__(self) -> int:
        return len(self.texts)

    def __add__(self, other: Pool) -> Pool:
        return Pool(
            self.texts + other.texts,
            self.origins + other.origins,
            np.vstack([self.degrees, other.degrees]),
            np.concatenate([self.fits, other.fits]),
        )

    @property
    def order(self) -> NDArray[np.intp]:
        """Rows, the best fitting first; what is not made of known words counts for a little less."""
        plain = [origin == "surface" or known(text) for text, origin in zip(self.texts, self.origins)]
        return np.argsort(-self.fits * np.where(plain, 1.0, UNKNOWN_WORTH), kind="stable")

    def likeness(self, first: int, second: int) -> float:
        """How alike two explanations apply: the correlation of their degrees."""
        a, b = (self.degrees[i] - self.degrees[i].mean() for i in (first, second))
        norm = float(np.linalg.norm(a) * np.linalg.norm(b))
        return float(a @ b) / norm if norm > 1e-9 else 0.0


def generate(fitting: Fitting, embedder: Embedder, topics: Sequence[str] | None = None) -> Pool:
    """Every explanation that is worth fitting.

    Words and phrases in the top phrases; in those that like phrases say are the top (a ridge regression on meaning,
    which sees through noise); common words that the embedder knows (`lexicon`); topics of a bank, None for
    `concepts.topic_bank()`; what can be counted or checked (`concepts.fit_surface`); and the best "A or B".
    """
    pool = _said(fitting, embedder) + _common(fitting, embedder) + _topics(fitting, embedder, topics)
    return pool + _surface(fitting) + _joined(pool, fitting)


def _pool(texts: Sequence[str], origin: str, degrees: Floats, fitting: Fitting) -> Pool:
    rows = degrees.reshape(len(texts), len(fitting.phrases))
    return Pool(tuple(texts), (origin,) * len(texts), rows, fitting.fits(rows))


def _said(fitting: Fitting, embedder: Embedder) -> Pool:
    """Words and phrases in the top ones; several words only where they fit better than each of them alone."""
    smoothed = fitting.smoothed()
    told = fitting.keep if np.ptp(smoothed) > 1e-9 else 0
    top = [*fitting.phrases[: fitting.keep], *(fitting.phrases[i] for i in np.argsort(-smoothed, kind="stable")[:told])]
    texts = phrasings(list(dict.fromkeys(top)), fitting.phrases)
    found = _pool(texts, "top phrases", fitting.likeness(embedder.encode(texts)), fitting)
    alone = dict(zip(texts, found.fits))
    kept = [i for i, text in enumerate(texts) if found.fits[i] > max(_parts(text, alone), default=-1.0)]
    return Pool(tuple(texts[i] for i in kept), found.origins[: len(kept)], found.degrees[kept], found.fits[kept])


def _parts(text: str, alone: dict[str, float]) -> list[float]:
    """The fits of the shorter phrases inside `text`."""
    run = text.split(" ")
    spans = [(i, j) for i in range(len(run)) for j in range(i + 1, len(run) + 1) if j - i < len(run)]
    return [alone[part] for i, j in spans if (part := " ".join(run[i:j])) in alone]


def _topics(fitting: Fitting, embedder: Embedder, topics: Sequence[str] | None) -> Pool:
    from ..concepts import topic_bank

    texts = list(dict.fromkeys(topic_bank() if topics is None else topics))
    return _pool(texts, "topics", fitting.likeness(embedder.encode(texts)), fitting)


def _common(fitting: Fitting, embedder: Embedder) -> Pool:
    """The common words whose meaning lies nearest to what the responses go with."""
    words, vectors = lexicon(embedder)
    direction = fitting.direction()
    if not words or not np.any(direction):
        return _pool([], "common words", np.empty(0), fitting)
    nearest = np.argsort(-(vectors @ direction), kind="stable")[:MOST_COMMON]
    degrees = fitting.likeness(vectors[nearest])
    return _pool([words[int(i)] for i in nearest], "common words", degrees, fitting)


def _surface(fitting: Fitting) -> Pool:
    """What can be counted or checked in a phrase, looked for in the top phrases and some others."""
    from ..concepts import fit_surface

    n, top = len(fitting.phrases), min(fitting.keep, len(fitting.phrases))
    rows = [*range(top), *range(top, n, max(1, (n - top) // SURFACE_PHRASES))]
    found = fit_surface([fitting.phrases[i] for i in rows], fitting.responses[rows], most=MOST_SURFACE)
    degrees = np.array([fit.concept.degrees(fitting.phrases) for fit in found])
    return _pool([fit.concept.description for fit in found], "surface", degrees, fitting)


def _joined(pool: Pool, fitting: Fitting) -> Pool:
    """The best "A or B" of different meanings, if it fits clearly better than A, the best one alone.

    It applies as far as the nearer of both does.
    """
    nothing = _pool([], "joined", np.empty(0), fitting)
    order = [int(i) for i in pool.order[:PARTNERS] if known(pool.texts[i]) and " or " not in pool.texts[i]]
    if not order:
        return nothing
    first, partners = order[0], [i for i in order[1:] if pool.likeness(order[0], i) < DIFFERENT]
    if not partners:
        return nothing
    rows = np.maximum(pool.degrees[first], pool.degrees[partners])
    fits = fitting.fits(rows)
    best = int(np.argmax(fits))
    if fits[best] < pool.fits[pool.order[0]] + JOINING_GAIN:
        return nothing
    return _pool([f"{pool.texts[first]} or {pool.texts[partners[best]]}"], "joined", rows[best], fitting)
