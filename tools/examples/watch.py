"""Time for a search, and for its parts: the first must not use up what the others need."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], bool]
"""True once time is up."""


class Watch:
    """`seconds` from now on."""

    def __init__(self, seconds: float) -> None:
        self._begin, self._seconds = time.monotonic(), seconds

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return self._begin + self._seconds - time.monotonic()

    def until(self, share: float) -> Clock:
        """A clock that runs out when this share of the time has passed."""
        end = self._begin + share * self._seconds
        return lambda: time.monotonic() >= end
