"""The fork server behind one pair of pipes: in a container, or wherever else a command can run Python.

What travels is code, inputs and results; no key, no variable of this process's environment, no file.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import threading
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .guest import wire
from .line import Line
from .processes import last_line
from .relayed_guest import Box, RelayedGuest
from .serving import Ending, Guest, GuestGone, Profile
from .types import LEVELS, Level, Limits, SandboxError, Standing

_GUEST = Path(__file__).resolve().parent / "guest"
_BOOT = """
import json, os, sys, tempfile
if sys.version_info < (3, 11):
    sys.exit("expected Python 3.11 or later, and this is " + sys.version.split()[0])
def take(count):
    data = b""
    while len(data) < count:
        part = os.read(0, count - len(data))
        if not part:
            sys.exit("nothing to start")
        data += part
    return data
folder = tempfile.mkdtemp(prefix="zetetic-")
os.mkdir(os.path.join(folder, "guest"))
for name, text in json.loads(take(int(take(8)))).items():
    with open(os.path.join(folder, "guest", name), "w", encoding="utf-8") as file:
        file.write(text)
sys.path.insert(0, folder)
from guest import relay
sys.path.remove(folder)
os.chmod(folder, 0o755)
relay.main(folder)
"""
"""Brings the package `guest` over the pipe, so that the far side holds the same version as this one."""
_START_SECONDS = 120.0
_END_SECONDS = 5.0


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Launch:
    """How a relay is started: `python` runs Python on the far side, and takes Python's own arguments after it.

    `environment` is what the command sees, None for this process's own. `remove` is called when the relay is over
    and did not end by itself: it removes what may be left on the far side. `quoted` picks what messages quote of
    what the command wrote on stderr.
    """

    python: Sequence[str]
    environment: Mapping[str, str] | None = None
    remove: Callable[[], None] = _nothing
    quoted: Callable[[str], str] = last_line


class RelayedServer:
    """A `GuestServer` on the far side of a command. Starts at first use, and again after it has died.

    `launch` gives a command for each life, or is one command for all. `name` is what messages call it, and
    `judged` turns what the walls over there are into what the sandbox promises. `least` is the least it may promise.
    """

    def __init__(
        self,
        launch: Callable[[], Launch] | Sequence[str],
        *,
        wanted: Level = "isolated",
        least: Level = "confined",
        packages: tuple[str, ...] = ("numpy",),
        name: str = "relay",
        judged: Callable[[Standing], Standing] = lambda standing: standing,
    ) -> None:
        self._launch = launch if callable(launch) else lambda: Launch(tuple(launch))
        self._wanted, self._least, self._packages = wanted, least, packages
        self._name, self._judged = name, judged
        self._lock = threading.RLock()
        self._life: _Life | None = None
        self._finalizer: weakref.finalize[[], RelayedServer] | None = None
        self._closed = False

    @property
    def standing(self) -> Standing:
        return self._judged(self._alive().standing)

    def spawn(self, profile: Profile, limits: Limits, *, spare: bool = False) -> Guest:
        for attempt in (1, 2):
            life = self._alive()
            try:
                return life.spawn(profile, limits, spare)
            except GuestGone as gone:  # it died since we last looked
                if attempt == 2:
                    raise SandboxError(f"the sandbox's {self._name} keeps dying: {gone}") from None
        raise AssertionError

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._end()

    def _alive(self) -> _Life:
        with self._lock:
            if self._closed:
                raise SandboxError("this sandbox is closed; open another")
            if self._life is None or not self._life.usable:
                self._end()
                self._life = _Life(self._launch(), self._wanted, self._packages, self._name)
                self._finalizer = weakref.finalize(self, self._life.end)
                self._check(self._judged(self._life.standing))
            return self._life

    def _check(self, standing: Standing) -> None:
        if LEVELS.index(standing.level) > LEVELS.index(self._least):
            self._end()
            why = "; ".join(standing.notes) or "its layers are " + ", ".join(standing.layers)
            raise SandboxError(
                f"expected a sandbox of level {self._least}, and {self._name} gives {standing.level} here ({why}); "
                f"use another sandbox, or allow less with --sandbox-level {standing.level}"
            )

    def _end(self) -> None:
        if self._finalizer is not None:
            self._finalizer()
        self._life = self._finalizer = None


class _Life:
    """One life of a relay."""

    def __init__(self, launch: Launch, wanted: Level, packages: tuple[str, ...], name: str) -> None:
        self._owner, self._launch, self._name = os.getpid(), launch, name
        self._numbers = itertools.count(1)
        self._boxes: dict[int, Box] = {}
        self._ponged = 0
        self._report: dict[str, Any] | None = None
        try:
            self.line = Line(
                [*launch.python, "-I", "-B", "-c", _BOOT],
                self._take,
                name=name,
                environment=launch.environment,
                quoted=launch.quoted,
            )
        except OSError as error:
            raise SandboxError(f"the sandbox's {name} did not start: {launch.python[0]}: {error.strerror}") from None
        try:
            self.standing = self._greet(wanted, packages)
        except BaseException:
            self.end()
            raise

    @property
    def usable(self) -> bool:
        """False once it is over, or in a forked copy of this process, which must start its own."""
        return not self.line.over and os.getpid() == self._owner

    @property
    def over(self) -> str:
        return self.line.over or ("" if self.usable else "the sandbox belongs to another process")

    def spawn(self, profile: Profile, limits: Limits, spare: bool) -> RelayedGuest:
        number = next(self._numbers)
        job = {"script": profile == "script", "rehearse": spare} | {
            name: getattr(limits, name)
            for name in ("cpu_seconds", "memory_bytes", "processes", "output_bytes", "file_bytes")
        }
        box = self._boxes[number] = Box(limits.output_bytes)
        guest = RelayedGuest(self, number, box, limits)
        self.line.post(wire.SPAWN, number, json.dumps(job).encode())
        if self.line.over:
            raise GuestGone(self.line.over)
        return guest

    def answers(self, within_seconds: float) -> bool:
        number = next(self._numbers)
        self.line.post(wire.PING, number)
        if not self.line.wait(lambda: self._ponged >= number, time.monotonic() + within_seconds) and not self.over:
            self.line.fail(f"the sandbox's {self._name} does not answer")
        return not self.over

    def drop(self, number: int) -> None:
        self._boxes.pop(number, None)
        if self.usable:
            self.line.post_soon(wire.DROP, number)

    def end(self) -> None:
        """End the relay and with it every guest."""
        if os.getpid() != self._owner:
            self.line.abandon()
        elif self.line.hang_up(_END_SECONDS) != 0:
            self._launch.remove()

    def _take(self, kind: int, number: int, payload: bytes) -> str:
        """One frame from the relay. What is on the far side is not trusted with more than the guests' results."""
        if kind == wire.READY:
            self._report = _report(payload)
        elif kind == wire.OVER:
            return payload.decode(errors="replace")[:500] or "the relay ended"
        elif kind == wire.PONG:
            self._ponged = max(self._ponged, number)
        elif (box := self._boxes.get(number)) is not None:
            _put(box, kind, payload)
        return ""

    def _greet(self, wanted: Level, packages: tuple[str, ...]) -> Standing:
        sources = {path.name: path.read_text(encoding="utf-8") for path in sorted(_GUEST.glob("*.py"))}
        bundle = json.dumps(sources).encode("ascii")
        deadline = time.monotonic() + _START_SECONDS
        self.line.post_raw(b"%08d" % len(bundle) + bundle)
        self.line.post(wire.CONFIG, 0, json.dumps({"wanted": wanted, "packages": packages}).encode())
        if not self.line.wait(lambda: self._report is not None, deadline):
            why = self.line.over or f"no answer within {_START_SECONDS:g} s"
            raise SandboxError(f"the sandbox's {self._name} did not start: {why}")
        report = self._report
        assert report is not None
        if report["trouble"]:
            raise SandboxError(f"the sandbox's walls do not hold there: {report['trouble']}; please report this")
        return Standing(self._name, report["level"], tuple(report["layers"]), tuple(report["notes"]))


