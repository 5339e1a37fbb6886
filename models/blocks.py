"""Finding the parts of a transformer by its structure: blocks, embedding, norm, head, projections.

Nothing here knows an architecture by its name. The list of blocks is the one module list that is as long as the
configuration says the model is deep. Which projections write into the residual stream, and what turns the last
residual stream into logits, is seen by watching one forward pass over two tokens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import nn

from .errors import ArchitectureError, LayerError

EMBEDDING_LAYER = -1
"""The layer number of what enters the first block."""


@dataclass(frozen=True, eq=False)
class Writers:
    """The two projections by which a block writes into the residual stream; None where there is no single one.

    The input of `attention` is the concatenated outputs of the attention heads; the input of `mlp` is the neurons
    after their activation function (times the gate where there is one). `mlp_module` is the whole MLP, for blocks
    such as mixtures of experts that have no single down projection.
    """

    attention: nn.Module | None
    mlp: nn.Module | None
    mlp_module: nn.Module | None


class Blocks:
    """The parts of one model. Layers count block outputs from 0; -1 is what enters the first block."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.name = _model_name(model)
        self.config = _text_config(model)
        self.path, blocks = _find_block_list(model, self.config)
        self.modules: tuple[nn.Module, ...] = tuple(blocks)
        self.embedding: nn.Module = _find_embedding(model)
        self.d_model = _d_model(self.config, self.embedding)

    @property
    def n_layers(self) -> int:
        return len(self.modules)

    @property
    def n_heads(self) -> int:
        """Attention heads per block (query heads where keys and values are shared)."""
        heads = getattr(self.config, "num_attention_heads", None)
        if not isinstance(heads, int):
            raise ArchitectureError(
                f"expected config.num_attention_heads to be a number in {self.name}, got {heads!r}; "
                "its attention heads cannot be told apart"
            )
        return heads

    def __getitem__(self, layer: int) -> nn.Module:
        """The block whose output is the residual stream at `layer`."""
        return self.modules[self.check_layer(layer, embedding=False)]

    def check_layer(self, layer: int, *, embedding: bool = True) -> int:
        """`layer` itself if the model has it. Raises `LayerError` before anything is computed."""
        lowest = EMBEDDING_LAYER if embedding else 0
        if isinstance(layer, bool) or not isinstance(layer, int) or not lowest <= layer < self.n_layers:
            also = " (or -1, the embedding)" if embedding else ""
            raise LayerError(
                f"layer {layer!r} is not one of 0..{self.n_layers - 1} in {self.name}; "
                f"pass a layer between 0 and {self.n_layers - 1}{also}"
            )
        return layer

    @property
    def writers(self) -> tuple[Writers, ...]:
        """For each block, the projections by which it writes into the residual stream."""
        return self._seen.writers

    @property
    def tail(self) -> tuple[nn.Module, ...]:
        """What runs after the last block, in order: final norm, projection out, head. Empty without a head."""
        return self._seen.tail

    @property
    def example(self) -> Example | None:
        """A last residual stream with the logits the model gave for it; None without a language-model head."""
        return self._seen.example

    @property
    def norm(self) -> nn.Module | None:
        """The final norm; None where the blocks end with one (BERT), or where there is none."""
        return next((m for m in self.tail[:1] if _is_norm(m, self.d_model)), None)

    @property
    def head(self) -> nn.Module | None:
        """The last module of the tail, which gives logits; None where the model has no language-model head."""
        return self.tail[-1] if self.tail else None

    def n_neurons(self, layer: int) -> int:
        """Neurons of the MLP of one block."""
        return linear_sizes(self.projection(layer, "mlp"))[0]

    def head_size(self, layer: int) -> int:
        """Width of one attention head's output in one block."""
        return linear_sizes(self.projection(layer, "attention"))[0] // self.n_heads

    def projection(self, layer: int, which: str) -> nn.Module:
        """The output projection of the attention (`attention`) or the down projection of the MLP (`mlp`)."""
        writers = self.writers[self.check_layer(layer, embedding=False)]
        found = writers.attention if which == "attention" else writers.mlp
        if found is None:
            block = self.modules[layer]
            inside = ", ".join(f"{name} ({type(m).__name__})" for name, m in block.named_children())
            noun = "output projection of its attention" if which == "attention" else "down projection of its MLP"
            raise ArchitectureError(
                f"looked in block {layer} of {self.name} ({type(block).__name__}) for the {noun}: one linear layer "
                f"with {self.d_model} outputs; there is {inside}; ask for layers.{layer}.residual instead"
            )
        return found

    @cached_property
    def _seen(self) -> _Seen:
        return _watch(self)


