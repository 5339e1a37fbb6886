"""The measures themselves: plain functions on texts, which know nothing of agents."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True)
class Traits:
    """Surface traits of a text. `sentence_length` in words, `word_length` in characters; `reading_ease`: Flesch's, 100
    is easy and 0 is hard (English; Flesch 1948); the rest are shares of characters.
    """

    words: int
    sentence_length: float
    word_length: float
    reading_ease: float
    capitals: float
    digits: float
    punctuation: float


@dataclass(frozen=True)
class Contrast:
    """A word, how often it comes in each lot, and the z-score of the difference (positive: the first lot's word)."""

    word: str
    in_a: int
    in_b: int
    z: float


def traits(text: str) -> Traits:
    """The traits of one text; all zero for a text without words."""
    words = _WORD.findall(text)
    size = len(text) or 1
    shares = (
        sum(c.isupper() for c in text) / size,
        sum(c.isdigit() for c in text) / size,
        sum(not c.isalnum() and not c.isspace() for c in text) / size,
    )
    if not words:
        return Traits(0, 0.0, 0.0, 0.0, *shares)
    sentences = max(1, len(_SENTENCE_END.findall(text)))
    length = len(words) / sentences
    ease = 206.835 - 1.015 * length - 84.6 * sum(map(_syllables, words)) / len(words)
    return Traits(len(words), length, sum(map(len, words)) / len(words), ease, *shares)


def contrast(texts_a: Iterable[str], texts_b: Iterable[str], *, most: int = 10) -> list[Contrast]:
    """The words that tell two lots of texts apart, the most telling first, `most` of each lot.

    Log-odds with an informative Dirichlet prior, here the words of both lots together with the weight of a tenth of
    them, and its z-score (Monroe, Colaresi and Quinn 2008, eqs. 16, 19 and 22). Beyond about 2 it is no accident of a
    single word; with thousands of words, some reach 3 by chance.
    """
    a, b = _counts(texts_a), _counts(texts_b)
    total_a, total_b = sum(a.values()), sum(b.values())
    if not total_a or not total_b:
        return []
    prior = {word: 0.1 * (a[word] + b[word]) for word in a | b}
    weight = sum(prior.values())
    found = []
    for word, share in prior.items():
        in_a, in_b = a[word] + share, b[word] + share
        odds = math.log(in_a / (total_a + weight - in_a)) if total_a + weight > in_a else math.inf
        other = math.log(in_b / (total_b + weight - in_b)) if total_b + weight > in_b else math.inf
        if math.isfinite(odds) and math.isfinite(other):
            found.append(Contrast(word, a[word], b[word], (odds - other) / math.sqrt(1 / in_a + 1 / in_b)))
    return _most_telling([c for c in found if c.z > 0], most) + _most_telling([c for c in found if c.z < 0], most)


def _most_telling(found: Sequence[Contrast], most: int) -> list[Contrast]:
    return sorted(found, key=lambda c: (-abs(c.z), c.word))[:most]


def _counts(texts: Iterable[str]) -> Counter[str]:
    return Counter(word.lower() for text in texts for word in _WORD.findall(text))


def _syllables(word: str) -> int:
    """English syllables, by groups of vowels; a final e is silent after a consonant."""
    lowered = word.lower()
    groups = len(_VOWELS.findall(lowered))
    if lowered.endswith("e") and not lowered.endswith(("le", "ee")) and groups > 1:
        groups -= 1
    return max(1, groups)
