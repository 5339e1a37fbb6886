"""Programs that are right on many pairs, though not on all: searched for on a few pairs at a time."""

from __future__ import annotations

import random
from collections.abc import Iterator

from ..operations.program import StraightProgram
from .explorer import Clock, Explorer

_CORES = 8
_CORE_SIZE = 4
_SHARE = 0.1
"""Seconds of a search that each small core may take, as a share of the whole; never more than a second."""


def neighbours(explorer: Explorer) -> Iterator[StraightProgram]:
    """Programs that are right on a few pairs drawn at random, and so perhaps on many; always the same for a search."""
    count = len(explorer.pairs)
    if count <= _CORE_SIZE:
        return
    rng = random.Random(count)
    changed = [i for i, (text, reply) in enumerate(explorer.pairs) if text != reply and len(text) < 40] or list(
        range(count)
    )
    for _ in range(_CORES):
        core = rng.sample(changed, min(_CORE_SIZE, len(changed)))
        seconds = min(1.0, _SHARE * (explorer.clock.seconds - explorer.clock.spent))
        small = Explorer([explorer.pairs[i] for i in core], Clock(seconds))
        small.explore(2)
        yield from sorted(small.found, key=lambda p: p.size)[:4]
