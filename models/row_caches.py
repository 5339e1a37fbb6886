"""Keys and values of many rows that share the beginning of one prompt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from transformers.cache_utils import Cache, DynamicLayer


def growing_cache(n_layers: int) -> Cache:
    """An empty cache that keeps every token in every layer, sliding windows too: masks see to those."""
    make: Any = DynamicLayer
    return Cache(layers=[make() for _ in range(n_layers)])


def sharing_cache(target: Cache, n_shared: int) -> Cache:
    """A cache for one pass: rows see the first `n_shared` tokens of `target`, then their own; nothing is stored."""
    return Cache(layers=[_SharingLayer(layer, n_shared) for layer in target.layers])


def keeping_cache(target: Cache, n_shared: int, *, rows: int, room: int) -> KeepingCache:
    """A cache of `rows` rows that hold the tokens of `target` until they get their own from `n_shared` on."""
    return KeepingCache([_KeepingLayer(layer, n_shared, rows, room) for layer in target.layers])


class KeepingCache(Cache):
    """Keys and values of rows that go on growing, each row for itself, in memory laid out once."""

    def __init__(self, layers: Sequence[_KeepingLayer]) -> None:
        super().__init__(layers=list(layers))
        self._own = tuple(layers)

    def resume_at(self, length: int) -> None:
        """Let the next tokens be number `length` and on, in every layer."""
        for layer in self._own:
            layer.length = length


class _SharingLayer(DynamicLayer):  # type: ignore[no-untyped-call]
    def __init__(self, target: Any, n_shared: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.is_initialized = True
        self.length = n_shared
        if n_shared:
            self._prefix = (target.keys[:, :, :n_shared], target.values[:, :, :n_shared])

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        if not self.length:
            return key_states, value_states
        keys, values = (p.expand(len(key_states), -1, -1, -1) for p in self._prefix)
        return torch.cat([keys, key_states], dim=2), torch.cat([values, value_states], dim=2)

    def get_seq_length(self) -> int:
        return self.length


class _KeepingLayer(DynamicLayer):  # type: ignore[no-untyped-call]
    """`length` tokens are behind us; tokens of the first few rows alone may come, and go to those rows."""

    keys: torch.Tensor
    values: torch.Tensor

    def __init__(self, target: Any, n_shared: int, rows: int, room: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.keys, self.values = (_laid_out(t, rows, room) for t in (target.keys, target.values))
        self.is_initialized = True
        self.length = n_shared

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        rows, start, end = len(key_states), self.length, self.length + key_states.shape[2]
        self.keys[:rows, :, start:end] = key_states
        self.values[:rows, :, start:end] = value_states
        self.length = end
        return self.keys[:rows, :, :end], self.values[:rows, :, :end]

    def get_seq_length(self) -> int:
        return self.length


def _laid_out(states: torch.Tensor, rows: int, room: int) -> torch.Tensor:
    """`states` (1, heads, tokens, size) in each of `rows` rows, with room for `room` further tokens."""
    _, heads, tokens, size = states.shape
    laid = states.new_empty((rows, heads, tokens + room, size))
    laid[:, :, :tokens] = states
    return laid
