"""What a capture gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import torch

from .addresses import Address, parse_address
from .errors import AddressError, PositionError
from .prompt import Prompt

PositionsLike: TypeAlias = int | Sequence[int] | Sequence[Sequence[int]] | None
"""A position or several for every prompt, or several for each prompt; None is every position."""


@dataclass(frozen=True, eq=False)
class Activations:
    """Hidden states: `activations["layers.7.residual"][i]` is (positions, width) for prompt i.

    At the address of a single number (`layers.12.mlp.neurons.345`) it is (positions,). `positions[i]` are counted
    from 0 in prompt i.
    """

    prompts: tuple[Prompt, ...]
    positions: tuple[tuple[int, ...], ...]
    values: Mapping[Address, tuple[torch.Tensor, ...]]

    def __getitem__(self, address: str | Address) -> tuple[torch.Tensor, ...]:
        wanted = parse_address(address)
        if wanted not in self.values:
            known = ", ".join(map(str, self.values))
            raise AddressError(f"expected one of the captured addresses ({known}), got {wanted}; capture it as well")
        return self.values[wanted]

    def stack(self, address: str | Address) -> torch.Tensor:
        """(prompts, positions, width), or (prompts, positions) for single numbers."""
        found = self[address]
        sizes = {len(p) for p in self.positions}
        if len(sizes) > 1:
            raise PositionError(
                f"expected as many positions in every prompt to stack them, got {min(sizes)} to {max(sizes)}; "
                "take the prompts one by one"
            )
        return torch.stack(found)


def resolve_positions(positions: PositionsLike, prompts: Sequence[Prompt]) -> tuple[tuple[int, ...], ...]:
    """For each prompt the positions asked for, counted from 0. Raises `PositionError` for one outside its prompt."""
    if positions is None:
        return tuple(tuple(range(len(p))) for p in prompts)
    if isinstance(positions, int):
        positions = [positions]
    rows = [p if isinstance(p, int) else tuple(p) for p in positions]
    shared = tuple(p for p in rows if isinstance(p, int))
    each = [p for p in rows if not isinstance(p, int)]
    if each and (shared or len(rows) != len(prompts)):
        raise PositionError(
            f"expected positions for all prompts (a number or a list of numbers) or a list for each of "
            f"{len(prompts)} prompts, got {len(rows)} items"
        )
    return tuple(
        tuple(prompt.position(p) for p in row) for prompt, row in zip(prompts, each or [shared] * len(prompts))
    )
