"""Learning affine mappings between hidden states from plain text, with texts held out to choose and to judge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np
import torch

from ...models.errors import PromptError
from .errors import MappingError
from .mappings import Affine, Moments, best_ridge

if TYPE_CHECKING:
    from ...models import LanguageModel, Prompt

Part = Literal["train", "validation", "test"]
SHARES: dict[Part, float] = {"train": 0.7, "validation": 0.15, "test": 0.15}
LEAST_TEXTS = 6
MAX_TOKENS = 64
"""Tokens of a text that are looked at."""
FIRST_POSITION = 1
"""The first token gathers attention, with hidden states hundreds of times larger than others: it is left out."""
BATCH = 16
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Fitted:
    """A learned mapping, to be used as one: f(h) is `mapping(h)`.

    `explained` is the share of variance it explains on held-out texts, `pairs` how many tokens it was fitted to.
    """

    mapping: Affine
    explained: float
    ridge: float
    pairs: int

    def __call__(self, hidden: torch.Tensor) -> torch.Tensor:
        return self.mapping(hidden)


@dataclass(eq=False)
class Split:
    """Moments of pairs from the texts to fit to, to choose the penalty by, and to judge on."""

    parts: dict[Part, Moments] = field(default_factory=lambda: {part: Moments() for part in SHARES})

    def fit(self) -> Fitted:
        """Fit to the first part, choose by the second, judge on the third."""
        for part, moments in self.parts.items():
            if moments.count < 2:
                raise MappingError(
                    f"expected 2 pairs of tokens or more for {part}, got {moments.count}; pass more text"
                )
        mapping, ridge = best_ridge(self.parts["train"], self.parts["validation"])
        return Fitted(mapping, self.parts["test"].explained(mapping), ridge, self.parts["train"].count)


def split_texts(texts: Sequence[str], seed: int) -> dict[Part, list[str]]:
    """Whole texts to each part, at random."""
    if len(texts) < LEAST_TEXTS:
        raise MappingError(
            f"expected at least {LEAST_TEXTS} texts to fit a mapping to, so that some can be held out, "
            f"got {len(texts)}; pass more"
        )
    order = [texts[i] for i in np.random.default_rng(seed).permutation(len(texts))]
    held = max(1, round(SHARES["test"] * len(order)))
    return {"test": order[:held], "validation": order[held : 2 * held], "train": order[2 * held :]}


def prompts_of(model: LanguageModel, texts: Sequence[str]) -> list[Prompt]:
    """The first `MAX_TOKENS` tokens of each text; texts of a single token teach nothing and are left out."""
    return [p for text in texts if len(p := first_tokens(model, text)) > FIRST_POSITION]


def first_tokens(model: LanguageModel, text: str, limit: int = MAX_TOKENS) -> Prompt:
    """The first `limit` tokens of `text` as a prompt that ends there."""
    from ...models.prompt import Prompt, make_prompt

    whole = make_prompt(model.tokenizer, text)
    if whole.offsets is None or whole.text is None:
        raise PromptError("expected a tokenizer that knows offsets (a fast one); load one to fit mappings to text")
    limit = min(limit, model.context_length or limit)
    kept = whole.offsets[:limit]
    return Prompt(whole.ids[:limit], whole.text[: kept[-1][1]], kept)


def batches(items: Sequence[T]) -> Iterator[list[T]]:
    """Some at a time."""
    return (list(items[i : i + BATCH]) for i in range(0, len(items), BATCH))
