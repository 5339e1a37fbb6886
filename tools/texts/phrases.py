"""Short phrases of texts: what a text module is first asked about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np

from .words import clauses, folded


def ngrams(texts: Iterable[str], most_words: int = 3, *, most: int | None = None, seed: int = 0) -> list[str]:
    """The different phrases of one to `most_words` words in `texts`, the most frequent first.

    A phrase never runs over a punctuation mark. Phrases that differ in case alone count as one, written as most often.
    With more than `most`, that many are drawn at random, each in proportion to its frequency.

    >>> ngrams(["The cat, the dog"], 2)
    ['The', 'cat', 'dog', 'The cat', 'the dog']
    """
    if most_words < 1:
        raise ValueError(f"expected phrases of at least one word, got most_words={most_words}")
    if most is not None and most < 1:
        raise ValueError(f"expected at least one phrase, got most={most}")
    written: dict[str, Counter[str]] = {}
    for phrase in _all_phrases(texts, most_words):
        written.setdefault(folded(phrase), Counter())[phrase] += 1
    counts = {plain: spellings.total() for plain, spellings in written.items()}
    kept = list(counts)
    if most is not None and len(kept) > most:
        kept = _drawn(kept, np.array([counts[p] for p in kept], float), most, seed)
    kept.sort(key=lambda plain: (-counts[plain], plain.count(" ")))
    return [written[plain].most_common(1)[0][0] for plain in kept]


def _all_phrases(texts: Iterable[str], most_words: int) -> Iterator[str]:
    for text in texts:
        for clause in clauses(text):
            for size in range(1, most_words + 1):
                for start in range(len(clause) - size + 1):
                    yield " ".join(clause[start : start + size])


def _drawn(
    phrases: list[str], weights: np.ndarray[tuple[int], np.dtype[np.float64]], most: int, seed: int
) -> list[str]:
    """`most` of `phrases` without replacement, in proportion to `weights` (Efraimidis and Spirakis, 2006)."""
    keys = np.log(np.random.default_rng(seed).random(len(phrases))) / weights
    chosen = np.argpartition(-keys, most - 1)[:most]
    return [phrases[i] for i in sorted(chosen)]
