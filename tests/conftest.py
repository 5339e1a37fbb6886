"""What all tests need."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """Shells start background jobs with Ctrl-C ignored, and programs that are started inherit it; here it must work."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
