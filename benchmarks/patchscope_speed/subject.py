"""What is measured on: a model in a folder, a source prompt, and two targets."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOURCE = "The capital of the country where the Eiffel Tower stands is a city called Paris, and its river"
TARGET = "cat -> cat; 1135 -> 1135; hello -> hello; ?"
"""Token identity (Patchscopes, section 4.1, arXiv:2401.06102): 21 tokens for the embedded model."""
DESCRIBING = (
    "Oslo: capital of Norway, Marie Curie: Polish-French physicist and chemist, "
    "Amazon: longest river of South America, x"
)
"""An entity description as in section 4.3 of the paper."""
SEED = 0
VOCABULARY = 32_000


@dataclass(frozen=True)
class Subject:
    """A model that every program can load from `folder`, and token ids for it."""

    title: str
    folder: Path
    source: tuple[int, ...]
    target: tuple[int, ...]
    describing: tuple[int, ...]


def embedded_subject(say: Callable[[str], None]) -> Subject:
    """The embedded model; fetched and converted first if it is not there."""
    from transformers import AutoTokenizer

    from ...models.embedded import SMOLLM2, ensure
    from ...models.errors import LoadError
    from ..errors import BenchmarkError

    try:
        folder = ensure(SMOLLM2, lambda what, _: say(what))
    except LoadError as error:
        raise BenchmarkError(str(error)) from error
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    ids = [tuple(tokenizer(text)["input_ids"]) for text in (SOURCE, TARGET, DESCRIBING)]
    return Subject(SMOLLM2.title, folder, *ids)


def random_subject(folder: Path, *, layers: int, hidden: int, device: str, dtype: str) -> Subject:
    """A Llama of random weights, written to `folder`, and random prompts as long as the real ones."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(SEED)
    heads = max(1, hidden // 64)
    config = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=hidden,
        intermediate_size=-(-hidden * 8 // 3 // 64) * 64,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=heads,
        max_position_embeddings=2048,
    )
    with torch.device(device):
        model = LlamaForCausalLM(config).to(getattr(torch, dtype))
    size = sum(p.numel() for p in model.parameters())
    model.save_pretrained(folder)
    _byte_tokenizer().save_pretrained(folder)
    draw = random.Random(SEED)
    ids = [tuple(draw.randrange(3, VOCABULARY) for _ in range(n)) for n in (17, 21, 36)]
    title = f"a Llama of random weights, {size / 1e9:.2f} billion parameters, {layers} layers of {hidden}"
    return Subject(title, folder, *ids)


def _byte_tokenizer() -> Any:
    """A tokenizer of single bytes: some programs want one beside the weights."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    tokens = ["<unk>", "<s>", "</s>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    tokenizer = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=[]))
    fast: Any = PreTrainedTokenizerFast
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return fast(tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>", pad_token="</s>")
