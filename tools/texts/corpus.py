"""Corpora: texts with a name, split so that what is scored was never used to explain."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from .words import folded, words


class CorpusError(ValueError):
    """Texts that cannot be read or are too few. The message says the remedy."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts. `origins` says where each comes from (None: nobody knows): texts of one origin are alike."""

    name: str
    texts: tuple[str, ...]
    origins: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.origins is not None and len(self.origins) != len(self.texts):
            raise CorpusError(
                f"expected an origin for each of {len(self.texts)} texts of {self.name}, got {len(self.origins)}"
            )

    def __len__(self) -> int:
        return len(self.texts)

    def split(self, rng_seed: int) -> tuple[Corpus, Corpus]:
        """Two halves of nearly equal size: one to take phrases from, one held out; the same for a seed.

        Texts that are the same but for case and punctuation stay together, and so do texts of one origin where there
        are several origins. Raises `CorpusError` where there is nothing to split.
        """
        groups = self._groups()
        if len(groups) < 2:
            raise CorpusError(
                f"expected at least two different texts in {self.name} to hold some out, got {min(len(groups), 1)}; "
                "add texts, or use the default corpus"
            )
        order = np.random.default_rng(rng_seed).permutation(len(groups))
        sides: tuple[list[int], list[int]] = ([], [])
        for group in sorted((groups[i] for i in order), key=len, reverse=True):
            sides[len(sides[1]) < len(sides[0])].extend(group)
        return self._part(sides[0], "phrases"), self._part(sides[1], "held out")

    def _part(self, rows: Sequence[int], name: str) -> Corpus:
        kept = sorted(rows)
        origins = None if self.origins is None else tuple(self.origins[i] for i in kept)
        return Corpus(f"{self.name}, {name}", tuple(self.texts[i] for i in kept), origins)

    def _groups(self) -> list[list[int]]:
        """Rows that belong on one side, as connected components of equal texts and equal origins."""
        origins = self.origins if self.origins is not None and len(set(self.origins)) > 1 else None
        parent: dict[tuple[str, str], tuple[str, str]] = {}

        def root(key: tuple[str, str]) -> tuple[str, str]:
            parent.setdefault(key, key)
            while parent[key] != key:
                parent[key] = key = parent[parent[key]]
            return key

        keys = [("text", same_text(text)) for text in self.texts]
        if origins is not None:
            for key, origin in zip(keys, origins):
                parent[root(key)] = root(("origin", origin))
        found: dict[tuple[str, str], list[int]] = {}
        for row, key in enumerate(keys):
            found.setdefault(root(key), []).append(row)
        return list(found.values())


def same_text(text: str) -> str:
    """What two texts share that differ in case, spaces and punctuation alone."""
    return " ".join(folded(word) for word in words(text)) or text.strip()


@cache
def default_corpus() -> Corpus:
    """The corpus that ships: about two thousand short English texts on some four hundred subjects.

    SmolLM2-135M-Instruct wrote them (see `generate.py`): fluent, broad, and often wrong about facts. The origin of a
    text is its subject and form.
    """
    lines = files(__package__).joinpath("default.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return Corpus("default", tuple(row["text"] for row in rows), tuple(row["origin"] for row in rows))
