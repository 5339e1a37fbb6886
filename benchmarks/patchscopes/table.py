"""The benchmark's figures as tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...tools.patchscope.comparison import Estimate, interval_text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from .report import AttributesReport, Difference, NextTokenReport, PatchscopesReport, TaskFigures


def render(report: PatchscopesReport) -> RenderableType:
    """Every part with its verdict."""
    from rich.console import Group

    parts: list[RenderableType] = []
    if report.next_token is not None:
        parts += _next_token(report.next_token)
    if report.attributes is not None:
        parts += _attributes(report.attributes)
    return Group(*parts)


def ranged(value: Estimate, digits: int = 2) -> str:
    """`0.43 (0.40 to 0.47)`."""
    return f"{value.value:.{digits}f} ({value.low:.{digits}f} to {value.high:.{digits}f})"


def halves(difference: Difference) -> str:
    """What it is in the lower and in the upper half of the layers."""
    return f"{difference.lower.value:+.2f}, {difference.upper.value:+.2f}"


def _next_token(report: NextTokenReport) -> list[RenderableType]:
    from rich.table import Table
    from rich.text import Text

    title = f"Next token from every layer: {report.model}, {report.positions} positions of {report.origins} origins"
    columns = ("method", "kind", "precision@1", "surprisal (nats)", "token identity less it", "lower, upper half")
    table = Table(*columns, title=title)
    gaps = {d.other: (interval_text(d.precision), halves(d)) for d in report.differences}
    for m in report.methods:
        row = (m.name, m.kind, ranged(m.mean_precision), ranged(m.mean_surprisal), *gaps.get(m.name, ("", "")))
        table.add_row(*map(Text, row))
    met = "met" if report.bar_met else "MISSED"
    bar = f"Bar: token identity beats the logit lens by {report.bar:.2f} or more: {met}."
    return [table, Text(report.verdict), Text(bar), Text()]


def _attributes(report: AttributesReport) -> list[RenderableType]:
    from rich.table import Table
    from rich.text import Text

    title = (
        f"Attribute extraction: {report.model}, source layers {report.source_layers}, target layers "
        f"{report.target_layers}, {report.max_new_tokens} tokens"
    )
    columns = ("task", "n", "some l* (oracle)", "chosen l*", "less other subject", "less unrelated", "probe", "direct")
    table = Table(*columns, "unpatched", title=title)
    for task in [*report.tasks, *([report.overall] if report.overall else [])]:
        table.add_row(*map(Text, _row(task)))
    return [table, Text(report.verdict)]


def _row(task: TaskFigures) -> tuple[str, ...]:
    return (
        task.task,
        str(task.examples),
        ranged(task.mean_some_patched),
        ranged(task.mean_chosen_patched),
        _gap(task.patched_less_swapped),
        _gap(task.patched_less_unrelated),
        ranged(task.mean_probe),
        f"{task.direct:.2f}",
        f"{task.unpatched:.2f}",
    )


def _gap(value: Estimate) -> str:
    return f"{value.value:+.2f} ({value.low:+.2f} to {value.high:+.2f})"
