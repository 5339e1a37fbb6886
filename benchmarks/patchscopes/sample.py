"""Positions in plain text: where next-token predictions are read, and texts of other origins to fit a lens to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from ...models.addresses import residual
from ...tools.patchscope.fitting import first_tokens
from ...tools.patchscope.plain_text import Passage, passages
from ..errors import BenchmarkError

if TYPE_CHECKING:
    from ...models import LanguageModel

FIRST_POSITION = 8
"""Positions before this one have seen too little to be asked what comes next."""
LEAST_TOKENS = 16
EVALUATED = 0.6
"""The share of origins that positions are drawn from; the rest is there to fit to."""


@dataclass(frozen=True, eq=False)
class Sample:
    """`hidden` (positions, layers, d_model): raw residual streams after every block, at one position of each passage.

    `own` (positions,): the token that the model itself says next. `origins`: where each passage comes from.
    """

    hidden: torch.Tensor
    own: torch.Tensor
    origins: tuple[str, ...]


def split_origins(seed: int) -> tuple[list[Passage], list[Passage]]:
    """(to evaluate on, to fit to), no origin in both; in turns from one origin after the other."""
    every = passages()
    origins = sorted({p.origin for p in every})
    order = [origins[i] for i in np.random.default_rng(seed).permutation(len(origins))]
    cut = round(EVALUATED * len(order))
    return _in_turns(every, order[:cut], seed), _in_turns(every, order[cut:], seed)


def _in_turns(every: tuple[Passage, ...], origins: list[str], seed: int) -> list[Passage]:
    rng = np.random.default_rng(seed + 1)
    piles = []
    for origin in origins:
        pile = [p for p in every if p.origin == origin]
        piles.append([pile[i] for i in rng.permutation(len(pile))])
    deepest = max(map(len, piles))
    return [pile[turn] for turn in range(deepest) for pile in piles if turn < len(pile)]


def draw_sample(model: LanguageModel, chosen: list[Passage], count: int, seed: int) -> Sample:
    """`count` positions, one in each of the first passages that are long enough."""
    rng = np.random.default_rng(seed + 2)
    prompts, positions, origins = [], [], []
    for passage in chosen:
        prompt = first_tokens(model, passage.text)
        if len(prompt) < LEAST_TOKENS:
            continue
        prompts.append(prompt)
        positions.append([int(rng.integers(FIRST_POSITION, len(prompt)))])
        origins.append(passage.origin)
        if len(prompts) == count:
            break
    if len(prompts) < count:
        raise BenchmarkError(
            f"expected {count} passages of {LEAST_TOKENS} tokens or more in the text that comes with Python, "
            f"got {len(prompts)}; pass --positions {len(prompts)}"
        )
    every = [residual(layer) for layer in range(model.n_layers)]
    states = model.capture(prompts, every, positions)
    hidden = torch.stack([torch.cat(list(states[address])) for address in every], dim=1)
    return Sample(hidden, model.unembed(hidden[:, -1]).argmax(-1), tuple(origins))
