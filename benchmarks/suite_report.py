"""A suite's figures by category, and how they look in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict

from .plain import Figure

if TYPE_CHECKING:
    from rich.console import RenderableType

R2_GOOD = 0.99


class TargetResult(BaseModel):
    """How one function went; see `benchmarks.suite.judge`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    category: str
    noisy: bool
    error: str | None
    outcome: str
    formula: str
    r2: Figure
    nmse: Figure
    exact: bool
    recovered: bool
    close: Figure
    exceptions: int
    exceptions_found: int
    false_claim: bool
    queries: int
    seconds: float
    cpu_seconds: float


class CategoryFigures(BaseModel):
    """Figures over some functions. `good` counts R² of at least 0.99, `usable` NMSE below 0.01."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    functions: int
    failed: int
    recovered: int
    exact: int
    good: int
    usable: int
    median_r2: Figure
    median_nmse: Figure
    exceptions: int
    exceptions_found: int
    false_claims: int
    median_queries: Figure
    median_seconds: Figure
    p95_seconds: Figure
    median_cpu_seconds: Figure
    p95_cpu_seconds: Figure


class SuiteReport(BaseModel):
    """A finished (or interrupted) run of a suite."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    missing: int
    total: CategoryFigures
    by_category: dict[str, CategoryFigures]
    results: tuple[TargetResult, ...]


def add_up(title: str, results: Sequence[TargetResult], *, missing: int) -> SuiteReport:
    """The figures over `results`, whole and by category."""
    ordered = sorted(results, key=lambda r: (r.category, r.name))
    groups: dict[str, list[TargetResult]] = {}
    for result in ordered:
        groups.setdefault(result.category, []).append(result)
    return SuiteReport(
        title=title,
        missing=missing,
        total=_figures(ordered),
        by_category={name: _figures(group) for name, group in groups.items()},
        results=tuple(ordered),
    )


def _figures(results: Sequence[TargetResult]) -> CategoryFigures:
    def at(read: Callable[[TargetResult], float], percentile: float) -> float:
        values = np.array([read(r) for r in results] or [np.nan], dtype=np.float64)
        return float(np.percentile(values, percentile, method="higher")) if results else float("nan")

    return CategoryFigures(
        functions=len(results),
        failed=sum(r.error is not None for r in results),
        recovered=sum(r.recovered for r in results),
        exact=sum(r.exact for r in results),
        good=sum(r.r2 >= R2_GOOD for r in results),
        usable=sum(r.nmse < 0.01 for r in results),
        median_r2=at(lambda r: r.r2, 50),
        median_nmse=at(lambda r: r.nmse, 50),
        exceptions=sum(r.exceptions for r in results),
        exceptions_found=sum(r.exceptions_found for r in results),
        false_claims=sum(r.false_claim for r in results),
        median_queries=at(lambda r: r.queries, 50),
        median_seconds=at(lambda r: r.seconds, 50),
        p95_seconds=at(lambda r: r.seconds, 95),
        median_cpu_seconds=at(lambda r: r.cpu_seconds, 50),
        p95_cpu_seconds=at(lambda r: r.cpu_seconds, 95),
    )


def render_suite(report: SuiteReport) -> RenderableType:
    """A rich table by category."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(title=report.title)
    columns = ("n", "recovered", "exact", "R² ≥ 0.99", "NMSE < 0.01", "median NMSE", "exceptions", "false claims")
    table.add_column("category")
    for column in (*columns, "queries", "s (p95)", "CPU s (p95)", "failed"):
        table.add_column(column, justify="right")
    table.add_row("all", *_cells(report.total), style="bold")
    table.add_section()
    for name, figures in report.by_category.items():
        table.add_row(name, *_cells(figures))
    notes = "recovered: centred noise-free NMSE < 1e-6 on fresh inputs; with noise, RMS error ≤ 3σ√(p/n)."
    if report.missing:
        notes += f" Interrupted: {report.missing} functions are still to do."
    return Group(table, Text(notes, style="dim"))


def _cells(f: CategoryFigures) -> list[str]:
    found = f"{f.exceptions_found}/{f.exceptions}" if f.exceptions else "–"
    counts = [str(n) for n in (f.functions, f.recovered, f.exact, f.good, f.usable)]
    times = [f"{f.median_seconds:.1f} ({f.p95_seconds:.1f})", f"{f.median_cpu_seconds:.1f} ({f.p95_cpu_seconds:.1f})"]
    nmse = f"{f.median_nmse:.1g}"
    return [*counts, nmse, found, str(f.false_claims), f"{f.median_queries:.0f}", *times, str(f.failed)]
