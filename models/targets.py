"""Which way of computing rows a model allows, found out by trying both on a few rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import torch

from .driving import DrivenWay
from .errors import ArchitectureError
from .prompt import Prompt, PromptLike
from .rope import splits_badly
from .rows import HookedWay, Rows, Way
from .target import PatchedTarget

if TYPE_CHECKING:
    from .language_model import LanguageModel

Method = Literal["blocks", "hooks"]
TOLERANCE = 1e-3
"""By how much the last states of both ways may differ, as a share of their largest size; 50 times that in 16 bits."""
N_TOKENS = 6


class PatchedTargets:
    """Targets of one model. `method` says how their rows are computed: block by block above what they share, or,
    where `reason` says why that cannot be, by hooks on whole forward passes. Both give the same rows.
    """

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self.reason = _why_not_driven(model)

    @property
    def method(self) -> Method:
        return "blocks" if self.reason is None else "hooks"

    def target(self, prompt: PromptLike, position: int = -1, *, chunk_bytes: int | None = None) -> PatchedTarget:
        """`prompt`, to be patched at `position`; `chunk_bytes` bounds what rows that run together take.

        Raises `PromptError` or `PositionError` before anything is computed.
        """
        made = self._model.prompt(prompt)
        at = made.position(position)
        driven = self.reason is None and not splits_badly(self._model.runner.length_border, at, len(made))
        way: Way = (DrivenWay if driven else HookedWay)(self._model, made, at)
        return PatchedTarget(self._model, made, at, way, chunk_bytes=chunk_bytes)


def _why_not_driven(model: LanguageModel) -> str | None:
    """None if rows advanced block by block are what hooks give; else why not."""
    if not model.is_causal:
        return f"in {model.name} tokens see what follows them, so that nothing is shared"
    length = min(N_TOKENS, model.context_length or N_TOKENS)
    target = Prompt(tuple((7 * i + 3) % model.n_tokens for i in range(length)))
    for position in (length // 2, length - 1):
        try:
            differing = _difference(model, target, position)
        except ArchitectureError as error:
            return str(error)
        except (
            AttributeError,
            IndexError,
            KeyError,
            NotImplementedError,
            RuntimeError,
            TypeError,
            ValueError,
        ) as error:
            return f"the blocks of {model.name} cannot be run one by one ({type(error).__name__}: {error})"
        if not differing <= TOLERANCE * (1 if model.dtype.itemsize >= 4 else 50):
            return f"the blocks of {model.name}, run one by one, give other states than the model ({differing:.1g})"
    return None


@torch.inference_mode()
def _difference(model: LanguageModel, target: Prompt, position: int) -> float:
    """By how much the two ways differ on rows at three layers, as a share of the largest size."""
    layers = (-1, 0, model.n_layers // 2)
    noise = torch.randn((len(layers), model.d_model), generator=torch.Generator().manual_seed(0))
    rows = Rows((0, 1, 2), layers, noise.to(model.device, model.dtype))
    hooked = HookedWay(model, target, position).states(rows).float()
    driven = DrivenWay(model, target, position).states(rows).float()
    return float((driven - hooked).abs().max() / hooked.abs().max().clamp(min=1e-6))
