"""Functions from words of one kind to others, by knowledge of the world: texts to texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....prompts import render
from ....tools.black_boxes.relation import ARROW, RelationBox
from ....tools.black_boxes.settings import write_settings
from ...errors import BenchmarkError
from ..category import Category, Task
from ..llm import explain_by_model, hint_words
from ..llm_chats import EMBEDDER, open_kept
from ..options import FindOptions
from .common import Concepts
from .data import ConceptFunction, load_functions
from .ground import WordGround, common_words
from .measure import ConceptRow

if TYPE_CHECKING:
    from ....agent import Explanation
    from ....tools.black_boxes import BlackBox


class Relations(Concepts):
    """Played by a chat model, and explained by one: the inductive scientist knows nothing of the world."""

    name = "relations"
    budget_queries = 200

    def check(self, options: FindOptions) -> None:
        super().check(options)
        if options.judge == EMBEDDER:
            raise BenchmarkError(
                "relations are judged by a chat model: the embedder cannot tell which output belongs to an input; "
                "add --judge PROVIDER:MODEL"
            )
        if options.box_model is None:
            raise BenchmarkError(
                "relations are what a chat model knows of the world, and none was named to play them; add --box-model "
                "PROVIDER:MODEL"
            )
        if options.investigator.kind != "llm":
            raise BenchmarkError(
                "relations rest on knowledge of the world, which the inductive scientist does not have; add "
                "--scientist llm --model PROVIDER:MODEL"
            )

    def open(self, function: ConceptFunction, task: Task) -> BlackBox:
        assert function.concept2 is not None
        options = task.options
        settings = {"except": function.exception, "model": options.box_model, "base_url": options.box_url}
        return RelationBox(
            function.concept1,
            function.concept2,
            open_kept(options, task.kept, "box"),
            exception=function.exception,
            spec=f"relation:{function.concept1} {ARROW} {function.concept2}{write_settings(settings)}",
        )

    def explain(self, function: ConceptFunction, box: BlackBox, task: Task) -> Explanation:
        functions = load_functions(task.options.data, self.name).values()
        words = [*common_words(), *(word.strip() for one in functions for word in one.initial)]
        hint = render("find/relation")
        if task.options.hints:
            hint = f"{hint}\n{hint_words(function.initial)}"
        return explain_by_model(box, None, task, hint=hint, ground=lambda sandbox: WordGround(words, sandbox))


CATEGORY: Category[ConceptRow] = Relations()
