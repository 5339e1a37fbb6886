"""Sentence embeddings: texts as unit vectors whose dot product says how alike they are in meaning."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .errors import LoadError
from .storage import Progress

Floats32 = NDArray[np.float32]
REMEMBERED_TEXTS = 50_000
"""Embeddings kept in memory, the least recently used ones forgotten first (1.5 kB each for MiniLM)."""
BATCH_TOKENS = 4096
"""Tokens in one batch, padding included."""


class Embedder(Protocol):
    """Anything that embeds texts."""

    @property
    def name(self) -> str: ...

    @property
    def width(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Floats32:
        """(texts, width) unit vectors, in the order of `texts`."""
        ...


class SentenceEmbedder:
    """A BERT-like encoder whose last hidden states, averaged over tokens, are the embedding (Sentence-BERT,
    arXiv:1908.10084).

    Texts longer than `max_tokens` are read in windows, averaged by their lengths. What was embedded lately is
    remembered. The same text in other batches agrees to rounding.

    >>> embedder = load_embedder()
    >>> vectors = embedder.encode(["a cat sat", "a kitten was sitting"])
    >>> float(vectors[0] @ vectors[1])
    """

    def __init__(self, model: Any, tokenizer: Any, *, name: str, max_tokens: int = 256) -> None:
        self._model, self._tokenizer, self._name = model.eval(), tokenizer, name
        self._window = max_tokens - tokenizer.num_special_tokens_to_add()
        self._remembered: OrderedDict[str, Floats32] = OrderedDict()

    @property
    def name(self) -> str:
        return self._name

    @property
    def width(self) -> int:
        return int(self._model.config.hidden_size)

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The whole words that its tokenizer knows, in its own order: the commonest first."""
        ids = sorted(self._tokenizer.get_vocab().items(), key=lambda pair: pair[1])
        return tuple(word for word, _ in ids if not word.startswith(("##", "[")))

    def encode(self, texts: Sequence[str]) -> Floats32:
        """(texts, width) unit vectors, in the order of `texts`. Raises TypeError for what is not a text."""
        for text in texts:
            if not isinstance(text, str):
                raise TypeError(f"expected texts to embed, got {type(text).__name__}")
        found: dict[str, Floats32] = {}
        fresh = []
        for text in dict.fromkeys(texts):
            if text in self._remembered:
                self._remembered.move_to_end(text)
                found[text] = self._remembered[text]
            else:
                fresh.append(text)
        found.update(zip(fresh, self._embed(fresh)))
        self._remembered.update((text, found[text]) for text in fresh)
        while len(self._remembered) > REMEMBERED_TEXTS:
            self._remembered.popitem(last=False)
        if not texts:
            return np.zeros((0, self.width), np.float32)
        return np.stack([found[text] for text in texts])

    def _embed(self, texts: Sequence[str]) -> Floats32:
        """The embeddings of different texts, windows put together."""
        windows: list[list[int]] = []
        owners: list[int] = []
        for owner, ids in enumerate(self._token_ids(texts)):
            for start in range(0, max(1, len(ids)), self._window):
                windows.append(ids[start : start + self._window])
                owners.append(owner)
        sums: Floats32 = np.zeros((len(texts), self.width), np.float32)
        if windows:
            lengths = np.array([len(ids) + 2 for ids in windows], np.float32)
            np.add.at(sums, owners, self._means(windows) * lengths[:, None])
        norms = np.linalg.norm(sums, axis=1, keepdims=True).astype(np.float32)
        sums /= np.maximum(norms, np.finfo(np.float32).tiny)
        return sums

    def _token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        if not texts:
            return []
        return self._tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]  # type: ignore[no-any-return]

    def _means(self, windows: Sequence[list[int]]) -> Floats32:
        """The mean last hidden state of each window, special tokens among them. Windows of like lengths go together."""
        import torch

        tokenizer, device = self._tokenizer, self._model.device
        means = np.empty((len(windows), self.width), np.float32)
        order = sorted(range(len(windows)), key=lambda i: len(windows[i]))
        start = 0
        while start < len(order):
            end = start + 1
            while end < len(order) and (end + 1 - start) * (len(windows[order[end]]) + 2) <= BATCH_TOKENS:
                end += 1
            rows = order[start:end]
            longest = len(windows[rows[-1]]) + 2
            ids = torch.full((len(rows), longest), tokenizer.pad_token_id)
            mask = torch.zeros((len(rows), longest), dtype=torch.long)
            for row, number in enumerate(rows):
                whole = [tokenizer.cls_token_id, *windows[number], tokenizer.sep_token_id]
                ids[row, : len(whole)] = torch.tensor(whole)
                mask[row, : len(whole)] = 1
            with torch.inference_mode():
                states = self._model(input_ids=ids.to(device), attention_mask=mask.to(device)).last_hidden_state
                weights = mask.to(device)[..., None].to(states.dtype)
                mean = (states * weights).sum(1) / weights.sum(1)
            means[rows] = mean.float().cpu().numpy()
            start = end
        return means


def load_embedder(
    name: str | Path = "minilm", *, device: str | None = None, progress: Progress | None = None
) -> SentenceEmbedder:
    """The embedder `minilm` (fetched first if need be), or one in a folder or on the hub, pooled by the mean.

    One name loaded twice is one object. Raises `LoadError`.
    """
    return _load(str(name), device, progress)


@lru_cache(maxsize=2)
def _load(name: str, device: str | None, progress: Progress | None) -> SentenceEmbedder:
    from .loading import load

    model = load(name, device_map=device, progress=progress)
    if model.is_causal or model.tokenizer is None:
        raise LoadError(
            f"expected an encoder of sentences with its tokenizer, got {model.name} ({type(model.model).__name__}); "
            "pass minilm, or the folder or hub id of a sentence-transformers model"
        )
    encoder = getattr(model.model, "base_model", model.model)
    limit = model.context_length or 512
    return SentenceEmbedder(encoder, model.tokenizer, name=model.name, max_tokens=min(256, limit))
