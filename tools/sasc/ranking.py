"""SASC's first step (arXiv:2305.09863, section 2): the phrases that a module responds to most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .halving import search
from .types import Floats, Module, RankedPhrases, SascError

if TYPE_CHECKING:
    from ...models import Embedder

BATCH = 1024
"""Phrases in one call of the module."""


def top_phrases(
    module: Module,
    phrases: Sequence[str],
    *,
    keep: int = 50,
    budget: int | None = None,
    rng: np.random.Generator,
    embedder: Embedder | None = None,
) -> RankedPhrases:
    """Rank `phrases` by the module's response.

    With a `budget` (phrases the module may be asked) below their number, the top is searched for rather than read off:
    by successive halving over groups of like meaning (`halving.search`, which states its guarantee) where there is an
    `embedder`, else in a random sample. Phrases without a finite response are left out and counted.

    Raises `SascError` for no phrases, a budget below 2, or a module that answers no phrase.
    """
    fresh = list(dict.fromkeys(phrases))
    if not fresh or keep < 1:
        raise SascError(f"expected phrases to rank and keep ≥ 1, got {len(fresh)} phrases and keep={keep}; add texts")
    if budget is not None and budget < 2:
        raise SascError(f"expected a budget of at least 2 phrases, got {budget}; raise it")
    answers = np.full(len(fresh), np.nan)
    asked = np.zeros(len(fresh), dtype=bool)

    def ask(numbers: Sequence[int]) -> Floats:
        answers[list(numbers)] = responses(module, [fresh[i] for i in numbers])
        asked[list(numbers)] = True
        return answers[list(numbers)]

    if budget is None or budget >= len(fresh):
        ask(range(len(fresh)))
    elif embedder is None:
        ask([int(i) for i in np.sort(rng.choice(len(fresh), budget, replace=False))])
    else:
        search(ask, embedder.encode(fresh), budget=budget, keep=keep, rng=rng)
    return _ranked(fresh, answers, asked, keep)


def _ranked(phrases: Sequence[str], answers: Floats, asked: np.ndarray, keep: int) -> RankedPhrases:
    known = np.flatnonzero(np.isfinite(answers))
    if not len(known):
        raise SascError(
            f"expected finite responses, got none to {int(asked.sum())} phrases (the first: {phrases[0]!r}); "
            "check the module on a single text"
        )
    order = known[np.argsort(-answers[known], kind="stable")]
    return RankedPhrases(
        tuple(phrases[i] for i in order),
        answers[order],
        min(keep, len(order)),
        int(asked.sum()),
        int(asked.sum()) - len(known),
        len(phrases) - int(asked.sum()),
    )


def responses(module: Module, texts: Sequence[str]) -> Floats:
    """The module's response to each text, NaN or infinite ones as NaN, asked in batches of `BATCH`.

    Raises `SascError` for a module that does not answer with a number for each text.
    """
    found = np.full(len(texts), np.nan)
    for start in range(0, len(texts), BATCH):
        part = list(texts[start : start + BATCH])
        try:
            values = np.asarray(module(part), dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise SascError(f"the module did not answer with numbers: {error}; return one number a text") from error
        if values.shape != (len(part),):
            raise SascError(f"expected {len(part)} responses, one a text, got shape {values.shape}; mend the module")
        found[start : start + BATCH] = values
    found[~np.isfinite(found)] = np.nan
    return found
