"""Differences that say the same of the same texts are one difference."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .types import Floats, Target

if TYPE_CHECKING:
    from .explaining import Tested

NEAR = 0.08
"""Strength that is given up for a phrase that was written to describe texts."""
SAME = 0.5
"""The correlation of degrees (oriented, by ranks) from which two differences count as one."""


def merge(standing: Sequence[Tested], target: Target, most: int) -> list[list[Tested]]:
    """Groups of differences, each led by its strongest, strongest first; after the first `most`, leaders only.

    A difference joins the leader that its degrees go along with most, where they do by `SAME`, or where it tells no
    more of the target than the leaders before it tell together.
    """
    ranked = sorted(standing, key=lambda one: -one.strength)
    if not ranked:
        return []
    degrees = [_ranks(one.held_out) * one.sign for one in ranked]
    goal = _ranks(target.high.astype(float) if target.kind == "groups" else target.values)
    leaders: list[int] = []
    groups: list[list[Tested]] = []
    for number, one in enumerate(ranked):
        own = degrees[number]
        alike = [float(own @ degrees[leader]) for leader in leaders]
        if leaders and (max(alike) >= SAME or not _adds(own, [degrees[k] for k in leaders[:most]], goal)):
            home = int(np.argmax(alike))
            if home < most and alike[home] > 0:
                groups[home].append(one)
        else:
            leaders.append(number)
            groups.append([one])
    return [_well_led(group) for group in groups]


def _well_led(group: list[Tested]) -> list[Tested]:
    """A general phrase leads where it is all but as strong as a word of the texts themselves."""
    first = group[0]
    better = [one for one in group if one.candidate.general and one.strength >= first.strength - NEAR]
    if first.candidate.general or not better:
        return group
    return [better[0], *(one for one in group if one is not better[0])]


def _adds(own: Floats, before: Sequence[Floats], goal: Floats) -> bool:
    """Whether the partial correlation with the goal, given those before, is twice its standard error or more."""
    basis, _ = np.linalg.qr(np.stack(before, axis=1))
    left, rest = own - basis @ (basis.T @ own), goal - basis @ (basis.T @ goal)
    size = float(np.linalg.norm(left) * np.linalg.norm(rest))
    return size > 1e-9 and float(left @ rest) / size * _sense(own, goal) >= 2 / math.sqrt(len(own))


def _sense(own: Floats, goal: Floats) -> float:
    return 1.0 if float(own @ goal) >= 0 else -1.0


def _ranks(values: Floats) -> Floats:
    """Ranks of length 1 around 0, so that a dot product is Spearman's correlation."""
    from scipy.stats import rankdata

    ranks = np.asarray(rankdata(values), dtype=np.float64)
    ranks -= ranks.mean()
    return ranks / max(float(np.linalg.norm(ranks)), 1e-12)
