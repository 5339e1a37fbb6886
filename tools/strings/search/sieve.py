"""Which of many candidates short texts leave possible, remembered: a search meets few of them, again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from .frame import Frame
from .selected import bits

T = TypeVar("T")
_MOST_PAIRS = 50_000


class Sieve(Generic[T]):
    """Asks of every candidate whether a short text may become what is wanted of it, once for each pair of texts."""

    def __init__(self, candidates: Sequence[T], possible: Callable[[str, str], int]) -> None:
        """`possible`: from a text and what is wanted to the candidates as the bits of a number, the first lowest."""
        self.candidates = tuple(candidates)
        self._possible = possible
        self._known: dict[tuple[str, str], int] = {}

    def left(self, frame: Frame, mask: int = -1) -> list[T]:
        """The candidates, of those in `mask`, that no short text of the frame rules out."""
        mask &= (1 << len(self.candidates)) - 1
        current, wanted = frame.current, frame.wanted
        for i in frame.short:
            key = (current[i], wanted[i])
            found = self._known.get(key)
            if found is None:
                if len(self._known) >= _MOST_PAIRS:
                    self._known.clear()
                found = self._known[key] = self._possible(*key)
            mask &= found
            if not mask:
                return []
        return [self.candidates[number] for number in bits(mask)]
