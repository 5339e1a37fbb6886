"""Ctrl-C and SIGTERM: the first stops a run so that it can be resumed, the second ends the process at once."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


class Interrupted(KeyboardInterrupt):
    """A person or the system asked the process to stop."""

    def __init__(self, signum: int) -> None:
        super().__init__(f"stopped by {signal.Signals(signum).name}")
        self.signum = signum

    @property
    def exit_code(self) -> int:
        return 128 + self.signum


@dataclass
class StopRequest:
    """Which signal has asked for a stop, if any. `check` raises again where a library swallowed the first raise."""

    signum: int | None = None

    def check(self) -> None:
        if self.signum is not None:
            raise Interrupted(self.signum)


@contextmanager
def stoppable() -> Iterator[StopRequest]:
    """Within the block a first signal raises `Interrupted` and a second one exits at once, without clean-up.

    Outside the main thread, where Python allows no handlers, the block runs as it is.
    """
    request = StopRequest()
    if threading.current_thread() is not threading.main_thread():
        yield request
        return

    def stop(signum: int, frame: FrameType | None) -> None:
        if request.signum is not None:
            _exit_now(128 + signum)
        request.signum = signum
        raise Interrupted(signum)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


def _exit_now(code: int) -> None:
    """End the process without clean-up; only the cursor, which live progress hides, is given back."""
    if sys.stderr.isatty():
        os.write(2, b"\x1b[?25h\n")
    os._exit(code)
