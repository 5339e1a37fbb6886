"""Trivial explanations in words, which a real one has to beat: made from the same phrases, without looking closely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..tools.sasc.types import RankedPhrases
from ..tools.texts import content_words
from .frozen import usable
from .types import Observation

TOP_PHRASES = 50
MOST_WORDS = 3
"""Phrases have at most this many words; anything longer is a text."""
Summarize = Callable[[RankedPhrases], str | None]
"""The best description of ranked phrases, None where they have nothing in common."""


@dataclass(frozen=True, slots=True)
class BaselineWording:
    """What a baseline is called, and what it says of the texts that the module responds to."""

    name: str
    says: str


class BaselineWordings:
    """`most frequent word`: of the content words of the top phrases. `no ranking`: what `summarize` makes of the same
    phrases with their responses dealt out at random. `random phrase`: one of the phrases asked.
    """

    def __init__(self, summarize: Summarize) -> None:
        self._summarize = summarize
        self._made: dict[tuple[int, int, int], list[BaselineWording]] = {}

    def of(self, queries: Sequence[Observation], seed: int) -> list[BaselineWording]:
        """The baselines that `queries` give; fewer where no phrases were answered."""
        key = (len(queries), queries[-1].number if queries else 0, seed)
        if key not in self._made:
            self._made[key] = self._make(queries, seed)
        return self._made[key]

    def _make(self, queries: Sequence[Observation], seed: int) -> list[BaselineWording]:
        phrases, responses = answered_phrases(queries)
        if not phrases:
            return []
        rng = np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=(0xBA5E,)))
        made = []
        top = [phrases[k] for k in np.argsort(-responses, kind="stable")[:TOP_PHRASES]]
        word = most_frequent_word(top)
        if word:
            made.append(BaselineWording("most frequent word", word))
        dealt = rng.permutation(responses)
        order = np.argsort(-dealt, kind="stable")
        unranked = RankedPhrases(
            tuple(phrases[k] for k in order), dealt[order], min(TOP_PHRASES, len(phrases)), len(phrases)
        )
        said = self._summarize(unranked)
        if said:
            made.append(BaselineWording("no ranking", said))
        made.append(BaselineWording("random phrase", phrases[int(rng.integers(len(phrases)))]))
        return made


def answered_phrases(queries: Sequence[Observation]) -> tuple[list[str], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """The different phrases that got a number, in the order asked, and their first responses."""
    found: dict[str, float] = {}
    for o in queries:
        value = usable(o.reply.value)
        if isinstance(o.input, str) and isinstance(value, float) and is_phrase(o.input):
            found.setdefault(o.input, value)
    return list(found), np.array(list(found.values()), dtype=np.float64)


def is_phrase(text: str) -> bool:
    return len(text.split()) <= MOST_WORDS


def most_frequent_word(phrases: Sequence[str]) -> str | None:
    """The content word that occurs in most of `phrases`; of equals the one that comes up first."""
    counts = Counter(word.lower() for phrase in phrases for word in dict.fromkeys(content_words(phrase)))
    return counts.most_common(1)[0][0] if counts else None
