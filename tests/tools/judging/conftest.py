"""The embedder, from the user's cache or fetched into it."""

from __future__ import annotations

import pytest

from zetetic.models import LoadError, SentenceEmbedder, load_embedder


@pytest.fixture(scope="session")
def minilm() -> SentenceEmbedder:
    try:
        return load_embedder(progress=lambda *_: None)
    except LoadError as error:
        pytest.skip(f"the embedder cannot be had: {error}")
