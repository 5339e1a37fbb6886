"""The benchmark's figures as tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .report import AUC_BAR, PUBLISHED_GPT4, STUDENT_BAR, STUDENT_SPEED_BAR

if TYPE_CHECKING:
    from rich.console import RenderableType

    from .report import AnswererFigures, QAEmbReport, StudentFigures


def render(report: QAEmbReport) -> RenderableType:
    """Every part that was run."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    parts: list[RenderableType] = []
    if report.tasks:
        table = Table("task", "texts", "embedded", "likeness", "balanced accuracy", title="AUC, source left out")
        for t in report.tasks:
            table.add_row(t.task, str(t.texts), f"{t.embedded:.3f}", f"{t.likeness:.3f}", f"{t.accuracy:.3f}")
        parts.append(table)
    if report.answerers:
        columns = ("answerer", "tasks", "pairs", "mean AUC (95 %, sources)", "over sources", "accuracy", "balanced")
        table = Table(*columns, title="Answerers")
        for a in report.answerers:
            table.add_row(*map(Text, _answerer(a)))
        parts += [table, Text(f"Published: GPT-4 accuracy {PUBLISHED_GPT4} on 46 tasks × 20 texts.")]
        met = "met" if report.bar_met else "MISSED"
        parts.append(Text(f"Bar: embedded answerer AUC of at least {AUC_BAR} on sources left out: {met}."))
    if report.students:
        told = ("teacher", "questions", "taught on", "tested on", "teacher AUC", "student AUC", "kept", "agreement")
        table = Table(*told, "teacher pairs/s", "student pairs/s", "times as fast", title="Students")
        for s in report.students:
            table.add_row(*map(Text, _student(s)))
        parts.append(table)
        bar = f"Bar: a student keeps {STUDENT_BAR:.0%} of its teacher's AUC at {STUDENT_SPEED_BAR:g} times its speed. "
        parts.append(Text(bar + "A model at chance on the labels is kept at chance: see the agreement with it."))
    if report.speed is not None:
        found = report.speed
        rates = f"{found.shared_rate:.1f} pairs/s with texts shared, {found.alone_rate:.2f} with a prompt each"
        said = f"{found.model}, {found.texts} texts × {found.questions} questions: {rates}"
        parts.append(
            Text(f"{said}: {found.ratio:.1f} times as fast; answers differ by at most {found.largest_difference:.1e}.")
        )
    return Group(*parts)


def _answerer(a: AnswererFigures) -> tuple[str, ...]:
    def shown(value: float | None) -> str:
        return "" if value is None else f"{value:.3f}"

    interval = "" if a.auc is None else f"{a.auc:.3f} ({a.low:.3f} to {a.high:.3f})"
    balanced = shown(a.balanced_accuracy)
    return a.name, str(a.tasks), str(a.pairs), interval, shown(a.auc_by_source), shown(a.accuracy), balanced


def _student(s: StudentFigures) -> tuple[str, ...]:
    return (
        s.teacher,
        str(s.questions),
        str(s.taught_texts),
        str(s.texts),
        f"{s.teacher_auc:.3f}",
        f"{s.student_auc:.3f}",
        f"{s.kept:.1%}",
        f"{s.agreement:.3f}",
        f"{s.teacher_rate:.1f}",
        f"{s.student_rate:.0f}",
        f"{s.times_as_fast:.1f}",
    )
