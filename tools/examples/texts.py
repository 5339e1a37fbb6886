"""Pairs of texts: programs that may have made them, and the text that would tell two of them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .types import Answer, Examples

if TYPE_CHECKING:
    from ..strings.types import Pair, Program

LONG_WORDS = 5
"""Words from which on a text counts as a sentence."""


@dataclass(frozen=True)
class TextPrograms:
    """What was found: programs that agree with all pairs, or, if none does, the best with the share it gets right."""

    programs: tuple[Program, ...]
    share: float


def induce_texts(pairs: Sequence[Pair], *, seconds: float, keep: int) -> TextPrograms:
    """Programs for pairs of texts, the shortest first."""
    from ..strings.branching import induce

    found = induce(pairs, seconds=seconds, keep=keep)
    return TextPrograms(tuple(found.programs[:keep]), 1.0 if found.programs else 0.0)


def text_pairs(examples: Examples) -> list[Pair]:
    """The pairs as texts; for an input with several answers the commonest, and none for one that has no commonest."""
    answers: dict[str, list[str]] = {}
    for given, answer in examples.pairs:
        answers.setdefault(str(given), []).append(as_text(answer))
    return [(given, found[0]) for given, found in answers.items() if len(found) == 1]


def as_text(answer: Answer) -> str:
    """An answer as a program gives it: whole numbers without a point."""
    if isinstance(answer, str):
        return answer
    return str(int(answer)) if answer.is_integer() and abs(answer) < 1e15 else repr(answer)


def separating_text(
    first: Program, second: Program, known: Sequence[str], *, seed: int
) -> tuple[str, str | None, str | None] | None:
    """A text on which two programs differ, readable if there is one, and what they say to it; None for none found."""
    from ..strings.queries import separating

    rng = np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=(0xA5C,)))
    for text in separating([first, second], known, rng=rng, most=1):
        return text, first(text), second(text)
    return None


def are_sentences(examples: Examples) -> bool:
    """Whether the inputs are mostly sentences, which character-wise programs rarely explain."""
    words = sorted(len(str(given).split()) for given, _ in examples.pairs)
    return words[len(words) // 2] >= LONG_WORDS
