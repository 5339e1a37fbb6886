"""The LLM scientist: a LangChain agent over any chat model, in the same loop as the inductive one."""

from __future__ import annotations

import contextlib
import math
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ...prompts import prompt_hash, render
from ..inquiry import JournaledInquiry
from ..types import Inquiry
from .accounts import Prices
from .discipline import Discipline, Rules
from .faults import Waiting
from .ledger import Ledger
from .toolset import make_tools
from .workbench import Workbench

if TYPE_CHECKING:
    from langchain.agents.middleware import AgentMiddleware
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AnyMessage, HumanMessage
    from langchain_core.tools import BaseTool

    from ...sandboxes.types import Sandbox
    from .text_aids import TextAids

PROMPTS = ("system", "task", "closing", "not_concluded", "invalid_call")
_STEPS_A_TURN = 6
PROMPT_TOKENS = 4000
"""What the whole prompt may come to, all tools included; it is read at every turn."""
CHARACTERS_A_TOKEN = 3.5


class LLMScientist:
    """An agent over `model` that asks, supposes, tests and concludes through tools; whatever it says, the verifier
    scores what it concludes.

    `sandbox` opens where its code runs. `judge` applies descriptions to texts (text modules). `extra_tools` are put
    beside ours, and `tools` names those of ours that it may use, if not all. `hint` is what the person wants it to
    know. `gate`, if given, holds it between steps while cleared; `middleware` stands outside our own, `inner` next to
    the model; `sleep` waits between two tries of a call.
    The conversation is checkpointed in the run's own store, so that a killed run goes on where it was.

    >>> LLMScientist(open_chat_model("openai:gpt-5-mini"))
    """

    name = "llm"

    def __init__(
        self,
        model: BaseChatModel,
        *,
        sandbox: Callable[[], Sandbox] | None = None,
        aids: TextAids | None = None,
        extra_tools: Sequence[BaseTool] = (),
        rules: Rules | None = None,
        prices: Prices | None = None,
        waiting: Waiting | None = None,
        hint: str = "",
        gate: threading.Event | None = None,
        tools: Collection[str] | None = None,
        middleware: Sequence[AgentMiddleware[Any, Any]] = (),
        inner: Sequence[AgentMiddleware[Any, Any]] = (),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._model = model
        self._sandbox = sandbox or default_sandbox
        self._aids = aids
        self._extra_tools = extra_tools
        self._rules = rules or Rules()
        self._prices = prices
        self._waiting = waiting
        self._hint = hint
        self._gate = gate
        self._tools = tools
        self._middleware = middleware
        self._inner = inner
        self._sleep = sleep

    def investigate(self, inquiry: Inquiry, *, seed: int) -> None:
        """Let the model work to its end; what it leaves undone, conclude for it."""
        assert isinstance(inquiry, JournaledInquiry)
        with self.at_work(inquiry, seed=seed) as sitting:
            sitting.go_on()
            sitting.settle()

    @contextlib.contextmanager
    def at_work(self, inquiry: JournaledInquiry, *, seed: int) -> Iterator[Sitting]:
        """The agent with its tools and its memory, caught up with the journal."""
        ledger = Ledger(inquiry)
        judge = self._aids.judge if self._aids else None
        bench = Workbench(inquiry, self._sandbox, seed=seed, judge=judge, keep=ledger.keep_hypothesis)
        with contextlib.closing(bench), _checkpoints(inquiry) as checkpoints:
            inquiry.catch_up(ledger.lived_until, bench.candidate_of)
            bench.restore(ledger.written)
            waiting = self._waiting or Waiting(
                sleep=self._sleep,
                tell=lambda seconds, error: ledger.say(f"waiting {seconds:.1f} s for the chat model ({error})"),
            )
            name = model_name(self._model)
            discipline = Discipline(
                bench,
                ledger,
                self._rules,
                model=self._model,
                price=(self._prices or Prices.load()).of(name),
                waiting=waiting,
                foreign={tool.name for tool in self._extra_tools},
                gate=self._gate,
            )
            inquiry.remember("scientist", lambda: {"model": name, "prompts": prompt_versions()})
            own = [*make_tools(bench), *self._text_tools(bench, seed)]
            ours = [t for t in own if self._tools is None or t.name in self._tools]
            extra, remark = self._fitting(bench, ours)
            if remark:
                inquiry.remember("tools cut short", lambda: ledger.say(remark))
            tools = [*ours, *extra]
            yield Sitting(bench, ledger, self._agent(bench, tools, discipline, checkpoints), self._rules)

    def _fitting(self, bench: Workbench, ours: Sequence[BaseTool]) -> tuple[list[BaseTool], str]:
        """The tools of others with descriptions short enough for the prompt, and what was done to them, in a line."""
        if not self._extra_tools:
            return [], ""
        from ...tools.toolbox.fitting import fit_tools, tokens_of

        own = sum(tokens_of(tool) for tool in ours) + round(len(system_prompt(bench, self._hint)) / CHARACTERS_A_TOKEN)
        return fit_tools(self._extra_tools, most_tokens=max(0, PROMPT_TOKENS - own))

    def _text_tools(self, bench: Workbench, seed: int) -> list[BaseTool]:
        if self._aids is None:
            return []
        from .text_aids import TextSteps
        from .toolset import make_text_tools

        return make_text_tools(TextSteps(bench, self._aids, seed=seed))

    def _agent(self, bench: Workbench, tools: Sequence[BaseTool], discipline: Discipline, checkpoints: Any) -> Any:
        from langchain.agents import create_agent

        return create_agent(
            self._model,
            list(tools),
            system_prompt=system_prompt(bench, self._hint),
            middleware=[*self._middleware, discipline, *self._inner],
            checkpointer=checkpoints,
        )


class Sitting:
    """An agent at work on one run."""

    def __init__(self, bench: Workbench, ledger: Ledger, agent: Any, rules: Rules) -> None:
        self.bench, self.ledger = bench, ledger
        self._agent, self._rules = agent, rules
        self._config = {
            "configurable": {"thread_id": ledger.journal.run_id},
            "recursion_limit": _STEPS_A_TURN * rules.turns + 50,
            "max_concurrency": 1,
        }

    @property
    def messages(self) -> list[AnyMessage]:
        """The conversation so far."""
        return list(self._agent.get_state(self._config).values.get("messages", []))

    def go_on(self, said: str | HumanMessage | None = None) -> None:
        """Let the model work until it falls silent: on what a person `said`, on where it was, or on the task."""
        from langchain_core.messages import HumanMessage

        state = self._agent.get_state(self._config)
        begun = bool(state.values.get("messages"))
        if said is None and begun and not state.next:
            return
        given: Any = None
        if not begun:
            given = {"messages": [HumanMessage(render("scientist/task"))]}
        elif said is not None:
            given = {"messages": []}
        if said is not None:
            given["messages"].append(HumanMessage(said) if isinstance(said, str) else said)
        self._agent.invoke(given, self._config, durability="sync")

    def fork_before(self, message_id: str) -> bool:
        """Let the conversation go on from where it stood before the message; whether it holds that message.

        What followed stays among the checkpoints, and in the journal.
        """

        def holds(messages: Sequence[AnyMessage]) -> bool:
            return any(m.id == message_id for m in messages)

        if not holds(self.messages):
            return False
        for old in self._agent.get_state_history(self._config):
            if not holds(old.values.get("messages", [])):
                self._agent.update_state(old.config, None, as_node="__copy__")
                return True
        return False

    def settle(self) -> None:
        """Conclude with the best hypothesis on the board where the model has not concluded."""
        bench = self.bench
        best = bench.best()
        if bench.concluded or best is None or bench.inquiry.rounds_left < 1:
            return
        self.ledger.say(f"the model did not conclude; {best}, its best hypothesis, is verified in its stead")
        bench.verdicts.append(bench.inquiry.conclude(bench.board[best].candidate))


def system_prompt(bench: Workbench, hint: str = "") -> str:
    """What the model is told before anything else; it depends on the brief alone."""
    budget = bench.inquiry.budget
    return render(
        "scientist/system",
        kind=bench.manner.kind,
        domain=bench.teller.domain,
        output="a number" if bench.inquiry.signature.output == "number" else "a text",
        names=", ".join(bench.teller.names),
        queries=budget.queries,
        rounds=budget.rounds,
        seconds=f"{budget.seconds:g}" if math.isfinite(budget.seconds) else "",
        hint=hint,
    )


def prompt_versions() -> dict[str, str]:
    """The prompts that an LLM scientist works with, by name, with the hash of their text."""
    return {name: prompt_hash(f"scientist/{name}") for name in PROMPTS}


def model_name(model: Any) -> str:
    """What the model calls itself."""
    for attribute in ("model_name", "model"):
        named = getattr(model, attribute, None)
        if isinstance(named, str) and named:
            return named
    return type(model).__name__


@contextlib.contextmanager
def _checkpoints(inquiry: JournaledInquiry) -> Iterator[Any]:
    """LangGraph's memory of the conversation, in the run's own store."""
    from langgraph.checkpoint.sqlite import SqliteSaver

    connection = sqlite3.connect(inquiry.journal.store.path, check_same_thread=False, timeout=30.0)
    with contextlib.closing(connection):
        connection.execute("PRAGMA synchronous = NORMAL")  # a killed process loses nothing by it, as with the journal
        yield SqliteSaver(connection)


def default_sandbox() -> Sandbox:
    """The best sandbox that works here."""
    from ...sandboxes import open_sandbox

    return open_sandbox()
