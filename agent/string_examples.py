"""What a report shows of a program of texts beside its code: which texts fall under which branch, and its rivals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..tools.black_boxes.types import TextDomain
from ..tools.strings.branching import Branched
from ..tools.strings.queries import separating
from ..tools.strings.types import Pair, Program

USUAL = "the usual case"
_MOST_RIVALS = 5


def memo_key(round: int) -> str:
    """Under which key a run remembers what is shown of the explanation of that round (from 1)."""
    return f"illustrations of round {round}"


def illustrations(
    leader: Program, rivals: Sequence[Program], pairs: Sequence[Pair], domain: TextDomain, rng: np.random.Generator
) -> dict[str, Any]:
    """`branches`: which case of the leader each text falls under. `rivals`: programs that agree with all pairs too,
    each with a text on which it differs. Plain data.
    """
    branches = {}
    if isinstance(leader, Branched):
        for text, _ in pairs:
            case, _ = leader.branch(text)
            branches[text] = f"texts that {case.said}" if case else USUAL
    told = []
    for rival in rivals[:_MOST_RIVALS]:
        apart = separating([leader, rival], [t for t, _ in pairs], rng=rng, most=1, domain=domain)
        if apart:
            [text] = apart
            said = {"text": text, "leader": leader(text), "rival": rival(text)}
            told.append({"description": rival.sentence(), **said})
    return {"branches": branches, "rivals": told}
