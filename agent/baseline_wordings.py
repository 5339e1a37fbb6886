"""Trivial explanations in words, which a real one has to beat: made from the same phrases, without looking closely."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..tools.sasc.types import Candidate, Floats, RankedPhrases
from .frozen import usable
from .types import Observation

TOP_PHRASES = 50
MOST_LOOKED_AT = 600
MOST_WORDS = 3
"""Phrases have at most this many words; anything longer is a text."""
MakeBaselines = Callable[[RankedPhrases, np.random.Generator], Sequence[Candidate]]
"""From ranked phrases to baselines, their origins being their names (see `tools.sasc.baselines`)."""


@dataclass(frozen=True, slots=True)
class BaselineWording:
    """What a baseline is called, and what it says of the texts that the module responds to."""

    name: str
    says: str


class BaselineWordings:
    """The baselines that a run's phrases give: most frequent word, no ranking, random phrase."""

    def __init__(self, make: MakeBaselines) -> None:
        self._make = make
        self._made: dict[tuple[int, int, int], list[BaselineWording]] = {}

    def of(self, queries: Sequence[Observation], seed: int) -> list[BaselineWording]:
        """The baselines that the phrases among `queries` give, or where those tell nothing apart, the texts."""
        key = (len(queries), queries[-1].number if queries else 0, seed)
        if key not in self._made:
            ranked = ranked_phrases(queries)
            if ranked is None or ranked.constant:
                ranked = ranked_texts(queries)
            rng = np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=(0xBA5E,)))
            found = () if ranked is None or ranked.constant else self._make(thinned(ranked), rng)
            self._made[key] = [BaselineWording(c.origin, c.text) for c in found]
        return self._made[key]


def ranked_phrases(queries: Sequence[Observation]) -> RankedPhrases | None:
    """The different phrases that got a number, the highest response first; None without any."""
    found = {text: value for text, value in _answered(queries).items() if is_phrase(text)}
    return _ranked(found, TOP_PHRASES)


def ranked_texts(queries: Sequence[Observation]) -> RankedPhrases | None:
    """The same of whole texts; the top fifth counts as the top."""
    found = {text: value for text, value in _answered(queries).items() if not is_phrase(text)}
    return _ranked(found, max(2, len(found) // 5))


def _answered(queries: Sequence[Observation]) -> dict[str, float]:
    """First responses by text, in the order asked."""
    found: dict[str, float] = {}
    for o in queries:
        value = usable(o.reply.value)
        if isinstance(o.input, str) and isinstance(value, float):
            found.setdefault(o.input, value)
    return found


def _ranked(found: dict[str, float], keep: int) -> RankedPhrases | None:
    if not found:
        return None
    texts, responses = list(found), np.array(list(found.values()), dtype=np.float64)
    order = np.argsort(-responses, kind="stable")
    ranked: Floats = responses[order]
    return RankedPhrases(tuple(texts[k] for k in order), ranked, min(keep, len(texts)), len(texts))


def thinned(ranked: RankedPhrases, most: int = MOST_LOOKED_AT) -> RankedPhrases:
    """`ranked` with its top phrases and an even choice down the ranks of the others, `most` in all: describing takes
    time in proportion to the phrases, and the rest only says what the top ones are to be told from.
    """
    total, keep = len(ranked.all_phrases), ranked.keep
    if total <= most:
        return ranked
    rest = np.unique(np.linspace(keep, total - 1, most - keep).astype(int))
    kept = [*range(keep), *(int(k) for k in rest)]
    responses: Floats = ranked.all_responses[kept]
    phrases = tuple(ranked.all_phrases[k] for k in kept)
    return RankedPhrases(phrases, responses, keep, ranked.scored, ranked.left_out, ranked.unasked)


def is_phrase(text: str) -> bool:
    return len(text.split()) <= MOST_WORDS
