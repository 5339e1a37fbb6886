"""Tiny models with random weights and a tokenizer of single bytes. Nothing is downloaded."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch

from zetetic.models import LanguageModel

SIZES: dict[str, dict[str, Any]] = {
    "Llama": {"num_key_value_heads": 2},
    "GPTNeoX": {},
    "GPT2": {},
}
"""Rotary positions, parallel attention, absolute positions."""
KINDS = tuple(SIZES)


@cache
def byte_tokenizer() -> Any:
    """A fast tokenizer whose tokens are bytes."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    alphabet = ["<pad>", "<eos>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    tokenizer = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="<eos>")


@cache
def word_tokenizer() -> Any:
    """A fast tokenizer whose tokens are words, each with the space before it, and bytes where it knows no word."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320,
        special_tokens=["<pad>", "<eos>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(["the cat sat on the mat and the dog sat on the log"] * 20, trainer)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="<eos>")


def raw_model(kind: str, *, size: int = 32, layers: int = 4, seed: int = 0) -> Any:
    """A fresh model of transformers with random weights."""
    import transformers

    common = {
        "hidden_size": size,
        "num_hidden_layers": layers,
        "num_attention_heads": 4,
        "intermediate_size": 48,
        "vocab_size": 320,
        "max_position_embeddings": 192,
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": 1,
    }
    if kind == "GPT2":
        common |= {"n_embd": size, "n_layer": layers, "n_head": 4, "n_positions": 192}
    torch.manual_seed(seed)
    config = getattr(transformers, f"{kind}Config")(**common, **SIZES[kind])
    model = getattr(transformers, f"{kind}LMHeadModel" if kind == "GPT2" else f"{kind}ForCausalLM")(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    return model


@cache
def make_tiny(
    kind: str = "Llama", *, size: int = 32, layers: int = 4, seed: int = 0, words: bool = False
) -> LanguageModel:
    """A tiny model, shared by the tests: they leave no trace in it."""
    tokenizer = word_tokenizer() if words else byte_tokenizer()
    return LanguageModel(raw_model(kind, size=size, layers=layers, seed=seed), tokenizer, name=f"tiny-{kind}")


@pytest.fixture(scope="session")
def tiny() -> Callable[..., LanguageModel]:
    """`tiny(kind, size=, layers=, seed=, words=)`: tiny models of many kinds."""
    return make_tiny


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model as transformers saves it, with its tokenizer."""
    folder = tmp_path_factory.mktemp("tiny-model")
    raw_model("Llama").save_pretrained(folder)
    byte_tokenizer().save_pretrained(folder)
    return folder


@pytest.fixture(params=KINDS)
def model(request: pytest.FixtureRequest) -> LanguageModel:
    """The tiny model that a test runs on: one of each kind of positions and attention."""
    return make_tiny(request.param)
