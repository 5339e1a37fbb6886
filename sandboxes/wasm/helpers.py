"""The lives of helper processes: one that guests are forked off, or one for each guest."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ..forked import Supervisor
from ..serving import Ending
from ..supervising import ServerProcess, last_words
from ..types import SandboxError
from .cache import Compiled
from .launch import start

_NAME = "Python in WebAssembly"
_START_SECONDS = 120.0
_PACKET_BYTES = 65536


class Helpers(Supervisor, Protocol):
    """A `Supervisor` of guests that can also start them."""

    layers: tuple[str, ...]
    notes: tuple[str, ...]

    def begin(self, number: int, job: Mapping[str, Any], descriptors: Sequence[int]) -> None:
        """Start a guest with its channel, and where it prints. `GuestGone` if the helper is dead."""
        ...

    def end(self) -> None:
        """Kill them all."""
        ...


class SharedHelper(ServerProcess):
    """One helper process; guests are forked off it (see `forking.Forker`)."""

    def __init__(self, compiled: Compiled) -> None:
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            process = start("helper", _config(compiled, control=theirs.fileno()), [theirs.fileno()])
        super().__init__(_NAME, control, process)
        try:
            why = self.greeting(_START_SECONDS)["why"]
        except BaseException:
            self.end()
            raise
        layers: tuple[str, ...] = ("ordinary user",) if os.geteuid() == 0 else ()
        self.layers = layers if why else (*layers, "landlock", "seccomp")
        self.notes: tuple[str, ...] = (f"no second wall behind WebAssembly: {why}",) if why else ()

    def begin(self, number: int, job: Mapping[str, Any], descriptors: Sequence[int]) -> None:
        self.post({"spawn": number, "job": job}, descriptors)


class OwnHelpers:
    """A helper process for every guest."""

    layers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ("no second wall behind WebAssembly: it is for Linux",)

    def __init__(self, compiled: Compiled) -> None:
        self.owner = os.getpid()
        self._compiled = compiled
        self._lock = threading.RLock()
        self._guests: dict[int, _Own] = {}
        self._closed = False

    @property
    def usable(self) -> bool:
        return not self._closed and os.getpid() == self.owner

    def begin(self, number: int, job: Mapping[str, Any], descriptors: Sequence[int]) -> None:
        own = _Own(self._compiled, job, descriptors)
        with self._lock:
            self._guests[number] = own

    def kill(self, number: int) -> None:
        with self._lock:
            if number in self._guests and self.usable:
                self._guests[number].kill()

    def answers(self) -> bool:
        return self.usable

    def ending(self, number: int) -> Ending:
        with self._lock:
            own = self._guests.pop(number, None)
        if own is None or not self.usable:
            return Ending(lost="the sandbox was closed, or belongs to another process")
        return own.wait()

    def forget(self, number: int) -> None:
        self.ending(number)

    def end(self) -> None:
        for number in list(self._guests):
            self.kill(number)
            self.forget(number)
        self._closed = True


class _Own:
    """One guest in a helper of its own, started and ready."""

    def __init__(self, compiled: Compiled, job: Mapping[str, Any], descriptors: Sequence[int]) -> None:
        self._ending: Ending | None = None
        self._killed = False
        with contextlib.ExitStack() as theirs, contextlib.ExitStack() as undo:
            end, self._lifeline = os.pipe()
            theirs.callback(os.close, end)
            undo.callback(os.close, self._lifeline)
            ready, told = os.pipe()
            theirs.callback(os.close, told)
            with os.fdopen(ready, "rb") as reader:
                channel, *outputs = descriptors
                more = {"job": job, "channel": channel, "outputs": outputs, "lifeline": end, "ready": told}
                self._process = start("helper", _config(compiled, **more), [end, told, *descriptors])
                undo.callback(self._abandon)
                theirs.close()
                self._spent_seconds = self._ready(reader.fileno())
            undo.pop_all()
        assert self._process.stderr is not None
        self._process.stderr.close()

    def kill(self) -> None:
        if not self._reap(os.WNOHANG):
            self._killed = True
            os.kill(self._process.pid, signal.SIGKILL)

    def wait(self) -> Ending:
        self._reap(0)
        os.close(self._lifeline)
        assert self._ending is not None
        return self._ending

    def _ready(self, descriptor: int) -> float:
        """Wait until the guest can be asked; the processor time that this took."""
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        if not poll.poll(1000 * _START_SECONDS):
            raise SandboxError(f"Python in WebAssembly did not start within {_START_SECONDS:g} s")
        data = os.read(descriptor, _PACKET_BYTES)
        if not data:
            raise SandboxError(f"Python in WebAssembly did not start{last_words(self._process)}")
        return float(json.loads(data)["cpu_seconds"])

    def _abandon(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stderr is not None
        self._process.stderr.close()

    def _reap(self, flags: int) -> bool:
        """Whether it is over; without `flags`, wait until it is."""
        if self._ending is None:
            process, status, usage = os.wait4(self._process.pid, flags)
            if process:
                self._process.returncode = os.waitstatus_to_exitcode(status)
                cpu_seconds = usage.ru_utime + usage.ru_stime - self._spent_seconds
                memory_bytes = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
                self._ending = Ending(self._process.returncode, self._killed, max(0.0, cpu_seconds), memory_bytes)
        return self._ending is not None


def _config(compiled: Compiled, **rest: Any) -> dict[str, Any]:
    return {"module": str(compiled.module), "library": str(compiled.library), **rest}
