"""JSON over HTTP with time-outs and retries; what went wrong is said in the terms of a black box."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import tenacity

from .guest import one_line
from .types import BlackBoxError

MAX_REPLY_BYTES = 64 * 1024 * 1024
MAX_RETRY_AFTER_SECONDS = 60.0
_FIRST_WAIT_SECONDS = 0.2
_LONGEST_WAIT_SECONDS = 10.0
_REMEDIES = {
    401: "give a token through token_variable",
    403: "the token may not use this endpoint",
    404: "check the path of the URL",
    405: "the endpoint must accept POST",
    407: "the proxy asks for a login",
}


class BatchError(Exception):
    """This request got no usable answer, but the server may answer others."""

    def __init__(self, message: str, *, late: bool = False, malformed: bool = False, seconds: float = 0.0) -> None:
        super().__init__(message)
        self.late = late
        self.malformed = malformed
        self.seconds = seconds


class _Again(Exception):
    """Worth another try. `outcome` is what to raise when tries run out."""

    def __init__(self, outcome: Exception, wait_seconds: float | None = None) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome
        self.late = isinstance(outcome, BatchError) and outcome.late
        self.wait_seconds = wait_seconds


class Poster:
    """Posts JSON to one URL. Tries again on 429, 5xx, broken connections and time-outs, backing off with jitter."""

    def __init__(
        self,
        url: str,
        *,
        token: str | None,
        timeout_seconds: float,
        trust_environment: bool,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url
        self._timeout_seconds = timeout_seconds
        self._sleep = sleep
        headers = {"accept": "application/json"}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        # Redirects are not followed: they would carry the token to another place.
        self._client = httpx.Client(headers=headers, timeout=timeout_seconds, trust_env=trust_environment)

    def close(self) -> None:
        self._client.close()

    def post(self, body: dict[str, Any], *, attempts: int, wait_again: bool = True) -> tuple[Any, float]:
        """(the answer, seconds of the try that worked). A time-out is tried again only with `wait_again`.

        `BatchError` if this body got no answer, `BlackBoxError` if the server is gone or refuses us.
        """

        def worth_it(error: BaseException) -> bool:
            return isinstance(error, _Again) and (wait_again or not error.late)

        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(attempts),
            wait=_wait,
            retry=tenacity.retry_if_exception(worth_it),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(self._try, body)
        except _Again as again:
            raise again.outcome from None

    def _try(self, body: dict[str, Any]) -> tuple[Any, float]:
        begin = time.monotonic()
        try:
            response, content = self._exchange(body, begin + self._timeout_seconds)
        except (httpx.TimeoutException, TimeoutError):
            seconds = time.monotonic() - begin
            late = BatchError(f"no answer within {self._timeout_seconds:g} s", late=True, seconds=seconds)
            raise _Again(late) from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise BlackBoxError(f"{self._url} is not a usable URL: {error}") from None
        except httpx.TransportError as error:
            reason = one_line(str(error)) or type(error).__name__
            gone = BlackBoxError(f"{self._url} cannot be reached ({reason}); check that the server runs, then resume")
            raise _Again(gone) from None
        except httpx.HTTPError as error:
            raise BatchError(f"unreadable answer: {one_line(str(error))}", malformed=True) from None
        seconds = time.monotonic() - begin
        self._check_status(response, content, seconds)
        try:
            return json.loads(content), seconds
        except (ValueError, RecursionError):
            start = one_line(content[:60].decode(errors="replace"))
            raise BatchError(f"expected JSON, got {start!r}", malformed=True, seconds=seconds) from None

    def _exchange(self, body: dict[str, Any], deadline: float) -> tuple[httpx.Response, bytes]:
        """The whole answer, however slowly it drips, before the deadline."""
        content = bytearray()
        with self._client.stream("POST", self._url, json=body) as response:
            for part in response.iter_bytes():
                content += part
                if time.monotonic() > deadline:
                    raise TimeoutError
                if len(content) > MAX_REPLY_BYTES:
                    raise BatchError(f"the answer is longer than {MAX_REPLY_BYTES >> 20} MiB", malformed=True)
        return response, bytes(content)

    def _check_status(self, response: httpx.Response, content: bytes, seconds: float) -> None:
        status = response.status_code
        if status == 200 or (status < 300 and content):
            return
        said = one_line(content[:200].decode(errors="replace"))
        message = f"HTTP {status} {response.reason_phrase}".rstrip() + (f": {said}" if said else "")
        if 300 <= status < 400:
            where = response.headers.get("location", "elsewhere")
            raise BlackBoxError(f"{self._url} has moved ({message}); use {where}")
        if status in _REMEDIES:
            raise BlackBoxError(f"{self._url} refused: {message}; {_REMEDIES[status]}")
        wait_seconds = _retry_after(response.headers.get("retry-after"))
        if status == 429:
            gone = BlackBoxError(f"{self._url} still says {message}; resume later or ask in larger batches")
            raise _Again(gone, wait_seconds)
        if status >= 500:
            raise _Again(BatchError(message, seconds=seconds), wait_seconds)
        raise BatchError(message, seconds=seconds)


_backoff = tenacity.wait_exponential(multiplier=_FIRST_WAIT_SECONDS, max=_LONGEST_WAIT_SECONDS) + tenacity.wait_random(
    0.0, _FIRST_WAIT_SECONDS / 2
)


def _wait(state: tenacity.RetryCallState) -> float:
    """What the server asked for in Retry-After, else exponential back-off with jitter."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, _Again) and error.wait_seconds is not None:
        return error.wait_seconds
    return float(_backoff(state))


def _retry_after(header: str | None) -> float | None:
    """Seconds, from a number or a date (RFC 9110, 10.2.3), at most a minute."""
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(header).timestamp() - time.time()
        except (TypeError, ValueError):
            return None
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_SECONDS) if seconds == seconds else None
