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
import time
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ..serving import Ending, GuestGone
from ..types import SandboxError
from .cache import Compiled
from .launch import last_words, start

_START_SECONDS = 120.0
_END_SECONDS = 10.0
_PACKET_BYTES = 65536


class Helpers(Protocol):
    """A `Supervisor` of guests (see `forked`) that can also start them."""

    owner: int
    layers: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def usable(self) -> bool: ...

    def begin(self, number: int, job: Mapping[str, Any], descriptors: Sequence[int]) -> None:
        """Start a guest with its channel, and where it prints. `GuestGone` if the helper is dead."""
        ...

    def kill(self, number: int) -> None: ...

    def ending(self, number: int) -> Ending: ...

    def forget(self, number: int) -> None: ...

    def end(self) -> None:
        """Kill them all."""
        ...


class SharedHelper:
    """One helper process; guests are forked off it (see `forking.Forker`)."""

    def __init__(self, compiled: Compiled) -> None:
        self.owner = os.getpid()
        self._lock = threading.RLock()  # a guest may be collected, and so let go, at any step
        self._endings: dict[int, Ending] = {}
        self._forgotten: set[int] = set()
        self._over = ""
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = start("helper", _config(compiled, control=theirs.fileno()), [theirs.fileno()])
        try:
            self.layers, self.notes = self._greet()
        except BaseException:
            self.end()
            raise

    @property
    def usable(self) -> bool:
        """False once it is over, or in a forked copy of this process, which must start its own."""
        return not self._over and os.getpid() == self.owner

    def begin(self, number: int, job: Mapping[str, Any], descriptors: Sequence[int]) -> None:
        self._post({"spawn": number, "job": job}, descriptors)

    def kill(self, number: int) -> None:
        if self.usable:
            with contextlib.suppress(GuestGone):
                self._post({"kill": number}, [])

    def forget(self, number: int) -> None:
        with self._lock:
            if self._endings.pop(number, None) is None and not self._over:
                self._forgotten.add(number)

    def ending(self, number: int) -> Ending:
        deadline = time.monotonic() + _END_SECONDS
        with self._lock:
            while number not in self._endings:
                if not self.usable:
                    return Ending(lost=self._over or "the sandbox belongs to another process")
                if not self._listen(deadline):
                    self._over = self._over or "the sandbox's helper process does not answer"
            return self._endings.pop(number)

    def end(self) -> None:
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

    def _post(self, message: Mapping[str, Any], descriptors: Sequence[int]) -> None:
        data = json.dumps(message).encode()
        with self._lock:
            while self._listen(0.0):  # so that neither side waits for the other to read
                pass
            if self._over:
                raise GuestGone(self._over)
            try:
                socket.send_fds(self._control, [data], descriptors)
            except OSError as error:
                self._over = f"the sandbox's helper process is gone ({error}){last_words(self._process)}"
                raise GuestGone(self._over) from None

    def _listen(self, deadline: float) -> bool:
        """Take one packet from the helper; False if none came by `deadline`, or none will."""
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
            self._over = self._over or f"the sandbox's helper process ended{last_words(self._process)}"
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

    def _greet(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        try:
            self._control.settimeout(_START_SECONDS)
            data = self._control.recv(_PACKET_BYTES)
        except TimeoutError:
            raise SandboxError(f"Python in WebAssembly did not start within {_START_SECONDS:g} s") from None
        except OSError:
            data = b""
        if not data:
            raise SandboxError(f"Python in WebAssembly did not start{last_words(self._process)}")
        why = json.loads(data)["why"]
        layers = ("ordinary user",) if os.geteuid() == 0 else ()
        if why:
            return layers, (f"no second wall behind WebAssembly: {why}",)
        return (*layers, "landlock", "seccomp"), ()


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
