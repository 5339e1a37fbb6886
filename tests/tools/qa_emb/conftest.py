"""Answerers that need no model, and a tiny causal model with a tokenizer of single bytes."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from zetetic.models import LanguageModel


class WordAnswerer:
    """Yes (0.9) where the last word of the question stands in the text, else no (0.1); counts what it is asked."""

    name = "words"

    def __init__(self) -> None:
        self.calls: list[tuple[int, int]] = []

    def answer(self, questions, texts):
        self.calls.append((len(texts), len(questions)))
        wanted = [q.rstrip("?").split()[-1] for q in questions]
        return np.array([[0.9 if w in t.split() else 0.1 for w in wanted] for t in texts]).reshape(len(texts), -1)


class RandomEmbedder:
    """Unit vectors that depend on the words of a text alone: texts with common words are alike."""

    name, width = "random words", 32

    def encode(self, texts):
        found = np.zeros((len(texts), self.width), np.float32)
        for row, text in enumerate(texts):
            for word in text.split():
                seed = sum(ord(c) * 31**i for i, c in enumerate(word)) % 2**32
                found[row] += np.random.default_rng(seed).normal(size=self.width).astype(np.float32)
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)


@cache
def tiny_model(chat: bool) -> LanguageModel:
    import torch
    import transformers
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    alphabet = ["<pad>", "<eos>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    tokenizer = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast: Any = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="<eos>")
    if chat:
        fast.chat_template = (
            "{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}"
            "{% if add_generation_prompt %}[assistant] {% endif %}"
        )
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, intermediate_size=48,
        vocab_size=len(alphabet), max_position_embeddings=400,
    )  # fmt: skip
    model = transformers.LlamaForCausalLM(config).eval().requires_grad_(False)
    for parameter in model.parameters():
        parameter.add_(torch.randn_like(parameter) * 0.1)
    return LanguageModel(model, fast, name=f"tiny{'-chat' if chat else ''}")


@pytest.fixture
def words() -> WordAnswerer:
    return WordAnswerer()


@pytest.fixture(scope="session")
def random_embedder() -> RandomEmbedder:
    return RandomEmbedder()


@pytest.fixture(params=[False, True], ids=["plain", "chat"])
def tiny(request: pytest.FixtureRequest) -> LanguageModel:
    return tiny_model(request.param)
