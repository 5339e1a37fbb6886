"""From the residual stream to logits: head(norm(h)), with what a model does to its logits after that."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from .blocks import Blocks
from .errors import ArchitectureError

TOLERANCE = 1e-3
"""By how much logits may differ from the model's own, as a share of their largest size; ten times that in 16 bits."""


class Unembedding:
    """h (…, d_model), the raw residual stream, never a normed one → logits (…, vocabulary).

    Runs the modules that the model itself runs after its last block (final norm, projection, head), then caps or
    scales the logits as its configuration says. Before the first use it is compared with the model's own logits; a
    model that does anything else after its last block is refused.
    """

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._checked = False

    def __call__(self, hidden: torch.Tensor) -> torch.Tensor:
        if not self._checked:
            self._check()
        return self._run(hidden)

    def _run(self, hidden: torch.Tensor) -> torch.Tensor:
        for module in self._blocks.tail:
            hidden = module(_to(hidden, module))
        config = self._blocks.config
        scale = float(getattr(config, "logit_scale", None) or 1) / float(getattr(config, "logits_scaling", None) or 1)
        cap = getattr(config, "final_logit_softcapping", None)
        logits = hidden if scale == 1 else hidden * scale
        return logits if cap is None else torch.tanh(logits / cap) * cap

    @torch.inference_mode()
    def _check(self) -> None:
        name, example = self._blocks.name, self._blocks.example
        if example is None:
            raise ArchitectureError(
                f"expected a model with a language-model head, got {name} ({type(self._blocks.model).__name__}); "
                "load a checkpoint that has one, or stay with captured states"
            )
        own = example.logits.float()
        tolerance = TOLERANCE * (1 if example.logits.dtype == torch.float32 else 10)
        ours = self._run(example.hidden).to(own.device).float()
        if ours.shape != own.shape or float((ours - own).abs().max()) > tolerance * float(own.abs().max().clamp(min=1)):
            ran = ", ".join(type(m).__name__ for m in self._blocks.tail)
            raise ArchitectureError(
                f"{name} does more after its last block than run {ran} and cap or scale the logits as config says; "
                "its residual stream cannot be turned into logits from outside"
            )
        self._checked = True


def _to(hidden: torch.Tensor, module: nn.Module) -> torch.Tensor:
    """`hidden` where the module's numbers are, and of their kind."""
    first: Any = next((p for p in module.parameters() if p.is_floating_point()), None)
    if first is None:
        return hidden
    device = hidden.device if first.device.type == "meta" else first.device
    return hidden.to(device, first.dtype)
