"""How long a search has worked: processor time of this thread, so that a busy machine loses it nothing."""

from __future__ import annotations

import time


def worked() -> float:
    """Seconds of processor time; only differences mean something."""
    return time.thread_time()
