"""Which walls this machine gives, found out by building them, and a look at whether they hold."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from . import kernel, landlock, locks, rooms, seccomp


@dataclass(frozen=True, slots=True)
class Built:
    """Walls, what they are called, and what a user should know about those that are missing."""

    walls: locks.Walls
    layers: list[str]
    notes: list[str]

    @property
    def level(self) -> str:
        if not self.walls.confined:
            return "unsafe"
        return "isolated" if self.walls.isolated else "confined"


@dataclass
class Plan:
    """Walls as strong as `wanted`, or the best there are. `readable` folders are shown to guests but for `masked`."""

    wanted: str
    readable: list[str]
    masked: list[str]
    layers: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def build(self) -> Built:
        """Changes this process for good: its namespaces, its user."""
        base_bytes = _address_space()
        isolated = self._isolate()
        if not isolated and rooms.drop_root():
            self.layers.append("ordinary user")
            if not os.access(self.readable[0], os.R_OK | os.X_OK):
                self.notes.append(
                    f"only root can read {self.readable[0]}: guests have the modules loaded at start alone"
                )
        confined = self._confines(isolated)
        shown = self.readable if isolated else without(self.readable, self.masked)
        rules = -1
        if confined and landlock.version():
            self.layers.append("landlock")
            rules = landlock.Ruleset(readable=[*shown, *rooms.DEVICES]).descriptor
        if confined:
            self.layers.append("seccomp")
        walls = locks.Walls(isolated, confined, tuple(shown), rules, base_bytes)
        return Built(walls, [*self.layers, "rlimits"], self.notes)

    def _isolate(self) -> bool:
        if self.wanted != "isolated" or not seccomp.is_known():
            return False
        refusal = attempt(lambda: rooms.enter(self.readable, self.masked))
        if refusal:
            self.notes.append(f"no namespaces: {refusal}")
            return False
        rooms.enter(self.readable, self.masked)
        self.layers += ["namespaces", "ordinary user"]
        return True

    def _confines(self, isolated: bool) -> bool:
        if self.wanted == "unsafe":
            return False
        if not seccomp.is_known():
            self.notes.append(f"no table of system calls for {kernel.MACHINE}: expected x86_64 or aarch64")
            return False
        if not landlock.version():
            self.notes.append("no Landlock: it needs Linux 5.13 or later, with landlock among the security modules")
        if not isolated:
            self.notes.append("where threads are allowed, a guest's memory bounds them, not `processes`")
        return isolated or landlock.version() > 0


def attempt(step: Callable[[], object]) -> str:
    """Try `step` in a forked copy of this process; why it failed, or an empty text."""
    reader, writer = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            step()
        except BaseException as error:
            os.write(writer, str(error).encode()[:2000] or b"unknown")
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        text = pipe.read().decode(errors="replace")
    _, status = os.waitpid(process, 0)
    return text or ("" if status == 0 else "the trial died")


def without(folders: list[str], masked: list[str]) -> list[str]:
    """`folders`, those that hold a masked one replaced by everything else that they hold."""
    shown: list[str] = []
    for folder in folders:
        inside = [m for m in masked if os.path.dirname(m) == folder]
        if inside and os.access(folder, os.R_OK | os.X_OK):
            shown += [p for name in sorted(os.listdir(folder)) if (p := os.path.join(folder, name)) not in inside]
        else:
            shown.append(folder)
    return shown


def inspect(walls: locks.Walls) -> str:
    """Shut a forked copy of this process in and have it try the walls; what it could do, or an empty text."""
    job = locks.Job(script=False, cpu_seconds=5, memory_bytes=1 << 28, processes=1, output_bytes=4096, file_bytes=0)

    def look() -> None:
        locks.shut_in(job, walls, walls.rules)
        found = [name for name, step in _FORBIDDEN.items() if _succeeds(step)]
        if found:
            raise RuntimeError("a guest could " + " and ".join(found))

    return attempt(look)


def _succeeds(step: Callable[[], object]) -> bool:
    try:
        step()
    except OSError:
        return False
    return True


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


_FORBIDDEN: dict[str, Callable[[], object]] = {
    "open a file outside": lambda: os.open(__file__, os.O_RDONLY),
    "list the root folder": lambda: os.listdir("/etc"),
    "open a socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
    "start a process": _fork,
    "write a file": lambda: os.open("/tmp/zetetic-escape", os.O_CREAT | os.O_WRONLY),
    "signal its parent": lambda: os.kill(os.getppid() or -1, 0),
}


def _address_space() -> int:
    """Bytes of address space that this process has, with a little to spare."""
    try:
        with open("/proc/self/statm") as file:
            pages = int(file.read().split()[0])
    except OSError:
        return 1 << 30
    return pages * os.sysconf("SC_PAGE_SIZE") + (16 << 20)
