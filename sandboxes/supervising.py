"""A server process that forks guests, and what it says of how they ended, over one socket of packets."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from .serving import Ending, GuestGone
from .types import SandboxError

_END_SECONDS = 10.0
_PACKET_BYTES = 65536


class ServerProcess:
    """One life of a server, the `Supervisor` of the guests that it forks.

    It is told {"spawn": number, …} with descriptors attached and {"kill": number}; it says {"ended": number, …} with
    the fields of `Ending`, or {"unborn": number, "why": …}. `name` is what messages call it.
    """

    def __init__(self, name: str, control: socket.socket, process: subprocess.Popen[bytes]) -> None:
        self.owner = os.getpid()
        self._name, self._control, self._process = name, control, process
        self._lock = threading.RLock()  # a guest may be collected, and so let go, at any step
        self._endings: dict[int, Ending] = {}
        self._forgotten: set[int] = set()
        self._over = ""

    @property
    def usable(self) -> bool:
        """False once it is over, or in a forked copy of this process, which must start its own."""
        return not self._over and os.getpid() == self.owner

    def answers(self) -> bool:
        """Whether the server is still there: a look, where `usable` is what is known already."""
        with self._lock:
            while self.usable and self._listen(0.0):
                pass
        return self.usable

    @property
    def over(self) -> str:
        """Why it is over; empty while it is not."""
        return self._over or ("" if self.usable else "the sandbox belongs to another process")

    def greeting(self, seconds: float, first: Mapping[str, Any] | None = None) -> Any:
        """What the server says when it is up, after it was told `first`. `SandboxError` if it does not come up."""
        try:
            if first is not None:
                self._control.send(json.dumps(first).encode())
            self._control.settimeout(seconds)
            data = self._control.recv(_PACKET_BYTES)
        except TimeoutError:
            raise SandboxError(f"{self._name} did not start within {seconds:g} s") from None
        except OSError:
            data = b""
        if not data:
            raise SandboxError(f"{self._name} did not start{last_words(self._process)}")
        self._control.settimeout(None)
        return json.loads(data)

    def kill(self, number: int) -> None:
        """Have a guest killed; nothing happens if it is over."""
        if not self.usable:
            return
        with contextlib.suppress(GuestGone):
            self.post({"kill": number}, [])

    def forget(self, number: int) -> None:
        """Nobody will ask how this guest ended."""
        with self._lock:
            if self._endings.pop(number, None) is None and not self._over:
                self._forgotten.add(number)

    def ending(self, number: int) -> Ending:
        """How a guest ended, waiting until it has."""
        deadline = time.monotonic() + _END_SECONDS
        with self._lock:
            while number not in self._endings:
                if self.usable and not self._listen(deadline):
                    self._over = self._over or f"{self._name} does not answer"
                elif not self.usable:
                    return Ending(lost=self.over)
            return self._endings.pop(number)

    def end(self) -> None:
        """Kill the server and with it every guest."""
        self._over = self._over or "the sandbox was closed"
        self._control.close()
        if os.getpid() != self.owner:
            self._process.returncode = 0  # another process's child: not ours to wait for
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def post(self, message: Mapping[str, Any], descriptors: Sequence[int]) -> None:
        """Tell the server something. `GuestGone` if it is dead."""
        data = json.dumps(message).encode()
        with self._lock:
            while self._listen(0.0):  # so that neither side waits for the other to read
                pass
            if self._over:
                raise GuestGone(self._over)
            try:
                socket.send_fds(self._control, [data], descriptors)
            except OSError as error:
                self._over = f"{self._name} is gone ({error}){last_words(self._process)}"
                raise GuestGone(self._over) from None

    def _listen(self, deadline: float) -> bool:
        """Take one packet from the server; False if none came by `deadline`, or none will."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        try:
            if not poll.poll(1000 * max(0.0, deadline - time.monotonic())):
                return False
            data = self._control.recv(_PACKET_BYTES, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except (OSError, ValueError):
            data = b""
        if not data:
            self._over = self._over or f"{self._name} ended{last_words(self._process)}"
            return False
        self._note(json.loads(data))
        return True

    def _note(self, message: dict[str, Any]) -> None:
        if "unborn" in message:
            number, ending = message["unborn"], Ending(lost=f"no guest could be forked: {message['why']}")
        else:
            number = message.pop("ended")
            ending = Ending(**message)
        if number in self._forgotten:
            self._forgotten.discard(number)
        else:
            self._endings[number] = ending


def last_words(process: subprocess.Popen[bytes]) -> str:
    """The last line that a server wrote on stderr, in brackets."""
    pipe = process.stderr
    if pipe is None or pipe.closed:
        return ""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(0.2)
    os.set_blocking(pipe.fileno(), False)
    lines = (pipe.read() or b"").decode(errors="replace").strip().splitlines()
    return f" ({lines[-1][:300]})" if lines else ""
