"""The common words that an embedder knows, with their embeddings: names for what no phrase of a corpus says."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..texts.words import is_content

if TYPE_CHECKING:
    from ...models import Embedder

MOST_WORDS = 8000
"""Words, the commonest first, as the embedder's vocabulary orders them."""
_LEAST_LETTERS = 3
_remembered: dict[str, tuple[tuple[str, ...], NDArray[np.float32]]] = {}


def lexicon(embedder: Embedder) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """(words, (words, width) unit vectors); empty for an embedder that does not say which words it knows.

    Embedded once (about ten seconds) and kept in the user's cache.
    """
    words = tuple(w for w in getattr(embedder, "vocabulary", ()) if _is_word(w))[:MOST_WORDS]
    name = hashlib.sha256("\n".join((embedder.name, *words)).encode()).hexdigest()[:16]
    if name not in _remembered:
        _remembered[name] = (words, _vectors(embedder, words, name))
    return _remembered[name]


def _is_word(word: str) -> bool:
    return len(word) >= _LEAST_LETTERS and word.isascii() and word.isalpha() and is_content(word)


def _vectors(embedder: Embedder, words: tuple[str, ...], name: str) -> NDArray[np.float32]:
    from ...models.storage import cache_folder

    place = cache_folder() / f"lexicon-{name}.npy"
    with contextlib.suppress(OSError, ValueError):
        found = np.load(place, allow_pickle=False)
        if found.shape == (len(words), embedder.width):
            return np.asarray(found, dtype=np.float32)
    vectors = embedder.encode(words)
    with contextlib.suppress(OSError):
        _keep(vectors, place)
    return vectors


def _keep(vectors: NDArray[np.float32], place: Path) -> None:
    """Write the file whole or not at all; without it, the words are embedded again next time."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=place.parent, suffix=".partial")
    try:
        with os.fdopen(handle, "wb") as stream:
            np.save(stream, vectors.astype(np.float16))
        os.replace(partial, place)
    except BaseException:
        os.unlink(partial)
        raise
