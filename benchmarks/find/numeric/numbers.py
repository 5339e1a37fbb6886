"""The numeric functions as a category of the benchmark."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ....tools.black_boxes.find import FIND_DOMAIN
from ...ledger import content_hash
from ...trial import failed_trial
from ..category import Category, Facts, Task
from ..investigating import investigate
from ..options import FindOptions
from .measure import RowResult, measure
from .report import FindReport, report_on
from .sources import load_subject, open_source
from .table import render

if TYPE_CHECKING:
    from rich.console import RenderableType


class NumericCategory:
    """Numbers to a number."""

    name = "numeric"
    budget_queries = 400
    rules = 1
    sources: tuple[str, ...] = ()

    def ids(self, path: Path) -> Sequence[str]:
        return open_source(path).ids

    def stamp(self, path: Path, id: str) -> str:
        return content_hash(path) if path.is_file() else str(path.resolve())

    def check(self, options: FindOptions) -> None:
        """Whatever the options say, a run can begin."""

    def run(self, task: Task) -> RowResult:
        subject = load_subject(task.options.data, task.id, trusted=task.options.trusted)
        box = subject.open(task.effort.seed)
        try:
            trial = investigate(box, FIND_DOMAIN, task)
        finally:
            box.close()
        foreign = task.options.investigator.kind == "llm"
        return measure(subject, trial, seed=task.effort.seed, foreign=foreign)

    def failed(self, task: Task, error: str, seconds: float) -> RowResult:
        subject = load_subject(task.options.data, task.id, trusted=task.options.trusted)
        return measure(subject, failed_trial(error, seconds=seconds), seed=task.effort.seed)

    def read(self, record: dict[str, Any]) -> RowResult:
        return RowResult.model_validate(record)

    def tally(self, rows: Collection[RowResult]) -> str:
        official = sum(row.mark.official for row in rows) / len(rows)
        exact = sum(row.mark.exact for row in rows) / len(rows)
        return f"official {official:.3f} · exact {exact:.3f}"

    def report(self, rows: Sequence[RowResult], facts: Facts) -> FindReport:
        return report_on(rows, **facts.about())

    def render(self, report: FindReport) -> RenderableType:
        return render(report)


CATEGORY: Category[RowResult] = NumericCategory()
