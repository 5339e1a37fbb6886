"""What the benchmarks' command lines share."""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from pydantic import ValidationError

from .errors import BenchmarkError

if TYPE_CHECKING:
    from rich.console import Console


def benchmark_parser(
    name: str, description: str, *, queries: int | None = 400, seconds: float | None = 60.0
) -> argparse.ArgumentParser:
    """A parser with the options that every benchmark understands; `queries` and `seconds` a function where the user
    says nothing.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {name}", description=description)
    parser.add_argument("--jobs", type=_positive(int), default=os.cpu_count() or 1, help="worker processes (all cores)")
    parser.add_argument("--budget-queries", type=_positive(int), default=queries, help="queries per function")
    parser.add_argument("--seconds", type=_positive(float), default=seconds, help="seconds per function")
    parser.add_argument("--seed", type=_from_zero, default=0, help="seed of the scientist and of every draw (0)")
    parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
    return parser


def _positive(kind: type[int] | type[float]) -> Callable[[str], float]:
    """An argparse type: a finite number of `kind` above 0."""

    def parse(text: str) -> float:
        value = kind(text)
        if not (value > 0 and math.isfinite(value)):
            raise argparse.ArgumentTypeError(f"expected a number above 0, got {text}")
        return value

    parse.__name__ = kind.__name__
    return parse


def _from_zero(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 up, got {text}")
    return value


def data_path(name: str) -> Path:
    """A file of the benchmark data: below $ZETETIC_DATA, else ../shared/data beside the repository."""
    root = os.environ.get("ZETETIC_DATA")
    folder = Path(root) if root else Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    path = folder / name
    if not path.exists():
        raise BenchmarkError(f"there is no {path}; set ZETETIC_DATA to the folder with the data, or pass --data")
    return path


def console(stream: TextIO) -> Console:
    """A console on `stream`; 120 columns where it is no terminal, so that tables keep their shape in a file."""
    from rich.console import Console

    return Console(file=stream, width=None if stream.isatty() else 140)


def ended(run: Callable[[], int]) -> int:
    """`run`'s exit code; 2 and one line on stderr for what the user can mend; 130 for Ctrl-C."""
    try:
        return run()
    except ValidationError as error:
        first = error.errors()[0]
        print(f"error: {'.'.join(map(str, first['loc']))}: {first['msg']}, got {first['input']!r}", file=sys.stderr)
        return 2
    except BenchmarkError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; what is done is kept", file=sys.stderr)
        return 130


def suite_main(module: str, description: str, arguments: list[str] | None = None) -> int:
    """The command line of a suite: run `module`'s functions, print the table; returns the exit code."""
    from .suite import SuiteOptions, run_suite
    from .suite_report import render_suite
    from .trial import Effort

    parser = benchmark_parser(module, description)
    parser.add_argument("--suite-seed", type=_from_zero, default=0, help="seed of the functions' parameters (0)")
    parser.add_argument("--category", nargs="*", default=(), help="only these categories")
    parser.add_argument("--limit", type=_positive(int), help="only the first so many")
    parser.add_argument("--out", type=Path, help="results file, appended to; without it nothing is kept")
    parser.add_argument("--fresh", action="store_true", help="forget earlier results")
    given = parser.parse_args(arguments)
    options = SuiteOptions(
        suite=module,
        effort=Effort(given.budget_queries, given.seconds, given.seed),
        jobs=given.jobs,
        suite_seed=given.suite_seed,
        out=given.out,
        fresh=given.fresh,
        categories=tuple(given.category),
        limit=given.limit,
    )

    def run() -> int:
        report = run_suite(options, console=console(sys.stderr))
        print(report.model_dump_json(indent=2)) if given.json else console(sys.stdout).print(render_suite(report))
        return 130 if report.missing else 0

    return ended(run)
