"""Many patched runs of one target at once: a row is a target layer and a vector. The one door to the models' engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from ...models.errors import PatchError
from .errors import PatchscopeError

if TYPE_CHECKING:
    from ...models.target import PatchedTarget
    from .places import Place


@dataclass(frozen=True, eq=False)
class Rows:
    """What is put where: in row r `vectors[r]` (d_model of the target), at layer `layers[r]`."""

    layers: tuple[int, ...]
    vectors: torch.Tensor

    def __post_init__(self) -> None:
        if self.vectors.shape[:1] != (len(self.layers),):
            raise PatchscopeError(f"expected a vector for each of {len(self.layers)} rows, got {len(self.vectors)}")
        if not bool(torch.isfinite(self.vectors).all()):
            raise PatchError(
                "expected finite numbers in a patch, got NaN or infinity; look at the mapping and the source's model"
            )

    def __len__(self) -> int:
        return len(self.layers)


@dataclass(frozen=True, eq=False)
class RowReadouts:
    """What the target predicts next, row by row, in natural logarithms.

    `ids` and `log_probabilities` are (rows, top), the likeliest first; `watched` (rows, ids watched).
    """

    ids: torch.Tensor
    log_probabilities: torch.Tensor
    watched: torch.Tensor


def patched(place: Place) -> PatchedTarget:
    """The target of `place`, ready for many patches."""
    return place.model.target(place.prompt, place.position)


def read_rows(
    target: PatchedTarget, rows: Rows, watch: Sequence[int] | torch.Tensor = (), *, top: int = 5
) -> RowReadouts:
    """The next-token readout of every row: the `top` likeliest tokens, and the log-probabilities of those in `watch`.

    `watch`: token ids for all rows, or (rows, ids) for each row its own.
    """
    wanted = torch.as_tensor(watch, dtype=torch.long)
    wanted = wanted.expand(len(rows), -1) if wanted.dim() == 1 else wanted
    every, place = torch.unique(wanted, return_inverse=True)

    def reduce(logits: torch.Tensor) -> torch.Tensor:
        return summarize(logits, every.to(logits.device), top)

    found = target.reduced(rows.layers, rows.vectors, reduce).cpu()
    k = (found.shape[1] - len(every)) // 2
    return RowReadouts(found[:, :k].long(), found[:, k : 2 * k], found[:, 2 * k :].gather(1, place))


def summarize(logits: torch.Tensor, watch: torch.Tensor, top: int) -> torch.Tensor:
    """(rows, 2 · top + ids watched), 64-bit: likeliest ids, their log-probabilities, those of the `watch`ed ids."""
    best = logits.topk(min(top, logits.shape[-1]))
    total = logits.float().logsumexp(-1, keepdim=True).double()
    return torch.cat([best.indices.double(), best.values.double() - total, logits[:, watch].double() - total], dim=1)


def continue_rows(target: PatchedTarget, rows: Rows, *, max_new_tokens: int, stop: Sequence[str] = ()) -> list[str]:
    """The greedy continuation of every row, patched once and living on through the KV cache."""
    written = target.describe(rows.layers, rows.vectors, max_new_tokens=max_new_tokens, stop=stop)
    return [w.text for w in written]
