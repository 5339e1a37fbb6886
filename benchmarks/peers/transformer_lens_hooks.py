"""Patchscopes with TransformerLens: a run with hooks for thirty cells at once."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import torch

from .protocol import Cell, Task, Workload, serve


class Bridge:
    """The model in TransformerLens' hands, without gradients."""

    def __init__(self, work: Workload) -> None:
        torch.set_grad_enabled(False)
        self._work = work
        bridges: Any = import_module("transformer_lens.model_bridge").TransformerBridge
        self._model = bridges.boot_transformers(work.folder, device=work.device, dtype=getattr(torch, work.dtype))
        self._states = work.source_states()

    def tasks(self) -> Mapping[str, Task]:
        """By their names."""
        return {"batches": self.batches}

    def batches(self, batches: list[list[Cell]]) -> list[int]:
        """One run a batch, logits at the last token alone; the cells of a batch have one target layer."""
        return [token for batch in batches for token in self._likeliest(batch)]

    def _likeliest(self, cells: list[Cell]) -> list[int]:
        (layer,) = {target for _, target in cells}
        last, values = self._work.last, self._states[[source for source, _ in cells]]

        def replace(hidden: torch.Tensor, hook: Any) -> torch.Tensor:
            hidden[:, last] = values
            return hidden

        ids = self._work.tensor(self._work.target, len(cells))
        hooks = [(f"blocks.{layer}.hook_out", replace)]
        logits = self._model.run_with_hooks(ids, fwd_hooks=hooks, logits_to_keep=1)
        found: list[int] = logits[:, -1].argmax(-1).tolist()
        return found


if __name__ == "__main__":
    serve(lambda work: Bridge(work).tasks())
