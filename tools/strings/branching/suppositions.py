"""Exceptions that are in sight: conditions whose texts all get something simple, which others do not get."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..types import Pair, Program, right_on
from ..work import worked
from .known import Repertoire, mask_of
from .lists import Side
from .plain import Constant
from .predicates import Predicate

Fit = Callable[[Sequence[Pair]], Sequence[Program]]
"""Programs of one step that agree with pairs, found in a few hundredths of a second."""
_FEWEST = 3
_FEWEST_OTHERS = 6
_MOST_SHOWN = 20
_LEAST_GAIN = 4.0
_BODY_BITS = 20.0
"""What a body costs at most, if texts enough show its table."""
_CONSTANT_BITS = 2.0
"""What a constant costs beside the one text that shows it."""
_CHARACTER_BITS = 4.7


@dataclass(frozen=True)
class Supposition:
    """Texts that meet `condition` get what `body` gives.

    `side`: their pairs; `gain`: bits by which that is no accident.
    """

    condition: Predicate
    side: int
    body: Program
    gain: float


def suppositions(repertoire: Repertoire, sides: Sequence[Side], fit: Fit, *, seconds: float) -> list[Supposition]:
    """What is supposed of conditions, looked at for so many seconds: the least accidental first.

    Of conditions that pick out the same texts, the cheapest.
    """
    until = worked() + seconds
    found: list[Supposition] = []
    tried: set[int] = set()
    half = len(repertoire.pairs) // 2
    for condition, side in sorted(sides, key=lambda one: (one[1].bit_count() > half, one[0].bits)):
        count = side.bit_count()
        if side in tried or count < _FEWEST or len(repertoire.pairs) - count < _FEWEST_OTHERS:
            continue
        tried.add(side)
        body = repertoire.shortest(side)
        if body is None and worked() < until:
            pairs = repertoire.part(side)
            body = next((p for p in fit(pairs[:_MOST_SHOWN]) if len(right_on(p, pairs)) == count), None)
        if body is not None:
            gain = _gain(condition, side, body, repertoire)
            if gain > _LEAST_GAIN:
                found.append(Supposition(condition, side, body, gain))
    return sorted(found, key=lambda s: -s.gain)


def _gain(condition: Predicate, side: int, body: Program, repertoire: Repertoire) -> float:
    """How much less likely it is that `body` is right on all of `side` if it is right there as often as elsewhere,
    less what condition and body cost. Texts that nothing can be told from count for nothing.
    """
    right = mask_of(right_on(body, repertoire.pairs))
    others = len(repertoire.pairs) - side.bit_count()
    elsewhere = ((right & ~side).bit_count() + 0.5) / (others + 1.0)
    replies = [reply or "" for text, reply in repertoire.part(side) if len(text) > 1]
    each = -math.log2(elsewhere)
    if body.size <= _BODY_BITS or isinstance(body, Constant):
        cost = min(body.size, _CONSTANT_BITS + each) if isinstance(body, Constant) else body.size
        return len(replies) * each - cost - condition.bits
    shown = min(len(replies) * each - _BODY_BITS, _CHARACTER_BITS * sum(map(len, replies)) - body.size)
    return shown - condition.bits
