"""Target prompts: what a hidden state is put into, so that the model says what it holds. And the controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .places import Target

if TYPE_CHECKING:
    from ...models import LanguageModel

IDENTITY_WORDS = ("cat", "1135", "hello")
ENTITIES = {
    "Syria": "Country in the Middle East",
    "Leonardo DiCaprio": "American actor",
    "Samsung": "South Korean multinational corporation",
}
"""The examples of the paper's entity-description prompt. Patchscopes, section 4.3 (arXiv:2401.06102)."""

CONTROLS = (
    "The weather today is nice and the ?",
    "Please send me a copy of the ?",
    "On Monday we went to the market and bought ?",
)
"""Targets that ask for nothing in particular. What a hidden state says in them, the wording of a target did not get out
of it."""


def token_identity_prompt(words: Sequence[str] = IDENTITY_WORDS) -> str:
    """ "tok1→tok1;…;?": the model is to repeat the patched token. Patchscopes, section 4.1 (arXiv:2401.06102)."""
    return "".join(f"{word}→{word}; " for word in words) + "?"


def entity_description_prompt(entities: Mapping[str, str] | None = None) -> str:
    """A few "entity: description" pairs and a placeholder. Patchscopes, section 4.3 (arXiv:2401.06102)."""
    pairs = ENTITIES if entities is None else entities
    return "".join(f"{name}: {said}, " for name, said in pairs.items()) + "x"


def token_identity(model: LanguageModel, words: Sequence[str] = IDENTITY_WORDS) -> Target:
    """The token-identity target, patched at its "?"."""
    return Target(model, token_identity_prompt(words))


def entity_description(model: LanguageModel, entities: Mapping[str, str] | None = None) -> Target:
    """The entity-description target, patched at its "x"."""
    return Target(model, entity_description_prompt(entities))
