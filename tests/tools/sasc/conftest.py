"""An embedder that tests can reason about: a text is the mean of its words' themes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from zetetic.tools.texts.words import folded, words

THEMES = {
    "food": "food bread soup cheese eat meal kitchen hungry cooking",
    "money": "money bank loan debt coins pay economy finance business",
    "sea": "sea ship sailor wave harbour boat ocean water",
    "war": "war soldier army battle weapon fight attack violence",
}
WIDTH = 48


class ThemeEmbedder:
    """Words of one theme share a direction; every word has a little of its own."""

    name, width = "themes", WIDTH

    def __init__(self) -> None:
        self._themes = {w: i for i, line in enumerate(THEMES.values()) for w in line.split()}

    def _word(self, word: str) -> NDArray[np.float64]:
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
        own = np.random.default_rng(seed).normal(size=WIDTH) / WIDTH**0.5
        if word in self._themes:
            own = 0.3 * own + np.eye(WIDTH)[self._themes[word]]
        return own

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.array([np.mean([self._word(folded(w)) for w in words(t)] or [np.ones(WIDTH)], axis=0) for t in texts])
        if not len(rows):
            return np.zeros((0, WIDTH), np.float32)
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def embedder() -> ThemeEmbedder:
    return ThemeEmbedder()


@pytest.fixture(scope="session")
def sentences() -> tuple[str, ...]:
    """Short texts, each about one theme."""
    rng = np.random.default_rng(0)
    frames = [
        "they saw the {} near the {}",
        "her {} and his {} were old",
        "some {} came with a {} today",
        "no {} or {}",
    ]
    found = []
    for i in range(240):
        theme = list(THEMES.values())[i % 4].split()
        a, b = rng.choice(theme, 2, replace=False)
        found.append(f"{frames[i // 4 % 4].format(a, b)} number{i}")
    return tuple(found)
