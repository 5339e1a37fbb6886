"""Where candidates come from, and which of them are worth a test on held-out texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .candidates import Candidate, applies
from .meaning import meaning_candidates
from .measuring import effects, strength
from .surface import surface_candidates
from .types import Floats, Rejected, Source, Target
from .words import word_candidates

if TYPE_CHECKING:
    from .explaining import Setup

MOST: dict[Source, int] = {"words": 20, "surface": 12, "meaning": 24, "question": 12, "chat": 20}
"""How many candidates of each source are tested on held-out texts at most."""
FULL = 300
"""Texts of the discovery half from which so many are tested; of fewer texts, fewer, since each costs correction."""
LEAST_SHARE = 0.05
"""A phrase must apply to this share of the group it favours; one that hardly applies is no description of it."""
_LEAST_EFFECT = 0.02
_SAME = 0.97


def propose(texts: Sequence[str], target: Target, setup: Setup) -> tuple[list[Candidate], list[Rejected]]:
    """(candidates, withheld): what may differ, from the discovery half alone."""
    from .chatting import chat_candidates

    found = word_candidates(texts, target, most=2 * MOST["words"])
    found += surface_candidates(texts, target, most=MOST["surface"])
    meant = meaning_candidates(texts, target, embedder=setup.embedder, judge=setup.judge, most=MOST["meaning"] * 3 // 2)
    if setup.chat is not None:
        meant = chat_candidates(texts, target, setup) + meant
    if not setup.judge_at_chance:
        return found + meant, []
    why = f"withheld: the judge {setup.judge.name} is at chance on its calibration set"
    return found, [Rejected(c.phrase, c.source, why) for c in meant]


def screened(
    candidates: Sequence[Candidate], texts: Sequence[str], target: Target
) -> tuple[list[tuple[Candidate, Floats]], list[Rejected]]:
    """(kept, left out): the strongest of each source on the discovery half, with their degrees there.

    Of candidates that say all but the same of every text one is kept. What is left out here costs no correction.
    """
    degrees = [candidate.degrees(texts) for candidate in candidates]
    signed = effects(np.stack(degrees, axis=1), target) if degrees else np.zeros(0)
    strengths = strength(np.stack(degrees, axis=1), target, np.sign(signed)) if degrees else signed
    room = {source: max(3, round(most * min(1.0, len(texts) / FULL))) for source, most in MOST.items()}
    taken: dict[str, int] = {}
    kept: list[tuple[Candidate, Floats]] = []
    left_out: list[Rejected] = []
    for number in np.argsort(-strengths, kind="stable"):
        candidate, own = candidates[number], degrees[number]
        count = taken.get(candidate.source, 0)
        if strengths[number] < _LEAST_EFFECT:
            left_out.append(Rejected(candidate.phrase, candidate.source, "no difference on the discovery half"))
        elif applies(own)[target.high == (signed[number] > 0)].mean() < LEAST_SHARE:
            left_out.append(Rejected(candidate.phrase, candidate.source, "applies to hardly any text"))
        elif count >= room[candidate.source]:
            left_out.append(Rejected(candidate.phrase, candidate.source, "weaker than others on the discovery half"))
        elif twin := next((c.phrase for c, other in kept if _same(own, other)), ""):
            left_out.append(Rejected(candidate.phrase, candidate.source, f"applies to the same texts as: {twin}"))
        else:
            kept.append((candidate, own))
            taken[candidate.source] = count + 1
    return kept, left_out


def _same(one: Floats, other: Floats) -> bool:
    spreads = float(one.std() * other.std())
    if spreads == 0:
        return False
    return abs(float(((one - one.mean()) * (other - other.mean())).mean())) / spreads >= _SAME
