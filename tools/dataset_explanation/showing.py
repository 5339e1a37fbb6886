"""Texts that show a difference."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .candidates import Candidate
from .types import Bools, Example, Floats, Target

EXAMPLES = 3
"""Texts of the group that a difference favours; one of the other group, where it does not apply, stands beside."""


def examples_of(
    candidate: Candidate, degrees: Floats, applies: Bools, texts: Sequence[str], target: Target
) -> tuple[Example, ...]:
    """Held-out texts: the highest degrees in the group they favour, the lowest in the other; short ones first."""
    high = target.high
    favours_a = applies[high].mean() >= applies[~high].mean()
    lengths = np.array([len(text) for text in texts])
    order = np.lexsort((lengths, -degrees))
    inside = [i for i in order if bool(high[i]) == bool(favours_a) and applies[i]][:EXAMPLES]
    outside = [i for i in order[::-1] if bool(high[i]) != bool(favours_a) and not applies[i]]
    outside = sorted(outside[: max(1, len(outside) // 4)], key=lambda i: int(lengths[i]))[:1]
    names = {True: target.a, False: target.b}
    return tuple(Example(texts[i], names[bool(high[i])], candidate.spans(texts[i])) for i in (*inside, *outside))
