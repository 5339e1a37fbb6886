"""Phrases that a person would write, out of those that a module responds to."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ..texts.words import folded, is_content, stop_words, words

MOST_WORDS = 3
LEAST_SEEN = 3
"""Scored phrases that must hold several words side by side before these count as a phrase of the language."""
_PRIOR = 500.0
"""Words that the background counts as, in the log-odds: of which each has its background share."""
_HUMPS = re.compile(r"[^\W\d_]*[a-z][A-Z]")


@lru_cache(maxsize=1)
def vocabulary() -> frozenset[str]:
    """Words known as English, in lower case: those of the default corpus and of the bank of topics."""
    from ..concepts import topic_bank
    from ..texts.corpus import default_corpus

    found: set[str] = set(stop_words())
    for text in (*default_corpus().texts, *topic_bank()):
        found.update(folded(word) for word in words(text))
    return frozenset(found)


def known(phrase: str) -> bool:
    """Whether all of its words are in the vocabulary, hyphenated ones by their parts."""
    plain = [
        part
        for word in words(phrase)
        for part in ([folded(word)] if folded(word) in vocabulary() else folded(word).split("-"))
    ]
    return all(part in vocabulary() or part.removesuffix("'s") in vocabulary() for part in plain)


def phrasings(top: Sequence[str], scored: Sequence[str], *, most: int = 150) -> list[str]:
    """Words and short phrases inside the `top` phrases that could explain them, the most telling first.

    Telling is the log-odds of a phrase among the top ones against all `scored`, with a prior (Monroe, Colaresi and
    Quinn 2008), in standard errors. Left out is what nobody would write as an explanation: what begins or ends with a
    stop word, holds digits or run-together words, or is more than one word that hardly ever stand side by side.
    """
    inside, overall = Counter(_parts_of(top)), Counter(_parts_of(scored))
    spelled = _spellings(scored)
    kept = [p for p in inside if " " not in p or overall[p] >= LEAST_SEEN]
    n_top, n_all = max(len(top), 1), max(len(scored), 1)
    telling = {p: _log_odds(inside[p], n_top, overall[p], n_all) for p in kept}
    best = sorted(kept, key=lambda p: (-telling[p], p.count(" "), p))[:most]
    return [" ".join(_spelling(word, spelled) for word in p.split(" ")) for p in best]


def _parts_of(phrases: Iterable[str]) -> Iterable[str]:
    """Each phrase's parts that begin and end with content words, in lower case, once a phrase."""
    for phrase in phrases:
        run = words(phrase)
        found = set()
        for start in range(len(run)):
            for end in range(start + 1, min(start + MOST_WORDS, len(run)) + 1):
                part = run[start:end]
                if is_content(part[0]) and is_content(part[-1]) and all(map(_writable, part)):
                    found.add(" ".join(map(folded, part)))
        yield from sorted(found)


def _writable(word: str) -> bool:
    return len(word) > 1 and not any(c.isdigit() for c in word) and not _HUMPS.match(word)


def _log_odds(inside: int, n_top: int, overall: int, n_all: int) -> float:
    """By how many standard errors a phrase is likelier among the top ones than its share overall says."""
    prior = _PRIOR * (overall + 0.5) / (n_all + 1)
    here = math.log((inside + prior) / (n_top + _PRIOR - inside - prior)) if inside + prior < n_top + _PRIOR else 50.0
    there = math.log((overall + prior) / max(n_all + _PRIOR - overall - prior, 0.5))
    return (here - there) / math.sqrt(1 / (inside + prior) + 1 / (overall + prior))


def _spellings(phrases: Iterable[str]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for phrase in phrases:
        for word in words(phrase):
            found.setdefault(folded(word), Counter())[word] += 1
    return found


def _spelling(plain: str, spelled: dict[str, Counter[str]]) -> str:
    """How a person writes a word: in lower case where that is ever done, else (names) as most often."""
    if plain in spelled[plain] or plain in vocabulary():
        return plain
    most = spelled[plain].most_common(1)[0][0]
    return most.capitalize() if most.isupper() and len(most) > 5 else most
