"""A program that is being timed, from the outside."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import BenchmarkError

PEERS_FOLDER = Path(__file__).parents[1] / "peers"
_OUTSIDE = """
import importlib.util, runpy, sys
folder, program = sys.argv[1:3]
spec = importlib.util.spec_from_file_location("peers", folder + "/__init__.py", submodule_search_locations=[folder])
package = importlib.util.module_from_spec(spec)
sys.modules["peers"] = package
spec.loader.exec_module(package)
runpy.run_module("peers." + program, run_name="__main__", alter_sys=False)
"""
"""Runs a program where zetetic is not installed, without its folder among the places that imports look in."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, the seconds it took (`protocol` says which), and the most memory the program ever had."""

    answer: Any
    seconds: float
    peak_bytes: int


def inside(program: str) -> list[str]:
    """The command of a program that runs in our own environment."""
    return [sys.executable, "-m", f"{__package__.rpartition('.')[0]}.peers.{program}"]


def outside(program: str, python: Path) -> list[str]:
    """The command of a program that runs in a library's environment."""
    return [str(python), "-P", "-c", _OUTSIDE, str(PEERS_FOLDER), program]


class Program:
    """A running program. Close it, or use it in a `with` block."""

    def __init__(self, title: str, command: list[str], workload: dict[str, Any], log: Path) -> None:
        self.title = title
        self._log = log
        threads = str(workload["threads"])
        environment = {**os.environ, "OMP_NUM_THREADS": threads, "MKL_NUM_THREADS": threads, "HF_HUB_OFFLINE": "1"}
        with log.open("wb") as words:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words, text=True, env=environment
            )
        self.tasks = frozenset(self._exchange(workload)["ready"])

    def ask(self, task: str, **arguments: Any) -> Reply:
        """Run a task and wait for its answer."""
        return Reply(**self._exchange({"task": task, **arguments}))

    def close(self) -> None:
        """Let the program end, or end it."""
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            self.close()
            words = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            raise BenchmarkError(f"{self.title} ended before it was done: {words[-1] if words else 'it said nothing'}")
        found: dict[str, Any] = json.loads(line)
        return found
