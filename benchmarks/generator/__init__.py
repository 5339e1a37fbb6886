"""A generator of functions in FIND's layout (arXiv:2309.03886): new ones for every seed, families written by us.

>>> generate(GeneratorOptions(out=Path("find_dataset"), category="strings", count=100, seed=1))
"""

from .options import GeneratorOptions
from .writing import generate

__all__ = ["GeneratorOptions", "generate"]
