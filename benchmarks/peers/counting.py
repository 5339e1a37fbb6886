"""The floating-point bound: operations that cannot be saved, over the rate of plain matrix products."""

from __future__ import annotations

import time
from collections.abc import Sequence

import torch

from ...models.blocks import Blocks, linear_sizes

ROUNDS = 5
SIDES = (512, 1024)
"""Rows of the products that are timed; the fastest counts."""


def operations(blocks: Blocks, length: int, layers: Sequence[int], tokens: int) -> float:
    """What rows patched at the last of `length` tokens, after the blocks `layers`, cost at least for `tokens` tokens.

    Multiplications and additions of the linear layers and of attention; the target's tokens run once, a row runs what
    lies above its layer, and logits are taken where a token is picked.
    """
    linear = [sum(_product(m) for m in block.modules()) for block in blocks.modules]
    head = sum(_product(module) for module in blocks.tail)
    attended = 4 * sum(linear_sizes(blocks.projection(n, "attention"))[0] for n in range(blocks.n_layers))
    total = length * sum(linear) + attended * length * (length + 1) / 2
    for layer in layers:
        share = (blocks.n_layers - 1 - layer) / blocks.n_layers
        total += sum(linear[layer + 1 :]) + share * attended * length + tokens * head
        total += sum(sum(linear) + attended * (length + step) for step in range(1, tokens))
    return total


def fastest_rate(d_model: int, device: str, dtype: torch.dtype) -> float:
    """Operations a second of the fastest of several matrix products; CPU seconds on a CPU."""
    return max(_rate(rows, d_model, device, dtype) for rows in SIDES for _ in range(ROUNDS))


def _product(module: torch.nn.Module) -> int:
    inputs, outputs = linear_sizes(module)
    return 2 * inputs * outputs


@torch.inference_mode()
def _rate(rows: int, d_model: int, device: str, dtype: torch.dtype) -> float:
    left = torch.randn((rows, d_model), device=device, dtype=dtype)
    right = torch.randn((4 * d_model, d_model), device=device, dtype=dtype)
    times = max(1, int(2e9 / (2 * rows * right.numel()))) if device == "cpu" else 100
    torch.nn.functional.linear(left, right)
    began = _now(device)
    for _ in range(times):
        torch.nn.functional.linear(left, right)
    return 2 * rows * right.numel() * times / (_now(device) - began)


def _now(device: str) -> float:
    if device == "cpu":
        return time.process_time()
    torch.cuda.synchronize()
    return time.perf_counter()