@dataclass(frozen=True, eq=False)
class Example:
    """What the model itself makes of some residual stream: `hidden` (after the last block) and its `logits`."""

    hidden: torch.Tensor
    logits: torch.Tensor


@dataclass(frozen=True, eq=False)
class _Seen:
    writers: tuple[Writers, ...]
    tail: tuple[nn.Module, ...]
    example: Example | None


def linear_sizes(module: nn.Module) -> tuple[int, int]:
    """(inputs, outputs) of a linear layer; (0, 0) for any other module. Quantized layers and GPT-2's count."""
    inputs, outputs = getattr(module, "in_features", None), getattr(module, "out_features", None)
    if isinstance(inputs, int) and isinstance(outputs, int):
        return inputs, outputs
    weight = getattr(module, "weight", None)
    if type(module).__name__ == "Conv1D" and isinstance(weight, torch.Tensor) and weight.dim() == 2:
        return int(weight.shape[0]), int(weight.shape[1])
    return 0, 0


def first_tensor(output: Any) -> torch.Tensor:
    """The hidden states in what a block returned: transformers 5 gives a tensor, older code a tuple."""
    return output if isinstance(output, torch.Tensor) else output[0]


def _model_name(model: Any) -> str:
    name = str(getattr(getattr(model, "config", None), "_name_or_path", "") or "").rstrip("/\\")
    return name.replace("\\", "/").rpartition("/")[2] or type(model).__name__


def _text_config(model: Any) -> Any:
    config = getattr(model, "config", None)
    if config is None:
        raise ArchitectureError(f"expected a model of transformers, which has a config, got {type(model).__name__}")
    return config.get_text_config() if hasattr(config, "get_text_config") else config


def _find_block_list(model: Any, config: Any) -> tuple[str, nn.ModuleList]:
    """(path, list) of the blocks: the outermost module list whose length is the model's depth."""
    if getattr(config, "is_encoder_decoder", False):
        raise ArchitectureError(
            f"expected a model with one stack of blocks, got the encoder-decoder {type(model).__name__}; "
            "pass a decoder such as GPT-2 or Llama, or an encoder such as BERT"
        )
    depth = getattr(config, "num_hidden_layers", None)
    lists = list(_outermost_lists(model))
    found = [(path, m) for path, m in lists if len(m) == depth and any(linear_sizes(x)[1] for x in m.modules())]
    if len(found) == 1:
        return found[0]
    there = ", ".join(f"{path} ({len(m)} × {type(m[0]).__name__})" for path, m in lists if len(m)) or "none"
    say = "found more than one" if found else "found none"
    raise ArchitectureError(
        f"looked in {type(model).__name__} for one module list of {depth} blocks with linear layers in them "
        f"(config.num_hidden_layers = {depth}) and {say}; module lists there: {there}; "
        "pass a model whose blocks are one list, or the text part of a model of several parts"
    )


def _outermost_lists(model: nn.Module, prefix: str = "") -> Iterator[tuple[str, nn.ModuleList]]:
    for name, child in model.named_children():
        path = f"{prefix}.{name}" if prefix else name
        if isinstance(child, nn.ModuleList):
            yield path, child
        else:
            yield from _outermost_lists(child, path)


def _find_embedding(model: Any) -> nn.Module:
    try:
        found = model.get_input_embeddings()
    except (AttributeError, NotImplementedError):
        found = None
    if not isinstance(found, nn.Module):
        raise ArchitectureError(
            f"looked in {type(model).__name__} for token embeddings (get_input_embeddings) and found none; "
            "pass a model of text"
        )
    return found


