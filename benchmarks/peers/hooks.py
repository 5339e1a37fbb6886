"""Patchscopes with transformers and plain hooks: a forward pass for every cell, or for thirty at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import torch

from .protocol import Cell, Task, Workload, serve


class Hooks:
    """The model with hooks that replace the last token's hidden state while the prompt is read, never later."""

    def __init__(self, work: Workload) -> None:
        self._work = work
        self._model = work.model()
        self._states = work.source_states()

    def tasks(self) -> Mapping[str, Task]:
        """By their names."""
        return {
            "cells": self.cells,
            "cells_last": self.cells_last,
            "batches": self.batches,
            "describe_each": self.describe_each,
            "describe": self.describe,
        }

    def cells(self, cells: list[Cell]) -> list[int]:
        """One forward pass a cell, as it comes: logits at every token."""
        return [self._likeliest([cell], last_only=False)[0] for cell in cells]

    def cells_last(self, cells: list[Cell]) -> list[int]:
        """One forward pass a cell, logits at the last token alone."""
        return [self._likeliest([cell], last_only=True)[0] for cell in cells]

    def batches(self, batches: list[list[Cell]]) -> list[int]:
        """One forward pass a batch, logits at the last token alone."""
        return [token for batch in batches for token in self._likeliest(batch, last_only=True)]

    def describe_each(self, cells: list[Cell], tokens: int) -> list[list[int]]:
        """One after the other."""
        return [self.describe([cell], tokens)[0] for cell in cells]

    @torch.inference_mode()
    def describe(self, cells: list[Cell], tokens: int) -> list[list[int]]:
        """What follows the describing prompt in each cell, all at once."""
        ids = self._work.tensor(self._work.describing, len(cells))
        with self._patched(cells, ids.shape[1]):
            out = self._model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=tokens,
                min_new_tokens=tokens,
                do_sample=False,
                pad_token_id=0,
            )
        found: list[list[int]] = out[:, ids.shape[1] :].tolist()
        return found

    @torch.inference_mode()
    def _likeliest(self, cells: list[Cell], *, last_only: bool) -> list[int]:
        ids = self._work.tensor(self._work.target, len(cells))
        options = {"logits_to_keep": 1} if last_only else {}
        with self._patched(cells, ids.shape[1]):
            logits = self._model(input_ids=ids, **options).logits
        found: list[int] = logits[:, -1].argmax(-1).tolist()
        return found

    @contextmanager
    def _patched(self, cells: list[Cell], length: int) -> Iterator[None]:
        rows: dict[int, list[int]] = {}
        for row, (_, layer) in enumerate(cells):
            rows.setdefault(layer, []).append(row)
        with ExitStack() as hooks:
            for layer, chosen in rows.items():
                values = self._states[[cells[row][0] for row in chosen]]
                hook = _replacing(chosen, values, length)
                hooks.callback(self._model.model.layers[layer].register_forward_hook(hook).remove)
            yield


def _replacing(rows: list[int], values: torch.Tensor, length: int) -> Any:
    def hook(_: Any, __: Any, output: Any) -> Any:
        hidden = output if isinstance(output, torch.Tensor) else output[0]
        if hidden.shape[1] == length:
            hidden[rows, length - 1] = values
        return output

    return hook


if __name__ == "__main__":
    serve(lambda work: Hooks(work).tasks())
