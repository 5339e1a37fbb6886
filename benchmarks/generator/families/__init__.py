"""Families of functions of texts: single steps, with their parameters drawn. Written without looking at any engine."""

from .. import step
from . import casing, chance, ciphers, counts, edits, order, shape, words

STRING_FAMILIES: tuple[step.Family, ...] = (
    *casing.FAMILIES,
    *ciphers.FAMILIES,
    *counts.FAMILIES,
    *edits.FAMILIES,
    *order.FAMILIES,
    *shape.FAMILIES,
    *words.FAMILIES,
)
"""All that answer alike when they are asked again."""
CHANCE_FAMILIES: tuple[step.Family, ...] = chance.FAMILIES
"""Those that do not."""

__all__ = ["CHANCE_FAMILIES", "STRING_FAMILIES"]
