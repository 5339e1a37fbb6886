"""One guest of the fork server: a socket to talk on, and two pipes if it is a script."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import time
import weakref
from typing import Protocol

from .guest.scratch import holds_more, remove
from .serving import Ending, Flooded, GuestGone
from .types import Limits

_CHUNK = 1 << 16
_WATCH_SECONDS = 0.01
_LONG_SECONDS = 3600.0


class Supervisor(Protocol):
    """What a guest needs of the life of the server that forked it."""

    owner: int
    """The process that the server belongs to."""

    @property
    def usable(self) -> bool: ...

    def answers(self) -> bool:
        """Whether the server is still there: a look, where `usable` is what is known already."""
        ...

    def kill(self, number: int) -> None:
        """Have a guest killed; nothing happens if it is over."""
        ...

    def ending(self, number: int) -> Ending:
        """How a guest ended, waiting until it has."""
        ...

    def forget(self, number: int) -> None:
        """Nobody will ask how this guest ended."""
        ...


class ForkedGuest:
    """A guest of the fork server: a socket to talk on, and two pipes if it is a script."""

    def __init__(
        self, life: Supervisor, number: int, channel: socket.socket, outputs: list[int], limits: Limits, scratch: str
    ) -> None:
        self._life, self._number, self._channel, self._limits = life, number, channel, limits
        self._scratch = scratch
        self._printed = (bytearray(), bytearray())
        self._ending: Ending | None = None
        channel.setblocking(False)
        self._poll = select.poll()
        self._poll.register(channel, select.POLLIN)
        self._outputs = dict(zip(outputs, self._printed))
        for descriptor in outputs:
            os.set_blocking(descriptor, False)
            self._poll.register(descriptor, select.POLLIN)
        self._finalizer = weakref.finalize(self, _abandon, life, number, channel, list(outputs), scratch, life.owner)

    @property
    def printed(self) -> tuple[bytes, bytes]:
        return bytes(self._printed[0]), bytes(self._printed[1])

    @property
    def is_stale(self) -> bool:
        over = select.POLLHUP | select.POLLERR | select.POLLNVAL
        return not self._life.answers() or any(event & over for _, event in self._poll.poll(0))

    def send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[self._channel.send(view) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, deadline)
            except OSError as error:
                raise GuestGone(str(error)) from None

    def receive(self, most: int, deadline: float) -> bytes:
        while True:
            try:
                data = self._channel.recv(most)
            except BlockingIOError:
                self._wait(select.POLLIN, deadline)
                continue
            except OSError as error:
                raise GuestGone(str(error)) from None
            if not data:
                raise GuestGone("its end of the channel is closed")
            return data

    def end(self) -> Ending:
        if self._ending is None:
            self._life.kill(self._number)
            self._ending = self._life.ending(self._number)
            self._drain()
            self._finalizer.detach()
            _abandon(None, 0, self._channel, list(self._outputs), self._scratch, self._life.owner)
        return self._ending

    def release(self) -> None:
        self._finalizer()

    def _wait(self, event: int, deadline: float) -> None:
        """Until the channel is ready for `event`, keeping what is printed meanwhile."""
        self._poll.modify(self._channel, event)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            ready = self._poll.poll(1000 * min(left, _WATCH_SECONDS if self._scratch else _LONG_SECONDS))
            if self._scratch and holds_more(self._scratch, self._limits.file_bytes):
                raise Flooded(self._limits.file_bytes)
            for descriptor, _ in ready:
                if descriptor == self._channel.fileno():
                    return
                self._keep(descriptor)

    def _keep(self, descriptor: int) -> bool:
        """Read once from where a script prints; False if there is nothing, or nothing more will come."""
        try:
            data = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return False
        kept = self._outputs[descriptor]
        room = self._limits.output_bytes - sum(map(len, self._printed))
        kept += data[:room]
        if not data:
            self._poll.unregister(descriptor)
        if len(data) > room:
            raise Flooded(self._limits.output_bytes)
        return bool(data)

    def _drain(self) -> None:
        """What was printed right before the end."""
        with contextlib.suppress(Flooded, OSError, KeyError):
            for descriptor in self._outputs:
                while self._keep(descriptor):
                    pass


def _abandon(
    life: Supervisor | None, number: int, channel: socket.socket, outputs: list[int], scratch: str, owner: int
) -> None:
    """Let go of a guest: it is killed, its descriptors are closed, its folder is removed."""
    if life is not None and life.usable:
        life.kill(number)
        life.forget(number)
    channel.close()
    for descriptor in outputs:
        os.close(descriptor)
    if scratch and os.getpid() == owner:
        remove(scratch)
