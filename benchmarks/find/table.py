"""The benchmark's figures as tables for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .report import Figures, FindReport, Share, Spread

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

_COLUMNS = ("n", "official", "noise-free", "exact", "exact clean", "in noise", "exceptions", "false", "queries", "s")


def render(report: FindReport) -> RenderableType:
    """A rich renderable: the figures in all, by variant and by family, beside the baselines, with a legend."""
    from rich.console import Group
    from rich.text import Text

    notes = [
        "official: mse_indicator against the stochastic function; noise-free: the same limit off the grid and outside",
        "corruptions; exact: noise-free NMSE < 1e-6; exact clean: of clean functions with a visible signal; in noise:",
        "noised, RMS error ≤ 3σ√(p/n); exceptions: both ends within 1.0, where the corruption stands out by 5σ;",
        "false: exceptions claimed where there is none; queries and s (wall seconds): median / 95th percentile.",
        f"CPU seconds: {_spread(report.total.cpu_seconds, 2)}. Failed functions: {report.total.failed}. "
        f"Engine {report.engine}, seed {report.seed}, at most {report.budget_queries} queries a function.",
    ]
    if report.missing:
        notes.insert(0, f"Interrupted: {report.missing} functions are still to do; run it again to go on.")
    return Group(_figures_table(report), _predictors_table(report), Text("\n".join(notes), style="dim"))


def _figures_table(report: FindReport) -> Table:
    from rich.table import Table

    table = Table(title=f"FIND, numeric functions: {report.data}")
    table.add_column("functions")
    for column in _COLUMNS:
        table.add_column(column, justify="right")
    table.add_row("all", *_cells(report.total), style="bold")
    for groups in (report.by_variant, report.by_family):
        table.add_section()
        for name, figures in groups.items():
            table.add_row(name, *_cells(figures))
    return table


def _cells(f: Figures) -> list[str]:
    shares = (f.official, f.fresh, f.exact, f.exact_clean, f.within_noise, f.found, f.false_claims)
    return [str(f.functions), *map(_share, shares), _spread(f.queries, 0), _spread(f.seconds, 1)]


def _predictors_table(report: FindReport) -> Table:
    from rich.table import Table

    table = Table(title="Beside it")
    for column in ("predictor", "official", "noise-free", "exact"):
        table.add_column(column, justify="left" if column == "predictor" else "right")
    total = report.total
    table.add_row("zetetic", _share(total.official), _share(total.fresh), _share(total.exact), style="bold")
    for p in report.predictors:
        table.add_row(p.name, _share(p.official), _share(p.fresh), _share(p.exact))
    table.add_section()
    for name, value in report.published.items():
        table.add_row(f"{name} (published, all 1,000)", f"{value:.2f}", "", "")
    return table


def _share(share: Share) -> str:
    return "–" if share.value is None else f"{share.value:.3f}"


def _spread(spread: Spread, digits: int) -> str:
    if spread.median is None or spread.p95 is None:
        return "–"
    return f"{spread.median:.{digits}f} / {spread.p95:.{digits}f}"
