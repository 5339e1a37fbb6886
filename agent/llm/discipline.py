"""What a model cannot talk its way round: budgets, one answer a call, an end. A LangChain middleware."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse, hook_config
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.tools import BaseTool, ToolException

from ...prompts import render
from ...sandboxes.types import SandboxError
from ..budget import BudgetError
from .accounts import Price, usage_of
from .faults import Waiting
from .folding import fold
from .ledger import Answer, Ledger, conversation_key
from .workbench import Mistake, Workbench

if TYPE_CHECKING:
    from langgraph.prebuilt.tool_node import ToolCallRequest

NUDGE = "zetetic_nudge"
"""The mark of messages that we put in ourselves."""
CLOSING_TOOLS = frozenset({"record_hypothesis", "revise_hypothesis", "conclude"})
"""What is left when the budget is nearly spent."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How far a model may go. `soft`: the share of any budget after which it is made to conclude.

    `turns`: replies of the model; `nudges`: reminders in a row before it is taken at its silence; `repeats`: how often
    the same call is answered before it is refused (and twice as many end the run); `most_characters`: of one tool
    answer; `most_tokens`: of a conversation before older answers are folded. `converses`: a person is there to answer
    it, so that it may fall silent without having concluded.
    """

    soft: float = 0.85
    turns: int = 80
    nudges: int = 3
    repeats: int = 3
    most_characters: int = 8000
    most_tokens: int = 16_000
    empty_replies: int = 2
    converses: bool = False


class Discipline(AgentMiddleware[Any, Any]):
    """Between the model, the tools and the journal."""

    def __init__(
        self,
        bench: Workbench,
        ledger: Ledger,
        rules: Rules,
        *,
        model: Any,
        price: Price | None,
        waiting: Waiting,
        foreign: Collection[str] = (),
        gate: threading.Event | None = None,
    ) -> None:
        """`foreign` names tools that are not ours: whatever they raise is told to the model."""
        super().__init__()
        self.tools: Sequence[BaseTool] = []
        self._bench, self._ledger, self._rules = bench, ledger, rules
        self._model, self._price, self._waiting = model, price, waiting
        self._foreign = frozenset(foreign)
        self._gate = gate

    @hook_config(can_jump_to=["end"])
    def before_model(self, state: AgentState[Any], runtime: Any) -> dict[str, Any] | None:
        """Stop before a call that no budget covers."""
        messages = state["messages"]
        reason = self._hard_limit(messages)
        if reason:
            self._ledger.say(f"the model was stopped: {reason}")
            return {"jump_to": "end"}
        return None

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """The reply that the journal has for this state of the conversation, else the model's, kept with its cost."""
        if self._gate is not None:
            self._gate.wait()
        key = conversation_key(request.messages)
        kept = self._ledger.reply(key)
        if kept is not None:
            return ModelResponse(result=[kept])
        messages: list[AnyMessage] = fold(request.messages, self._model, most_tokens=self._rules.most_tokens)
        tools = request.tools
        if self._is_closing(request.messages):
            tools = [t for t in tools if isinstance(t, BaseTool) and t.name in CLOSING_TOOLS]
            messages.append(HumanMessage(render("scientist/closing", overview=self._bench.overview())))
        reply = self._ask(request.override(messages=messages, tools=tools), handler, key)
        return ModelResponse(result=[reply])

    @hook_config(can_jump_to=["model", "end"])
    def after_model(self, state: AgentState[Any], runtime: Any) -> dict[str, Any] | None:
        """Where the model called nothing: say what was wrong with its call, or that it has not concluded yet."""
        messages = state["messages"]
        last = messages[-1]
        if not isinstance(last, AIMessage) or last.tool_calls:
            return None
        if last.invalid_tool_calls:
            bad = last.invalid_tool_calls[0]
            said = render("scientist/invalid_call", name=bad.get("name") or "the tool", error=bad.get("error") or "")
        elif self._bench.concluded or self._rules.converses or _is_chat(messages):
            return None
        else:
            said = render("scientist/not_concluded", overview=self._bench.overview(), chat=_is_chat(messages))
        if _nudges_in_a_row(messages) >= self._rules.nudges:
            return None
        return {"messages": [HumanMessage(said, additional_kwargs={NUDGE: True})], "jump_to": "model"}

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Any]
    ) -> ToolMessage | Any:
        """Each call is answered once; a mistake of the model's is told to it; what it cannot mend ends the run."""
        if self._gate is not None:
            self._gate.wait()
        call = request.tool_call
        id = str(call["id"])
        answer = self._ledger.answer(id)
        if answer is None:
            self._ledger.begin(id, call["name"], call["args"])
            answer = self._repeated(request) or self._run(request, handler)
            self._ledger.finish(id, answer)
        status = "error" if answer.failed else "success"
        return ToolMessage(answer.text, tool_call_id=id, name=call["name"], status=status)

    def _run(self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Any]) -> Answer:
        try:
            said = handler(request)
        except Mistake as mistake:
            return Answer(str(mistake), failed=True)
        except (BudgetError, SandboxError, ToolException) as error:
            return Answer(f"{error}", failed=True)
        except Exception as error:
            if request.tool_call["name"] not in self._foreign:
                raise
            return Answer(f"the tool failed: {type(error).__name__}: {error}", failed=True)
        failed = isinstance(said, ToolMessage) and said.status == "error"
        text = str(said.text) if isinstance(said, ToolMessage) else str(said)
        most = self._rules.most_characters
        if len(text) > most:
            text = f"{text[:most]}\n({len(text) - most} more characters were cut off)"
        return Answer(text, failed)

    def _repeated(self, request: ToolCallRequest) -> Answer | None:
        """The refusal of a call that was made again and again with the same arguments."""
        times = _same_calls_in_a_row(request.state["messages"])
        if times <= self._rules.repeats:
            return None
        return Answer(f"you made this very call {times} times in a row; do something else, or conclude", failed=True)

    def _ask(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]], key: str
    ) -> AIMessage:
        """A reply that says something; an empty one is paid for and asked for again a few times."""
        for attempt in range(self._rules.empty_replies + 1):
            reply = _reply_of(self._waiting.call(lambda: handler(request)))
            shown = [t.name for t in request.tools if isinstance(t, BaseTool)]
            usage = usage_of(reply, request.messages, shown, self._model)
            is_last = attempt == self._rules.empty_replies
            says_something = bool(str(reply.text).strip() or reply.tool_calls or reply.invalid_tool_calls)
            kept = key if says_something or is_last else None
            try:
                self._ledger.keep_reply(kept, reply, usage, usage.dollars(self._price))
            except BudgetError:
                return reply  # it is paid for; the next call is stopped
            if kept is not None:
                return reply
        raise AssertionError("the last reply is always kept")

    def _hard_limit(self, messages: Sequence[AnyMessage]) -> str:
        inquiry = self._bench.inquiry
        if self._ledger.reply(conversation_key(messages)) is not None:
            return ""  # paid for before a restart
        if inquiry.overdrawn:
            return inquiry.overdrawn
        if inquiry.seconds_left <= 0:
            return f"its {inquiry.budget.seconds:g} seconds are over"
        if _turns(messages) >= self._rules.turns:
            return f"it has had {self._rules.turns} turns"
        if _same_calls_in_a_row(messages) >= 2 * self._rules.repeats:
            return "it makes the same call over and over"
        return ""

    def _is_closing(self, messages: Sequence[AnyMessage]) -> bool:
        """Whether some budget is nearly spent and nothing is concluded yet."""
        return not self._bench.concluded and (
            self._bench.inquiry.share_spent >= self._rules.soft
            or _turns(messages) >= self._rules.soft * self._rules.turns
        )


