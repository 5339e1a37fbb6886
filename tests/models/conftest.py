"""Tiny models of every kind with random weights, and a tokenizer of single bytes. Nothing is downloaded."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import torch

from zetetic.models import LanguageModel

N_LAYERS, D_MODEL, N_HEADS, VOCABULARY = 3, 32, 4, 300

COMMON = {
    "hidden_size": D_MODEL,
    "num_hidden_layers": N_LAYERS,
    "num_attention_heads": N_HEADS,
    "intermediate_size": 48,
    "vocab_size": VOCABULARY,
    "max_position_embeddings": 64,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
GPT = {
    "n_embd": D_MODEL,
    "n_layer": N_LAYERS,
    "n_head": N_HEADS,
    "n_positions": 64,
    "vocab_size": VOCABULARY,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
GROUPED = {"num_key_value_heads": 2, "head_dim": 8}
WINDOWED = {"layer_types": ["sliding_attention", "full_attention", "sliding_attention"], "sliding_window": 5}
LONG_ROPE = {
    "rope_type": "longrope",
    "rope_theta": 100.0,
    "short_factor": [1.0] * 4,
    "long_factor": [4.0] * 4,
    "original_max_position_embeddings": 6,
}
EXPERTS = {"num_local_experts": 2, "num_experts_per_tok": 1, "num_key_value_heads": 2}

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "gpt2": ("GPT2", GPT),
    "gptj": ("GPTJ", {**GPT, "rotary_dim": 4}),
    "gpt_neo": (
        "GPTNeo",
        {
            "hidden_size": D_MODEL,
            "num_layers": N_LAYERS,
            "num_heads": N_HEADS,
            "attention_types": [[["global", "local", "global"], 1]],
            "window_size": 5,
            "vocab_size": VOCABULARY,
            "max_position_embeddings": 64,
            "bos_token_id": 1,
            "eos_token_id": 2,
        },
    ),
    "gpt_neox": ("GPTNeoX", COMMON),
    "llama": ("Llama", {**COMMON, "num_key_value_heads": 2}),
    "mistral": ("Mistral", {**COMMON, **GROUPED, "sliding_window": 5}),
    "qwen2": ("Qwen2", {**COMMON, "num_key_value_heads": 2}),
    "qwen3": ("Qwen3", {**COMMON, **GROUPED}),
    "gemma": ("Gemma", {**COMMON, **GROUPED}),
    "gemma2": ("Gemma2", {**COMMON, **GROUPED, **WINDOWED, "final_logit_softcapping": 0.5}),
    "gemma3": ("Gemma3", {**COMMON, **GROUPED, **WINDOWED}),
    "opt": (
        "OPT",
        {
            "hidden_size": D_MODEL,
            "num_hidden_layers": N_LAYERS,
            "num_attention_heads": N_HEADS,
            "ffn_dim": 48,
            "word_embed_proj_dim": 16,
            "vocab_size": VOCABULARY,
            "max_position_embeddings": 64,
            "pad_token_id": 0,
            "bos_token_id": 1,
            "eos_token_id": 2,
        },
    ),
    "phi": ("Phi", COMMON),
    "phi3": ("Phi3", COMMON),
    "phi3_long": ("Phi3", {**COMMON, "rope_parameters": LONG_ROPE, "original_max_position_embeddings": 6}),
    "falcon": ("Falcon", {**COMMON, "new_decoder_architecture": False, "parallel_attn": True, "alibi": False}),
    "bloom": ("Bloom", {"hidden_size": D_MODEL, "n_layer": N_LAYERS, "n_head": N_HEADS, "vocab_size": VOCABULARY}),
    "mpt": ("Mpt", {"d_model": D_MODEL, "n_layers": N_LAYERS, "n_heads": N_HEADS, "vocab_size": VOCABULARY}),
    "granite": ("Granite", {**COMMON, "logits_scaling": 3.0, "residual_multiplier": 0.5}),
    "cohere": ("Cohere", {**COMMON, "logit_scale": 0.25}),
    "mixtral": ("Mixtral", {**COMMON, **EXPERTS}),
    "bert": ("Bert", COMMON),
    "roberta": ("Roberta", {**COMMON, "max_position_embeddings": 66}),
    "distilbert": (
        "DistilBert",
        {
            "dim": D_MODEL,
            "n_layers": N_LAYERS,
            "n_heads": N_HEADS,
            "hidden_dim": 48,
            "vocab_size": VOCABULARY,
            "max_position_embeddings": 64,
        },
    ),
}
ENCODERS = ("bert", "roberta", "distilbert")
DECODERS = tuple(kind for kind in KINDS if kind not in (*ENCODERS, "phi3_long"))
DENSE = tuple(kind for kind in KINDS if kind != "mixtral")
TYPICAL = ("gpt2", "opt", "gpt_neox", "phi", "llama", "gemma3")
"""Absolute positions (GPT-2, OPT), parallel attention (GPT-NeoX, Phi), rotary ones (the rest), windows (Gemma 3)."""


def make_raw(kind: str, *, seed: int = 0, **changes: Any) -> Any:
    """A fresh model of transformers, with biases and norms that are not all 0 or 1, so that nothing hides."""
    import transformers

    stem, fields = KINDS[kind]
    torch.manual_seed(seed)
    config = getattr(transformers, "Gemma3TextConfig" if kind == "gemma3" else f"{stem}Config")(**{**fields, **changes})
    head = "LMHeadModel" if kind == "gpt2" else "ForMaskedLM" if kind in ENCODERS else "ForCausalLM"
    model = getattr(transformers, stem + head)(config).eval().requires_grad_(False)
    for parameter in model.parameters():
        parameter.add_(torch.randn_like(parameter) * 0.1)
    return model


@cache
def make_tokenizer() -> Any:
    """A fast tokenizer whose tokens are bytes, with a chat template."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    special = ["<pad>", "<bos>", "<eos>"]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: i for i, token in enumerate([*special, *alphabet])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", bos_token="<bos>", eos_token="<eos>", model_max_length=10_000
    )
    fast.chat_template = (
        "{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}"
        "{% if add_generation_prompt %}[assistant] {% endif %}"
    )
    return fast


