from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from zetetic.models import load_embedder
from zetetic.models.embedded import MINILM, is_stored
from zetetic.models.embedding import SentenceEmbedder

TEXTS = ["a cat sat on the mat", "a kitten was sitting on a rug", "stock prices fell sharply", "", "  "]


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    if not is_stored(MINILM):
        load_embedder(progress=lambda *_: None)
    return load_embedder()


def one_at_a_time(embedder: SentenceEmbedder, text: str) -> Any:
    """The slow reference: transformers by the book, one text without padding, the mean over all tokens."""
    tokenizer, model = embedder._tokenizer, embedder._model
    with torch.inference_mode():
        states = model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0]
    mean = states.mean(0).numpy()
    return mean / np.linalg.norm(mean)


def test_batches_agree_with_one_at_a_time(embedder: SentenceEmbedder) -> None:
    many = [f"{text} {number}" for number in range(40) for text in TEXTS] + TEXTS
    vectors = embedder.encode(many)
    assert vectors.shape == (len(many), embedder.width)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    for number in range(0, len(many), 17):
        np.testing.assert_allclose(vectors[number], one_at_a_time(embedder, many[number]), atol=1e-5)


def test_likeness_in_meaning(embedder: SentenceEmbedder) -> None:
    cats, kittens, stocks, *_ = embedder.encode(TEXTS)
    assert cats @ kittens > cats @ stocks + 0.3


def test_long_texts_are_read_to_their_end(embedder: SentenceEmbedder) -> None:
    filler = "stock prices fell sharply in early trading. " * 60
    plain, ending = embedder.encode([filler, filler + "a kitten was sitting on a rug. " * 60])
    assert plain @ ending < 0.9


def test_the_same_text_is_embedded_once(embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    first = embedder.encode(["something said twice"] * 3)
    monkeypatch.setattr(embedder, "_embed", lambda texts: pytest.fail("embedded again") if texts else [])
    np.testing.assert_array_equal(embedder.encode(["something said twice"])[0], first[2])
    assert embedder.encode([]).shape == (0, embedder.width)


def test_what_is_not_a_text_is_refused(embedder: SentenceEmbedder) -> None:
    with pytest.raises(TypeError, match="expected texts"):
        embedder.encode([3])  # type: ignore[list-item]
