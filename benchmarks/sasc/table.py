"""The SASC benchmark's figures as tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .report import BARS, SascReport
from .trial import EMBEDDED

if TYPE_CHECKING:
    from rich.console import RenderableType


def render(report: SascReport) -> RenderableType:
    """Methods by setting, every explanation of ours, and what the figures do not say."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    columns = ("setting", "method", "accuracy", "keyword's rank", "rank 1", "held-out AUC", "module calls", "LLM calls", "seconds")  # fmt: skip  # noqa: E501
    table = Table(*columns, title="SASC: is the keyword of a synthetic module named?")
    for row in report.rows:
        accuracy = f"{row.accuracy:.3f} ({row.accuracy_low:.2f} to {row.accuracy_high:.2f})"
        auc = "" if row.auc is None else f"{row.auc:.2f}"
        cells = (
            row.setting, row.method, accuracy, f"{row.mean_rank:.1f}", f"{row.rank_one:.2f}", auc,
            f"{row.module_calls:.0f}", f"{row.chat_calls:.0f}", f"{row.seconds:.1f}",
        )  # fmt: skip
        table.add_row(*map(Text, cells))
    for setting, value in report.published.items():
        table.add_row(*map(Text, (setting, "SASC, published", f"{value:.3f}")))
    said = Table("task", "setting", "explanation", "right", title="Every explanation")
    for answer in report.answers:
        if answer.method == EMBEDDED:
            right = "yes" if answer.right else "no"
            said.add_row(*map(Text, (f"{answer.task} {answer.keyword}", answer.setting, answer.explanation, right)))
    verdicts = [
        f"{setting}: bar {BARS[setting]:.2f} {'met' if met else 'MISSED'}, "
        f"{'at or above' if report.beats_word_count[setting] else 'BELOW'} the word count"
        for setting, met in report.bars.items()
    ]
    return Group(said, table, Text(report.remark), Text("; ".join(verdicts) + "."))
