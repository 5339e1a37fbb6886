"""Texts that might tell programs apart: random ones, neighbours of known ones, and those that programs name."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...black_boxes.types import TextDomain
from ..inputs import WORDS, random_texts
from .constants import constants

ANY = TextDomain("", 100_000)
_INSERTED = string.ascii_lowercase + string.ascii_uppercase[:6] + string.digits[:4] + " .,-!"
_TARGETS = 14


def candidates(
    programs: Sequence[Any], known: Sequence[str], *, rng: np.random.Generator, count: int = 240
) -> list[str]:
    """About `count` texts that are not in `known`, each once, the most readable kinds first."""
    third = max(1, count // 3)
    targeted = around_constants(programs, rng)
    if len(targeted) > third:
        picks = np.sort(rng.permutation(len(targeted))[:third])
        targeted = [targeted[int(k)] for k in picks]
    texts = [*random_texts(rng, third, ANY), *targeted, *mutations(known, third, rng)]
    taken = set(known)
    return [t for t in dict.fromkeys(texts) if t not in taken]


def around_constants(programs: Sequence[Any], rng: np.random.Generator) -> list[str]:
    """Texts that hold the characters and have the lengths that the programs' codes name."""
    return around(*constants(programs), rng)


def around(texts: Sequence[str], numbers: Sequence[int], rng: np.random.Generator) -> list[str]:
    """Texts that hold each of `texts` at several places, and texts as long as `numbers`, or nearly."""
    found: list[str] = []
    for piece in texts[:_TARGETS]:
        for word in _some_words(rng, 3):
            k = len(word) // 2
            found += [piece + word, word + piece, word[:k] + piece + word[k:], word[:k] + piece * 2 + word[k:]]
            found += [piece + word + piece, word[:1] + piece + word[2:]]
        found.append(piece)
    for n in numbers[:_TARGETS]:
        found += [of_length(length, rng) for length in (n - 1, n, n + 1, n + 2, 2 * n) if 0 <= length <= 40]
    return found


def of_length(length: int, rng: np.random.Generator) -> str:
    """A text of words, `length` characters long, without spaces at its ends where that can be."""
    fitting = [w for w in WORDS if len(w) == length]
    if fitting and rng.random() < 0.7:
        return _pick(rng, fitting)
    text = (
        " ".join(_some_words(rng, length // 4 + 2))
        if rng.random() < 0.4
        else "".join(_some_words(rng, length // 3 + 1))
    )
    text = text[:length]
    return text[:-1] + "s" if text.endswith(" ") else text


def mutations(known: Sequence[str], count: int, rng: np.random.Generator) -> list[str]:
    """Neighbours of known texts, one edit away."""
    short = [t for t in known if 0 < len(t) <= 16]
    if not short:
        return []
    return [_mutate(_pick(rng, short), short, rng) for _ in range(count)]


def _mutate(text: str, others: Sequence[str], rng: np.random.Generator) -> str:
    at = int(rng.integers(len(text)))
    new = _pick(rng, _INSERTED)
    edits = (
        lambda: text[:at] + text[at + 1 :],
        lambda: text[:at] + new + text[at:],
        lambda: text[:at] + new + text[at + 1 :],
        lambda: new + text[1:],
        lambda: text[:-1] + new,
        lambda: text[:at] + text[at] + text[at:],
        lambda: text[:at] + text[at:].swapcase(),
        lambda: text[::-1],
        lambda: text[: at + 1],
        lambda: text[at:],
        lambda: text + _pick(rng, others),
        lambda: f"{text} {_pick(rng, others)}",
        lambda: text.upper(),
        lambda: text.lower(),
        lambda: f" {text}" if rng.random() < 0.5 else f"{text} ",
    )
    return edits[int(rng.integers(len(edits)))]()


def _some_words(rng: np.random.Generator, count: int) -> list[str]:
    return [_pick(rng, WORDS) for _ in range(count)]


def _pick(rng: np.random.Generator, options: Sequence[str]) -> str:
    return options[int(rng.integers(len(options)))]
