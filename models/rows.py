"""What every way of computing rows offers, and the way that works for every model: hooks on whole forward passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import torch

from .addresses import residual
from .batches import Batch, Cells
from .generation import Generation, Row, Writer, generate
from .hooks import Edit
from .patching import Patch
from .prompt import Prompt

if TYPE_CHECKING:
    from .generation import Sampling
    from .language_model import LanguageModel


@dataclass(frozen=True, eq=False)
class Rows:
    """One patch a row: `vectors` (rows, d_model) go in after the blocks `layers`, which ascend; -1 is the embedding.

    `numbers`: which of the rows that were asked for these are.
    """

    numbers: tuple[int, ...]
    layers: tuple[int, ...]
    vectors: torch.Tensor

    def __len__(self) -> int:
        return len(self.layers)


@dataclass(frozen=True)
class Writing:
    """How rows are continued; see `generate`."""

    max_new_tokens: int
    sampling: Sampling
    stops: tuple[str, ...]


class Way(Protocol):
    """Computes rows of one target prompt, patched at one position."""

    def states(self, rows: Rows) -> torch.Tensor:
        """The last residual stream of each row at the target's last token: (rows, d_model)."""

    def write(self, rows: Rows, writing: Writing) -> list[Generation]:
        """What each row goes on with."""

    def bytes_per_row(self, room: int) -> int:
        """About how much memory a row takes that goes on for `room` tokens, apart from its logits."""


class HookedWay:
    """Every row a whole forward pass of the target, in batches, with a hook at every patched layer."""

    def __init__(self, model: LanguageModel, target: Prompt, position: int) -> None:
        self._model = model
        self._target = target
        self._position = position

    def states(self, rows: Rows) -> torch.Tensor:
        edits = {}
        for layer in sorted(set(rows.layers)):
            chosen = torch.tensor([row for row, found in enumerate(rows.layers) if found == layer])
            cells = Cells(chosen, torch.full_like(chosen, self._position))
            edits[layer] = Edit(cells, torch.zeros(len(chosen)), rows.vectors[chosen.to(rows.vectors.device)])
        batch = batch_of(torch.tensor([self._target.ids]).expand(len(rows), -1))
        return last_states(self._model, batch, edits=edits)

    def write(self, rows: Rows, writing: Writing) -> list[Generation]:
        patches = [[Patch(layer, self._position, vector)] for layer, vector in zip(rows.layers, rows.vectors)]
        return generate(
            self._model,
            [self._target] * len(rows),
            max_new_tokens=writing.max_new_tokens,
            sampling=writing.sampling,
            stop=writing.stops,
            patches=patches,
            batch_size=len(rows),
            numbers=rows.numbers,
        )

    def bytes_per_row(self, room: int) -> int:
        tokens = len(self._target)
        return tokens * live_bytes_per_token(self._model) + (tokens + room) * kept_bytes_per_token(self._model, room)


def write_on(
    model: LanguageModel, target: Prompt, rows: Rows, states: torch.Tensor, cache: Any, writing: Writing
) -> list[Generation]:
    """Continue rows that were read into `cache`; `states` are their last residual streams."""
    written = [Row(number, target, writing.sampling.stream(number)) for number in rows.numbers]
    writer = Writer(model, written, writing.sampling, writing.stops, writing.max_new_tokens)
    writer.write_on(model.unembed(states), cache, torch.ones((len(rows), len(target)), dtype=torch.long))
    return [row.result(model) for row in written]


def batch_of(ids: torch.Tensor, *, before: int = 0) -> Batch:
    """Rows (rows, tokens) without padding, after `before` tokens that a cache holds."""
    rows, tokens = ids.shape
    positions = torch.arange(before, before + tokens).expand(rows, tokens)
    mask = torch.ones((rows, before + tokens), dtype=torch.long)
    return Batch(tuple(range(rows)), ids, mask, positions, (-before,) * rows)


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
    kept = int(getattr(config, "num_key_value_heads", None) or heads) * (model.n_layers if room else 0)
    return 2 * size * (heads + kept) * model.dtype.itemsize
