"""Induction for boxes with several numeric inputs: ask actively, decompose exactly, print what was found.

`run_several(laboratory, seed=...)` is all that others need.
"""

from __future__ import annotations

from ..types import Candidate, Laboratory

__all__ = ["run_several"]


def run_several(laboratory: Laboratory, *, seed: int) -> list[Candidate]:
    """Candidates for a box of two or more inputs, best first. Deterministic in (seed, replies).

    Empty only if no query was answered with a real number. Stops when queries or seconds run out.
    """
    from .search import search

    return search(laboratory, seed=seed)