def _put(box: Box, kind: int, payload: bytes) -> None:
    """Keep what came for one guest. `wire.Garbled` for more than it may be, or what is nothing."""
    if kind == wire.DATA:
        box.incoming += payload
        if len(box.incoming) > wire.WINDOW_BYTES:
            raise wire.Garbled("more bytes than it was given credit for")
    elif kind == wire.CREDIT and len(payload) == wire.COUNT.size:
        box.granted += wire.COUNT.unpack(payload)[0]
    elif kind == wire.CLOSED:
        box.closed = True
    elif kind in box.printed:
        box.printed[kind] += payload
        if sum(map(len, box.printed.values())) > box.output_bytes:
            raise wire.Garbled("more prints than a script may have")
    elif kind == wire.FLOODED:
        box.flooded = payload or wire.PRINTS
    elif kind == wire.ENDED:
        box.ending = _ending(payload)
    else:
        raise wire.Garbled(f"a frame of no known kind ({kind})")


def _ending(payload: bytes) -> Ending:
    match _tree(payload):
        case {"lost": str() as why}:
            return Ending(lost=why[:500])
        case {
            "status": int() as status,
            "killed": bool() as killed,
            "cpu_seconds": int() | float() as cpu_seconds,
            "memory_bytes": int() as memory_bytes,
        }:
            return Ending(status, killed, float(cpu_seconds), memory_bytes)
    raise wire.Garbled("an ending of no known kind")


def _report(payload: bytes) -> dict[str, Any]:
    match _tree(payload):
        case {
            "level": str() as level,
            "layers": list() as layers,
            "notes": list() as notes,
            "trouble": str(),
        } as said if level in LEVELS and all(type(text) is str for text in (*layers, *notes)):
            return dict(said)
    raise wire.Garbled("a report of no known kind")


def _tree(payload: bytes) -> Any:
    with contextlib.suppress(ValueError, RecursionError):
        return json.loads(payload)
    raise wire.Garbled("what is no JSON")
