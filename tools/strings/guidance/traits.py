"""What two lists of texts have in common, as numbers: the signs by which a network judges how far apart they are.

After property signatures (Odena and Sutton, 2020, arXiv:2002.09030), with signs of our own.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from operator import eq
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Traits: TypeAlias = "NDArray[np.float32]"

_VOWELS = frozenset("aeiou")
_SHAPE = str.maketrans({**dict.fromkeys(string.ascii_lowercase, "a"), **dict.fromkeys(string.ascii_uppercase, "A"),
                        **dict.fromkeys(string.digits, "9")})  # fmt: skip
_LONGEST = 120
"""Characters of a text that are looked at."""


class _Facts(NamedTuple):
    """What is looked at of one text, worked out once."""

    text: str
    low: str
    length: int
    reverse: str
    letters: str
    vowels: str
    consonants: str
    digits: str
    marks: str
    ordered: str
    ordered_low: str
    characters: frozenset[str]
    characters_low: frozenset[str]
    pairs: frozenset[str]
    shape: str
    pattern: tuple[int, ...]
    counts: tuple[int, ...]
    words: tuple[str, ...]
    word_lengths: tuple[int, ...]
    squeezed: str
    unique: str


@lru_cache(maxsize=200_000)
def _facts(text: str) -> _Facts:
    text = text[:_LONGEST]
    low = text.lower()
    letters = "".join([c for c in low if c.isalpha()])
    characters = frozenset(text)
    words = tuple(text.split())
    return _Facts(
        text, low, len(text), text[::-1], letters,
        "".join([c for c in letters if c in _VOWELS]), "".join([c for c in letters if c not in _VOWELS]),
        "".join([c for c in text if c.isdigit()]), "".join([c for c in text if not c.isalnum()]),
        "".join(sorted(text)), "".join(sorted(low)), characters, frozenset(low),
        frozenset(map("".join, pairwise(low))), text.translate(_SHAPE), tuple(map(text.find, text)),
        tuple(sorted(map(text.count, characters))), words, tuple(map(len, words)),
        "".join([c for c, _ in groupby(text)]), "".join(dict.fromkeys(text)),
    )  # fmt: skip


def _common(one: str, other: str) -> int:
    for count, (a, b) in enumerate(zip(one, other)):
        if a != b:
            return count
    return min(len(one), len(other))


def _within(short: str, long: str) -> bool:
    rest = iter(long)
    return all(c in rest for c in short)


def _overlap(one: str, other: str) -> int:
    """How many characters two sorted texts share."""
    i = j = shared = 0
    while i < len(one) and j < len(other):
        if one[i] == other[j]:
            shared, i, j = shared + 1, i + 1, j + 1
        elif one[i] < other[j]:
            i += 1
        else:
            j += 1
    return shared


def _one_shift(one: str, other: str) -> bool:
    """Whether all letters move by one number of places, in texts of equal shape."""
    places = {(ord(b) - ord(a)) % 26 for a, b in zip(one.lower(), other.lower()) if "a" <= a <= "z" and "a" <= b <= "z"}
    return len(places) == 1


@lru_cache(maxsize=200_000)
def _pair(current: str, wanted: str) -> tuple[float, ...]:
    c, w = _facts(current), _facts(wanted)
    same_length = c.length == w.length
    most = max(c.length, w.length, 1)
    fewest = min(c.length, w.length)
    first, last = _common(c.low, w.low), _common(c.low[::-1], w.low[::-1])
    new = w.characters_low - c.characters_low
    reordered_words = sorted(c.words) == sorted(w.words)
    return (
        c.text == w.text, c.low == w.low, same_length, w.length > c.length, w.length == 2 * c.length,
        w.length > 2 * c.length, 2 * w.length <= c.length + 1, w.length <= 2,
        c.ordered == w.ordered, c.ordered_low == w.ordered_low,
        c.characters == w.characters, c.characters_low == w.characters_low,
        w.characters <= c.characters, not new, c.characters <= w.characters, c.characters_low <= w.characters_low,
        c.text in w.text, w.text in c.text, c.low in w.low, w.low in c.low,
        w.text.startswith(c.text), w.text.endswith(c.text), c.text.startswith(w.text), c.text.endswith(w.text),
        c.letters == w.letters, c.vowels == w.vowels, c.consonants == w.consonants, c.digits == w.digits,
        c.marks == w.marks, len(c.letters) == len(w.letters), len(c.vowels) == len(w.vowels),
        len(c.digits) == len(w.digits), len(c.marks) == len(w.marks), len(c.marks) < len(w.marks),
        c.shape == w.shape, same_length and c.shape.lower() == w.shape.lower(), c.pattern == w.pattern,
        c.counts == w.counts, c.reverse == w.text, c.reverse[: w.length] == w.text,
        c.words == w.words, reordered_words, c.words == w.words[::-1], len(c.words) == len(w.words),
        c.word_lengths == w.word_lengths, len(c.words) > 1 and len(w.words) == 1, len(w.words) > len(c.words),
        c.words[:1] == w.words[:1], c.words[-1:] == w.words[-1:],
        c.text[:1] == w.text[:1], c.text[-1:] == w.text[-1:], c.low[:1] == w.low[:1], c.low[-1:] == w.low[-1:],
        c.text[:1] == w.text[-1:], c.text[-1:] == w.text[:1],
        c.squeezed == w.squeezed, c.squeezed == w.text, c.unique == w.text, c.unique == w.unique,
        w.text == w.ordered, c.text == c.ordered, w.text == w.reverse, w.text == w.low, w.text == w.text.upper(),
        c.text == c.low, c.text == c.text.upper(), same_length and c.text in w.text + w.text,
        same_length and _one_shift(c.text, w.text), _within(c.low, w.low), _within(w.low, c.low),
        bool(w.digits) and not w.letters, bool(w.text) and not w.text.isalnum() and not w.letters,
        same_length and sum(map(eq, c.low, w.low)) / most, first / most, last / most, (first + last) / most,
        min(first, last) / most, _overlap(c.ordered_low, w.ordered_low) / most,
        len(new) / (1 + len(w.characters_low)),
        len(c.characters_low - w.characters_low) / (1 + len(c.characters_low)),
        len(c.pairs & w.pairs) / (1 + max(len(c.pairs), len(w.pairs))),
        max(-1.0, min(2.0, (w.length - c.length) / (1 + c.length))), fewest / most,
        min(w.length, 40) / 40, min(abs(w.length - c.length), 12) / 12,
    )  # fmt: skip


def _together(current: Sequence[str], wanted: Sequence[str]) -> list[float]:
    """Signs that only several pairs show together."""
    growth = [len(w) - len(c) for c, w in zip(current, wanted)]
    mapping: dict[str, str] = {}
    agree = clash = 0
    for c, w, grown in zip(current, wanted, growth):
        if grown == 0:
            for old, new in zip(c, w):
                if mapping.setdefault(old, new) == new:
                    agree += 1
                else:
                    clash += 1
    count = len(wanted)
    common = frozenset.intersection(*[frozenset(w) for w in wanted if len(w) > 1] or [frozenset()])
    ends = [w for w in wanted if w]
    return [
        len(set(growth)) / count, len(set(wanted)) / count, len(set(current)) / count,
        agree / (1 + agree + clash), clash == 0 and agree > 0, min(len(common), 4) / 4,
        len({w[0] for w in ends}) == 1 if ends else 0.0, len({w[-1] for w in ends}) == 1 if ends else 0.0,
        max(growth) == min(growth), max(growth) <= 0, min(growth) >= 0,
    ]  # fmt: skip


def traits(current: Sequence[str], wanted: Sequence[str]) -> Traits:
    """How the texts of `current` stand to those of `wanted`, as many of each: means, and what holds of all pairs."""
    table = np.array([_pair(c, w) for c, w in zip(current, wanted)], dtype=np.float32)
    whole: list[Any] = [table.mean(axis=0), table.min(axis=0), _together(current, wanted)]
    return np.concatenate(whole, dtype=np.float32, casting="unsafe")


COUNT = len(traits(("ab", ""), ("b", "a")))
"""Numbers that `traits` gives."""
