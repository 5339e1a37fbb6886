"""What a guest's process does: start Python in WebAssembly, shut itself in, serve."""

from __future__ import annotations

import contextlib
import math
import os
import resource
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from ..guest import frames, kernel, landlock, rooms, seccomp, zygote
from .descriptors import CHANNEL, Pipe
from .machine import STACK_BYTES, Machine

CAN_FORK = sys.platform.startswith("linux")
_FORKING_SECONDS = 0.1
"""What a forked guest may have spent by now; the kernel counts whole seconds."""
_ENTRIES = 512
_DESCRIPTORS = 16
_ROOM_BYTES = 64 << 20
"""Address space for what the helper itself needs while a guest runs."""
UNWELL = 70
"""Exit status of a helper that cannot go on."""
_GUEST_FILES = ("frames", "plain", "job")
_IMPORT = """
import importlib, os, sys
for name in {names!r}:
    try:
        importlib.import_module(name)
    except ImportError:
        pass
os.environ.clear()
"""
_INSTALL = """
import types
for name, text in {sources!r}.items():
    module = types.ModuleType(name)
    module.__package__ = "guest"
    if name == "guest":
        module.__path__ = []
    sys.modules[name] = module
    exec(compile(text, name, "exec"), module.__dict__)
sys.modules["guest.job"].Guest(0, 1024).rehearse()
import gc
gc.collect()
gc.freeze()
"""
_SERVE = """
from guest import job
served = job.Guest({channel}, {output_bytes})
if {rehearse}:
    served.rehearse()
if {script}:
    os.chdir("/scratch")
served.serve()
"""


@dataclass(frozen=True, slots=True)
class Job:
    """One guest to be: what the host asked for."""

    script: bool
    rehearse: bool
    cpu_seconds: float
    memory_bytes: int
    output_bytes: int
    file_bytes: int


def boot(module_path: str, library_path: str) -> Machine:
    """Python, with what guests may need imported, and their side of the protocol installed."""
    _make_room_for_the_stack()
    machine = Machine(module_path, library_path)
    folder = Path(frames.__file__).parent
    sources = {f"guest.{name}": (folder / f"{name}.py").read_text() for name in _GUEST_FILES}
    names = (*zygote.MODULES, "numpy", *zygote.NUMPY_PARTS)
    for code in (_IMPORT.format(names=names), _INSTALL.format(sources={"guest": "", **sources})):
        if not machine.turn(code):
            raise RuntimeError("Python in WebAssembly did not start; see the lines above")
    return machine


def become_guest(
    machine: Machine, job: Job, channel: int, outputs: list[int], *, second_wall: bool, parent: int
) -> NoReturn:
    """Shut this process in, then serve; never returns. `parent` is the process with which it dies, 0 for none."""
    try:
        _limit(job)
        if parent:
            rooms.drop_root()
            kernel.die_with_parent()
            if os.getppid() != parent:
                os._exit(UNWELL)
        if second_wall:
            build_second_wall()
    except BaseException as error:
        text = f"{type(error).__name__}: {error}".encode()
        os.write(channel, frames.frame(frames.REFUSED, frames.NO_NONCE, text))
        os._exit(UNWELL)
    prints = [Pipe(sink=descriptor) for descriptor in outputs] or [Pipe(), Pipe()]
    tree = machine.tree(space_bytes=job.file_bytes, entries=_ENTRIES, scratch=job.script)
    machine.descriptors.install(tree, {1: prints[0], 2: prints[1], CHANNEL: Pipe(channel, channel)})
    machine.system.unseed()
    machine.limit_memory(job.memory_bytes)
    machine.turn(
        _SERVE.format(channel=CHANNEL, output_bytes=job.output_bytes, rehearse=job.rehearse, script=job.script)
    )
    os._exit(UNWELL)


def build_second_wall() -> None:
    """Should a guest ever break out of WebAssembly: no files, no network, no processes, no privileges either."""
    kernel.drop_capabilities()
    rules = landlock.Ruleset(readable=()).descriptor
    landlock.restrict(rules)
    os.close(rules)
    seccomp.install(seccomp.program(files=False, threads=False, process=os.getpid()))


def try_second_wall(machine: Machine) -> None:
    """Raises unless a guest can live behind the second wall."""
    build_second_wall()
    with contextlib.suppress(OSError):
        os.close(os.open(__file__, os.O_RDONLY))
        raise RuntimeError("files can be read behind the second wall")
    if not machine.turn("bytearray(1 << 25)\nimport time\ntime.sleep(0.001)"):
        raise RuntimeError("Python does not run behind the second wall")


def _limit(job: Job) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = max(1, math.ceil(job.cpu_seconds + used.ru_utime + used.ru_stime - _FORKING_SECONDS))
    limits = [
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _DESCRIPTORS),
        (resource.RLIMIT_CORE, 0),
    ]
    if CAN_FORK:
        limits.append((resource.RLIMIT_NPROC, 0))
        with contextlib.suppress(OSError):  # no /proc: the guest's own memory is limited all the same
            limits.append((resource.RLIMIT_AS, _address_space() + _ROOM_BYTES + 2 * job.file_bytes))
    for kind, value in limits:
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def _address_space() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _make_room_for_the_stack() -> None:
    """Linux lets the main thread's stack grow up to the limit of the day."""
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    wanted = 4 * STACK_BYTES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))


def die_with(lifeline: int) -> None:
    """End this process when the host has closed its end of the pipe, be it by dying."""

    def wait() -> None:
        os.read(lifeline, 1)
        os._exit(UNWELL)

    threading.Thread(target=wait, daemon=True).start()
