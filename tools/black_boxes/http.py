"""`http://host/path` (also `https`, `http:http://…`): a JSON endpoint.

Batches: `{"inputs": [[x1, x2], …]}` → `{"outputs": [number | null | {"re", "im"} | {"error": "…"}, …]}`; where the
domain is one of texts, `{"inputs": ["…", …]}`.
One at a time (`single`): `{"x": number | [x1, x2]}` → `{"y": …}`. A batch that the server cannot do is asked again
one input at a time, so only the guilty input fails. A bearer token is read from an environment variable; it is
neither part of the spec nor of any message.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from .guest import encode, one_line
from .options import OpenOptions
from .poster import BatchError, Poster
from .python import to_arguments
from .texts import INPUT_NAMES, answer_texts
from .types import BlackBoxError, Input, Reply, Signature, SpecError, TextDomain
from .wire import decode, failure
from .worker import Argument

DEFAULT_BATCH = 64


class HttpBox:
    """An HTTP endpoint. `timeout_seconds` is for one request, from sending to the last byte."""

    def __init__(self, url: str, options: OpenOptions) -> None:
        self._url = url
        self._options = options
        arity = options.arity or 1
        self._texts = isinstance(options.domain, TextDomain)
        names = ("x",) if arity == 1 else tuple(f"x{i + 1}" for i in range(arity))
        self._signature = Signature(INPUT_NAMES if self._texts else names, options.domain, options.output)
        self._whole = options.whole(arity)
        self._batch = 1 if options.single else options.batch_size or DEFAULT_BATCH
        self._poster = Poster(
            url,
            token=_token(options.token_variable),
            timeout_seconds=options.timeout_seconds,
            trust_environment=not _is_loopback(url),
        )
        self._closed = False

    @property
    def spec(self) -> str:
        return self._url

    @property
    def signature(self) -> Signature:
        return self._signature

    def ask(self, inputs: Sequence[Input]) -> Iterator[Reply]:
        """See `BlackBox.ask`. `BlackBoxError` when the server is gone, refuses us, or is no such endpoint."""
        if self._closed:
            raise BlackBoxError(f"{self._url} is closed; open it again")
        if self._texts:
            yield from answer_texts(inputs, lambda texts: self._replies([[text] for text in texts]))
        else:
            yield from self._replies([to_arguments(x, self._whole) for x in inputs])

    def close(self) -> None:
        self._closed = True
        self._poster.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _replies(self, points: list[list[Argument]]) -> Iterator[Reply]:
        done = 0
        while done < len(points):
            batch = points[done : done + self._batch]
            yield from self._answer(batch)
            done += len(batch)

    def _answer(self, batch: list[list[Argument]]) -> Iterator[Reply]:
        if len(batch) == 1:
            yield self._ask_one(batch[0], self._options.attempts)
            return
        try:
            yield from self._ask_batch(batch, self._options.attempts)
            return
        except BatchError as error:
            if error.late:  # too many for the time there is, or one that hangs: smaller steps from now on
                self._batch = max(1, len(batch) // 2)
            elif error.malformed:
                yield from (failure("transport", str(error), error.seconds) for _ in batch)
                return
        for point in batch:
            yield self._ask_one(point, min(2, self._options.attempts))

    def _ask_batch(self, batch: list[list[Argument]], attempts: int) -> list[Reply]:
        inputs = [text for [text] in batch] if self._texts else batch
        answer, seconds = self._poster.post({"inputs": inputs}, attempts=attempts, wait_again=len(batch) == 1)
        outputs = answer.get("outputs") if isinstance(answer, dict) else None
        if not isinstance(outputs, list):
            raise BatchError('expected {"outputs": […]}, got ' + _shown(answer), malformed=True, seconds=seconds)
        if len(outputs) != len(batch):
            message = f"expected {len(batch)} outputs, one for each input, got {len(outputs)}"
            raise BatchError(message, malformed=True, seconds=seconds)
        return [self._reply(output, seconds / len(batch)) for output in outputs]

    def _ask_one(self, point: list[Argument], attempts: int) -> Reply:
        try:
            if not self._options.single:
                [reply] = self._ask_batch([point], attempts)
                return reply
            body = {"x": point[0] if len(point) == 1 else point}
            answer, seconds = self._poster.post(body, attempts=attempts)
            if not isinstance(answer, dict) or "y" not in answer:
                if isinstance(answer, dict) and "error" in answer:
                    return self._reply(answer, seconds)
                raise BatchError('expected {"y": …}, got ' + _shown(answer), malformed=True, seconds=seconds)
            return self._reply(answer["y"], seconds)
        except BatchError as error:
            return failure("timed_out" if error.late else "transport", str(error), error.seconds)

    def _reply(self, output: Any, seconds: float) -> Reply:
        """One item of a batch. `null` is how JSON says NaN."""
        match output:
            case None:
                return failure("not_finite", "the server answered null", seconds)
            case {"error": message}:
                return failure("raised", one_line(str(message)) or "the server named no reason", seconds)
            case {"re": int() | float() as real, "im": int() | float() as imaginary}:
                return decode(encode(_complex(real, imaginary), self._options.output, seconds))
            case list() as items if len(items) == 1 and isinstance(items[0], (int, float)):
                return decode(encode(items[0], self._options.output, seconds))
        return decode(encode(output, self._options.output, seconds))


def open_box(rest: str, options: OpenOptions) -> HttpBox:
    """Open `http://…`, `https://…` or, the scheme being taken off, `//host/path`."""
    options.refuse_sandbox("what answers at a URL runs elsewhere and", "leave --untrusted and --sandbox out")
    url = f"http:{rest}" if rest.startswith("//") else rest
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SpecError(f"an HTTP black box is named http://host/path, got {url!r}")
    try:
        _ = parts.port
    except ValueError:
        raise SpecError(f"the port of {parts.hostname} in the URL is not a number from 0 to 65535") from None
    if parts.username is not None or parts.password is not None:
        raise SpecError("a URL with a password would be written into journals; name an environment variable instead")
    return HttpBox(url, options)


def _token(variable: str | None) -> str | None:
    if variable is None:
        return None
    token = os.environ.get(variable, "").strip()
    if not token:
        raise SpecError(f"the environment variable {variable} should hold the bearer token and is not set")
    return token


def _is_loopback(url: str) -> bool:
    """Whether the host is this machine, which a proxy of the environment could not reach."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _complex(real: float, imaginary: float) -> complex | float:
    try:
        return complex(real, imaginary)
    except OverflowError:
        return float("inf")


def _shown(answer: Any) -> str:
    if isinstance(answer, dict):
        return "an object with " + (", ".join(sorted(map(repr, answer))[:5]) or "nothing in it")
    return f"a {type(answer).__name__}"
