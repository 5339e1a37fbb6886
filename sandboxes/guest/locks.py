"""How a guest shuts itself in, right after it is forked and before it reads its first request."""

from __future__ import annotations

import os
import resource
import signal
from dataclasses import dataclass
from typing import Any

from . import kernel, landlock, rooms, seccomp

DESCRIPTORS, DESCRIPTORS_ON_DISK = 64, 16
"""How many a guest may have open; a script on disk fewer, since files that it holds open and has removed are not seen
when its files are counted."""
CHANNEL, RULES = 3, 4
"""Where a guest finds its channel, and (until it is shut in) its Landlock ruleset."""


@dataclass(frozen=True, slots=True)
class Job:
    """One guest to be: what the host asked for.

    `scratch` is a folder on disk where there are no namespaces. `rehearse`: it will wait a while for its first request.
    """

    script: bool
    cpu_seconds: float
    memory_bytes: int
    processes: int
    output_bytes: int
    file_bytes: int
    scratch: str = ""
    rehearse: bool = False


@dataclass(frozen=True, slots=True)
class Walls:
    """What surrounds every guest of a server, found out once at its start."""

    isolated: bool
    confined: bool
    readable: tuple[str, ...]
    rules: int = -1
    """Descriptor of the Landlock ruleset of guests without files."""
    base_bytes: int = 0
    """Address space that a guest has before it runs anything."""


def arrange_descriptors(channel: int, outputs: list[int], rules: int) -> None:
    """0, 1, 2: nothing, or where a script prints; 3 the channel; 4 the ruleset; nothing else stays open."""
    nothing = os.open(os.devnull, os.O_RDWR)
    wanted = [nothing, *(outputs or [nothing, nothing]), channel, *([rules] if rules >= 0 else [])]
    high = [os.dup(d) for d in wanted]  # above all of the places, so that none is overwritten before it is moved
    while min(high) <= RULES:
        high = [os.dup(d) for d in high]
    for place, descriptor in enumerate(high):
        os.dup2(descriptor, place, inheritable=False)
    os.closerange(len(wanted), 1 << 20)


def shut_in(job: Job, walls: Walls, rules: int) -> None:
    """Give up everything that a guest does not need, for good. `rules` is the Landlock ruleset's descriptor, or -1.

    Raises `OSError` if any wall cannot be built.
    """
    kernel.die_with_parent()
    os.setsid()
    if walls.isolated:
        kernel.unshare(kernel.CLONE_NEWIPC)
        if job.script:
            rooms.mount_scratch(job.file_bytes)
        if job.processes > 1:
            kernel.unshare(kernel.CLONE_NEWUSER)  # so that RLIMIT_NPROC counts this guest's threads alone
    elif job.script:
        os.chdir(job.scratch)
    if rules >= 0 and job.script:
        os.close(rules)
        rules = landlock.Ruleset(readable=walls.readable, writable=[os.getcwd()]).descriptor
    _limit(job, walls)
    if not walls.confined:
        return
    kernel.drop_capabilities()
    if rules >= 0:
        landlock.restrict(rules)
        os.close(rules)
    seccomp.install(seccomp.program(files=job.script, threads=job.processes > 1, process=os.getpid()))


def _limit(job: Job, walls: Walls) -> None:
    cpu = max(1, -int(-job.cpu_seconds // 1))
    limits: list[tuple[int, Any]] = [
        (resource.RLIMIT_AS, walls.base_bytes + job.memory_bytes),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, job.file_bytes if job.script else 0),
        (resource.RLIMIT_NOFILE, DESCRIPTORS_ON_DISK if job.scratch else DESCRIPTORS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ]
    if walls.isolated and job.processes > 1:
        limits.append((resource.RLIMIT_NPROC, job.processes))
    for kind, value in limits:
        resource.setrlimit(kind, (value, value))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write past the limit fails with an error instead
