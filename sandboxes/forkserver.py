"""The host's side of the fork server (`guest/zygote.py`): start it, ask it for guests, learn how they ended."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .forked import ForkedGuest
from .guest import surroundings
from .guest.rooms import NOBODY
from .guest.scratch import remove
from .serving import Ending, Guest, GuestGone, Profile
from .types import LEVELS, Level, Limits, SandboxError, Standing

_GUEST = Path(__file__).resolve().parent / "guest"
_START = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("guest", {init!r}, submodule_search_locations=[{folder!r}])
sys.modules["guest"] = importlib.util.module_from_spec(spec)
from guest import zygote
zygote.main({descriptor})
"""
"""Makes `guest/` the package `guest` without its neighbours, which share names with the standard library."""
_START_SECONDS = 60.0
_END_SECONDS = 10.0
_PACKET_BYTES = 65536


class ForkServer:
    """A `GuestServer` on this machine. Starts at first use, again after it has died, and anew in a forked process."""

    def __init__(self, *, wanted: Level, least: Level, packages: tuple[str, ...]) -> None:
        self._wanted, self._least = wanted, least
        try:
            self._surroundings = surroundings.find(packages)
        except LookupError as error:
            raise SandboxError(str(error)) from None
        self._lock = threading.RLock()
        self._life: _Life | None = None
        self._closed = False

    @property
    def standing(self) -> Standing:
        return self._alive().standing

    def spawn(self, profile: Profile, limits: Limits, *, spare: bool = False) -> Guest:
        for attempt in (1, 2):
            life = self._alive()
            try:
                return life.spawn(profile, limits, spare)
            except GuestGone as gone:  # it died since we last looked
                if attempt == 2:
                    raise SandboxError(f"the sandbox's fork server keeps dying: {gone}") from None
        raise AssertionError

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._life is not None:
                self._life.end()

    def _alive(self) -> _Life:
        with self._lock:
            if self._closed:
                raise SandboxError("this sandbox is closed; open another")
            if self._life is None or not self._life.usable:
                if self._life is not None:
                    self._life.end()
                self._life = _Life(self._wanted, self._surroundings)
            standing = self._life.standing
            if LEVELS.index(standing.level) > LEVELS.index(self._least):
                self._life.end()
                why = "; ".join(standing.notes) or "see `zetetic sandbox check`"
                raise SandboxError(
                    f"expected a sandbox of level {self._least}, and this machine gives {standing.level} ({why}); "
                    f"install the portable one (pip install 'zetetic[wasm]'), or allow less with "
                    f"--sandbox-level {standing.level}"
                )
            return self._life


class _Life:
    """One life of the server process."""

    def __init__(self, wanted: Level, around: surroundings.Surroundings) -> None:
        self.owner = os.getpid()
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()  # a guest may be collected, and so let go, at any step
        self._endings: dict[int, Ending] = {}
        self._forgotten: set[int] = set()
        self._over = ""
        try:
            self._control, self._process = _start()
        except OSError as error:
            raise SandboxError(f"the sandbox's fork server could not be started: {error}") from error
        try:
            self.standing = self._greet(wanted, around)
        except BaseException:
            self.end()
            raise

    @property
    def usable(self) -> bool:
        """False once it is over, or in a forked copy of this process, which must start its own."""
        return not self._over and os.getpid() == self.owner

    @property
    def over(self) -> str:
        """Why it is over; empty while it is not."""
        return self._over or ("" if self.usable else "the sandbox belongs to another process")

    def spawn(self, profile: Profile, limits: Limits, spare: bool) -> ForkedGuest:
        script = profile == "script"
        number = next(self._numbers)
        with contextlib.ExitStack() as undo:
            try:
                mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
                undo.callback(mine.close)
                pipes = [_pipe(undo) for _ in range(2 if script else 0)]
                scratch = ""
                if script and self.standing.level != "isolated":
                    scratch = _scratch_folder()
                    undo.callback(remove, scratch)
            except OSError as error:
                raise SandboxError(f"no guest could be started: {error}") from error
            job = {"script": script, "scratch": scratch, "rehearse": spare} | {
                name: getattr(limits, name)
                for name in ("cpu_seconds", "memory_bytes", "processes", "output_bytes", "file_bytes")
            }
            with theirs:
                self._post({"spawn": number, "job": job}, [theirs.fileno(), *(write for _, write in pipes)])
            for _, write in pipes:
                os.close(write)
            guest = ForkedGuest(self, number, mine, [read for read, _ in pipes], limits, scratch)
            undo.pop_all()
        return guest

    def kill(self, number: int) -> None:
        """Have a guest killed; nothing happens if it is over."""
        if not self.usable:
            return
        with contextlib.suppress(GuestGone):
            self._post({"kill": number}, [])

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
                    self._over = self._over or "the sandbox's fork server does not answer"
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

    def _post(self, message: dict[str, Any], descriptors: list[int]) -> None:
        data = json.dumps(message).encode()
        with self._lock:
            while self._listen(0.0):  # so that neither side waits for the other to read
                pass
            if self._over:
                raise GuestGone(self._over)
            try:
                socket.send_fds(self._control, [data], descriptors)
            except OSError as error:
                self._over = f"the sandbox's fork server is gone ({error}){self._last_words()}"
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
            self._over = self._over or f"the sandbox's fork server ended{self._last_words()}"
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

    def _greet(self, wanted: Level, around: surroundings.Surroundings) -> Standing:
        config = {"wanted": wanted, **asdict(around)}
        try:
            self._control.send(json.dumps(config).encode())
            self._control.settimeout(_START_SECONDS)
            data = self._control.recv(_PACKET_BYTES)
        except TimeoutError:
            raise SandboxError(f"the sandbox's fork server did not start within {_START_SECONDS:g} s") from None
        except OSError:
            data = b""
        if not data:
            raise SandboxError(f"the sandbox's fork server did not start{self._last_words()}")
        report = json.loads(data)
        if report["trouble"]:
            raise SandboxError(f"the sandbox's walls do not hold here: {report['trouble']}; please report this")
        return Standing("local", report["level"], tuple(report["layers"]), tuple(report["notes"]))

    def _last_words(self) -> str:
        """The last line that the server wrote on stderr, in brackets."""
        pipe = self._process.stderr
        if pipe is None or pipe.closed:
            return ""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0.2)
        os.set_blocking(pipe.fileno(), False)
        lines = (pipe.read() or b"").decode(errors="replace").strip().splitlines()
        return f" ({lines[-1][:300]})" if lines else ""


def _start() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """The server's process, and our end of the socket to it."""
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    program = _START.format(init=str(_GUEST / "__init__.py"), folder=str(_GUEST), descriptor=theirs.fileno())
    with theirs, contextlib.ExitStack() as undo:
        undo.callback(mine.close)
        process = subprocess.Popen(
            [sys.executable, "-s", "-S", "-P", "-B", "-c", program],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=surroundings.VARIABLES,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
            cwd="/",
        )
        undo.pop_all()
    return mine, process


def _pipe(undo: contextlib.ExitStack) -> tuple[int, int]:
    read, write = os.pipe()
    undo.callback(os.close, read)
    return read, write


def _scratch_folder() -> str:
    """A private folder that the guest's user may write."""
    folder = tempfile.mkdtemp(prefix="zetetic-")
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
        closed = [str(p) for p in Path(folder).parents if not p.stat().st_mode & 0o001]
        if closed:
            os.rmdir(folder)
            raise PermissionError(f"only root can enter {closed[-1]}; set TMPDIR to a folder that everybody can")
    return folder
