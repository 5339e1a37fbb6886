"""Differences in form: lengths, marks, pronouns, numbers and the like, counted, with bounds fitted to the texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .candidates import RULE, Candidate
from .types import Target

MOST_TEXTS = 250
"""Texts that bounds are fitted to; more make them hardly better."""


def surface_candidates(texts: Sequence[str], target: Target, *, most: int) -> list[Candidate]:
    """The surface concepts that go best with the target, either way round, with their bounds, up to `most`."""
    from scipy.stats import rankdata

    from ..concepts import fit_surface

    if len(texts) > MOST_TEXTS:
        rows = np.random.default_rng(0).permutation(len(texts))[:MOST_TEXTS]
        texts, target = [texts[i] for i in rows], target.at(rows)
    ranks = rankdata(target.values)
    found = [fitted.concept for fitted in fit_surface(texts, ranks, most=most)]
    return [Candidate(concept.description, "surface", RULE, concept.degrees) for concept in found]
