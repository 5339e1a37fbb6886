"""What several of these tests need: a file with functions, and a look at the processes that are left."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a Python file and give its path."""

    def write_file(code: str, name: str = "box.py") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(code))
        return path

    return write_file


def is_alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


@pytest.fixture
def gone() -> Callable[[int], bool]:
    """Whether a process is over, or is within two seconds."""

    def wait(pid: int) -> bool:
        deadline = time.monotonic() + 2
        while is_alive(pid) and time.monotonic() < deadline:
            time.sleep(0.01)
        return not is_alive(pid)

    return wait


@pytest.fixture
def open_descriptors() -> Callable[[], int]:
    return lambda: len(os.listdir("/proc/self/fd"))
