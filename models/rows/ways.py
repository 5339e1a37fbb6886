"""What every way of computing rows offers, and the way that works for every model: hooks on whole forward passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import torch

from ..addresses import residual
from ..batches import Batch, Cells
from ..errors import ArchitectureError
from ..hooks import Edit
from .caches import KeepingCache

if TYPE_CHECKING:
    from ..language_model import LanguageModel


@dataclass(frozen=True, eq=False)
class Rows:
    """One patch a row: `vectors` (rows, d_model) go in after the blocks `layers`, which ascend. -1 is the embedding."""

    layers: tuple[int, ...]
    vectors: torch.Tensor

    def __len__(self) -> int:
        return len(self.layers)


class Way(Protocol):
    """Computes rows of one target prompt, patched at one position."""

    def states(self, rows: Rows) -> torch.Tensor:
        """The last residual stream of each row at the target's last token: (rows, d_model)."""

    def begin(self, rows: Rows, room: int) -> tuple[torch.Tensor, Continuing]:
        """The same states, and what goes on from there for up to `room` tokens."""

    def bytes_per_row(self, room: int) -> int:
        """About how much memory a row takes that goes on for `room` tokens, apart from its logits."""


class Continuing:
    """Rows on the move: each step takes one token a row, and gives each row's last residual stream."""

    def __init__(self, model: LanguageModel, cache: Any, length: int) -> None:
        self._model = model
        self._cache = cache
        self._length = length

    def step(self, ids: torch.Tensor) -> torch.Tensor:
        """Read one further token a row: (rows,) → (rows, d_model)."""
        batch = batch_of(ids.reshape(-1, 1).cpu(), before=self._length)
        self._length += 1
        return last_states(self._model, batch, cache=self._cache)

    def keep(self, rows: Sequence[int]) -> bool:
        """Go on with these rows alone; False where the cache cannot drop any, and all stay."""
        if not isinstance(self._cache, KeepingCache):
            return False
        self._cache.keep(torch.tensor(rows, device=self._cache.layers[0].keys.device))
        return True


class HookedWay:
    """Every row a whole forward pass of the target, in batches, with a hook at every patched layer."""

    def __init__(self, model: LanguageModel, ids: Sequence[int], position: int) -> None:
        self._model = model
        self._ids = torch.tensor(list(ids), dtype=torch.long)
        self._position = position

    def states(self, rows: Rows) -> torch.Tensor:
        return self._run(rows, None)

    def begin(self, rows: Rows, room: int) -> tuple[torch.Tensor, Continuing]:
        from transformers import DynamicCache

        if not self._model.runner.takes_cache:
            raise ArchitectureError(
                f"expected a model that goes on from keys and values (past_key_values), got {self._model.name}, which "
                "does not take them; ask for next tokens instead"
            )
        cache = DynamicCache(config=self._model.model.config)
        return self._run(rows, cache), Continuing(self._model, cache, len(self._ids))

    def bytes_per_row(self, room: int) -> int:
        tokens = len(self._ids)
        return tokens * live_bytes_per_token(self._model) + (tokens + room) * kept_bytes_per_token(self._model, room)

    def _run(self, rows: Rows, cache: Any) -> torch.Tensor:
        edits = {}
        for layer in sorted(set(rows.layers)):
            chosen = torch.tensor([row for row, found in enumerate(rows.layers) if found == layer])
            cells = Cells(chosen, torch.full_like(chosen, self._position))
            edits[layer] = Edit(cells, torch.zeros(len(chosen)), rows.vectors[chosen.to(rows.vectors.device)])
        batch = batch_of(self._ids.expand(len(rows), -1), before=0)
        return last_states(self._model, batch, edits=edits, cache=cache)


def batch_of(ids: torch.Tensor, *, before: int) -> Batch:
    """Rows of as many tokens each, without padding, after `before` tokens that a cache holds."""
    rows, tokens = ids.shape
    positions = torch.arange(before, before + tokens).expand(rows, tokens)
    mask = torch.ones((rows, before + tokens), dtype=torch.long)
    return Batch(tuple(range(rows)), ids, mask, positions, (0,) * rows)


def last_states(model: LanguageModel, batch: Batch, *, edits: Any = None, cache: Any = None) -> torch.Tensor:
    """The residual stream after the last block at the last token of every row: (rows, d_model)."""
    last = residual(model.n_layers - 1)
    rows = torch.arange(len(batch.numbers))
    cells = Cells(rows, torch.full_like(rows, batch.ids.shape[1] - 1))
    return model.runner.read(batch, [last], cells, edits=edits, cache=cache)[last]


def live_bytes_per_token(model: LanguageModel) -> int:
    """About what one token takes while it passes through a block: streams, heads, and neurons with their gate."""
    config = model.blocks.config
    neurons = max(int(getattr(config, name, None) or 0) for name in ("intermediate_size", "ffn_dim", "n_inner"))
    return (8 * model.d_model + 3 * max(neurons, 4 * model.d_model)) * model.dtype.itemsize


def kept_bytes_per_token(model: LanguageModel, room: int) -> int:
    """About what the keys and values of one token take: in one block while it runs, in all of them to go on."""
    config = model.blocks.config
    heads = int(getattr(config, "num_attention_heads", None) or 1)
    size = int(getattr(config, "head_dim", None) or model.d_model // heads)
    return 2 * heads * size * (model.n_layers if room else 1) * model.dtype.itemsize