def _d_model(config: Any, embedding: nn.Module) -> int:
    for name in ("hidden_size", "d_model"):
        size = getattr(config, name, None)
        if isinstance(size, int):
            return size
    weight = embedding.weight
    assert isinstance(weight, torch.Tensor)
    return int(weight.shape[1])


def _is_norm(module: nn.Module, d_model: int) -> bool:
    sizes = {tuple(p.shape) for p in module.parameters(recurse=False)}
    return sizes <= {(d_model,)} and (bool(sizes) or "norm" in type(module).__name__.lower())


def _watch(blocks: Blocks) -> _Seen:
    """Run two tokens through the model and see which modules do what."""
    linears: list[list[nn.Module]] = [[] for _ in blocks.modules]
    tail: list[nn.Module] = []
    last: list[torch.Tensor] = []
    depth = Counter[str]()
    inside = {id(m) for block in blocks.modules for m in block.modules()}
    first = blocks.modules[0]

    def enter(module: nn.Module, _: Any) -> None:
        if depth["past"] and not depth["tail"]:
            tail.append(module)
        depth["tail"] += depth["past"]

    def leave(module: nn.Module, _: Any, __: Any) -> None:
        depth["tail"] -= depth["past"]

    def past(_: nn.Module, __: Any, output: Any) -> None:
        depth["past"] = 1
        last.append(first_tensor(output))

    with ExitStack() as hooks:
        for number, block in enumerate(blocks.modules):
            for module in block.modules():
                if linear_sizes(module)[1]:
                    add = linears[number].append
                    hooks.callback(module.register_forward_pre_hook(lambda m, _, add=add: add(m)).remove)
        for module in blocks.model.modules():
            around = isinstance(module, nn.ModuleList) or any(m is first for m in module.modules())
            if id(module) not in inside and not around:
                hooks.callback(module.register_forward_pre_hook(enter).remove)
                hooks.callback(module.register_forward_hook(leave).remove)
        hooks.callback(blocks.modules[-1].register_forward_hook(past).remove)
        ids = torch.zeros((1, 2), dtype=torch.long, device=_device_of(blocks.embedding))
        with torch.inference_mode():
            output = blocks.model(input_ids=ids, attention_mask=torch.ones_like(ids))
    writers = tuple(_writers(block, found, blocks.d_model) for block, found in zip(blocks.modules, linears))
    if "logits" not in output or not tail:
        return _Seen(writers, (), None)
    return _Seen(writers, tuple(tail), Example(last[0], output["logits"]))


def _device_of(module: nn.Module) -> torch.device:
    parameter = next(module.parameters())
    return torch.device("cpu") if parameter.device.type == "meta" else parameter.device


def _writers(block: nn.Module, called: list[nn.Module], d_model: int) -> Writers:
    """Of the linear layers of `block` in the order of their calls, the last with `d_model` outputs of either part."""
    paths = {id(m): path for path, m in block.named_modules()}
    attention = mlp = None
    for module in called:
        if linear_sizes(module)[1] == d_model:
            if _in_attention(block, paths[id(module)]):
                attention = module
            else:
                mlp = module
    children = [m for name, m in block.named_children() if not _in_attention(block, name)]
    large = [m for m in children if any(p.dim() > 1 for p in m.parameters())]
    experts = any(p.dim() > 2 for m in large for p in m.parameters()) or any(
        isinstance(inner, nn.ModuleList) for m in large for inner in m.modules()
    )
    return Writers(attention, None if experts else mlp, large[0] if len(large) == 1 else None)


def _in_attention(block: nn.Module, path: str) -> bool:
    """Whether `path` lies inside the attention of `block`: some module on the way is named after it."""
    module, names = block, path.split(".")
    for name in names[:-1] if linear_sizes(block.get_submodule(path))[1] else names:
        module = module.get_submodule(name)
        if "att" in name.lower() or "attention" in type(module).__name__.lower():
            return True
    return False
