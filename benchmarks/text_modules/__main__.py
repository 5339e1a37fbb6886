"""`python -m zetetic.benchmarks.text_modules`: run it and print the tables."""

from __future__ import annotations

import argparse
import sys

from ..front import console, ended


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code: 1 where the bar is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m zetetic.benchmarks.text_modules",
        description="forty synthetic text modules of known truth: ranking by held-out score, coverage of intervals",
    )
    parser.add_argument("--pool", type=int, default=2000, help="texts in all, whose own values are the truth (2000)")
    parser.add_argument("--sample", type=int, default=400, help="held-out texts a score (400)")
    parser.add_argument("--repeats", type=int, default=20, help="fresh samples a module (20)")
    parser.add_argument("--seed", type=int, default=0, help="seed of every draw (0)")
    parser.add_argument("--half", choices=("first", "fresh"), help="only this half of the modules")
    parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
    given = parser.parse_args(arguments)
    for name, least in (("pool", 100), ("sample", 20), ("repeats", 1), ("seed", 0)):
        if getattr(given, name) < least:
            parser.error(f"argument --{name}: expected at least {least}, got {getattr(given, name)}")

    def measured() -> int:
        from ...models import load_embedder
        from ...tools.judging import EmbeddedJudge
        from .report import render_report
        from .run import Options, run

        options = Options(given.pool, given.sample, given.repeats, given.seed, given.half)
        screen = console(sys.stderr)
        report = run(options, EmbeddedJudge(load_embedder()), lambda said: screen.print(f"[dim]{said}[/dim]"))
        print(report.model_dump_json(indent=2)) if given.json else console(sys.stdout).print(render_report(report))
        return 0 if report.bar_met else 1

    return ended(measured)


if __name__ == "__main__":
    sys.exit(main())
