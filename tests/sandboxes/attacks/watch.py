"""What a call costs the host, seen from the host: memory, disk, processor time, processes left behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from types import TracebackType

SETTLE_SECONDS = 2.0
_SAMPLE_SECONDS = 0.02
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Cost:
    """Measures what happens inside its `with` block. Bytes and seconds of this process and of the disk."""

    def __enter__(self) -> Cost:
        self._rss_before = _resident()
        with contextlib.suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")  # the peak starts again from here
        self._room_before, self._shared_before = _room()
        self.disk_bytes = 0
        self._over = threading.Event()
        self._sampler = threading.Thread(target=self._sample, daemon=True)
        self._sampler.start()
        self._cpu, self._wall = time.process_time(), time.monotonic()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.seconds = time.monotonic() - self._wall
        self.cpu_seconds = time.process_time() - self._cpu
        self._over.set()
        self._sampler.join()
        self.rss_bytes = max(0, _peak() - self._rss_before)

    def _sample(self) -> None:
        while not self._over.wait(_SAMPLE_SECONDS):
            room, shared = _room()
            self.disk_bytes = max(self.disk_bytes, self._room_before - room + max(0, shared - self._shared_before))


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


def _peak() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return _resident()


def _room() -> tuple[int, int]:
    """Free bytes of the disk that temporary files go to, and bytes that files in memory take."""
    shared = 0
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("Shmem:"):
            shared = int(line.split()[1]) * 1024
    return shutil.disk_usage(tempfile.gettempdir()).free, shared


def descendants(root: int, *, zombies: bool = False) -> dict[int, str]:
    """All processes below `root`, by number, with their command."""
    children: dict[int, list[int]] = defaultdict(list)
    names: dict[int, str] = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        with contextlib.suppress(OSError, ValueError):
            head, _, tail = Path(f"/proc/{entry}/stat").read_text().rpartition(")")
            state, parent = tail.split()[:2]
            if state in "ZX" and not zombies:
                continue
            children[int(parent)].append(int(entry))
            names[int(entry)] = head.partition("(")[2]
    found: dict[int, str] = {}
    stack = [root]
    while stack:
        for pid in children[stack.pop()]:
            found[pid] = names[pid]
            stack.append(pid)
    return found


def settled(most: int, ignore: set[int]) -> dict[int, str]:
    """The processes below this one, once there are at most `most` of them or after two seconds."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        left = {pid: name for pid, name in descendants(os.getpid()).items() if pid not in ignore}
        if len(left) <= most or time.monotonic() > deadline:
            return left
        time.sleep(0.02)


def kill(pids: set[int]) -> None:
    """End processes below this one. Anything else is left alone."""
    for pid in pids & descendants(os.getpid()).keys():
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
