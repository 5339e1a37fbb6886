"""Pairs of input and output in a file, with no box to ask: reading them, and what they may come from."""

from .box import ExamplesBox
from .reading import read_examples
from .types import Contradiction, Examples, ExamplesError

__all__ = ["Contradiction", "Examples", "ExamplesBox", "ExamplesError", "read_examples"]
