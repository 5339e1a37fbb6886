"""Questions that the surface of a text answers for certain: numbers, lengths, question marks, languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .questions import Asked

if TYPE_CHECKING:
    from ...models.embedding import Embedder
    from ..concepts import Concept

_VERBS = re.compile(r"^(contain|mention|include|have|use|begin|start|end|repeat|address|express|ask|describe)\b")
_THIRD = {"have": "has"}


def surface_concept(asked: Asked, embedder: Embedder) -> Concept | None:
    """The concept that decides what is asked by rule alone; None where any part of it is a matter of meaning."""
    from ..concepts import ConceptError, parse
    from ..concepts.nodes import Joined, Not, Place, Surface

    phrase = _VERBS.sub(lambda found: _THIRD.get(found[0], found[0] + "s"), asked.predicate)
    try:
        concept = parse(phrase, embedder)
    except ConceptError:
        return None

    def by_rule(node: object) -> bool:
        if isinstance(node, Surface):
            return True
        if isinstance(node, Joined):
            return all(map(by_rule, node.parts))
        return isinstance(node, Not | Place) and by_rule(node.inner)

    return concept if by_rule(concept) else None