@cache
def make_tiny(kind: str) -> LanguageModel:
    """A tiny model of one kind, shared by the tests: they leave no trace in it."""
    return LanguageModel(make_raw(kind), make_tokenizer(), name=f"tiny-{kind}")


def make_prompts(*lengths: int, seed: int = 1) -> list[list[int]]:
    """Token ids of prompts of these lengths, none of them special."""
    generator = torch.Generator().manual_seed(seed)
    return [torch.randint(3, 259, (n,), generator=generator).tolist() for n in lengths or (3, 9, 5, 1, 7)]


@pytest.fixture(scope="session")
def raw() -> Any:
    """`raw("gpt2")`: a fresh model of transformers."""
    return make_raw


@pytest.fixture(scope="session")
def tokenizer() -> Any:
    return make_tokenizer()


@pytest.fixture(scope="session")
def tiny() -> Any:
    """`tiny("gpt2")`: a tiny model that all tests share."""
    return make_tiny


@pytest.fixture(scope="session")
def prompts() -> Any:
    """`prompts(3, 9)`: token ids of two prompts."""
    return make_prompts


@pytest.fixture(params=sorted(KINDS))
def any_model(request: pytest.FixtureRequest) -> LanguageModel:
    """Each kind of model in turn."""
    return make_tiny(request.param)


@pytest.fixture(params=DENSE)
def dense(request: pytest.FixtureRequest) -> LanguageModel:
    """Each kind with one MLP a block."""
    return make_tiny(request.param)


@pytest.fixture(params=DECODERS)
def decoder(request: pytest.FixtureRequest) -> LanguageModel:
    """Each kind that generates."""
    return make_tiny(request.param)


@pytest.fixture(params=TYPICAL)
def typical(request: pytest.FixtureRequest) -> LanguageModel:
    """A few decoders that differ where it matters."""
    return make_tiny(request.param)


@pytest.fixture
def count_calls() -> Iterator[Any]:
    """`count_calls(module, …)`: a list that gets an item for every call of one of the modules."""
    removers = []

    def watch(*modules: torch.nn.Module) -> list[torch.nn.Module]:
        calls: list[torch.nn.Module] = []
        removers.extend(m.register_forward_pre_hook(lambda m, _: calls.append(m)).remove for m in modules)
        return calls

    yield watch
    for remove in removers:
        remove()


@pytest.fixture(scope="session")
def smollm2() -> LanguageModel:
    """The embedded model, from the user's cache or fetched into it."""
    from zetetic.models import LoadError, load

    try:
        return load("smollm2", progress=lambda *_: None)
    except LoadError as error:
        pytest.skip(f"the embedded model cannot be had: {error}")
