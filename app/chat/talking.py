"""The LLM scientist with a person beside it: their words in its conversation, their steps between its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from langchain.agents.middleware import AgentMiddleware, AgentState
from langchain_core.messages import AIMessage, HumanMessage

from ...agent import BudgetError, JournaledInquiry
from ...agent.llm.ledger import Answer
from ...agent.llm.workbench import Mistake
from ...prompts import render
from ...sandboxes import SandboxError
from ...tools.black_boxes import NumericDomain
from ...tools.chat import ChatError
from .desk import Answered, Desk, Enough, Step
from .expressions import ExpressionError, PersonCandidate, code_of
from .wording import PERSON_ASKED, verified_text

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

    from ...agent.llm import LLMScientist
    from ...agent.llm.scientist import Sitting

ORIGIN = "a person"
_TOLD = ("query", "edit", "score")
"""Steps whose outcome the model is told of."""
_TESTS = 6
_SAMPLED = 256


class Hearing(AgentMiddleware[Any, Any]):
    """Between two steps of the model: pauses, does what the person asked, and hands over what they said."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.tools = []
        self._desk = desk
        self.talk: Talk | None = None

    def before_model(self, state: AgentState[Any], runtime: Any) -> dict[str, Any] | None:
        talk = self.talk
        assert talk is not None
        messages: list[BaseMessage] = []
        while True:
            self._desk.hold(talk.inquiry.at_rest)
            step = self._desk.take()
            if step is None:
                break
            messages += talk.between(step, state["messages"])
        there = {m.id for m in state["messages"]} | {m.id for m in messages}
        messages = [*talk.untold(there), *messages]
        return {"messages": messages} if messages else None

    def wrap_tool_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
        self._desk.check()
        return handler(request)


class TalkingScientist:
    """`make(hearing)` is the LLM scientist; after it has fallen silent it waits for what the person says."""

    name = "llm"

    def __init__(self, make: Callable[[Hearing], LLMScientist], desk: Desk, trouble: Callable[[str], None]) -> None:
        self._make, self._desk, self._trouble = make, desk, trouble

    def investigate(self, inquiry: Any, *, seed: int) -> None:
        hearing = Hearing(self._desk)
        self._desk.give_back()
        with self._make(hearing).at_work(inquiry, seed=seed) as sitting:
            hearing.talk = Talk(sitting, inquiry, self._desk, seed=seed, trouble=self._trouble)
            try:
                hearing.talk.hold()
            except Enough:
                sitting.settle()


