"""Numeric functions of other families, parameters and compositions than FIND's: does the engine generalize?

A set is drawn from a seed; another seed gives functions of the same kinds that nobody has seen.
"""

from __future__ import annotations

from ..suite import Target
from . import broken, counted, oscillating, smooth
from .sketch import TEMPLATES

__all__ = ["TITLE", "names", "target"]

TITLE = "Functions of other families"
_SOURCES = (smooth, oscillating, broken, counted)
"""Importing these fills `TEMPLATES`."""


def names(seed: int) -> list[str]:
    """The set's function names; the same for every seed."""
    return TEMPLATES.names()


def target(name: str, seed: int) -> Target:
    """The function called `name` with the parameters of `seed`."""
    return TEMPLATES.target(name, seed)
