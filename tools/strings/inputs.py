"""Texts to ask a function of texts: starting probes that cover what such functions look at, and random ones."""

from __future__ import annotations

import string
from collections.abc import Sequence

import numpy as np

from ..black_boxes.types import TextDomain

LONGEST = 24
"""Characters of the random texts, at most; a domain may allow fewer."""
WORDS = (
    "apple", "banana", "cherry", "river", "stone", "window", "garden", "yellow", "purple", "letter", "engine",
    "market", "summer", "winter", "pencil", "rocket", "island", "monkey", "guitar", "coffee", "bridge", "candle",
    "forest", "dragon", "mirror", "pocket", "silver", "thunder", "valley", "whisper", "zebra", "queen", "level",
    "noon", "kayak", "hello", "world", "abc", "quick", "brown", "fox", "jumps", "over", "lazy", "dog", "jazz",
    "quartz", "sphinx", "vow",
)  # fmt: skip
"""Common words of many shapes."""
_VOWELS, _CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxyz"
_PROBES = (
    "hello", string.ascii_lowercase, string.ascii_uppercase, "Hello World", "", "a", "ox", "cat", "bird", "banana",
    "letters", "elephant", "crocodile", "blackboard", "Mississippi", "thunderstorm", "The quick brown fox", "level",
    "Noon", "aaaa", "aabbcc", "Z", "9", " ", "ab", "ABC", "aeiou", "rhythm", "12345", "0123456789", "a1b2c3",
    "one two three", "jumps over a lazy dog", "Hello, World!", "don't", "x-y_z (3.14)", "  padded  ", "UPPER lower",
    "naïve café", "tab\tnewline\n", "!?", "zebra quiz", "Sphinx of black quartz, judge my vow.", "Is it over?",
    "well-known", "file_name", "ISLAND", "GO UP!", "stop.", "Up", "Every", "umbrella", "it", "room 101",
    "over and over", "tree-7",
)  # fmt: skip


def probes(domain: TextDomain) -> list[str]:
    """Texts that cover case, digits, punctuation, spaces, lengths from 0 to 12, repetition and Unicode, and both whole
    alphabets, the most telling first: those that `domain` holds.
    """
    return [text for text in _PROBES if admits(domain, text)]


def admits(domain: TextDomain, text: str) -> bool:
    """Whether `text` lies in `domain`; one without an alphabet holds any characters."""
    return len(text) <= domain.max_length and (not domain.alphabet or set(text) <= set(domain.alphabet))


def random_texts(rng: np.random.Generator, count: int, domain: TextDomain) -> list[str]:
    """`count` texts of `domain`: words, phrases, letters, mixtures with digits and marks, repeated letters, capitals,
    careless spaces.

    Where the alphabet has none of what a kind needs, texts are drawn from the alphabet as it is. They may repeat.
    """
    kinds = (_word, _word, _phrase, _letters, _pronounceable, _mixture, _repeats, _cased, _spaced, _marked, _shouted)
    found = []
    for _ in range(count):
        for _ in range(8):
            text = kinds[int(rng.integers(len(kinds)))](rng)
            if admits(domain, text):
                break
        else:
            text = _from_alphabet(rng, domain)
        found.append(text)
    return found


def _pick(rng: np.random.Generator, options: Sequence[str]) -> str:
    return options[int(rng.integers(len(options)))]


def _word(rng: np.random.Generator) -> str:
    return _pick(rng, WORDS)


def _phrase(rng: np.random.Generator) -> str:
    words = [_word(rng) for _ in range(int(rng.integers(2, 5)))]
    text = " ".join(words)
    return text.title() if rng.random() < 0.3 else text


def _letters(rng: np.random.Generator) -> str:
    return "".join(_pick(rng, string.ascii_lowercase) for _ in range(int(rng.integers(0, 11))))


def _pronounceable(rng: np.random.Generator) -> str:
    return "".join(_pick(rng, _CONSONANTS) + _pick(rng, _VOWELS) for _ in range(int(rng.integers(1, 5))))


def _mixture(rng: np.random.Generator) -> str:
    characters = string.ascii_letters + string.digits + " .,!?-_"
    return "".join(_pick(rng, characters) for _ in range(int(rng.integers(1, LONGEST // 2))))


def _repeats(rng: np.random.Generator) -> str:
    few = [_pick(rng, string.ascii_lowercase) for _ in range(3)]
    return "".join(_pick(rng, few) for _ in range(int(rng.integers(2, 10))))


def _cased(rng: np.random.Generator) -> str:
    return "".join(c.upper() if rng.random() < 0.5 else c for c in _word(rng))


def _spaced(rng: np.random.Generator) -> str:
    """Words with white space as careless typing leaves it."""
    words = [_word(rng) for _ in range(int(rng.integers(1, 4)))]
    spaces = [" " * int(rng.integers(0, 3)), *(" " * int(rng.integers(1, 4)) for _ in words[1:]), ""]
    return "".join(space + word for space, word in zip(spaces, words)) + " " * int(rng.integers(0, 3))


def _marked(rng: np.random.Generator) -> str:
    """Words with marks of all kinds between and after them."""
    marks = [_pick(rng, string.punctuation) for _ in range(2)]
    between = _pick(rng, (marks[0], f" {marks[0]} ", f"{marks[0]} "))
    return between.join(_word(rng) for _ in range(int(rng.integers(2, 4)))) + (marks[1] if rng.random() < 0.5 else "")


def _shouted(rng: np.random.Generator) -> str:
    """Capitals, perhaps with a number."""
    text = " ".join(_word(rng) for _ in range(int(rng.integers(1, 3)))).upper()
    return f"{text} {int(rng.integers(10_000))}" if rng.random() < 0.3 else text


def _from_alphabet(rng: np.random.Generator, domain: TextDomain) -> str:
    alphabet = domain.alphabet or string.ascii_lowercase
    return "".join(_pick(rng, alphabet) for _ in range(int(rng.integers(0, min(LONGEST, domain.max_length) + 1))))
