"""FIND's synthetic neurons: entities ("related to corporations") and relations ("a city" to its country).

Both are what some model knows of the world, so a model has to play them; explanations of them are words, and are scored
by FIND's unit test of language.
"""

from .data import ConceptFunction, load_functions
from .language import LanguageTest, take_test

__all__ = ["ConceptFunction", "LanguageTest", "load_functions", "take_test"]
