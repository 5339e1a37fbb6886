"""The networks as they are fitted; `guidance` runs them without torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ..guidance import BITS_SCALE

if TYPE_CHECKING:
    from .train import Examples

_WIDE, _NARROW, _KINDS = 96, 32, 48
_DROPPED = 0.1


class _Chooser(nn.Module):
    """Scores of candidates, and how far off they are."""

    def scores(self, before: Tensor, after: Tensor, kinds: Tensor, bits: Tensor) -> Tensor:
        raise NotImplementedError

    def _of(self, shown: Examples, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        tensors = [torch.from_numpy(a[rows]) for a in (shown.before, shown.after, shown.kinds, shown.bits)]
        scores = self.scores(tensors[0], tensors[1].float(), tensors[2], tensors[3] / BITS_SCALE)
        return scores.masked_fill(~torch.from_numpy(shown.present[rows]), -1e9), torch.from_numpy(shown.right[rows])

    def surprise(self, shown: Examples, rows: NDArray[np.int64]) -> Tensor:
        """Minus the log of the chance of a right candidate, for each of the problems `rows`."""
        scores, right = self._of(shown, rows)
        return torch.logsumexp(scores, 1) - torch.logsumexp(scores.masked_fill(~right, -1e9), 1)

    def right_first(self, shown: Examples, rows: NDArray[np.int64]) -> float:
        """The share of problems where the best candidate is a right one."""
        scores, right = self._of(shown, rows)
        return float(right.gather(1, scores.argmax(1, keepdim=True)).float().mean())


class Likely(_Chooser):
    """By the kind of step alone, given how the texts stand to each other before it."""

    def __init__(self, traits: int, kinds: int) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(traits, _WIDE), nn.Linear(_WIDE, _KINDS)
        self.kinds, self.prior = nn.Embedding(kinds + 1, _KINDS), nn.Embedding(kinds + 1, 1)
        self.bits = nn.Parameter(torch.tensor(0.0))
        self._dropout = nn.Dropout(_DROPPED)
        nn.init.normal_(self.kinds.weight, std=0.1)
        nn.init.zeros_(self.prior.weight)

    def scores(self, before: Tensor, after: Tensor, kinds: Tensor, bits: Tensor) -> Tensor:
        hidden = torch.relu(self.second(self._dropout(torch.relu(self.first(before)))))
        scores: Tensor = (hidden[:, None] * self.kinds(kinds)).sum(-1) + self.prior(kinds)[..., 0] + self.bits * bits
        return scores


class Nearer(_Chooser):
    """By how the texts stand to each other after it."""

    def __init__(self, traits: int, kinds: int) -> None:
        super().__init__()
        self.after, self.before = nn.Linear(traits, _WIDE), nn.Linear(traits, _WIDE, bias=False)
        self.kinds, self.bits = nn.Embedding(kinds + 1, _WIDE), nn.Linear(1, _WIDE, bias=False)
        self.second, self.last = nn.Linear(_WIDE, _NARROW), nn.Linear(_NARROW, 1)
        self.likely, self.likely_kinds = nn.Linear(traits, _NARROW), nn.Embedding(kinds + 1, _NARROW)
        self._dropout = nn.Dropout(_DROPPED)
        nn.init.normal_(self.kinds.weight, std=0.1)
        nn.init.normal_(self.likely_kinds.weight, std=0.1)

    def scores(self, before: Tensor, after: Tensor, kinds: Tensor, bits: Tensor) -> Tensor:
        hidden = self.after(after) + self.before(before)[:, None] + self.kinds(kinds) + self.bits(bits[..., None])
        hidden = torch.relu(self.second(self._dropout(torch.relu(hidden))))
        by_kind = (torch.tanh(self.likely(before))[:, None] * self.likely_kinds(kinds)).sum(-1)
        scores: Tensor = self.last(hidden)[..., 0] + by_kind
        return scores
