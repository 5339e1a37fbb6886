"""Memory of processes that we started, however deep they are nested, as the kernel counts it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def added_by() -> Iterator[Callable[[], set[int]]]:
    """Hands out a function: our descendants that were not there when the block began."""
    before = descendants(os.getpid())
    yield lambda: descendants(os.getpid()) - before


def descendants(process: int) -> set[int]:
    """Every process below `process`; empty where there is no /proc."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found: set[int] = set()
    waiting = [process]
    while waiting:
        for child in children.get(waiting.pop(), []):
            found.add(child)
            waiting.append(child)
    return found


def resident_bytes(processes: set[int]) -> int | None:
    """Memory that these processes hold, a page that n processes share counting as 1/n for each; None if unseen."""
    total = 0
    for process in processes:
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        except OSError:
            return None
        total += sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total or None
