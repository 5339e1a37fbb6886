"""`python -m zetetic.benchmarks.speed`: how long it takes to import, to show help, to ask one more query."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .front import console


@dataclass(frozen=True, slots=True)
class Timing:
    """Median of several runs. `limit_seconds` None: nobody promised anything."""

    what: str
    seconds: float
    limit_seconds: float | None


def startup_timings(repeats: int) -> list[Timing]:
    """Fresh interpreters, less what an empty one takes for the import; help as a user waits for it."""
    empty = _command_seconds([sys.executable, "-c", "pass"], repeats)
    imported = _command_seconds([sys.executable, "-c", "import zetetic"], repeats)
    shown = _command_seconds([sys.executable, "-m", "zetetic.app.cli", "--help"], repeats)
    return [Timing("import zetetic", max(imported - empty, 0.0), 0.2), Timing("zetetic --help", shown, 0.5)]


def _command_seconds(command: list[str], repeats: int) -> float:
    def once() -> None:
        subprocess.run(command, check=True, capture_output=True, timeout=60)

    return _median_seconds(once, repeats)


def _median_seconds(action: Callable[[], object], repeats: int) -> float:
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def query_timings(queries: int = 400) -> list[Timing]:
    """Seconds that the loop adds to one query: budget, journal on disk, and the worker of a Python function."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "box.py"
        file.write_text("def line(x):\n    return 2.0 * x\n", encoding="utf-8")
        return [
            Timing("a query of an in-process function", _loop_seconds(Path(folder), None, queries), None),
            Timing("a query of a function in its worker", _loop_seconds(Path(folder), file, queries), None),
        ]


def _loop_seconds(folder: Path, file: Path | None, queries: int) -> float:
    """Seconds a query of an inquiry that asks `queries` inputs in batches of 20 and thinks of nothing else."""
    from ..agent import Budget, Store
    from ..agent.brief import Brief
    from ..agent.inquiry import JournaledInquiry
    from ..tools.black_boxes import Interval, NumericDomain, open_box
    from ..tools.black_boxes.function import FunctionBox

    domain = NumericDomain((Interval(-1.0, 1.0),))
    box = FunctionBox(lambda x: 2.0 * x, domain) if file is None else open_box(f"python:{file}:line", domain=domain)
    budget = Budget(queries=2 * queries)
    with Store.open(folder / f"{'worker' if file else 'inside'}.sqlite") as store:
        journal = store.create(Brief.of(box, budget=budget, domain=domain))
        inquiry = JournaledInquiry(box, journal, budget=budget, seed=0, domain=domain)
        inquiry.ask([(-1.0,)], "warm up")
        batches = [[(k / queries + j / 20 / queries,) for j in range(20)] for k in range(0, queries, 20)]
        began = time.perf_counter()
        for batch in batches:
            inquiry.ask(batch, "time the loop")
        seconds = time.perf_counter() - began
    box.close()
    return seconds / (20 * len(batches))


def main(arguments: list[str] | None = None) -> int:
    """Print the timings; exit code 1 when one is over its limit."""
    from rich.table import Table

    parser = argparse.ArgumentParser(prog="python -m zetetic.benchmarks.speed", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="fresh interpreters per timing (5)")
    given = parser.parse_args(arguments)
    if given.repeats < 1:
        parser.error(f"--repeats must be at least 1, got {given.repeats}")
    timings = startup_timings(given.repeats) + query_timings()
    table = Table("what", "median", "limit")
    for timing in timings:
        limit = "" if timing.limit_seconds is None else f"{timing.limit_seconds:g} s"
        table.add_row(timing.what, _shown(timing.seconds), limit)
    console(sys.stdout).print(table)
    return int(any(t.limit_seconds is not None and t.seconds > t.limit_seconds for t in timings))


def _shown(seconds: float) -> str:
    return f"{seconds:.3f} s" if seconds >= 0.1 else f"{1000 * seconds:.2f} ms"


if __name__ == "__main__":
    sys.exit(main())