def _reply_of(response: ModelResponse[Any]) -> AIMessage:
    reply = response.result[-1]
    assert isinstance(reply, AIMessage)
    return reply


def _turns(messages: Sequence[AnyMessage]) -> int:
    """Replies of the model since a person last spoke."""
    count = 0
    for message in reversed(messages):
        if isinstance(message, HumanMessage) and not message.additional_kwargs.get(NUDGE):
            break
        count += isinstance(message, AIMessage)
    return count


def _is_chat(messages: Sequence[AnyMessage]) -> bool:
    """Whether a person has spoken since the task was set: then silence of tools is an answer, not a lapse."""
    people = [m for m in messages if isinstance(m, HumanMessage) and not m.additional_kwargs.get(NUDGE)]
    return len(people) > 1


def _nudges_in_a_row(messages: Sequence[AnyMessage]) -> int:
    count = 0
    for message in reversed(messages):
        if isinstance(message, ToolMessage):
            break
        count += isinstance(message, HumanMessage) and bool(message.additional_kwargs.get(NUDGE))
    return count


def _same_calls_in_a_row(messages: Sequence[AnyMessage]) -> int:
    """How many of the model's last replies made the same calls."""
    replies = [m for m in messages if isinstance(m, AIMessage)]
    count, first = 0, None
    for reply in reversed(replies):
        calls = json.dumps([[c["name"], c["args"]] for c in reply.tool_calls], sort_keys=True, default=str)
        if not reply.tool_calls or (first is not None and calls != first):
            break
        first = calls
        count += 1
    return count
