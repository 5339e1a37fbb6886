"""When to give up on a black box that gives nothing to explain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from .frozen import usable
from .types import Observation

_SLOW_KINDS = ("timed_out", "crashed", "transport", "wrong_kind")
_ENOUGH_SLOW = 8
_ENOUGH = 64


def nothing_usable(observations: Sequence[Observation]) -> str | None:
    """One sentence about a box none of whose replies is a number; None when some are, or nothing was asked."""
    if not observations or any(usable(o.reply.value) is not None for o in observations):
        return None
    texts = sum(isinstance(o.reply.value, str) for o in observations)
    if texts == len(observations):
        shown = str(observations[0].reply.value)[:40]
        return f"the black box answers with text (such as {shown!r}), where a number was expected; say --gives text"
    kinds = Counter(_reason(o) for o in observations)
    (reason, count), *others = kinds.most_common()
    more = f", and {len(observations) - count} other failures" if others else ""
    return f"none of {len(observations)} inputs got a usable number: {count} times {reason}{more}"


def is_hopeless(observations: Sequence[Observation]) -> bool:
    """Whether asking on is pointless: 64 failures and no number, or 8 of the kinds that are slow to come or final."""
    if len(observations) < _ENOUGH_SLOW or any(usable(o.reply.value) is not None for o in observations):
        return False
    final = sum(
        isinstance(o.reply.value, str) or (o.reply.failure is not None and o.reply.failure.kind in _SLOW_KINDS)
        for o in observations
    )
    return len(observations) >= _ENOUGH or final == len(observations)


def _reason(o: Observation) -> str:
    if o.reply.failure is None:
        return "it answered with text"
    return f"{o.reply.failure.kind.replace('_', ' ')} ({o.reply.failure.message[:120]})"