class Talk:
    """One sitting of the model with the person."""

    def __init__(
        self, sitting: Sitting, inquiry: JournaledInquiry, desk: Desk, *, seed: int, trouble: Callable[[str], None]
    ) -> None:
        self.inquiry = inquiry
        self._sitting, self._desk, self._seed, self._trouble = sitting, desk, seed, trouble
        self._at_work = False
        self._undone = {s.arguments["of"] for s in desk.steps.values() if s.command == "undo"}
        there = {m.id for m in sitting.messages}
        for step in desk.steps.values():
            lived = sitting.ledger.answer(step.id)
            if lived is not None:
                desk.mark_done(step.number)
                desk.finish(step, Answered(lived.text, lived.failed))
            if step.id in there or step.number in self._undone:
                desk.mark_done(step.number)

    def hold(self, *, begin: bool = True) -> None:
        """Let the model work, then do what the person says, until they end it or leave."""
        if begin:
            self._go_on(None)
        while True:
            step = self._desk.next(self.inquiry.at_rest)
            if step.command in ("say", "again"):
                self._go_on(_words(step))
            else:
                for message in self.between(step, self._sitting.messages):
                    self._go_on(message)

    def _go_on(self, said: HumanMessage | None) -> None:
        self._at_work = True
        try:
            self._sitting.go_on(said)
        except ChatError as error:
            self._trouble(f"{error}; say something to try again")
        else:
            if not self._spoke():
                self._trouble("the model was stopped before it could answer; see the remarks above, or /conclude")
        finally:
            self._at_work = False

    def _spoke(self) -> bool:
        messages = self._sitting.messages
        return bool(messages) and isinstance(messages[-1], AIMessage)

    def between(self, step: Step, messages: Sequence[BaseMessage]) -> list[HumanMessage]:
        """Do `step`; the messages that the model is to hear."""
        if step.command in ("say", "again"):
            return [_words(step)]
        if step.command == "edit" and not self._is_testable(step):
            self._desk.finish(step, Answered("the model is told; it writes the hypothesis down"))
            id, text = step.arguments["id"], step.arguments["text"]
            return [HumanMessage(render("chat/correction", id=id, text=text), id=step.id)]
        if step.command == "undo":
            return self._undo(step, messages)
        verdicts = self._sitting.bench.verdicts
        before = len(verdicts)
        answer = self._ledgered(step)
        told = answer.text if len(verdicts) == before else verified_text(step.arguments.get("id"), verdicts[-1])
        self._desk.finish(step, Answered(told, answer.failed))
        if step.command == "conclude" and not answer.failed:
            raise Enough
        return []

    def untold(self, there: set[str | None]) -> Iterator[HumanMessage]:
        """What came of earlier steps that the model has not heard of yet."""
        for step in sorted(self._desk.steps.values(), key=lambda s: s.number):
            answer = self._sitting.ledger.answer(step.id)
            if answer is not None and step.command in _TOLD and step.id not in there:
                yield self._told(step, answer)

    def _told(self, step: Step, answer: Answer) -> HumanMessage:
        return HumanMessage(render("chat/told", command=step.command, outcome=answer.text), id=step.id)

    def _ledgered(self, step: Step) -> Answer:
        """What came of the step, done once whatever dies: it stands in the ledger like a call of the model's."""
        ledger = self._sitting.ledger
        known = ledger.answer(step.id)
        if known is not None:
            return known
        ledger.begin(step.id, step.command, step.arguments)
        try:
            answer = Answer(self._do(step))
        except (Mistake, BudgetError, SandboxError, ExpressionError, ValueError, TypeError) as error:
            answer = Answer(str(error), failed=True)
        ledger.finish(step.id, answer)
        return answer

    def _do(self, step: Step) -> str:
        bench, given = self._sitting.bench, step.arguments
        if step.command == "query":
            return bench.query([i if isinstance(i, str) else list(i) for i in given["inputs"]], PERSON_ASKED)
        if step.command == "edit":
            return self._edit(step)
        if step.command == "score":
            return bench.conclude(given["id"])
        if step.command == "conclude":
            id = given.get("id") or (None if bench.concluded else bench.best())
            if id is None or self.inquiry.rounds_left < 1:
                return "the run ends with what has been verified"
            return bench.conclude(id)
        raise ValueError(f"there is no step {step.command!r}")

    def _is_testable(self, step: Step) -> bool:
        """Whether the person's hypothesis says what comes out, without the model's help."""
        kind = self._sitting.bench.manner.kind
        if kind != "numbers":
            return kind == "texts"  # words are tested by a judge; strings need code
        try:
            code_of(step.arguments["text"], self._sitting.bench.teller.names)
        except ExpressionError:
            return False
        return True

    def _edit(self, step: Step) -> str:
        """The person's hypothesis in the place of another, tested on fresh inputs."""
        bench, id, text = self._sitting.bench, step.arguments["id"], step.arguments["text"]
        code = code_of(text, bench.teller.names) if bench.manner.kind == "numbers" else ""
        said = bench.revise(id, text, code, because="a person corrected it", origin=ORIGIN)
        if not isinstance(self.inquiry.domain, NumericDomain):
            return said
        new = said.partition(" ")[0]
        points = self._tests(id, PersonCandidate("", text, text, code), step.number)
        if not points:
            return said
        return f"{said}\n{bench.test(new, [list(p) for p in points], 'a person corrected it')}"

    def _tests(self, id: str, candidate: PersonCandidate, number: int) -> list[tuple[float, ...]]:
        import numpy as np

        domain = self.inquiry.domain
        assert isinstance(domain, NumericDomain)
        rng = np.random.default_rng(np.random.SeedSequence(entropy=self._seed, spawn_key=(0x9E0, number)))
        points = list(dict.fromkeys(domain.sample(rng, _SAMPLED)))
        said = np.asarray(candidate.predict(points), dtype=np.float64)
        rival = np.asarray(self._sitting.bench.board[id].candidate.predict(points), dtype=np.float64)
        gaps = np.nan_to_num(np.abs(said - rival) / (1.0 + np.abs(rival)), nan=np.inf)
        order = [points[int(k)] for k in np.argsort(-gaps, kind="stable") if gaps[int(k)] > 1e-6]
        count = min(_TESTS, self.inquiry.queries_left)
        differing = order[: max(0, count - 2)]
        return [*differing, *(p for p in points if p not in differing)][:count]

    def _undo(self, step: Step, messages: Sequence[BaseMessage]) -> list[HumanMessage]:
        """Fork the conversation from before the person's step, where it is one of words."""
        of = self._desk.steps[step.arguments["of"]]
        self._undone.add(of.number)
        if of.command == "query":
            text = "what the black box answered stays answered: /query cannot be taken back"
        elif of.command in ("score", "conclude"):
            text = f"what the verifier said stays said: /{of.command} cannot be taken back"
        elif self._at_work:
            text = "the model is at work on it: /pause it or stop it with Ctrl-C first, then /undo"
        elif self._sitting.fork_before(of.id):
            text = "the conversation goes on from before that; what the box answered and what was written down stays"
        else:
            text = "the conversation has nothing of it: there is nothing to take back"
        self._desk.finish(step, Answered(text))
        return []


def _words(step: Step) -> HumanMessage:
    text = "Go on with the investigation." if step.command == "again" else step.arguments["text"]
    return HumanMessage(text, id=step.id, additional_kwargs={"at": time.time()})
