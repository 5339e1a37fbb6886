"""The host's side of the fork server (`guest/zygote.py`): start it, ask it for guests, learn how they ended."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path

from .forked import ForkedGuest
from .guest import surroundings
from .guest.rooms import NOBODY
from .guest.scratch import remove
from .serving import Guest, GuestGone, Profile
from .supervising import ServerProcess
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
_NAME = "the sandbox's fork server"
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
                self._life.server.end()

    def _alive(self) -> _Life:
        with self._lock:
            if self._closed:
                raise SandboxError("this sandbox is closed; open another")
            if self._life is None or not self._life.server.usable:
                if self._life is not None:
                    self._life.server.end()
                self._life = _Life(self._wanted, self._surroundings)
            standing = self._life.standing
            if LEVELS.index(standing.level) > LEVELS.index(self._least):
                self._life.server.end()
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
        self._numbers = itertools.count(1)
        try:
            self.server = ServerProcess(_NAME, *_start())
        except OSError as error:
            raise SandboxError(f"{_NAME} could not be started: {error}") from error
        try:
            report = self.server.greeting(_START_SECONDS, {"wanted": wanted, **asdict(around)})
            if report["trouble"]:
                raise SandboxError(f"the sandbox's walls do not hold here: {report['trouble']}; please report this")
        except BaseException:
            self.server.end()
            raise
        self.standing = Standing("local", report["level"], tuple(report["layers"]), tuple(report["notes"]))

    def spawn(self, profile: Profile, limits: Limits, spare: bool) -> ForkedGuest:
        script = profile == "script"
        number = next(self._numbers)
        with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:
            try:
                mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
                ours.callback(mine.close)
                theirs.callback(its.close)
                pipes = [_pipe(ours, theirs) for _ in range(2 if script else 0)]
                scratch = ""
                if script and self.standing.level != "isolated":
                    scratch = _scratch_folder()
                    ours.callback(remove, scratch)
            except OSError as error:
                raise SandboxError(f"no guest could be started: {error}") from error
            job = {"script": script, "scratch": scratch, "rehearse": spare, **asdict(limits)}
            del job["wall_seconds"]
            self.server.post({"spawn": number, "job": job}, [its.fileno(), *(write for _, write in pipes)])
            guest = ForkedGuest(self.server, number, mine, [read for read, _ in pipes], limits, scratch)
            ours.pop_all()
        return guest


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


def _pipe(ours: contextlib.ExitStack, theirs: contextlib.ExitStack) -> tuple[int, int]:
    read, write = os.pipe()
    ours.callback(os.close, read)
    theirs.callback(os.close, write)
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
