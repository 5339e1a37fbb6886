"""Neurons that respond to words related to a concept, or to either of two: text modules, from 0 to 1."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ....tools.black_boxes.concept import graded_box, similar_box
from ....tools.black_boxes.settings import write_settings
from ....tools.judging.types import Judge
from ..category import Category, Task
from ..llm import explain_by_model, hint_words
from ..llm_chats import open_kept
from .common import Concepts
from .data import ConceptFunction
from .language import LanguageTest, take_test
from .measure import ConceptRow

if TYPE_CHECKING:
    from ....agent import Explanation
    from ....tools.black_boxes import BlackBox
    from ....tools.chat import Chat


class Entities(Concepts):
    """Played by the embedder, or by a chat model that grades."""

    name = "entities"
    budget_queries = 400

    def open(self, function: ConceptFunction, task: Task) -> BlackBox:
        options = task.options
        concept, other = concepts(function)
        settings = {"or": other, "judge": options.box_model, "base_url": options.box_url}
        if options.box_model is None:
            from ....models import load_embedder

            return similar_box(concept, load_embedder(), other=other)
        both = concept if other is None else f"{concept}, or {other}"
        chat = open_kept(options, task.kept, "box")
        return graded_box(both, chat, spec=f"concept:{concept}{write_settings(settings)}")

    def explain(self, function: ConceptFunction, box: BlackBox, task: Task) -> Explanation:
        if task.options.investigator.kind == "llm":
            hint = hint_words(function.initial) if task.options.hints else ""
            return explain_by_model(box, None, task, hint=hint)
        from ....agent import explain

        effort = task.effort
        with tempfile.TemporaryDirectory(dir=task.scratch) as folder:
            return explain(
                box,
                queries=effort.queries,
                seconds=effort.seconds,
                seed=effort.seed,
                store=Path(folder) / "journal.sqlite",
            )

    def oracle(self, function: ConceptFunction, judge: Chat | Judge) -> LanguageTest | None:
        """The embedder is asked about the truth as well: it says how far the test can go with such a judge."""
        if not isinstance(judge, Judge):
            return None
        concept, other = concepts(function)
        return take_test(concept if other is None else f"{concept}, or {other}", function.items, judge)


def concepts(function: ConceptFunction) -> tuple[str, str | None]:
    """What the neuron responds to, as a phrase, and what else."""
    other = None if function.concept2 is None else f"related to {function.concept2}"
    return f"related to {function.concept1}", other


CATEGORY: Category[ConceptRow] = Entities()
