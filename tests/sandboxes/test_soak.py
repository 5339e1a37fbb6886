"""A thousand hostile jobs leave nothing: no process, file, segment or descriptor, and no memory."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attacks.as_user import why_not
from attacks.backends import BACKENDS, Backend
from attacks.client import launch
from attacks.soak import KINDS, SCRIPTS, SLOW

MAX_GROWTH = 0.05


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that an ordinary user can be given; pytest's own ones are closed to others."""
    with tempfile.TemporaryDirectory(prefix="zetetic-soak-") as folder:
        yield Path(folder)


def soak(backend: Backend, jobs: int, home: Path) -> dict[str, Any]:
    if backend.as_user and why_not():
        pytest.skip(why_not())
    command, environment = launch(backend, "attacks.soak", home, str(jobs))
    done = subprocess.run(command, capture_output=True, text=True, cwd=home, env=environment, timeout=840, check=False)
    if "SandboxError" in done.stderr and "expected a sandbox of level" in done.stderr:
        pytest.skip(done.stderr.strip().splitlines()[-1])
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def leaves_nothing(found: dict[str, Any]) -> None:
    assert found["during"] == found["before"]
    assert found["after"]["temporary files"] == found["before"]["temporary files"]
    assert found["after"]["segments"] == found["before"]["segments"]
    assert found["after"]["descriptors"] <= found["before"]["descriptors"]
    assert found["processes"] == []


def test_a_hundred_jobs_leave_nothing(home: Path) -> None:
    leaves_nothing(soak(BACKENDS[0], 100, home))


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("backend", BACKENDS, ids=[b.name for b in BACKENDS])
def test_a_thousand_jobs_leave_nothing_and_take_no_memory(backend: Backend, home: Path) -> None:
    found = soak(backend, 1000, home)
    leaves_nothing(found)
    growth = found["end_bytes"] / found["warm_bytes"] - 1
    assert growth < MAX_GROWTH, f"{100 * growth:.1f} % between job 200 and job 1000"
    assert set(found["outcomes"]) >= {"Returned", "Raised", "Crashed", "TimedOut", "OutOfMemory", "OutputTooLarge"}
    assert "Lost" not in found["outcomes"]


def test_the_jobs_are_of_many_kinds() -> None:
    assert len({**KINDS, **SLOW, **SCRIPTS}) >= 25
