"""What an explanation must beat: the most frequent word, no ranking, a random phrase."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from ..texts.words import content_words
from .types import Candidate, RankedPhrases

if TYPE_CHECKING:
    from ...models import Embedder

WORD_COUNT, NO_RANKING, RANDOM_PHRASE = "most frequent word", "no ranking", "random phrase"


def baselines(ranked: RankedPhrases, embedder: Embedder, rng: np.random.Generator) -> list[Candidate]:
    """The three baselines as explanations, their origins saying which; one that says nothing is left out.

    `no ranking` is what the embedded generator makes of the same phrases with their responses dealt out at random.
    """
    found = {
        WORD_COUNT: most_frequent_word(ranked.phrases),
        NO_RANKING: _unranked(ranked, embedder, rng),
        RANDOM_PHRASE: _random_phrase(ranked, rng),
    }
    return [Candidate(text, name) for name, text in found.items() if text]


def most_frequent_word(phrases: tuple[str, ...]) -> str:
    """The content word that most of `phrases` hold, the one in a higher phrase if several; empty if there is none."""
    counts = Counter(word for phrase in phrases for word in dict.fromkeys(content_words(phrase)))
    return counts.most_common(1)[0][0] if counts else ""


def _unranked(ranked: RankedPhrases, embedder: Embedder, rng: np.random.Generator) -> str:
    from .summarizing import summarize

    order = rng.permutation(len(ranked.all_phrases))
    dealt = RankedPhrases(
        tuple(ranked.all_phrases[i] for i in order), ranked.all_responses, ranked.keep, ranked.scored, ranked.left_out
    )
    found = summarize(dealt, embedder=embedder, n=1)
    return found[0].text if found else ""


def _random_phrase(ranked: RankedPhrases, rng: np.random.Generator) -> str:
    """A phrase with a content word, not one of the top ones where there are others."""
    others = [phrase for phrase in ranked.all_phrases[ranked.keep :] if content_words(phrase)]
    drawn = others or [phrase for phrase in ranked.all_phrases if content_words(phrase)]
    return str(rng.choice(drawn)) if drawn else ""
