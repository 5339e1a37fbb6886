"""One trial: the inductive scientist is let loose on one black box, and what it concludes is kept as plain data."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..tools.black_boxes import BlackBox, NumericDomain
from ..tools.black_boxes.types import Domain


@dataclass(frozen=True, slots=True)
class Effort:
    """What one function may cost: queries in all (held-out ones included), wall seconds; and the scientist's seed."""

    queries: int = 400
    seconds: float = 60.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it. `error` says in one line why there is no explanation; `code` is then empty.

    `exceptions` are [low, high] as claimed; `noise_sd` as claimed, 0 if none is named; `outcome` as the investigation
    ended, such as `explained`. `tokens`, `dollars` (US) and `transcript` (a file or a run) are a language model's.
    """

    code: str
    formula: str
    description: str
    exceptions: tuple[tuple[float, float], ...]
    noise_sd: float
    outcome: str
    queries: int
    seconds: float
    cpu_seconds: float
    error: str | None = None
    tokens: int | None = None
    dollars: float | None = None
    transcript: str | None = None

    def function(self) -> Callable[..., Any] | None:
        """`explained` as the code defines it; None without code or if the code does not run."""
        if not self.code:
            return None
        names: dict[str, Any] = {}
        try:
            exec(compile(self.code, "<explanation>", "exec"), names)
        except Exception:
            return None
        found = names.get("explained")
        return found if callable(found) else None


def failed_trial(error: str, *, seconds: float = 0.0) -> Trial:
    """A trial that ended without an explanation."""
    return Trial("", "", "", (), 0.0, "failed", 0, seconds, 0.0, error)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for the journals of a run of trials, gone afterwards.

    It lies in memory where the system offers that: what is measured is the scientist, not the disk.
    """
    with tempfile.TemporaryDirectory(prefix="zetetic-bench-", dir=_memory_folder()) as folder:
        yield Path(folder)


def _memory_folder() -> str | None:
    shared = "/dev/shm"
    return shared if os.path.isdir(shared) and os.access(shared, os.W_OK) else None


def explain_box(box: BlackBox, domain: Domain, effort: Effort, scratch: Path) -> Trial:
    """A whole investigation of `box`, just as a user gets it: journal, held-out verification, later rounds.

    A box of texts says itself where its inputs live: `domain` counts where it is one of numbers.
    `scratch` takes the journal, which is removed. Raises what ends an investigation.
    """
    from ..agent import explain

    store = Path(tempfile.mkdtemp(dir=scratch))
    began, cpu = time.perf_counter(), time.process_time()
    try:
        explanation = explain(
            box,
            domain=domain if isinstance(domain, NumericDomain) else None,
            queries=effort.queries,
            seconds=effort.seconds,
            seed=effort.seed,
            store=store / "journal.sqlite",
        )
    finally:
        seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
        shutil.rmtree(store, ignore_errors=True)
    return Trial(
        code=explanation.code,
        formula=explanation.formula,
        description=explanation.description,
        exceptions=tuple((e.low, e.high) for e in explanation.exceptions),
        noise_sd=explanation.noise.scale if explanation.noise else 0.0,
        outcome=explanation.outcome,
        queries=explanation.queries,
        seconds=seconds,
        cpu_seconds=cpu_seconds,
        error=None if explanation.code else explanation.description or explanation.outcome,
    )
