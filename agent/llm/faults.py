"""Which failures of a chat model pass by themselves, how long to wait, and which end a run."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from ...tools.chat import ChatError

T = TypeVar("T")
ATTEMPTS = 6
LONGEST_WAIT_SECONDS = 60.0
_FIRST_FAULT = 400
_PASSING_STATUS = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_PASSING_NAMES = ("timeout", "connect", "ratelimit", "overloaded", "internalserver", "protocolerror", "readerror")
_BROKEN_REPLIES = (ValueError, KeyError, TypeError, AttributeError, IndexError)
"""What clients raise when a server's body is not what its protocol says."""


class Waiting:
    """Retries with growing pauses, or as long as the provider asks for.

    `tell(seconds, error)` hears of every pause; `sleep` may be replaced by tests.
    """

    def __init__(
        self,
        *,
        attempts: int = ATTEMPTS,
        first_seconds: float = 1.0,
        sleep: Callable[[float], None] = time.sleep,
        tell: Callable[[float, BaseException], None] = lambda seconds, error: None,
    ) -> None:
        self._attempts, self._first, self._sleep, self._tell = attempts, first_seconds, sleep, tell

    def call(self, action: Callable[[], T]) -> T:
        """What `action` gives. Raises `ChatError` when it will not pass, or has not passed in time."""
        retrying = Retrying(
            retry=retry_if_exception(passes),
            stop=stop_after_attempt(self._attempts),
            wait=self._pause,
            sleep=self._sleep,
            before_sleep=self._say,
            reraise=True,
        )
        try:
            return retrying(action)
        except Exception as error:
            said = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
            tried = f" after {self._attempts} attempts" if passes(error) else ""
            raise ChatError(
                f"the chat model gave no answer{tried} ({said}); go on with the run once it does"
            ) from error

    def _pause(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        asked = retry_after(error) if error is not None else None
        if asked is not None:
            return min(asked, LONGEST_WAIT_SECONDS)
        return float(wait_exponential_jitter(initial=self._first, max=LONGEST_WAIT_SECONDS, jitter=self._first)(state))

    def _say(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome is not None else None
        if error is not None:
            self._tell(float(state.upcoming_sleep), error)


def passes(error: BaseException) -> bool:
    """Whether trying again may help: rate limits, servers in trouble, time-outs, broken connections and replies."""
    if not isinstance(error, Exception):
        return False
    status = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    if isinstance(status, int) and status >= _FIRST_FAULT:
        return status in _PASSING_STATUS  # below it, the answer came and its body is broken
    if isinstance(error, OSError):  # connections and time-outs among them
        return True
    names = " ".join(kind.__name__.lower() for kind in type(error).__mro__)
    return any(name in names for name in _PASSING_NAMES) or isinstance(error, _BROKEN_REPLIES)


def retry_after(error: BaseException) -> float | None:
    """Seconds that the provider asks to wait; None if it does not say."""
    headers: Any = getattr(getattr(error, "response", None), "headers", None)
    said = headers.get("retry-after") if headers is not None else None
    try:
        return max(0.0, float(said)) if said is not None else None
    except ValueError:
        return None
