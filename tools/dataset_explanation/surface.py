"""Differences in form: lengths, marks, pronouns, numbers and the like, counted, with bounds fitted to the texts."""

from __future__ import annotations

from collections.abc import Sequence

from .candidates import RULE, Candidate
from .types import Target


def surface_candidates(texts: Sequence[str], target: Target, *, most: int) -> list[Candidate]:
    """The surface concepts that go best with the target, either way round, with their bounds, up to `most`."""
    from scipy.stats import rankdata

    from ..concepts import fit_surface

    ranks = rankdata(target.values)
    found = [fitted.concept for fitted in fit_surface(texts, ranks, most=most)]
    return [Candidate(concept.description, "surface", RULE, concept.degrees) for concept in found]
