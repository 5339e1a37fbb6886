"""Keys and values of tokens that many rows begin with, computed once and shared by all of them."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import torch
from transformers.cache_utils import Cache, CacheLayerMixin, DynamicCache

from .addresses import residual
from .batches import make_batches
from .blocks import Blocks
from .running import Runner


class SharedPrefix:
    """The tokens `ids`, read once. `cache(rows)` stands for them in front of each of `rows` rows.

    Unless `grown`, such a cache takes no memory of its own and forgets what the rows add: it is good for one forward
    pass over what follows the prefix. With `grown` it is a cache like any other, to generate with.
    """

    def __init__(self, runner: Runner, blocks: Blocks, ids: Sequence[int]) -> None:
        self.ids = tuple(ids)
        self._config = blocks.config
        self._filled = DynamicCache(config=blocks.config)
        if self.ids:
            [batch] = make_batches([self.ids])
            last = residual(blocks.n_layers - 1)
            runner.read(batch, [last], batch.cells([[len(self.ids) - 1]]), cache=self._filled)

    def __len__(self) -> int:
        return len(self.ids)

    def cache(self, rows: int, *, grown: bool = False) -> Any:
        """Keys and values for `rows` rows that all begin with the prefix; see the class for `grown`."""
        if not self.ids:
            return DynamicCache(config=self._config)
        if not grown:
            return Cache(layers=[_Borrowed(layer, rows) for layer in self._filled.layers])
        copied = deepcopy(self._filled)
        copied.batch_repeat_interleave(rows)
        return copied


class _Borrowed(CacheLayerMixin):  # type: ignore[no-untyped-call]
    """A layer of a filled cache, lent to some rows; it never changes."""

    def __init__(self, layer: Any, rows: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._layer = layer
        self._rows = rows
        self.is_sliding = layer.is_sliding
        self.is_initialized = True
        self.keys, self.values = layer.keys, layer.values
        self.dtype, self.device = layer.dtype, layer.device

    def lazy_initialization(self, key_states: torch.Tensor, value_states: torch.Tensor) -> None:
        """Filled from the start."""

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *_: Any, **__: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """The prefix's keys and values with the rows' own behind them."""
        keys = self._layer.keys.expand(self._rows, -1, -1, -1)
        values = self._layer.values.expand(self._rows, -1, -1, -1)
        return torch.cat([keys, key_states], dim=-2), torch.cat([values, value_states], dim=-2)

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        return self._layer.get_mask_sizes(query_length)  # type: ignore[no-any-return]

    def get_seq_length(self) -> int:
        return self._layer.get_seq_length()  # type: ignore[no-any-return]

    def get_max_length(self) -> int:
        return self._layer.get_max_length()  # type: ignore[no-any-return]
