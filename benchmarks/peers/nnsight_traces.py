"""Patchscopes with nnsight: a trace for thirty cells at once."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import torch

from .protocol import Cell, Task, Workload, serve


class Traces:
    """The model in nnsight's hands, without gradients."""

    def __init__(self, work: Workload) -> None:
        self._work = work
        options: Any = {"task": "text-generation", "dispatch": True, "dtype": getattr(torch, work.dtype)}
        options["device_map"] = work.device
        self._model: Any = import_module("nnsight").TransformersModel(work.folder, **options)
        self._states = work.source_states()

    def tasks(self) -> Mapping[str, Task]:
        """By their names."""
        return {"batches": self.batches, "describe": self.describe}

    def batches(self, batches: list[list[Cell]]) -> list[int]:
        """One trace a batch, logits at the last token alone; the cells of a batch have one target layer."""
        return [token for batch in batches for token in self._likeliest(batch)]

    def _likeliest(self, cells: list[Cell]) -> list[int]:
        model, (layer,) = self._model, {target for _, target in cells}
        last, values = self._work.last, self._states[[source for source, _ in cells]]
        with torch.no_grad(), model.trace(self._inputs(self._work.target, len(cells)), logits_to_keep=1):
            model.model.layers[layer].output[:, last] = values
            best = model.lm_head.output[:, -1].argmax(-1).save()
        found: list[int] = best.tolist()
        return found

    def describe(self, cells: list[Cell], tokens: int) -> list[list[int]]:
        """What follows the describing prompt in each cell, all at once; target layers ascend."""
        model, length, states = self._model, len(self._work.describing), self._states
        options: Any = {"max_new_tokens": tokens, "min_new_tokens": tokens, "do_sample": False, "pad_token_id": 0}
        inputs = self._inputs(self._work.describing, len(cells))
        with torch.no_grad(), model.generate(inputs, **options) as tracer:
            for row, (source, layer) in enumerate(cells):
                model.model.layers[layer].output[row, length - 1] = states[source]
            out = tracer.result.save()
        found: list[list[int]] = out[:, length:].tolist()
        return found

    def _inputs(self, ids: tuple[int, ...], rows: int) -> Any:
        rows_of_ids = self._work.tensor(ids, rows)
        return {"input_ids": rows_of_ids, "attention_mask": torch.ones_like(rows_of_ids)}


if __name__ == "__main__":
    serve(lambda work: Traces(work).tasks())
