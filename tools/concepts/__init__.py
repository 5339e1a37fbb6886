"""Concepts: what a text may be like, said in words and decided by code."""

from .banks import topic_bank
from .code import code
from .fitting import FittedConcept, fit_surface, surface_bank
from .meaning import Meaning
from .parsing import ConceptError, parse
from .types import Concept

__all__ = [
    "Concept",
    "ConceptError",
    "FittedConcept",
    "Meaning",
    "code",
    "fit_surface",
    "parse",
    "surface_bank",
    "topic_bank",
]
