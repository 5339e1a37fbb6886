"""Forward passes of one model: batches in, chosen hidden states out, and nothing above them computed."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn

from .addresses import Address
from .batches import Batch, Cells
from .blocks import Blocks
from .hooks import Edit, EverythingRead, check_all_read, editing, places, reading
from .rope import length_border


class Runner:
    """Runs `model` and knows which arguments it takes and how it counts positions."""

    def __init__(self, model: Any, blocks: Blocks) -> None:
        self._model = model
        self._blocks = blocks
        accepted = inspect.signature(model.forward).parameters
        self.takes_positions = "position_ids" in accepted
        self.takes_cache = "past_key_values" in accepted
        self.length_border = length_border(blocks.config)
        self.first_position = _first_position(model, blocks)

    @property
    def device(self) -> torch.device:
        """Where token ids go in, and where what was read comes out."""
        weight = next(self._blocks.embedding.parameters())
        return torch.device("cpu") if weight.device.type == "meta" else weight.device

    def read(
        self,
        batch: Batch,
        addresses: Sequence[Address],
        cells: Cells,
        *,
        edits: Mapping[int, Edit] | None = None,
        cache: Any = None,
    ) -> dict[Address, torch.Tensor]:
        """What lies at `addresses` in the `cells` of `batch`: address → (cells, width). Stops after the last of them.

        `edits` are made on the way. `cache` (keys and values) holds what precedes the batch, and grows by it; then
        `batch.mask` covers what the cache holds as well. A cache needs the last layer among the addresses, or the
        blocks above the last address are missing from it.
        """
        where = places(self._blocks, addresses)
        with torch.inference_mode(), editing(self._blocks, edits or {}):
            shape = (batch.ids.shape[0], batch.ids.shape[1])
            with reading(self._blocks, where, cells, shape) as found, contextlib.suppress(EverythingRead):
                self._model(**self._inputs(batch, cache))
            check_all_read(addresses, found, self._blocks)
        return found

    def _inputs(self, batch: Batch, cache: Any) -> dict[str, Any]:
        device = self.device
        inputs: dict[str, Any] = {"input_ids": batch.ids.to(device), "attention_mask": batch.mask.to(device)}
        if self.takes_positions:
            inputs["position_ids"] = (batch.positions + self.first_position).to(device)
        if self.takes_cache:
            inputs |= {"past_key_values": cache, "use_cache": cache is not None}
        return inputs


def _first_position(model: nn.Module, blocks: Blocks) -> int:
    """The number of a text's first position: 0, or one after the padding's in models that number that too (RoBERTa)."""
    longest = getattr(blocks.config, "max_position_embeddings", None)
    for module in model.modules():
        if not isinstance(module, nn.Embedding) or module is blocks.embedding:
            continue
        if module.num_embeddings == longest and module.padding_idx is not None:
            return module.padding_idx + 1
    return 0
