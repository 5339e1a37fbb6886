"""Words and surface traits that tell texts apart, as tools for zetetic's scientists."""

from .measures import Contrast, Traits, contrast, traits
from .tools import make_tools

__all__ = ["Contrast", "Traits", "contrast", "make_tools", "traits"]
