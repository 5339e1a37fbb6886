"""Who sits at the other end of a chat: the scientist that a run's brief names, or a model that answers questions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ...agent import Budget, Investigation, JournaledInquiry, cast
from ...agent.casting import string_ground
from ...agent.numeric_ground import NumericGround
from ...agent.passive import cast as cast_passive
from ...tools.black_boxes import NumericDomain, TextDomain
from ...tools.examples import ExamplesBox
from .desk import Answered, Desk
from .guided import GuidedScientist
from .wording import hypothesis_line, value_text

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from ...agent import Journal, Observation, RunRecord
    from ...sandboxes import Sandbox
    from ...tools.black_boxes import BlackBox
    from ...tools.texts import Corpus

TOOLS_AFTERWARDS = frozenset({"recall", "run_python"})
"""What a model may still use on a run that has concluded."""


@dataclass(frozen=True)
class Opening:
    """What a chat needs beside the journal and the box.

    `model` opens the chat model (None: there is none). `budget`: another one than the run began with. `settings` go to
    the LLM scientist as they are. `hear` gets a model's words as they come, and None where a reply begins.
    """

    model: Callable[[], BaseChatModel] | None = None
    corpus: Corpus | None = None
    sandbox: Callable[[], Sandbox] | None = None
    budget: Budget | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    hear: Callable[[str | None], None] | None = None

    def investigation(
        self, journal: Journal, box: BlackBox, desk: Desk, trouble: Callable[[str], None]
    ) -> Investigation:
        """The investigation that the brief asks for, with a place in it for the person."""
        brief = journal.brief
        if isinstance(box, ExamplesBox):  # there is nobody to ask, so there is nothing to guide
            return cast_passive(journal, box, self.budget)
        if brief.scientist != "llm":
            made = cast(journal, box, self.budget, corpus=self.corpus)
            return made.by(GuidedScientist(made.scientist, desk, test_words=_test_words))
        from .talking import TalkingScientist

        aids: Any = None

        def make(hearing: Any) -> Any:
            return self._scientist(desk, aids=aids, middleware=[hearing])

        scientist = TalkingScientist(make, desk, trouble)
        if isinstance(brief.domain, NumericDomain):
            ground = NumericGround(brief.domain, self.open_sandbox)
            return Investigation(box, scientist, journal, self.budget, ground=ground)
        if isinstance(brief.domain, TextDomain) and brief.kind == "strings":
            strings = string_ground(box, brief.domain, self.open_sandbox)
            return Investigation(box, scientist, journal, self.budget, ground=strings)
        made = cast(journal, box, self.budget, corpus=self.corpus)
        aids = _aids(getattr(made.ground, "discovery", None))
        return made.by(scientist)

    def answer_questions(self, journal: Journal, record: RunRecord, desk: Desk, trouble: Callable[[str], None]) -> None:
        """Let the model answer what is asked about a run that has concluded, until the person leaves."""
        from .talking import Hearing, Talk

        hearing = Hearing(desk)
        aids = None if isinstance(record.brief.domain, NumericDomain) else _aids(None)
        after = {"tools": TOOLS_AFTERWARDS, "hint": _how_it_ended(record)}
        scientist = self._scientist(desk, aids=aids, middleware=[hearing], **after)
        budget = replace(record.budget, seconds=math.inf)
        inquiry = JournaledInquiry(
            ClosedBox(record), journal, budget=budget, seed=record.brief.seed, ground=_closed_ground(record)
        )
        desk.give_back()
        with scientist.at_work(inquiry, seed=record.brief.seed) as sitting:
            hearing.talk = Talk(sitting, inquiry, desk, seed=record.brief.seed, trouble=trouble)
            hearing.talk.hold(begin=False)

    def open_sandbox(self) -> Sandbox:
        """Where code that we did not print ourselves runs."""
        if self.sandbox is not None:
            return self.sandbox()
        from ...sandboxes import open_sandbox

        return open_sandbox()

    def _scientist(self, desk: Desk, **more: Any) -> Any:
        from ...agent.llm import LLMScientist
        from .calling import Calling

        if self.model is None:
            raise NoModelError(
                "this run is a chat model's, and no model was given; begin the chat with --model PROVIDER:MODEL"
            )
        from ...agent.llm.discipline import Rules

        settings: dict[str, Any] = {"sandbox": self.open_sandbox, "rules": Rules(converses=True)} | self.settings
        settings |= {"inner": [Calling(desk, self.hear)], "sleep": desk.sleep}
        return LLMScientist(self.model(), **(settings | more))


class NoModelError(ValueError):
    """A run that needs a chat model, and none is at hand."""


class ClosedBox:
    """The box of a run that has concluded: nobody asks it any more."""

    def __init__(self, record: RunRecord) -> None:
        from ...tools.black_boxes import Signature

        self.spec = record.brief.spec
        self.signature = Signature(record.brief.names, record.brief.domain, "number")

    def ask(self, inputs: Sequence[Any]) -> Any:
        from ...tools.black_boxes import BlackBoxError

        raise BlackBoxError("the run has concluded: its black box is not asked any more")

    def close(self) -> None:
        """Nothing is open."""


class _ClosedGround(NumericGround):
    """A ground for questions alone: nothing is drawn on it, and nothing judged."""

    def __init__(self, record: RunRecord) -> None:
        self._any = record.brief.domain
        self._budget = record.budget

    @property
    def domain(self) -> Any:
        return self._any

    def set_aside(self, budget: Budget) -> int:
        return 0

    def identity(self, explanation: Any) -> str:
        return f"{explanation.description}\n{explanation.code}"


def _closed_ground(record: RunRecord) -> Any:
    return _ClosedGround(record)


def answer_without_model(desk: Desk) -> None:
    """What is left to a run that has concluded, where there is no model: nothing but commands from the journal."""
    from contextlib import nullcontext

    while True:
        step = desk.next(nullcontext)
        desk.finish(step, Answered("the run has concluded: its black box is not asked any more", failed=True))


def _how_it_ended(record: RunRecord) -> str:
    from ...prompts import render

    explanation = record.explanation
    assert explanation is not None
    score = explanation.score
    return render(
        "chat/finished",
        outcome=explanation.outcome.replace("_", " "),
        reason=explanation.reason,
        description=explanation.description,
        code=explanation.code.strip(),
        score=f"{score.metric} {value_text(score.value)} on {score.held_out} held-out inputs" if score else "",
        observations=len(record.observations),
        hypotheses=[hypothesis_line(h) for h in list(record.hypotheses.values())[-_HYPOTHESES_TOLD:]],
    )


_HYPOTHESES_TOLD = 20


def _test_words(description: str, known: Sequence[Observation]) -> Any:
    from ...agent.text_candidates import Bench
    from ...agent.text_verdict import response

    bench = Bench(_judge())
    bench.learn_texts({str(o.input): v for o in known if (v := response(o)) is not None})
    [candidate] = bench.test([(description, "a person")])
    return candidate


def applies(description: str, texts: Sequence[str]) -> Sequence[float]:
    """How far a description applies to texts, by the embedder's judgement."""
    return [float(d) for d in _judge().judge([description], list(texts))[0]]


def _aids(discovery: Corpus | None) -> Any:
    """What a model has at hand on texts; `discovery` holds those that it may see."""
    from ...agent.llm.text_aids import TextAids
    from ...models.embedding import load_embedder
    from ...tools.qa_emb import embedded_answerer
    from ...tools.texts import Corpus

    embedder = load_embedder()
    texts = discovery if discovery is not None else Corpus("none", ())
    return TextAids(texts, embedder, _judge(), lambda: embedded_answerer(embedder))


def _judge() -> Any:
    from ...models.embedding import load_embedder
    from ...tools.judging import EmbeddedJudge

    return EmbeddedJudge(load_embedder())
