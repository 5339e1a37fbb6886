"""The search for straight-line programs."""

from __future__ import annotations

from collections.abc import Sequence

from ..types import Pair, Program, Search


def straight(
    pairs: Sequence[Pair], *, seconds: float, keep: int = 12, depth: int = 3, resume: Sequence[Program] = ()
) -> Search:
    """Programs that agree with all `pairs`, the shortest first, at most `keep`; stops after `seconds`.

    `resume` are programs found earlier on fewer pairs: they are tried first, and their parameters fitted anew.
    On a subset of the pairs it finds what holds there, in the same way.
    """
    raise NotImplementedError
