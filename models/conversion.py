"""From a GGUF file to a folder that transformers loads in a moment: weights dequantized once, as safetensors."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from .bars import no_bars
from .errors import LoadError
from .storage import Progress


def convert_gguf(gguf: Path, folder: Path, name: str, progress: Progress) -> None:
    """Write the model and tokenizer in the file `gguf` into `folder`, in 32 bits.

    transformers will not save a model that it has loaded from GGUF, so the weights go into a fresh one.
    """
    if importlib.util.find_spec("gguf") is None:
        raise LoadError(
            "expected the package gguf, which reads the embedded model's file, and it is not installed; "
            "install it with: pip install gguf"
        )
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    progress("reading the tokenizer", None)
    with _told(progress):
        tokenizer: Any = AutoTokenizer.from_pretrained(str(gguf.parent), gguf_file=gguf.name)
        loaded: Any = AutoModelForCausalLM.from_pretrained(str(gguf.parent), gguf_file=gguf.name, dtype=torch.float32)
    progress("storing the model", None)
    fields = loaded.config.to_dict()
    for field in ("quantization_config", "_name_or_path", "transformers_version"):
        fields.pop(field, None)
    config = type(loaded.config)(**fields)
    with torch.device("meta"):
        fresh: Any = type(loaded)(config)
    fresh.load_state_dict(loaded.state_dict(), assign=True)
    fresh.tie_weights()
    fresh.generation_config = loaded.generation_config
    fresh.config.name_or_path = name
    with no_bars():
        fresh.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


@contextmanager
def _told(progress: Progress) -> Iterator[None]:
    """Within the block, transformers tells `progress` about the tensors it dequantizes instead of drawing bars."""

    def count(items: Iterable[Any], *_: Any, **__: Any) -> Iterator[Any]:
        tensors = list(items)
        for done, tensor in enumerate(tensors):
            progress("converting the weights", done / len(tensors))
            yield tensor

    reader: Any = import_module("transformers.modeling_gguf_pytorch_utils")
    before = getattr(reader, "tqdm", None)
    with no_bars():
        if before is not None:
            reader.tqdm = count
        try:
            yield
        finally:
            if before is not None:
                reader.tqdm = before
