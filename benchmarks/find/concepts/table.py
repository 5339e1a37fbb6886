"""The figures of synthetic neurons as tables for the terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .report import ConceptFigures, ConceptReport

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

GUESSING = 1 / 3
_COLUMNS = ("n", "language", "all right", "oracle", "held-out", "stands")
_COSTS = ("n", "queries", "s")
"""Columns of the two tables, each of which fits on a terminal of 80 columns."""


def render(report: ConceptReport) -> RenderableType:
    """A rich renderable: the figures, in all and in groups, with a legend."""
    from rich.console import Group
    from rich.text import Text

    notes = [
        f"language: share of FIND's unit test (3 choices, guessing {GUESSING:.3f}) that the judge, {report.judge}, got "
        "right by the description alone; all right: functions with every item; oracle: the same for the true "
        f"description; held-out: the run's own {report.metric or 'score'} on inputs it had not seen; stands: the "
        "verifier let it stand; queries, s: median / 95th percentile.",
        f"Played by {report.box}, investigated by {report.scientist}. Failed functions: {report.total.failed}. Engine "
        f"{report.engine}, seed {report.seed}, at most {report.budget_queries} queries a function.",
    ]
    if report.missing:
        notes.insert(0, f"Interrupted: {report.missing} functions are still to do; run it again to go on.")
    quality = _table(report, f"FIND, {report.category}: {report.data}", _COLUMNS, _quality)
    return Group(quality, _table(report, "Cost", _COSTS, _costs), Text("\n".join(notes), style="dim"))


def _table(
    report: ConceptReport, title: str, columns: tuple[str, ...], cells: Callable[[ConceptFigures], list[str]]
) -> Table:
    """One row for all functions and each group of them."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title=title, box=SIMPLE_HEAD)
    table.add_column("functions", overflow="fold")
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    table.add_row("all", *cells(report.total), style="bold")
    if len(report.groups) > 1:
        table.add_section()
        for name, figures in report.groups.items():
            table.add_row(name, *cells(figures))
    return table


def _quality(f: ConceptFigures) -> list[str]:
    return [str(f.functions), _mean(f.language), str(f.perfect), _mean(f.oracle), _mean(f.score), str(f.stands)]


def _costs(f: ConceptFigures) -> list[str]:
    return [str(f.functions), f.queries.show(0), f.seconds.show(0)]


def _mean(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
