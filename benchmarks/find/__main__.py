"""`python -m zetetic.benchmarks.find --data PATH`: run the benchmark and print its tables."""

from __future__ import annotations

import sys
from pathlib import Path

from ..front import benchmark_parser, console, data_path, ended
from . import BenchmarkError, FindOptions, category_names, render, run_find


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit code."""
    parser = benchmark_parser("zetetic.benchmarks.find", "FIND (arXiv:2309.03886)", queries=None, seconds=None)
    parser.add_argument("--category", default="numeric", choices=category_names(), help="which part (numeric)")
    parser.add_argument("--data", type=Path, help="FIND file or published folder; numeric: else $ZETETIC_DATA/find/…")
    parser.add_argument("--ids", nargs="*", default=(), help="only these functions")
    parser.add_argument("--limit", type=int, help="only the first so many")
    parser.add_argument("--out", type=Path, default=Path("find-results.jsonl"), help="results file, appended to")
    parser.add_argument("--trusted", action="store_true", help="run a folder's code with your own rights")
    parser.add_argument("--fresh", action="store_true", help="forget earlier results")
    given = parser.parse_args(arguments)

    def run() -> int:
        options = FindOptions(
            category=given.category,
            data=given.data or _own_data(given.category),
            jobs=given.jobs,
            limit=given.limit,
            ids=tuple(given.ids),
            budget_queries=given.budget_queries,
            seed=given.seed,
            out=given.out,
            fresh=given.fresh,
            trusted=given.trusted,
            **({} if given.seconds is None else {"seconds": given.seconds}),
        )
        report = run_find(options, console=console(sys.stderr))
        if given.json:
            print(report.model_dump_json(indent=2))
        else:
            console(sys.stdout).print(render(report))
        return 130 if report.missing else 0

    return ended(run)


def _own_data(category: str) -> Path:
    """The data of a category where the user names none. Raises BenchmarkError."""
    if category != "numeric":
        raise BenchmarkError(
            f"expected --data with the category {category}, got none; name a folder such as find_dataset"
        )
    return data_path("find/numeric_dev.jsonl")


if __name__ == "__main__":
    sys.exit(main())
