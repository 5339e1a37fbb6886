"""The figures of functions of texts as tables for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .report import StringFigures, StringReport

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

_COLUMNS = ("n", "official", "all ten", "fresh", "exact", "queries", "s")
"""Each table fits on a terminal of 80 columns."""
_FAMILIES_SHOWN = 16


def render(report: StringReport) -> RenderableType:
    """A rich renderable: the figures in all and in groups, beside the baselines, where it fails, with a legend."""
    from rich.console import Group
    from rich.text import Text

    judged = report.total.language is not None
    language = (
        "language: FIND's unit test (3 choices), taken by the judge with the description alone"
        if judged
        else "FIND's unit test of language was not taken, for no judge was named (--judge PROVIDER:MODEL)"
    )
    notes = [
        "official: FIND's string indicator, the mean share of test inputs whose output is given exactly; all ten: "
        "functions with every test input right; fresh: the mean share of 200 fresh texts that are given exactly; "
        f"exact: functions with all of them right; {language}; queries, s (wall seconds): median / 95th percentile.",
        f"Investigated by {report.scientist}. Without an explanation: {report.total.failed}. "
        f"Processor seconds: {report.total.cpu_seconds.show(1)}. "
        f"Engine {report.engine}, seed {report.seed}, at most {report.budget_queries} queries a function.",
    ]
    if report.missing:
        notes.insert(0, f"Interrupted: {report.missing} functions are still to do; run it again to go on.")
    weak = _weak_families(report)
    if weak:
        notes.insert(0, f"Least often exact (of functions with such a step): {weak}.")
    return Group(_figures_table(report, judged), _predictors_table(report, judged), Text("\n".join(notes), style="dim"))


def _figures_table(report: StringReport, judged: bool) -> Table:
    columns = (*_COLUMNS, "language") if judged else _COLUMNS
    table = _table(f"FIND, functions of texts: {report.data}", "functions", *columns)
    table.add_row("all", *_cells(report.total, judged), style="bold")
    if report.groups:
        table.add_section()
    for name, figures in report.groups.items():
        table.add_row(name, *_cells(figures, judged))
    return table


def _cells(f: StringFigures, judged: bool) -> list[str]:
    shares = [str(f.functions), _mean(f.official), str(f.all_ten), _mean(f.fresh), str(f.exact)]
    cells = [*shares, f.queries.show(0), f.seconds.show(1)]
    return [*cells, _mean(f.language)] if judged else cells


def _predictors_table(report: StringReport, judged: bool) -> Table:
    table = _table("Beside it", "predictor", "official", "all ten", "fresh", "exact", "language")
    total = report.total
    own = [_mean(total.official), str(total.all_ten), _mean(total.fresh), str(total.exact), _mean(total.language)]
    table.add_row("zetetic", *own, style="bold")
    for p in report.predictors:
        table.add_row(p.name, _mean(p.official), str(p.all_ten), _mean(p.fresh), str(p.exact), "")
    table.add_section()
    for name, value in report.published_code.items():
        language = report.published_language.get(name)
        table.add_row(
            f"{name} (published, all 1,000)", f"{value:.2f}", "", "", "", f"{language:.2f}" if language else ""
        )
    return table


def _table(title: str, first: str, *columns: str) -> Table:
    """A table without vertical rules: a name, then figures."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title=title, box=SIMPLE_HEAD)
    table.add_column(first, overflow="fold")
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _weak_families(report: StringReport) -> str:
    """Families some of whose functions are not exact, the weakest first."""
    missed = [(share.value or 0.0, name, share) for name, share in report.by_family.items() if share.hits < share.count]
    return ", ".join(f"{name} {share.hits}/{share.count}" for _, name, share in sorted(missed)[:_FAMILIES_SHOWN])


def _mean(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
