"""What the two categories of synthetic neurons have in common."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import BenchmarkError
from ...ledger import content_hash, content_key
from ...trial import failed_trial
from ..category import Facts, Task
from ..llm import as_trial
from ..llm_chats import EMBEDDER, open_kept
from ..options import FindOptions
from .data import ConceptFunction, data_file, load_functions
from .language import LanguageTest, take_test
from .measure import ConceptRow, measure
from .report import ConceptReport, report_on
from .table import render

if TYPE_CHECKING:
    from rich.console import RenderableType

    from ....agent import Explanation
    from ....tools.black_boxes import BlackBox
    from ....tools.chat import Chat
    from ....tools.judging.types import Judge


class Concepts:
    """A category of synthetic neurons; `entities.py` and `relations.py` say what is theirs."""

    name: str
    budget_queries: int
    rules = 1
    sources: tuple[str, ...] = ("tools/sasc", "tools/texts", "tools/concepts", "tools/judging", "tools/strings")

    def ids(self, path: Path) -> Sequence[str]:
        return [*load_functions(path, self.name)]

    def stamp(self, path: Path, id: str) -> str:
        """The functions' file and the unit test of this one."""
        items = load_functions(path, self.name)[id].items
        tests = [[item.inputs, item.outputs, item.correct] for item in items]
        return content_key(data=content_hash(data_file(path, self.name)), tests=tests)

    def check(self, options: FindOptions) -> None:
        """There has to be a judge, and someone to play the box."""
        if options.judge is None:
            also = ", or --judge embedder" if self.name == "entities" else ""
            raise BenchmarkError(
                f"{self.name} are scored by FIND's unit test of language, and no judge was named; add --judge "
                f"PROVIDER:MODEL{also}"
            )
        if options.embedder and options.box_model is not None:
            raise BenchmarkError("expected --embedder or --box-model, got both; leave one out")

    def run(self, task: Task) -> ConceptRow:
        function = self.function(task)
        box = self.open(function, task)
        began, cpu = time.perf_counter(), time.process_time()
        try:
            explanation = self.explain(function, box, task)
        finally:
            box.close()
        trial = as_trial(explanation, time.perf_counter() - began, time.process_time() - cpu)
        found = explanation.round is not None  # else the description is a sentence about why there is none
        trial = replace(trial, error=None if found else explanation.description or explanation.outcome)
        judge = self.judge(task)
        test = take_test(explanation.description, function.items, judge) if found else None
        oracle = self.oracle(function, judge)
        return measure(
            function,
            trial,
            explanation,
            test,
            box=self.player(task.options),
            judge=judge.name,
            oracle=None if oracle is None else oracle.share,
        )

    def failed(self, task: Task, error: str, seconds: float) -> ConceptRow:
        trial = failed_trial(error, seconds=seconds)
        options = task.options
        return measure(
            self.function(task), trial, None, None, box=self.player(options), judge=options.judge or "nobody"
        )

    def function(self, task: Task) -> ConceptFunction:
        """The neuron that the task is about."""
        return load_functions(task.options.data, self.name)[task.id]

    def judge(self, task: Task) -> Chat | Judge:
        """Who takes the unit test."""
        if task.options.judge != EMBEDDER:
            return open_kept(task.options, task.kept, "judge")
        from ....models import load_embedder
        from ....tools.judging import EmbeddedJudge

        return EmbeddedJudge(load_embedder())

    def player(self, options: FindOptions) -> str:
        """What plays the neurons."""
        return options.box_model or EMBEDDER

    def open(self, function: ConceptFunction, task: Task) -> BlackBox:
        """The neuron as a black box."""
        raise NotImplementedError

    def explain(self, function: ConceptFunction, box: BlackBox, task: Task) -> Explanation:
        """What the task's scientist makes of it."""
        raise NotImplementedError

    def oracle(self, function: ConceptFunction, judge: Chat | Judge) -> LanguageTest | None:
        """The unit test taken with the truth, where that costs nothing."""
        return None

    def read(self, record: dict[str, Any]) -> ConceptRow:
        return ConceptRow.model_validate(record)

    def tally(self, rows: Collection[ConceptRow]) -> str:
        shares = [row.language for row in rows if row.language is not None]
        return f"language {sum(shares) / len(shares):.3f}" if shares else f"{len(rows)} done"

    def report(self, rows: Sequence[ConceptRow], facts: Facts) -> ConceptReport:
        return report_on(rows, self.name, facts)

    def render(self, report: ConceptReport) -> RenderableType:
        return render(report)
