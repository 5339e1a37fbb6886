"""Patchscopes with zetetic itself, and what this machine's arithmetic allows at best."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import torch

from ...models import LanguageModel
from .counting import fastest_rate, operations
from .protocol import Cell, Task, Workload, serve


class Engine:
    """The model in our hands. It never ends a text early, so that all write as many tokens."""

    def __init__(self, work: Workload) -> None:
        self._work = work
        self._model = LanguageModel(work.model(), name="subject")
        self._model.end_ids = frozenset()

    def tasks(self) -> Mapping[str, Task]:
        """By their names."""
        return {
            "capture": self.capture,
            "method": self.method,
            "cells": self.cells,
            "describe": self.describe,
            "operations": self.operations,
            "rate": self.rate,
        }

    def capture(self) -> int:
        """Write the file of vectors: the source's last token after every block. Gives how many layers there are."""
        addresses = [f"layers.{layer}.residual" for layer in range(self._model.n_layers)]
        states = self._model.capture([self._work.source], addresses, -1)
        torch.save(torch.cat([states[a][0] for a in addresses]).float().cpu(), self._work.vectors)
        return self._model.n_layers

    def method(self) -> str:
        """How rows are computed; the model is tried out here."""
        return self._model.targets.method

    def cells(self, cells: list[Cell]) -> list[int]:
        """The likeliest next token in each cell, all at once."""
        found = self._model.target(self._work.target).reduced(*self._rows(cells), lambda logits: logits.argmax(-1))
        tokens: list[int] = found.tolist()
        return tokens

    def describe(self, cells: list[Cell], tokens: int) -> list[list[int]]:
        """What follows the describing prompt in each cell, all at once."""
        target = self._model.target(self._work.describing)
        return [list(g.ids) for g in target.describe(*self._rows(cells), max_new_tokens=tokens)]

    def operations(self, cells: list[Cell], tokens: int) -> float:
        """Floating-point operations that `cells` cost at least (`describe` with `tokens` > 1)."""
        prompt = self._work.target if tokens == 1 else self._work.describing
        return operations(self._model.blocks, len(prompt), [layer for _, layer in cells], tokens)

    def rate(self) -> float:
        """Floating-point operations a second in matrix products."""
        return fastest_rate(self._model.d_model, self._work.device, self._model.dtype)

    @cached_property
    def _states(self) -> Any:
        return self._work.source_states()

    def _rows(self, cells: list[Cell]) -> tuple[list[int], Any]:
        return [layer for _, layer in cells], self._states[[source for source, _ in cells]]


if __name__ == "__main__":
    serve(lambda work: Engine(work).tasks())
