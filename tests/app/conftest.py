"""Driving the command line as a user does: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Cli = Callable[..., "subprocess.CompletedProcess[str]"]

BOXES = """
import os, random, sys, time
from pathlib import Path

def line(x):
    return 3.0 * x + 1.0

def product(mass, speed):
    return mass * speed

def raises(x):
    raise ValueError("no reading")

def text(x):
    return "warm"

def hangs(x):
    time.sleep(3600)

def turncoat(x):
    return x if x < 0 else "warm"

def dies(x):
    os._exit(9)

def noisy_prints(x):
    print("hello from the box")
    sys.stderr.write("and on stderr\\n")
    return 2.0 * x

def logged(x):
    time.sleep(float(os.environ.get("BOX_SLEEP", "0")))
    with open(os.environ["BOX_LOG"], "a") as log:
        log.write(repr(x) + "\\n")
    return abs(x) + 2.0

def scramble(x):
    return random.Random(repr(x)).random()

not_a_function = 3
"""


@pytest.fixture
def boxes(tmp_path: Path) -> Path:
    """A file with one box of each kind that the tests need."""
    place = tmp_path / "boxes.py"
    place.write_text(BOXES)
    return place


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Our environment with a store of the test's own."""
    return {**os.environ, "ZETETIC_STORE": str(tmp_path / "store.sqlite"), "OMP_NUM_THREADS": "1", "COLUMNS": "200"}


@pytest.fixture
def cli(tmp_path: Path, environment: dict[str, str]) -> Cli:
    """Run `zetetic ARGUMENTS` in `tmp_path` to its end."""

    def run(*arguments: str, timeout: float = 120, **extra: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "zetetic.app.cli", *arguments],
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            cwd=tmp_path,
            env={**environment, **extra},
            stdin=subprocess.DEVNULL,
        )

    return run
