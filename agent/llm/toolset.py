"""The workbench as LangChain tools: what a model reads of them is here, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field

from ...tools.induction.types import ExceptionRegion
from .manners import Kind
from .text_aids import TextSteps
from .workbench import MOST_INPUTS, Mistake, Workbench

NumberInput = float | list[float]


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Numbers(_Arguments):
    inputs: list[NumberInput] = Field(
        description=f"Up to {MOST_INPUTS} inputs: numbers, or lists of numbers where there are several arguments."
    )
    why: str = Field(description="What you want to learn from them, in a few words.")


class Texts(_Arguments):
    inputs: list[str] = Field(description=f"Up to {MOST_INPUTS} texts.")
    why: str = Field(description="What you want to learn from them, in a few words.")


class Induce(_Arguments):
    max_queries: int = Field(default=120, description="Queries that the engine may spend beyond what is known.")


class Python(_Arguments):
    code: str = Field(
        description="A script. `inputs`, `outputs` and `observations` hold what is known; numpy is `np`. Print results."
    )


class Region(_Arguments):
    low: float
    high: float
    description: str = Field(description="What the box does there instead.")


class NumericHypothesis(_Arguments):
    description: str = Field(description="One sentence that a person would write.")
    code: str = Field(description="Python that defines explained(...), exceptions and all, without noise.")
    exceptions: list[Region] = Field(default=[], description="Intervals in which another rule holds.")
    noise: float | None = Field(default=None, description="Standard deviation of random noise, if there is any.")


class StringHypothesis(_Arguments):
    description: str = Field(description="One sentence that a person would write.")
    code: str = Field(description="Python that defines explained(text), which returns a text.")


class TextHypothesis(_Arguments):
    description: str = Field(description='A short phrase that completes "The text …".')


class Revision(_Arguments):
    id: str = Field(description="The hypothesis that it replaces.")
    because: str = Field(description="The observation that spoke against it.")


class NumericRevision(NumericHypothesis, Revision):
    """A better hypothesis about numbers."""


class StringRevision(StringHypothesis, Revision):
    """A better hypothesis about a function of texts."""


class TextRevision(TextHypothesis, Revision):
    """A better hypothesis about a text module."""


class Tested(_Arguments):
    id: str = Field(description="The hypothesis to test, such as h2.")


class NumericTest(Numbers, Tested):
    """Fresh inputs for a hypothesis about numbers."""


class TextTest(Texts, Tested):
    """Fresh inputs for a hypothesis about texts."""


class Recall(_Arguments):
    first: int = Field(description="The first observation's number.")
    last: int = Field(description="The last one's; at most 100 are shown.")


class Conclude(_Arguments):
    id: str = Field(description="The hypothesis that you stake the verification on.")


class TopPhrases(_Arguments):
    max_queries: int = Field(default=400, description="Phrases that may be asked.")


class Summarize(_Arguments):
    n: int = Field(default=5, description="How many suggestions.")


class Synthesize(_Arguments):
    description: str = Field(description='A phrase that completes "The text …".')
    n: int = Field(default=6, description="Texts of each kind, at most 20.")


class Score(_Arguments):
    id: str = Field(description="The hypothesis.")
    n: int = Field(default=10, description="Texts of each kind that are asked, at most 20.")


class Questions(_Arguments):
    questions: list[str] = Field(description="Yes/no questions, each about one property of a text.")


_HYPOTHESIS: dict[Kind, type[BaseModel]] = {
    "numbers": NumericHypothesis,
    "texts": TextHypothesis,
    "strings": StringHypothesis,
}
_REVISION: dict[Kind, type[BaseModel]] = {
    "numbers": NumericRevision,
    "texts": TextRevision,
    "strings": StringRevision,
}


_ON_TEXTS = ("top_phrases", "summarize", "synthesize", "score", "qa_features", "patchscope")
_ALWAYS = ("query", "record_hypothesis", "test_hypothesis", "revise_hypothesis", "recall", "run_python", "conclude")
NAMES = frozenset((*_ALWAYS, *_ON_TEXTS, "induce"))
"""The names of all our tools: others must have different ones."""


def make_tools(bench: Workbench) -> list[BaseTool]:
    """The tools of one investigation, those that fit its kind of box."""
    kind = bench.manner.kind
    numeric = kind == "numbers"
    tools = [
        _tool("query", "Ask the black box.", Numbers if numeric else Texts, bench.query),
        _tool(
            "record_hypothesis",
            "Write a hypothesis down, before it is tested. Says its id and how it fits what is known.",
            _HYPOTHESIS[kind],
            lambda **given: bench.record(**_hypothesis(given)),
        ),
        _tool(
            "test_hypothesis",
            "Query fresh inputs, the hypothesis's predictions beside the answers. Choose inputs that could refute it.",
            NumericTest if numeric else TextTest,
            bench.test,
        ),
        _tool(
            "revise_hypothesis",
            "Replace a hypothesis that an observation spoke against by a better one.",
            _REVISION[kind],
            lambda id, because, **given: bench.revise(id, because=because, **_hypothesis(given)),
        ),
        _tool("recall", "Show earlier observations again, by their numbers.", Recall, bench.recall),
        _tool(
            "run_python",
            "Run Python on the observations. It cannot ask the box.",
            Python,
            bench.run_python,
        ),
        _tool("conclude", "Have a tested hypothesis verified on fresh inputs.", Conclude, bench.conclude),
    ]
    if kind != "texts":
        tools.insert(4, _tool("induce", "Let a search engine look for programs.", Induce, bench.induce))
    return tools


def make_text_tools(steps: TextSteps) -> list[BaseTool]:
    """SASC's steps and question features, for text modules."""
    return [
        _tool("top_phrases", "Search a corpus for phrases the box responds to most.", TopPhrases, steps.top_phrases),
        _tool("summarize", "Suggest what the top phrases have in common.", Summarize, steps.summarize),
        _tool("synthesize", "Show texts to which a description applies, and others.", Synthesize, steps.synthesize),
        _tool(
            "score",
            "Query texts to which a hypothesis applies and others: its effect on the response.",
            Score,
            steps.score,
        ),
        _tool("qa_features", "Which yes/no questions go with the response.", Questions, steps.qa_features),
    ]


def _tool(name: str, description: str, arguments: type[BaseModel], does: Callable[..., str]) -> BaseTool:
    def run(**given: Any) -> str:
        return does(**given)

    return StructuredTool.from_function(run, name=name, description=description, args_schema=arguments)


def _hypothesis(given: dict[str, Any]) -> dict[str, Any]:
    """Arguments as the workbench takes them: `given` holds what pydantic made of the model's."""
    regions = []
    for one in given.pop("exceptions", None) or []:
        if not one.low <= one.high:
            raise Mistake(f"an exception needs low <= high, got {one.low:g} and {one.high:g}; swap them")
        regions.append(ExceptionRegion(one.low, one.high, one.description))
    noise = given.get("noise")
    if noise is not None and not noise >= 0:
        raise Mistake(f"noise is a standard deviation of 0 or more, got {noise:g}")
    return {**given, "exceptions": tuple(regions)}
