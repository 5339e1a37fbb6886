"""Requests and replies with one guest. What a guest sends is checked here, and nowhere trusted further."""

from __future__ import annotations

import contextlib
import secrets
import signal
import time
from collections.abc import Iterator
from typing import Any

from .guest import frames, plain
from .serving import Ending, Flooded, Guest, GuestGone
from .types import (
    BadResult,
    Crashed,
    Failure,
    Forbidden,
    Limits,
    Lost,
    OutOfMemory,
    OutputTooLarge,
    Parameters,
    Raised,
    SandboxError,
    TimedOut,
)

_READ_BYTES = 1 << 16
_SLACK_BYTES = 4096
_MESSAGE_CHARACTERS = 2000
_TRACEBACK_CHARACTERS = 4000
_NAME_CHARACTERS = 100
_CPU_SHARE = 0.5
"""A guest killed by the kernel after this share of its processor time was killed for it: the limit counts ticks."""


class Misspoke(Exception):
    """A guest sent what is no reply to what it was asked."""


class Ended(Exception):
    """The guest is no more, for the reason `failure`."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure))
        self.failure = failure


class Talk:
    """One guest's conversation. After `Ended` it is over."""

    def __init__(self, guest: Guest, limits: Limits) -> None:
        self.guest, self._limits = guest, limits
        self._buffer = bytearray()
        self._greeted = False
        self.replied = 0
        """Requests answered so far."""

    def ask(self, kind: int, payload: bytes, *, deadline: float, most_bytes: int) -> Iterator[tuple[int, bytes]]:
        """Replies as they come, without end: stop when you have what you asked for.

        Each reply moves the deadline by the wall-clock limit, up to `deadline`. All replies together may hold
        `most_bytes`. Raises `Ended` when the guest dies, is late, or speaks out of turn.
        """
        nonce = secrets.token_bytes(16)
        with self._judging():
            self.guest.send(frames.frame(kind, nonce, payload), self._next(deadline))
            while True:
                reply = self._reply(nonce, self._next(deadline), most_bytes)
                most_bytes -= len(reply[1])
                yield reply

    def end(self, failure: Failure | None = None) -> Failure:
        """Kill the guest; why it is over: `failure` if we say so, otherwise what its supervisor saw."""
        ending = self.guest.end()
        return failure if failure is not None else cause(ending, self._limits)

    def _next(self, deadline: float) -> float:
        return min(deadline, time.monotonic() + self._limits.wall_seconds)

    @contextlib.contextmanager
    def _judging(self) -> Iterator[None]:
        """Every way in which a conversation breaks off, as `Ended`."""
        try:
            yield
        except TimeoutError:
            raise Ended(self.end(TimedOut("wall", self._limits.wall_seconds))) from None
        except Flooded as flood:
            raise Ended(self.end(OutputTooLarge(flood.limit_bytes))) from None
        except Misspoke as fault:
            raise Ended(self.end(Crashed(f"spoke out of turn: {fault}"))) from None
        except GuestGone:
            raise Ended(self.end()) from None

    def _reply(self, nonce: bytes, deadline: float, most_bytes: int) -> tuple[int, bytes]:
        if not self._greeted:
            self._greet(deadline)
        kind, echo, length = frames.HEADER.unpack(self._take(frames.HEADER.size, deadline))
        if echo != nonce:
            raise Misspoke("a frame that answers nothing")
        if length > most_bytes + _SLACK_BYTES:
            raise Flooded(self._limits.output_bytes)
        payload = self._take(length, deadline)
        self.replied += 1
        return kind, payload

    def _greet(self, deadline: float) -> None:
        """Hear the guest's first word, which it says before any foreign code could say it."""
        kind, _, length = frames.HEADER.unpack(self._take(frames.HEADER.size, deadline))
        if kind == frames.REFUSED:
            text = self._take(min(length, _MESSAGE_CHARACTERS), deadline).decode(errors="replace")
            self.guest.end()
            raise SandboxError(f"a guest could not be shut in: {clean(text)}")
        if kind != frames.READY or length:
            raise Misspoke("no greeting")
        self._greeted = True

    def _take(self, count: int, deadline: float) -> bytes:
        while len(self._buffer) < count:
            self._buffer += self.guest.receive(_READ_BYTES, deadline)
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken


def cause(ending: Ending, limits: Limits) -> Failure:
    """Why a guest that we did not kill is over."""
    if ending.lost:
        return Lost(ending.lost)
    if ending.status >= 0:
        return Crashed(f"ended its own process with status {ending.status}")
    number = -ending.status
    if number == signal.SIGXCPU or (number == signal.SIGKILL and ending.cpu_seconds >= _CPU_SHARE * limits.cpu_seconds):
        return TimedOut("cpu", limits.cpu_seconds)
    if number == signal.SIGSYS:
        return Forbidden("a system call of a foreign kind")
    if number == signal.SIGKILL:
        return Crashed("was killed from outside, perhaps because the machine ran out of memory", number)
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    return Crashed(f"died of {name}", number)


def failure_of(said: Any, limits: Limits) -> Failure:
    """The failure that a guest reports about its own code. `Misspoke` if it is none."""
    match said:
        case ["raised", str() as kind, str() as message, str() as trace]:
            return Raised(clean(kind, 100), clean(message), clean(trace, _TRACEBACK_CHARACTERS))
        case ["forbidden", str() as message, str() as trace]:
            return Forbidden(clean(message), clean(trace, _TRACEBACK_CHARACTERS))
        case ["memory"]:
            return OutOfMemory(limits.memory_bytes)
        case ["bad", str() as message]:
            return BadResult(clean(message))
        case ["large"]:
            return OutputTooLarge(limits.output_bytes)
    raise Misspoke("a failure of no known kind")


def parameters_of(payload: bytes) -> Parameters | None:
    """What a LOADED reply says. `Misspoke` if it is none."""
    match tree(payload):
        case {"parameters": None}:
            return None
        case {
            "parameters": {
                "required": list() as required,
                "optional": list() as optional,
                "variadic": bool() as variadic,
                "integer": list() as integer,
                "text": list() as text,
                "texts": list() as texts,
                "gives_text": bool() as gives_text,
            }
        } if all(type(name) is str for name in (*required, *optional, *integer, *text, *texts)):
            groups = (required, optional, integer, text, texts)
            first, more, *kinds = (tuple(clean(name, _NAME_CHARACTERS) for name in group) for group in groups)
            whole, one, many = kinds
            return Parameters(first, more, variadic, whole, one, many, gives_text)
    raise Misspoke("parameters of no known kind")


def tree(payload: bytes) -> Any:
    """JSON from a guest. `Misspoke` if it is none."""
    try:
        return plain.loads(payload)
    except plain.NotPlain as error:
        raise Misspoke(str(error)) from None


def clean(text: str, most: int = _MESSAGE_CHARACTERS) -> str:
    """A guest's text, harmless to print: no control characters, no halves of surrogate pairs, and short."""
    if len(text) > most:
        text = text[: most - 1] + "…"
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
