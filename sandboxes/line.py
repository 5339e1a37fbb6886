"""Frames to and from a child process's standard input and output, for many threads at once.

No thread of its own: of those who wait, one reads for all. So a line costs no switch of threads when one caller
uses it, and a forked copy of this process is not left waiting for a thread that it does not have.
"""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence

from .guest import wire
from .processes import Child, last_line

_CHUNK = 1 << 18
_LAST_WORDS_BYTES = 8192
_LONG_SECONDS = 3600.0
_DYING_SECONDS = 0.2

Taker = Callable[[int, int, bytes], str]
"""Called with each frame's kind, number and payload, under the line's lock. What it returns, if anything, is why the
line is over; `wire.Garbled` ends it too."""


class Line:
    """A child process on the other end of two pipes.

    `name` is what messages call it, and `quoted` picks what they quote of what it wrote on stderr.
    """

    def __init__(
        self,
        command: Sequence[str],
        take: Taker,
        *,
        name: str,
        environment: Mapping[str, str] | None,
        quoted: Callable[[str], str] = last_line,
    ) -> None:
        self._take, self._name, self._quoted = take, name, quoted
        self._lock = threading.Lock()
        self._unpacker = wire.Unpacker()
        self._outgoing = bytearray()
        self._later: deque[bytes] = deque()
        self._words = bytearray()
        self._has_words = True
        self._reading = False
        self._waiters: list[threading.Event] = []
        self._closed = False
        self.over = ""
        """Why there will be nothing more; empty while there may be."""
        self._child = Child(command, stdin=subprocess.PIPE, env=environment)
        process = self._child.process
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._in, self._out, self._err = process.stdin.fileno(), process.stdout.fileno(), process.stderr.fileno()
        for descriptor in (self._in, self._out, self._err):
            os.set_blocking(descriptor, False)

    def post(self, kind: int, number: int, payload: bytes = b"") -> None:
        """Send a frame, or as much of it as the pipe takes; see `drain` for the rest. Never blocks."""
        self.post_raw(wire.pack(kind, number, payload))

    def post_raw(self, data: bytes) -> None:
        """As `post`, for what is no frame."""
        with self._held():
            if not self.over:
                self._outgoing += data
                self._write()

    def post_soon(self, kind: int, number: int) -> None:
        """As `post`, from any place: a finalizer may run in a thread that holds the lock already."""
        self._later.append(wire.pack(kind, number))
        self._catch_up()

    def drain(self, deadline: float) -> bool:
        """Wait until all that was posted is in the pipe; False if it is not by `deadline`."""
        poll = select.poll()
        poll.register(self._in, select.POLLOUT)
        while True:
            with self._held():
                self._write()
                if self.over or not self._outgoing:
                    return True
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            poll.poll(1000 * min(left, _LONG_SECONDS))

    def wait(self, until: Callable[[], bool], deadline: float) -> bool:
        """Take frames until `until`, which is asked under the lock; False at `deadline` or when the line is over.

        Looks at what has come even if `deadline` has passed.
        """
        while True:
            left = min(deadline - time.monotonic(), _LONG_SECONDS)
            lead = False
            turn = threading.Event()
            ready: list[int] = []
            try:
                with self._held():
                    if until():
                        return True
                    if self.over:
                        return False
                    lead = not self._reading
                    if lead:
                        self._reading = True
                    else:
                        self._waiters.append(turn)
                if lead:
                    ready = self._look(max(0.0, left))
                elif left > 0:
                    turn.wait(left)
            finally:
                if lead:
                    with self._held():
                        self._reading = False
                        self._move(ready)
                        for waiter in self._waiters:
                            waiter.set()
                        self._waiters.clear()
            if left <= 0:
                with self._held():
                    return until()

    def fail(self, reason: str) -> None:
        """The line is of no more use. The first reason given is kept."""
        with self._held():
            self._fail(reason)

    def hang_up(self, patience_seconds: float) -> int:
        """Close the child's standard input, let it end by itself for so long, kill it; its exit status."""
        with self._held():
            self._fail("the sandbox was closed")
            if self._closed:
                return self._child.kill()
            self._closed = True
            if self._child.process.stdin is not None:
                with contextlib.suppress(OSError):
                    self._child.process.stdin.close()
        deadline = time.monotonic() + patience_seconds
        pause = 0.001
        while not self._child.ended() and time.monotonic() < deadline:
            self._empty(deadline)
            time.sleep(pause)
            pause = min(2 * pause, 0.02)
        return self._child.kill()

    def abandon(self) -> None:
        """In a forked copy of the process that owns the child: let go of the pipes. Takes no lock."""
        self.over = self.over or "the sandbox belongs to another process"
        self._closed = True
        self._child.kill()

    @contextlib.contextmanager
    def _held(self) -> Iterator[None]:
        with self._lock:
            yield
        self._catch_up()

    def _catch_up(self) -> None:
        """Post what finalizers left; if another thread holds the lock, that one does it when it lets go."""
        while self._later and self._lock.acquire(blocking=False):
            try:
                while self._later and not self.over:
                    self._outgoing += self._later.popleft()
                if self.over:
                    self._later.clear()
                else:
                    self._write()
            finally:
                self._lock.release()

    def _look(self, seconds: float) -> list[int]:
        """The pipes that have something to read or take what waits to be written; waits until there are any."""
        poll = select.poll()
        poll.register(self._out, select.POLLIN)
        if self._has_words and not self._closed:
            poll.register(self._err, select.POLLIN)
        if self._outgoing and not self._closed:
            poll.register(self._in, select.POLLOUT)
        return [descriptor for descriptor, _ in poll.poll(1000 * seconds)]

    def _move(self, ready: list[int]) -> None:
        if self.over or self._closed:
            return
        if self._err in ready:
            self._hear_words()
        if self._in in ready:
            self._write()
        if self._out not in ready:
            return
        try:
            data = os.read(self._out, _CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._fail(f"the sandbox's {self._name} ended{self._last_words()}")
            return
        try:
            for frame in self._unpacker.feed(data):
                if why := self._take(*frame):
                    self._fail(why + self._last_words())
                    return
        except wire.Garbled as error:
            self._fail(f"the sandbox's {self._name} spoke out of turn: {error}")

    def _write(self) -> None:
        if self.over or self._closed or not self._outgoing:
            return
        try:
            sent = os.write(self._in, self._outgoing)
        except BlockingIOError:
            return
        except OSError as error:
            self._fail(f"the sandbox's {self._name} is gone ({error}){self._last_words()}")
            return
        del self._outgoing[:sent]

    def _fail(self, reason: str) -> None:
        self.over = self.over or reason
        self._outgoing.clear()

    def _hear_words(self) -> bool:
        try:
            data = os.read(self._err, _CHUNK)
        except OSError:
            return False
        self._has_words = bool(data)
        self._words += data
        del self._words[:-_LAST_WORDS_BYTES]
        return self._has_words

    def _last_words(self) -> str:
        """What the child wrote on stderr at its end, in brackets."""
        deadline = time.monotonic() + _DYING_SECONDS
        while not self._child.ended() and time.monotonic() < deadline:
            time.sleep(0.005)
        while self._hear_words():
            pass
        words = self._quoted(self._words.decode(errors="replace"))
        return f" ({words})" if words else ""

    def _empty(self, deadline: float) -> None:
        """Read and drop what still comes, so that the child can end."""
        for descriptor in (self._out, self._err):
            with contextlib.suppress(OSError):
                while os.read(descriptor, _CHUNK) and time.monotonic() < deadline:
                    pass
