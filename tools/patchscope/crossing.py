"""Patchscopes between two models: an affine mapping learned on text that both have read.

Patchscopes, section 5.2: a larger model of the same family describes a smaller one's states (arXiv:2401.06102). Here
the tokenizers may differ as well: a pair of tokens is aligned where both end at the same character of a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...models.addresses import residual
from .fitting import FIRST_POSITION, Fitted, Split, batches, first_tokens, split_texts
from .places import LayersLike, check_layers

if TYPE_CHECKING:
    from ...models import LanguageModel, Prompt


def fit_cross_model(
    source: LanguageModel,
    target: LanguageModel,
    texts: Sequence[str],
    *,
    source_layers: LayersLike,
    target_layer: int,
    seed: int = 0,
) -> dict[int, Fitted]:
    """For each source layer the affine mapping into the target's `target_layer`, judged on held-out text.

    Use as `grid(Source(source, …), Target(target, …, layer=target_layer), fitted)`.
    """
    wanted = check_layers(source, source_layers)
    [into] = check_layers(target, target_layer)
    splits = {layer: Split() for layer in wanted}
    for part, some in split_texts(texts, seed).items():
        for batch in batches([(first_tokens(source, text), first_tokens(target, text)) for text in some]):
            x = source.capture([p for p, _ in batch], [residual(layer) for layer in wanted])
            y = target.capture([q for _, q in batch], residual(into))[residual(into)]
            for number, pair in enumerate(batch):
                here, there = aligned(*pair)
                for layer, split in splits.items() if here else ():
                    split.parts[part].add(x[residual(layer)][number][here].cpu(), y[number][there].cpu())
    return {layer: split.fit() for layer, split in splits.items()}


def aligned(one: Prompt, other: Prompt) -> tuple[list[int], list[int]]:
    """Positions of tokens of two tokenizations of one text that end at the same character; first tokens left out."""
    ends = {high: i for i, (low, high) in enumerate(other.offsets or ()) if high > low and i >= FIRST_POSITION}
    pairs = [
        (i, ends[high])
        for i, (low, high) in enumerate(one.offsets or ())
        if high > low and i >= FIRST_POSITION and high in ends
    ]
    return [i for i, _ in pairs], [j for _, j in pairs]
