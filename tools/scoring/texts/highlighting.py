"""Examples for fuzzing: words of a text highlighted, the activating ones or as many others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .estimates import Floats, ScoringError

OPEN, CLOSE = "<<", ">>"


@dataclass(frozen=True, slots=True)
class Highlighted:
    """A text with words highlighted. `right`: they are the ones that the module responds to."""

    words: tuple[str, ...]
    chosen: tuple[int, ...]
    right: bool

    @property
    def marked(self) -> str:
        """The text with << >> about each highlighted word, for a judge that reads marks."""
        return " ".join(f"{OPEN}{w}{CLOSE}" if i in self.chosen else w for i, w in enumerate(self.words))

    @property
    def highlighted(self) -> str:
        """The highlighted words alone, for a judge that reads meaning alone."""
        return " ".join(self.words[i] for i in self.chosen)


def highlighted(
    texts: Sequence[str], values: Sequence[Sequence[float] | Floats], rng: np.random.Generator, *, share: float = 0.2
) -> list[Highlighted]:
    """Two examples a text: its top `share` of words by `values` highlighted, and as many random others.

    `values[i]` holds the module's response at each whitespace-separated word of `texts[i]`. Texts of fewer than two
    words, and those whose words all get the same value, give none.
    """
    found = []
    for text, given in zip(texts, values, strict=True):
        words = tuple(re.findall(r"\S+", text))
        scores = np.asarray(given, dtype=np.float64)
        if len(scores) != len(words):
            raise ScoringError(f"expected {len(words)} values for a text's words, got {len(scores)}; give one each")
        if len(words) < 2 or not np.isfinite(scores).all() or scores.max() == scores.min():
            continue
        many = min(max(1, round(share * len(words))), len(words) // 2)
        order = np.argsort(-scores, kind="stable")
        others = rng.choice(order[many:], many, replace=False)
        found.append(Highlighted(words, tuple(sorted(map(int, order[:many]))), True))
        found.append(Highlighted(words, tuple(sorted(map(int, others))), False))
    return found
