"""One guest behind a relay: its streams travel with those of all others on one line."""

from __future__ import annotations

import time
import weakref
from dataclasses import dataclass, field
from typing import Protocol

from .guest import wire
from .line import Line
from .serving import Ending, Flooded, GuestGone
from .types import Limits

_ANSWER_SECONDS = 5.0
_END_SECONDS = 10.0


@dataclass(slots=True)
class Box:
    """What the relay has sent of one guest and nobody has taken yet. Written under the line's lock."""

    output_bytes: int
    incoming: bytearray = field(default_factory=bytearray)
    taken: int = 0
    """Bytes taken since the relay was last given credit."""
    granted: int = wire.WINDOW_BYTES
    """Bytes that the relay has taken for the guest or will take, since its beginning."""
    closed: bool = False
    flooded: bytes = b""
    printed: dict[int, bytearray] = field(default_factory=lambda: {wire.STDOUT: bytearray(), wire.STDERR: bytearray()})
    ending: Ending | None = None


class Life(Protocol):
    """What a guest needs of the relay that it is behind."""

    line: Line

    @property
    def usable(self) -> bool: ...

    @property
    def over(self) -> str:
        """Why it is over; empty while it is not."""
        ...

    def answers(self, within_seconds: float) -> bool:
        """Whether the relay still answers; if not, it is over."""
        ...

    def drop(self, number: int) -> None:
        """Nobody will listen to this guest any more; it is killed if it lives. May be called from a finalizer."""
        ...


class RelayedGuest:
    """A `Guest` whose bytes go through a relay."""

    def __init__(self, life: Life, number: int, box: Box, limits: Limits) -> None:
        self._life, self._number, self._box, self._limits = life, number, box, limits
        self._sent = 0
        self._ending: Ending | None = None
        self._finalizer = weakref.finalize(self, life.drop, number)

    @property
    def printed(self) -> tuple[bytes, bytes]:
        return bytes(self._box.printed[wire.STDOUT]), bytes(self._box.printed[wire.STDERR])

    @property
    def is_stale(self) -> bool:
        return not self._life.usable or self._life.line.wait(lambda: self._box.closed, 0.0) or bool(self._life.over)

    def send(self, data: bytes, deadline: float) -> None:
        box, view = self._box, memoryview(data)
        while view:
            if not self._life.line.wait(lambda: box.granted > self._sent or box.closed, deadline):
                raise self._too_late()
            if box.closed:
                raise GuestGone("its end of the channel is closed")
            part = view[: min(box.granted - self._sent, wire.MAX_PAYLOAD)]
            self._sent += len(part)
            view = view[len(part) :]
            self._life.line.post(wire.DATA, self._number, bytes(part))
            if not self._life.line.drain(deadline):
                raise self._too_late()

    def receive(self, most: int, deadline: float) -> bytes:
        box = self._box
        if not self._life.line.wait(lambda: bool(box.incoming or box.closed or box.flooded), deadline):
            raise self._too_late()
        if box.flooded:
            raise Flooded(self._limits.file_bytes if box.flooded == wire.FILES else self._limits.output_bytes)
        if not box.incoming:
            raise GuestGone("its end of the channel is closed")
        data = bytes(box.incoming[:most])
        del box.incoming[: len(data)]
        box.taken += len(data)
        if box.taken >= wire.WINDOW_BYTES // 2:
            self._life.line.post(wire.CREDIT, self._number, wire.COUNT.pack(box.taken))
            box.taken = 0
        return data

    def end(self) -> Ending:
        if self._ending is None:
            self._ending = self._killed()
            self._finalizer()
        return self._ending

    def release(self) -> None:
        self._finalizer()

    def _killed(self) -> Ending:
        """Have the guest killed; how it ended, all that it printed having come."""
        life, box = self._life, self._box
        if not life.usable:
            return box.ending or Ending(lost=life.over)
        life.line.post(wire.KILL, self._number)
        if not life.line.wait(lambda: box.ending is not None, time.monotonic() + _END_SECONDS) and not life.over:
            life.line.fail("the sandbox's relay does not answer")
        return box.ending or Ending(lost=life.over)

    def _too_late(self) -> Exception:
        """It is past the deadline: the guest is to blame if the relay still answers, otherwise the relay."""
        if not self._life.over and self._life.answers(_ANSWER_SECONDS):
            return TimeoutError()
        return GuestGone(self._life.over)
