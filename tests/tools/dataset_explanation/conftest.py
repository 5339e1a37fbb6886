"""An embedder without a model, a judge that reads a word, and texts with known differences."""

from __future__ import annotations

import hashlib
import re

import numpy as np
import pytest

from zetetic.tools.dataset_explanation import Setup


class WordEmbedder:
    """Words as random directions, texts as their sums: texts that share words are alike."""

    name, width = "words", 64

    def encode(self, texts):
        return np.stack([self._one(text) for text in texts]) if len(texts) else np.zeros((0, self.width), np.float32)

    def _one(self, text):
        vector = np.zeros(self.width)
        for word in re.findall(r"\w+", text.lower()):
            seed = int.from_bytes(hashlib.sha256(word.rstrip("s").encode()).digest()[:4], "big")
            vector += np.random.default_rng(seed).standard_normal(self.width)
        norm = np.linalg.norm(vector)
        return (vector / norm if norm else vector).astype(np.float32)


class WordJudge:
    """A phrase applies where the text has its last word."""

    name = "words"

    def judge(self, explanations, texts):
        return np.array([[0.9 if e.split()[-1].lower() in t.lower() else 0.1 for t in texts] for e in explanations])


WORDS = (
    *("stone", "river", "table", "window", "paper", "garden", "letter"),
    *("market", "street", "bottle", "winter", "candle", "bridge", "ladder"),
)


def make_texts(count, rng, *, extra="", share=0.0):
    """Different texts of random words; `share` of them with `extra`."""
    texts = []
    for number in range(count):
        words = [WORDS[i] for i in rng.integers(0, len(WORDS), 7)]
        if rng.random() < share:
            words.insert(3, extra)
        texts.append(f"{' '.join(words)} number{number}x{rng.integers(1_000_000)}")
    return texts


@pytest.fixture(scope="session")
def texts():
    """`texts(50, rng, extra="tax", share=0.5)`."""
    return make_texts


@pytest.fixture(scope="session")
def setup():
    """`setup(top=3)`: everything that an explanation rests on, without a model."""
    return lambda **more: Setup(WordEmbedder(), WordJudge(), **more)
