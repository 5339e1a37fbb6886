"""Patches: changes to the residual stream of a prompt at some layers and positions, made once, while it is read in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import torch

from .batches import Batch
from .blocks import Blocks
from .errors import PatchError
from .hooks import Edit
from .prompt import Prompt

How = Literal["replace", "add", "scale", "interpolate"]


@dataclass(frozen=True, eq=False)
class Patch:
    """One change. `layer` counts block outputs from 0; -1 is the embedding. `positions`: of one prompt's tokens.

    `values` is one vector (d_model) for all positions or one for each (positions, d_model); None with `scale`.

    | how | the residual stream h becomes |
    |---|---|
    | `replace` | values |
    | `add` | h + amount · values |
    | `scale` | amount · h |
    | `interpolate` | (1 - amount) · h + amount · values |

    Patches at one place are made in the order they are given. Patchscopes, section 3 (arXiv:2401.06102).
    """

    layer: int
    positions: int | Sequence[int]
    values: torch.Tensor | None = None
    how: How = "replace"
    amount: float = 1.0


PatchesLike: TypeAlias = Sequence[Patch] | Sequence[Sequence[Patch]] | None
"""Patches that every prompt gets, or one sequence of patches for each prompt."""

_Change: TypeAlias = tuple[float, torch.Tensor]
"""(keep, values): h ← keep · h + values."""


def check_patches(patches: PatchesLike, prompts: Sequence[Prompt], blocks: Blocks) -> list[list[Patch]]:
    """For each prompt its patches, positions counted from 0, values one for each position.

    Raises `PatchError`, `LayerError` or `PositionError` before anything is computed.
    """
    rows = [p if isinstance(p, Patch) else list(p) for p in patches or ()]
    shared = [p for p in rows if isinstance(p, Patch)]
    each = [p for p in rows if not isinstance(p, Patch)]
    if each and (shared or len(rows) != len(prompts)):
        raise PatchError(
            f"expected patches for all prompts, or one sequence of patches for each of {len(prompts)} prompts, "
            f"got {len(rows)} items; pass [patch, …] or [[patch, …], …]"
        )
    per_prompt = each or [shared] * len(prompts)
    return [[_check(p, prompt, blocks) for p in row] for prompt, row in zip(prompts, per_prompt)]


def _check(patch: Patch, prompt: Prompt, blocks: Blocks) -> Patch:
    blocks.check_layer(patch.layer)
    given = [patch.positions] if isinstance(patch.positions, int) else list(patch.positions)
    positions = tuple(prompt.position(p) for p in given)
    if patch.how not in ("replace", "add", "scale", "interpolate"):
        raise PatchError(f"expected how to be replace, add, scale or interpolate, got {patch.how!r}")
    if not torch.isfinite(torch.tensor(float(patch.amount))):
        raise PatchError(f"expected a finite amount, got {patch.amount}")
    return Patch(patch.layer, positions, _check_values(patch, len(positions), blocks), patch.how, float(patch.amount))


def _check_values(patch: Patch, n_positions: int, blocks: Blocks) -> torch.Tensor:
    size = blocks.d_model
    if patch.how == "scale":
        if patch.values is not None:
            raise PatchError("expected no values with how='scale', which multiplies by amount; leave them out")
        return torch.zeros(n_positions, size)
    if patch.values is None:
        raise PatchError(f"expected values for how={patch.how!r}, got none; pass a vector of {size} numbers")
    values = torch.as_tensor(patch.values).detach()
    if values.shape not in ((size,), (n_positions, size)):
        raise PatchError(
            f"expected values of size {size} (the hidden size of {blocks.name}) or {n_positions} × {size}, "
            f"got {' × '.join(map(str, values.shape)) or 'a single number'}; "
            "between models of different hidden sizes, map the vector first"
        )
    if not bool(torch.isfinite(values).all()):
        raise PatchError("expected finite numbers in a patch, got NaN or infinity; look at where the vector comes from")
    return values.expand(n_positions, size)


def edits_of(rows: Sequence[Sequence[Patch]], batch: Batch) -> dict[int, Edit]:
    """One edit a layer for a batch whose rows get the (checked) patches `rows`."""
    changes: dict[int, dict[tuple[int, int], _Change]] = {}
    for row, patches in enumerate(rows):
        for patch in patches:
            assert patch.values is not None
            assert not isinstance(patch.positions, int)
            layer = changes.setdefault(patch.layer, {})
            for position, values in zip(patch.positions, patch.values):
                cell = (row, position)
                layer[cell] = _after(layer.get(cell), _as_change(patch, values))
    return {layer: _edit(found, batch) for layer, found in changes.items()}


def _as_change(patch: Patch, values: torch.Tensor) -> _Change:
    if patch.how == "replace":
        return 0.0, values
    if patch.how == "add":
        return 1.0, patch.amount * values
    if patch.how == "scale":
        return patch.amount, values
    return 1 - patch.amount, patch.amount * values


def _after(first: _Change | None, second: _Change) -> _Change:
    """Both changes as one: `first`, then `second`."""
    if first is None or second[0] == 0:
        return second
    return second[0] * first[0], second[0] * first[1].to(second[1]) + second[1]


def _edit(changes: dict[tuple[int, int], _Change], batch: Batch) -> Edit:
    positions: list[list[int]] = [[] for _ in batch.numbers]
    for row, position in changes:
        positions[row].append(position)
    ordered = [changes[row, position] for row, found in enumerate(positions) for position in found]
    device = ordered[0][1].device
    return Edit(
        batch.cells(positions),
        torch.tensor([keep for keep, _ in ordered]),
        torch.stack([values.to(device) for _, values in ordered]),
    )
