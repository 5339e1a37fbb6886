"""Reading and changing hidden states while a model runs. Hooks are gone when their `with` block ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import torch
from torch import nn

from .addresses import Address
from .batches import Cells
from .blocks import EMBEDDING_LAYER, Blocks, first_tensor
from .errors import ArchitectureError


class EverythingRead(Exception):
    """Raised inside a forward pass once all that was asked for has been read: the rest need not be computed."""


@dataclass(frozen=True, eq=False)
class Edit:
    """What becomes of the residual stream at some cells: h ← keep · h + values; where `keep` is 0, exactly `values`.

    `keep` is (cells,), `values` (cells, d_model).
    """

    cells: Cells
    keep: torch.Tensor
    values: torch.Tensor

    def apply(self, hidden: torch.Tensor) -> torch.Tensor:
        """A changed copy of `hidden` (rows, columns, d_model)."""
        rows, columns = self.cells.rows.to(hidden.device), self.cells.columns.to(hidden.device)
        keep = self.keep.to(hidden.device, hidden.dtype)[:, None]
        values = self.values.to(hidden.device, hidden.dtype)
        changed = hidden.clone()
        changed[rows, columns] = torch.where(keep == 0, values, keep * hidden[rows, columns] + values)
        return changed


_Read: TypeAlias = Callable[[torch.Tensor], None]
Place: TypeAlias = tuple[Callable[[nn.Module, _Read], Callable[[], None]], nn.Module]
"""A module, and what has a function called with the hidden states before or after it."""


def places(blocks: Blocks, addresses: Sequence[Address]) -> dict[Address, Place]:
    """Where the vectors lie. Finding a model's parts may run it once: look for them before any hook is made."""
    return {address: _place(blocks, address) for address in addresses}


@contextmanager
def reading(
    blocks: Blocks, places: Mapping[Address, Place], cells: Cells, shape: tuple[int, int], *, stop: bool = True
) -> Iterator[dict[Address, torch.Tensor]]:
    """Within the block, a forward pass over a batch of `shape` fills the dictionary: address → (cells, width).

    With `stop`, `EverythingRead` is raised as soon as the last address has been read; blocks above it do not run.
    Hooks run in the order they were made: enter `editing` first, and what is read is what was edited.
    """
    found: dict[Address, torch.Tensor] = {}

    def read(address: Address, hidden: torch.Tensor) -> None:
        if hidden.dim() != 3:  # OPT runs its MLP over all positions of all rows in one dimension
            hidden = hidden.reshape(*shape, -1)
        if address.head is not None:
            size = hidden.shape[-1] // blocks.n_heads
            hidden = hidden[..., address.head * size : (address.head + 1) * size]
        if address.unit is not None:
            hidden = hidden[..., address.unit : address.unit + 1]
        found[address] = hidden[cells.rows.to(hidden.device), cells.columns.to(hidden.device)]
        if stop and len(found) == len(places):
            raise EverythingRead

    with ExitStack() as hooks:
        for address, (hook, module) in places.items():
            hooks.callback(hook(module, partial(read, address)))
        yield found


def check_all_read(addresses: Sequence[Address], found: Mapping[Address, torch.Tensor], blocks: Blocks) -> None:
    """Raises `ArchitectureError` for an address that the forward pass never came by."""
    missing = [str(a) for a in addresses if a not in found]
    if missing:
        raise ArchitectureError(
            f"expected {blocks.name} to run through {', '.join(missing)}, but its forward pass does not; "
            f"ask for the residual stream instead"
        )


@contextmanager
def editing(blocks: Blocks, edits: Mapping[int, Edit]) -> Iterator[None]:
    """Within the block, every forward pass changes the residual stream: `edits` maps a layer (-1: embedding) to its."""
    with ExitStack() as hooks:
        for layer, edit in edits.items():
            if layer == EMBEDDING_LAYER:
                hooks.callback(blocks.modules[0].register_forward_pre_hook(_editor(edit), with_kwargs=True).remove)
            else:
                hooks.callback(blocks.modules[layer].register_forward_hook(_output_editor(edit)).remove)
        yield


def _place(blocks: Blocks, address: Address) -> Place:
    """Where to be called with the hidden states at the vector that `address` lies in: before or after which module."""
    layer = address.layer
    if address.site == "residual":
        if layer == EMBEDDING_LAYER:
            return _before, blocks.modules[0]
        return _after, blocks.modules[layer]
    if address.site == "attention":
        return _after, blocks.projection(layer, "attention")
    if address.site == "head":
        return _before, blocks.projection(layer, "attention")
    if address.site == "neurons":
        return _before, blocks.projection(layer, "mlp")
    writers = blocks.writers[layer]
    return _after, writers.mlp or writers.mlp_module or blocks.projection(layer, "mlp")


def _after(module: nn.Module, read: _Read) -> Callable[[], None]:
    def hook(_: nn.Module, __: Any, output: Any) -> None:
        read(first_tensor(output))

    return module.register_forward_hook(hook).remove


def _before(module: nn.Module, read: _Read) -> Callable[[], None]:
    def hook(_: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        read(args[0] if args else kwargs[_first_tensor_name(kwargs)])

    return module.register_forward_pre_hook(hook, with_kwargs=True).remove


def _editor(edit: Edit) -> Callable[..., tuple[tuple[Any, ...], dict[str, Any]]]:
    def hook(_: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        if args:
            return (edit.apply(args[0]), *args[1:]), kwargs
        name = _first_tensor_name(kwargs)
        return args, {**kwargs, name: edit.apply(kwargs[name])}

    return hook


def _output_editor(edit: Edit) -> Callable[..., Any]:
    def hook(_: nn.Module, __: Any, output: Any) -> Any:
        changed = edit.apply(first_tensor(output))
        return changed if isinstance(output, torch.Tensor) else (changed, *output[1:])

    return hook


def _first_tensor_name(kwargs: Mapping[str, Any]) -> str:
    if "hidden_states" in kwargs:
        return "hidden_states"
    return next(name for name, value in kwargs.items() if isinstance(value, torch.Tensor))
