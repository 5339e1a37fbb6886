"""Programs that are right on many pairs, though not on all: searched for on a few pairs at a time."""

from __future__ import annotations

import random
from collections.abc import Iterator

from ..operations.program import StraightProgram
from .explorer import Clock, Explorer

_LONG = 40
_CORES = 24
_CORE_SIZE = 3
_SHARE = 0.5
"""Of the seconds left, what all small cores together may take; never more than a second."""


def neighbours(explorer: Explorer) -> Iterator[StraightProgram]:
    """Programs of one step that are right on a few pairs drawn at random, and so perhaps on many.

    The same pairs are drawn whenever the search is made again.
    """
    pairs = [pair for pair in explorer.pairs if pair[0] != pair[1] and len(pair[0]) < _LONG]
    if len(pairs) <= _CORE_SIZE:
        return
    rng = random.Random(len(pairs))
    clock = Clock(min(1.0, _SHARE * (explorer.clock.seconds - explorer.clock.spent)))
    for _ in range(_CORES):
        if clock.out:
            return
        small = Explorer(rng.sample(pairs, _CORE_SIZE), clock)
        small.explore(1)
        yield from sorted(small.found, key=lambda p: p.size)[:4]
