"""The functions of texts as a category of the benchmark."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ....tools.black_boxes.find_strings import STRING_DOMAIN, StringFunction
from ...errors import BenchmarkError
from ...ledger import content_key
from ...trial import failed_trial
from ..category import Category, Facts, Task
from ..concepts.data import Item
from ..concepts.language import take_test
from ..investigating import investigate
from ..llm_chats import EMBEDDER, open_kept
from ..options import FindOptions
from .measure import StringRow, failed_row, measure
from .report import StringReport, report_on
from .subject import functions_at, open_function
from .table import render

if TYPE_CHECKING:
    from rich.console import RenderableType


class StringCategory:
    """Texts to a text."""

    name = "strings"
    budget_queries = 150
    rules = 1
    sources: tuple[str, ...] = ("tools/strings",)

    def ids(self, path: Path) -> Sequence[str]:
        functions_at.cache_clear()  # every run begins with a look at the folder as it is now
        return [*functions_at(path)]

    def stamp(self, path: Path, id: str) -> str:
        """The function's code, and its items."""
        function = functions_at(path)[id]
        pairs = [[item.inputs, item.outputs, item.correct] for item in function.items]
        return content_key(code=function.file.read_text(encoding="utf-8"), items=pairs)

    def check(self, options: FindOptions) -> None:
        if options.judge == EMBEDDER:
            raise BenchmarkError(
                "pairs of texts are judged by a chat model; pass --judge PROVIDER:MODEL, or leave it out"
            )

    def run(self, task: Task) -> StringRow:
        function = _function(task)
        box = open_function(function, seed=task.effort.seed, trusted=task.options.trusted)
        try:
            trial = investigate(box, STRING_DOMAIN, task)
            foreign = task.options.investigator.kind != "inductive"
            row = measure(function, box, trial, seed=task.effort.seed, foreign=foreign)
        finally:
            box.close()
        return self._with_language(row, function, task)

    def failed(self, task: Task, error: str, seconds: float) -> StringRow:
        return failed_row(_function(task), failed_trial(error, seconds=seconds))

    def read(self, record: dict[str, Any]) -> StringRow:
        return StringRow.model_validate(record)

    def tally(self, rows: Collection[StringRow]) -> str:
        return f"exact on all fresh texts {sum(row.mark.exact for row in rows) / len(rows):.3f}"

    def report(self, rows: Sequence[StringRow], facts: Facts) -> StringReport:
        return report_on(rows, facts)

    def render(self, report: StringReport) -> RenderableType:
        return render(report)

    def _with_language(self, row: StringRow, function: StringFunction, task: Task) -> StringRow:
        """`row` with FIND's unit test of the description, where there is a judge and something to judge."""
        if task.options.judge is None or not function.items:
            return row
        items = [Item(inputs=item.inputs, outputs=item.outputs, correct=item.correct) for item in function.items]
        test = take_test("" if row.error else row.description, items, open_kept(task.options, task.kept, "judge"))
        return row.model_copy(update={"language": test.share, "unread": test.unread})


def _function(task: Task) -> StringFunction:
    return functions_at(task.options.data)[task.id]


CATEGORY: Category[StringRow] = StringCategory()
