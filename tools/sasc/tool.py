"""SASC's steps as LangChain tools: an agent finds what a text module responds to, and scores what it makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from .types import Candidate, Module, RankedPhrases

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from ...models import Embedder
    from ..judging import Judge
    from ..texts import Corpus
    from .pipeline import HeldOutTexts, Scored

SHOWN_TEXTS = 3
"""Texts of each kind in what a tool tells."""


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TopPhrasesArguments(_Arguments):
    """What `top_phrases` may be asked."""

    keep: int = Field(30, ge=1, le=200, description="How many of the top phrases to show.")
    budget: int | None = Field(None, ge=20, description="At most so many phrases are asked. Default: all.")


class SummarizeArguments(_Arguments):
    """What `summarize` may be asked."""

    n: int = Field(5, ge=1, le=20, description="How many different explanations to suggest.")


class ExplanationArguments(_Arguments):
    """What `synthesize` and `score` may be asked."""

    explanation: str = Field(min_length=1, description="A short noun phrase, or what completes 'The text …'.")
    n: int = Field(20, ge=2, le=200, description="Texts with and without it.")


@dataclass
class SascTools:
    """The steps on one module, with what they share: the halves of the corpus and what was ranked last.

    `tried` counts the explanations that were scored: p-values are corrected for it.
    """

    module: Module
    corpus: Corpus
    embedder: Embedder
    judge: Judge
    withheld: str = ""
    seed: int = 0
    most_phrases: int = 5000
    tried: int = field(default=0, init=False)
    _ranked: RankedPhrases | None = field(default=None, init=False)
    _held_out: HeldOutTexts | None = field(default=None, init=False)

    def top_phrases(self, asked: TopPhrasesArguments) -> str:
        """The phrases that the module responds to most, with its responses."""
        ranked = self._rank(asked.keep, asked.budget)
        lines = [f"{value:.4g}  {phrase}" for phrase, value in zip(ranked.phrases, ranked.responses)]
        said = f"{ranked.scored} phrases asked, {ranked.left_out} without an answer, {ranked.unasked} not asked."
        if ranked.constant:
            said += " The response is the same for every phrase: try whole texts."
        return "\n".join([said, *lines])

    def summarize(self, asked: SummarizeArguments) -> str:
        """Explanations that the embedded generator suggests, with how well they fit the ranked phrases."""
        from .summarizing import summarize

        ranked = self._ranked or self._rank(50, None)
        found = summarize(ranked, embedder=self.embedder, n=asked.n)
        lines = [f"{candidate.fit:.2f}  {candidate.text}" for candidate in found]
        return "\n".join(["Fit on the ranked phrases (not a score):", *lines]) if found else "Nothing to suggest."

    def synthesize(self, asked: ExplanationArguments) -> str:
        """Held-out texts to which the explanation applies, and some to which it does not."""
        from .synthesizing import synthesize

        held_out = self._texts().corpus
        found = synthesize(asked.explanation, corpus=held_out, judge=self.judge, n=asked.n)
        parts = [("With it", found.with_concept), ("Without it", found.without_concept)]
        return "\n".join(f"{name}:\n" + "\n".join(f"- {text}" for text in texts) for name, texts in parts)

    def score(self, asked: ExplanationArguments) -> str:
        """The effect and the held-out score of an explanation."""
        from .pipeline import score

        self.tried += 1
        candidate = Candidate(asked.explanation, "agent")
        found = score(
            candidate, self._texts(), self.judge, tried=self.tried, n=asked.n, withheld=self.withheld, seed=self.seed
        )
        return tell(found)

    def _rank(self, keep: int, budget: int | None) -> RankedPhrases:
        from .pipeline import rank

        for_phrases, _ = self.corpus.split(self.seed)
        rng = np.random.default_rng(self.seed)
        self._ranked = rank(
            self.module, for_phrases, keep=keep, budget=budget, most=self.most_phrases, rng=rng, embedder=self.embedder
        )
        return self._ranked

    def _texts(self) -> HeldOutTexts:
        from .pipeline import HeldOutTexts
        from .ranking import responses

        if self._held_out is None:
            _, held_out = self.corpus.split(self.seed)
            self._held_out = HeldOutTexts(held_out, responses(self.module, held_out.texts))
        return self._held_out


def tell(found: Scored) -> str:
    """A score as text for an agent."""
    effect = "unknown" if found.effect is None else str(found.effect)
    lines = [
        str(found.score),
        f"effect of the concept, in standard deviations of the response: {effect} ({found.synthetic.source})",
        *(f"with it: {text}" for text in found.synthetic.with_concept[:SHOWN_TEXTS]),
        *(f"without it: {text}" for text in found.synthetic.without_concept[:SHOWN_TEXTS]),
    ]
    return "\n".join(lines)


def sasc_tools(steps: SascTools) -> list[BaseTool]:
    """The tools `top_phrases`, `summarize`, `synthesize` and `score` on one module.

    What an agent can mend comes back to it as a tool's answer; nothing is raised for it.
    """
    kinds: list[tuple[str, type[_Arguments], Callable[[Any], str], str]] = [
        (
            "top_phrases",
            TopPhrasesArguments,
            steps.top_phrases,
            "The short phrases of a corpus that the text module responds to most, with its responses.",
        ),
        (
            "summarize",
            SummarizeArguments,
            steps.summarize,
            "Suggest explanations of what the top phrases share, found without a language model.",
        ),
        (
            "synthesize",
            ExplanationArguments,
            steps.synthesize,
            "Find held-out texts to which an explanation applies, and others to which it does not.",
        ),
        (
            "score",
            ExplanationArguments,
            steps.score,
            "Score an explanation on held-out texts: AUC with its interval and a p-value corrected for how many were "
            "tried, and the effect in standard deviations of the module's response.",
        ),
    ]
    return [_tool(*kind) for kind in kinds]


def _tool(name: str, arguments: type[_Arguments], step: Callable[[Any], str], description: str) -> BaseTool:
    from langchain_core.tools import StructuredTool, ToolException

    def run(**given: Any) -> str:
        from ..concepts import ConceptError
        from ..scoring.texts import ScoringError
        from ..texts import CorpusError
        from .types import SascError

        try:
            return step(arguments(**given))
        except (SascError, CorpusError, ConceptError, ScoringError) as error:
            raise ToolException(str(error)) from error

    return StructuredTool.from_function(
        run,
        name=name,
        description=description,
        args_schema=arguments,
        handle_tool_error=True,
        handle_validation_error=_first_fault,
    )


def _first_fault(error: Any) -> str:
    """What is wrong with the arguments, for the agent that gave them."""
    faults = error.errors() if hasattr(error, "errors") else []
    if not faults:
        return f"expected the arguments that the tool describes, got others: {error}"
    where = ".".join(map(str, faults[0]["loc"]))
    return f"bad value for {where}: {faults[0]['msg']}, got {faults[0].get('input')!r}; mend it and call again"
