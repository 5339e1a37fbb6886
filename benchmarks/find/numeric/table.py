"""The benchmark's figures as tables for the terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .report import Figures, FindReport

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

_ACCURACY = ("n", "official", "noise-free", "exact", "clean", "in noise")
_COSTS = ("n", "exceptions", "false", "queries", "s", "CPU s")
"""Columns of the two tables, each of which fits on a terminal of 80 columns."""


def render(report: FindReport) -> RenderableType:
    """A rich renderable: the figures in all, by variant and by family, beside the baselines, with a legend."""
    from rich.console import Group
    from rich.text import Text

    legend = (
        "official: mse_indicator against the stochastic function; noise-free: the same limit off the grid and outside "
        "corruptions; exact: noise-free NMSE < 1e-6; clean: exact, of clean functions with a visible signal; in noise: "
        "noised, RMS error ≤ 3σ√(p/n); exceptions: both ends within 1.0, where the corruption stands out by 5σ; "
        "false: exceptions claimed where there is none; queries, s (wall seconds) and CPU s: median / 95th percentile."
    )
    notes = [
        legend,
        f"Failed functions: {report.total.failed}. "
        f"Engine {report.engine}, seed {report.seed}, at most {report.budget_queries} queries a function.",
    ]
    if report.missing:
        notes.insert(0, f"Interrupted: {report.missing} functions are still to do; run it again to go on.")
    accuracy = _figures_table(report, f"FIND, numeric functions: {report.data}", _ACCURACY, _accuracy)
    costs = _figures_table(report, "Exceptions and cost", _COSTS, _costs)
    return Group(accuracy, costs, _predictors_table(report), Text("\n".join(notes), style="dim"))


def _figures_table(
    report: FindReport, title: str, columns: tuple[str, ...], cells: Callable[[Figures], list[str]]
) -> Table:
    """One row for all functions, each variant and each family."""
    table = _table(title, "functions", *columns)
    table.add_row("all", *cells(report.total), style="bold")
    for groups in (report.by_variant, report.by_family):
        table.add_section()
        for name, figures in groups.items():
            table.add_row(name, *cells(figures))
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


def _accuracy(f: Figures) -> list[str]:
    return [str(f.functions), *map(str, (f.official, f.fresh, f.exact, f.exact_clean, f.within_noise))]


def _costs(f: Figures) -> list[str]:
    found = [str(f.functions), str(f.found), str(f.false_claims)]
    return [*found, f.queries.show(0), f.seconds.show(1), f.cpu_seconds.show(1)]


def _predictors_table(report: FindReport) -> Table:
    table = _table("Beside it", "predictor", "official", "noise-free", "exact")
    total = report.total
    table.add_row("zetetic", str(total.official), str(total.fresh), str(total.exact), style="bold")
    for p in report.predictors:
        table.add_row(p.name, str(p.official), str(p.fresh), str(p.exact))
    table.add_section()
    for name, value in report.published.items():
        table.add_row(f"{name} (published, all 1,000)", f"{value:.2f}", "", "")
    return table
