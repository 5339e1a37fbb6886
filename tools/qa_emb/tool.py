"""Questions as features, as a LangChain tool: an agent asks what yes/no questions say about texts and a target."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from .types import Answerer

DESCRIPTION = (
    "Answer yes/no questions about texts with probabilities. With target values, one a text, say which few questions "
    "predict them, with coefficients, intervals and a held-out score beside trivial baselines; without, tell the "
    "answers. Ask questions that one text alone can answer, each about one property."
)
MOST_TEXTS, MOST_QUESTIONS = 2000, 400
SHOWN_TEXTS = 20


class QAFeaturesArguments(BaseModel):
    """What an agent may ask for."""

    model_config = ConfigDict(extra="forbid")

    texts: list[str] = Field(min_length=1, max_length=MOST_TEXTS, description="The texts.")
    questions: list[str] | None = Field(
        None, max_length=MOST_QUESTIONS, description="Yes/no questions about a text. Default: a bank of general ones."
    )
    target: list[float] | None = Field(
        None, description="A number for each text, to be predicted from the answers; two classes as 0 and 1."
    )
    most: int = Field(8, ge=1, le=50, description="How many questions to choose at most.")


def qa_features_tool(answerer: Callable[[], Answerer] | None = None) -> BaseTool:
    """The tool `qa_features`. `answerer` gives who answers when it is first asked for (None: the embedded one).

    What an agent can mend comes back to it as the tool's answer; nothing is raised for it.
    """
    from langchain_core.tools import StructuredTool, ToolException

    opened = cache(lambda: _cached(answerer))

    def run(**given: Any) -> str:
        from ...models.errors import ModelError
        from ..chat import ChatError
        from .types import QAError

        try:
            return run_qa_features(opened(), QAFeaturesArguments(**given))
        except (ModelError, ChatError, QAError) as error:
            raise ToolException(str(error)) from error

    return StructuredTool.from_function(
        run,
        name="qa_features",
        description=DESCRIPTION,
        args_schema=QAFeaturesArguments,
        handle_tool_error=True,
        handle_validation_error=_first_fault,
    )


def _cached(answerer: Callable[[], Answerer] | None) -> Answerer:
    from .cache import CachedAnswerer
    from .embedded import embedded_answerer

    return CachedAnswerer((answerer or embedded_answerer)())


def _first_fault(error: Any) -> str:
    """What is wrong with the arguments, for the agent that gave them."""
    faults = error.errors() if hasattr(error, "errors") else []
    if not faults:
        return f"expected the arguments of qa_features, got others: {error}"
    where = ".".join(map(str, faults[0]["loc"]))
    return f"bad value for {where}: {faults[0]['msg']}; mend it and call again"


def run_qa_features(answerer: Answerer, asked: QAFeaturesArguments) -> str:
    """Answer, fit where there is a target, and tell it as text for an agent."""
    import numpy as np

    from .embedder import QAEmbedder

    embedder = QAEmbedder(asked.questions, answerer)
    table = embedder.fit_transform(asked.texts)
    if asked.target is not None:
        return _fitted(table, np.array(asked.target), asked, embedder.questions_, answerer.name)
    lines = [f"Probabilities of yes, by {answerer.name}:"]
    for text, row in list(zip(asked.texts, table))[:SHOWN_TEXTS]:
        order = np.argsort(-row)[: asked.most] if asked.questions is None else range(len(row))
        said = "; ".join(f"{embedder.questions_[i]} {row[i]:.2f}" for i in order)
        lines.append(f"- {' '.join(text.split())[:80]!r}: {said}")
    if len(asked.texts) > SHOWN_TEXTS:
        means = np.argsort(-table.std(axis=0))[: asked.most]
        lines.append(f"{len(asked.texts) - SHOWN_TEXTS} more texts. Over all, what varies most:")
        lines += [f"- {embedder.questions_[i]} mean {table[:, i].mean():.2f}" for i in means]
    return "\n".join(lines)


def _fitted(table: Any, target: Any, asked: QAFeaturesArguments, questions: list[str], by: str) -> str:
    import numpy as np

    from .held_out import held_out_score
    from .sparse import Kind, fit_sparse
    from .wording import sentence

    kind: Kind = "classification" if set(np.unique(target)) <= {0.0, 1.0} else "regression"
    score = held_out_score(table, target, asked.texts, questions, kind=kind, most=asked.most)
    fit = fit_sparse(table, target, questions, kind=kind, most=asked.most)
    beside = ", ".join(f"{name} {value:.3f}" for name, value in score.baselines.items())
    rows = [f"- {c.question} {c.value:+.3g} ({c.low:+.3g} to {c.high:+.3g})" for c in fit.coefficients]
    return "\n".join(
        [
            sentence(fit),
            f"Held-out {score.metric} {score.value:.3f} ({score.low:.3f} to {score.high:.3f}); baselines: {beside}.",
            f"Answers by {by}. Coefficients, a standard deviation of the answer:",
            *rows,
        ]
    )
