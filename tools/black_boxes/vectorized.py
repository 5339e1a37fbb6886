"""Asking a function for many inputs in one call with arrays, when that is safe and pays.

Whether a function treats arrays element by element cannot be read off it, so it is tried: on points already
answered one by one, an array call, made twice, must give the same numbers. It is tried only where a single call
is slow enough to matter, and every array batch is spot-checked afterwards with a single call; the first
disagreement ends it for good. A function with randomness therefore stays with single calls.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import closing

from .types import Reply
from .worker import Argument, Runner

SLOW_SECONDS = 1e-3
"""Single calls faster than this are not worth the risk: a batch of 400 takes under half a second anyway."""
_TRIAL_SIZE = 16
_LEAST_TRIAL = 4
_TOLERANCE = 1e-9


class ArrayCaller:
    """Single calls or array calls, whichever is right for this function."""

    def __init__(self, runner: Runner, *, forced: bool = False) -> None:
        self._runner = runner
        self._forced = forced
        self._trusted: bool | None = True if forced else None
        self._turn = 0

    def call(self, inputs: Sequence[list[Argument]]) -> Iterator[Reply]:
        """A reply per input, in order."""
        numeric = len(inputs) > 1 and not any(isinstance(v, str) for x in inputs for v in x)
        replies = self._array_replies(inputs) if self._trusted and numeric else None
        if replies is None:
            yield from self._single_replies(inputs)
            return
        for arguments, reply in zip(inputs, replies):
            # What is not a plain number may be one of another kind (complex, an exception) when asked alone.
            yield reply if isinstance(reply.value, float) else self._one(arguments)

    def _single_replies(self, inputs: Sequence[list[Argument]]) -> Iterator[Reply]:
        answered: list[tuple[list[Argument], float]] = []
        seconds = 0.0
        with closing(self._runner.call(inputs)) as replies:
            for arguments, reply in zip(inputs, replies):
                if isinstance(reply.value, float):
                    answered.append((arguments, reply.value))
                    seconds += reply.seconds
                yield reply
        if self._trusted is None and len(answered) >= _LEAST_TRIAL and seconds > SLOW_SECONDS * len(answered):
            self._trusted = self._try(answered[:: -(-len(answered) // _TRIAL_SIZE)])

    def _try(self, answered: Sequence[tuple[list[Argument], float]]) -> bool:
        columns = _columns([arguments for arguments, _ in answered])
        for _ in range(2):
            replies = self._runner.call_array(columns)
            if replies is None or not all(_same(r, value) for r, (_, value) in zip(replies, answered)):
                return False
        return True

    def _array_replies(self, inputs: Sequence[list[Argument]]) -> list[Reply] | None:
        replies = self._runner.call_array(_columns(inputs))
        if replies is None:
            self._trusted = self._forced
            return None
        if self._forced:
            return replies
        self._turn += 1
        check = (self._turn * 7919) % len(inputs)
        value = replies[check].value
        if isinstance(value, float) and not _same(self._one(inputs[check]), value):
            self._trusted = False
            return None
        return replies

    def _one(self, arguments: list[Argument]) -> Reply:
        [reply] = self._runner.call([arguments])
        return reply


def _columns(inputs: Sequence[list[Argument]]) -> list[list[Argument]]:
    return [list(column) for column in zip(*inputs)]


def _same(reply: Reply, value: float) -> bool:
    """Equal up to the last bits, in which numpy's arrays and scalars may differ."""
    return isinstance(reply.value, float) and math.isclose(reply.value, value, rel_tol=_TOLERANCE, abs_tol=1e-300)
