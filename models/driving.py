"""Rows advanced block by block, together, above what they share.

The target's tokens before the patched position are run once, and so are those from it on, unpatched. A row starts
right after the block it is patched at and joins the others there; each block runs once for all rows that have come
so far, over their own tokens alone. Blocks get the arguments that the model itself gave them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from .blocks import Blocks, first_tensor
from .errors import ArchitectureError
from .generation import Generation
from .prompt import Prompt
from .row_caches import growing_cache, keeping_cache, sharing_cache
from .rows import Rows, Writing, batch_of, kept_bytes_per_token, last_states, live_bytes_per_token, write_on

if TYPE_CHECKING:
    from .language_model import LanguageModel


@dataclass(frozen=True, eq=False)
class _Call:
    """How the model called one block: `hidden` (1, tokens, d_model) went in, `output` came out."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    hidden: torch.Tensor
    output: torch.Tensor


@dataclass(frozen=True, eq=False)
class _Unpatched:
    """The target as it is: keys and values of all its tokens, and how each block ran from the patched token on."""

    cache: Any
    calls: tuple[_Call, ...]

    def stream(self, layer: int) -> torch.Tensor:
        """The residual stream from the patched position on: (1, tokens, d_model)."""
        return self.calls[0].hidden if layer < 0 else self.calls[layer].output


class DrivenWay:
    """Runs only what a row has for itself. Raises `ArchitectureError` where blocks cannot be driven from outside."""

    def __init__(self, model: LanguageModel, target: Prompt, position: int) -> None:
        self._model = model
        self._target = target
        self._ids = torch.tensor([target.ids])
        self._position = position

    def states(self, rows: Rows) -> torch.Tensor:
        return self._advance(rows, sharing_cache(self._unpatched.cache, self._position))

    def write(self, rows: Rows, writing: Writing) -> list[Generation]:
        room = writing.max_new_tokens
        cache = keeping_cache(self._unpatched.cache, self._position, rows=len(rows), room=room)
        states = self._advance(rows, cache)
        cache.resume_at(len(self._target))
        return write_on(self._model, self._target, rows, states, cache, writing)

    def bytes_per_row(self, room: int) -> int:
        tokens = len(self._target)
        own = (tokens - self._position) * live_bytes_per_token(self._model)
        return own + (tokens + room) * kept_bytes_per_token(self._model, room)

    @cached_property
    def _unpatched(self) -> _Unpatched:
        blocks, cache = self._model.blocks, growing_cache(self._model.n_layers)
        if self._position:
            last_states(self._model, batch_of(self._ids[:, : self._position], before=0), cache=cache)
        with _watching(blocks, cache) as calls:
            last_states(self._model, batch_of(self._ids[:, self._position :], before=self._position), cache=cache)
        if len(calls) != blocks.n_layers or any(
            cache.get_seq_length(i) != len(self._target) for i in range(blocks.n_layers)
        ):
            raise ArchitectureError(f"the blocks of {blocks.name} do not each run once, or keep no keys and values")
        return _Unpatched(cache, tuple(calls))

    def _advance(self, rows: Rows, cache: Any) -> torch.Tensor:
        """Run `rows` to the end of the last block: their last tokens there, (rows, d_model)."""
        blocks, target, n_rows = self._model.blocks, self._unpatched, len(rows)
        hidden: torch.Tensor | None = None
        done = 0
        for layer in range(rows.layers[0], blocks.n_layers):
            if hidden is not None:
                hidden = self._run(layer, hidden, cache)
            upto = done
            while upto < n_rows and rows.layers[upto] == layer:
                upto += 1
            if upto > done:
                joining = _patched(target.stream(layer), rows.vectors[done:upto])
                hidden = joining if hidden is None else torch.cat([hidden, joining.to(hidden.device)])
                done = upto
        assert hidden is not None
        return hidden[:, -1].to(self._model.device)

    def _run(self, layer: int, hidden: torch.Tensor, cache: Any) -> torch.Tensor:
        """Run one block as the model did, on these rows and this cache."""
        call, theirs, n_heads = self._unpatched.calls[layer], self._unpatched.cache, self._model.blocks.n_heads

        def own(value: Any) -> Any:
            return cache if value is theirs else _widened(value, n_heads, len(hidden))

        kwargs = {name: own(value) for name, value in call.kwargs.items()}
        if call.args:
            return first_tensor(self._model.blocks.modules[layer](hidden, *map(own, call.args[1:]), **kwargs))
        return first_tensor(self._model.blocks.modules[layer](**{**kwargs, "hidden_states": hidden}))


@contextmanager
def _watching(blocks: Blocks, cache: Any) -> Iterator[list[_Call]]:
    """Within the block, a forward pass fills the list with how each block was called, in the blocks' order."""
    calls: list[_Call] = []

    def watch(_: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any) -> None:
        if not any(value is cache for value in (*args, *kwargs.values())):
            raise ArchitectureError(f"the blocks of {blocks.name} are not handed the cache of keys and values")
        hidden = args[0] if args else kwargs["hidden_states"]
        calls.append(_Call(args, kwargs, hidden.clone(), first_tensor(output).clone()))

    with ExitStack() as hooks:
        for block in blocks.modules:
            hooks.callback(block.register_forward_hook(watch, with_kwargs=True).remove)
        yield calls


def _patched(stream: torch.Tensor, vectors: torch.Tensor) -> torch.Tensor:
    """`stream` (1, tokens, d_model) once for each vector, with that in the place of its first token."""
    rows = stream.repeat(len(vectors), 1, 1)
    rows[:, 0] = vectors.to(stream)
    return rows


def _widened(value: Any, n_heads: int, rows: int) -> Any:
    """An argument made for one row, for several: a first dimension of 1 stretches by itself, others are repeated.

    Others are biases of attention heads (Bloom), which lie row after row in one dimension.
    """
    per_head = isinstance(value, torch.Tensor) and value.dim() == 3 and value.shape[0] == n_heads > 1
    return value.repeat(rows, 1, 1) if per_head else value
