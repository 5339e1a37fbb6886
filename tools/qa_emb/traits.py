"""Traits of style and stance as directions among sentence embeddings, each from pairs of sentences."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from .types import Floats

if TYPE_CHECKING:
    from ...models.embedding import Embedder
    from .questions import Asked

FIRM, LOOSE = 0.75, 0.45
"""Likeness of a question to a trait's names at which it surely asks for the trait, and below which it does not."""


@dataclass(frozen=True, slots=True)
class Trait:
    """A trait: phrases that ask for it or for its `opposite`, and pairs of sentences (with it, without it) on one topic
    each, so that the topic cancels out of their differences."""

    name: str
    asks: tuple[str, ...]
    opposite: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


@lru_cache(maxsize=1)
def traits() -> tuple[Trait, ...]:
    """The traits that come with zetetic."""
    rows = json.loads(files(__package__).joinpath("data/traits.json").read_text(encoding="utf-8"))
    return tuple(
        Trait(row["name"], tuple(row["asks"]), tuple(row["opposite"]), tuple((a, b) for a, b in row["pairs"]))
        for row in rows
    )


@dataclass(frozen=True, eq=False)
class TraitSpace:
    """`directions` (traits, width): unit vectors. `names` (phrases, width): what asks for a trait, with its `owners`
    and `signs` (-1 for the opposite)."""

    directions: Floats
    names: Floats
    owners: Floats
    signs: Floats

    def asked_for(self, asked: Asked, embedder: Embedder) -> Floats:
        """(traits,) in [-1, 1]: how surely the question asks for each trait, negative for its opposite."""
        likeness = (embedder.encode([asked.core, asked.predicate]) @ self.names.T).max(axis=0)
        found = np.zeros(len(self.directions))
        for trait in range(len(found)):
            own = np.flatnonzero(self.owners == trait)
            best = own[np.argmax(likeness[own])]
            found[trait] = self.signs[best] * np.clip((likeness[best] - LOOSE) / (FIRM - LOOSE), 0, 1)
        return found


def trait_space(embedder: Embedder) -> TraitSpace:
    """The traits as `embedder` sees them."""
    directions, names, owners, signs = [], [], [], []
    for number, trait in enumerate(traits()):
        apart = embedder.encode([a for a, _ in trait.pairs]) - embedder.encode([b for _, b in trait.pairs])
        mean = apart.mean(axis=0)
        directions.append(mean / max(float(np.linalg.norm(mean)), 1e-9))
        for phrases, sign in ((trait.asks, 1.0), (trait.opposite, -1.0)):
            names += list(phrases)
            owners += [float(number)] * len(phrases)
            signs += [sign] * len(phrases)
    return TraitSpace(
        np.asarray(directions, dtype=np.float64),
        np.asarray(embedder.encode(names), dtype=np.float64),
        np.array(owners),
        np.array(signs),
    )
