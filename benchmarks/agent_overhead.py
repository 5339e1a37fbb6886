"""What the LLM scientist costs beside the model: journal, checkpoints and discipline, against a plain agent.

    python -m zetetic.benchmarks.agent_overhead [--turns N] [--json]

The same script of a chat model (one query a turn, then one hypothesis, then its verification) is followed by
`LLMScientist` and by LangChain's `create_agent` with a bare function for a tool. The model costs nothing, so what is
left is ours, the store on disk among it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

MOST_MS_A_TURN, MOST_MS_A_TOOL_CALL = 30.0, 5.0


@dataclass(frozen=True)
class Overhead:
    """Milliseconds a turn of the model, of a plain agent's turn, and within a tool call."""

    turns: int
    turn_ms: float
    plain_ms: float
    tool_call_ms: float

    @property
    def missed(self) -> bool:
        return self.turn_ms - self.plain_ms > MOST_MS_A_TURN or self.tool_call_ms > MOST_MS_A_TOOL_CALL


def measure(turns: int) -> Overhead:
    """Run both agents through `turns` queries."""
    plain = _plain(turns)
    whole, tools = _ours(turns)
    return Overhead(turns, 1e3 * whole / turns, 1e3 * plain / turns, 1e3 * tools / turns)


def _script(turns: int) -> list[Any]:
    from ..models.chat import Call

    return [*(Call("query", {"inputs": [float(k)], "why": "on"}) for k in range(turns)), "That is all."]


def _plain(turns: int) -> float:
    """Seconds of the bare agent."""
    from langchain.agents import create_agent
    from langchain_core.messages import HumanMessage
    from langchain_core.tools import tool

    from ..models.chat import ScriptedChatModel

    @tool
    def query(inputs: list[float], why: str) -> str:
        """Ask the black box."""
        return "\n".join(f"{x} -> {2 * x}" for x in inputs)

    agent = create_agent(ScriptedChatModel(script=_script(turns)), [query])
    began = time.perf_counter()
    agent.invoke({"messages": [HumanMessage("go")]}, {"recursion_limit": 10 * turns})
    return time.perf_counter() - began


def _ours(turns: int) -> tuple[float, float]:
    """(seconds of the whole run, of these inside tool calls)."""
    from ..agent import Brief, Budget, Investigation, Store
    from ..agent.llm import LLMScientist
    from ..agent.llm.discipline import Rules
    from ..models.chat import ScriptedChatModel
    from ..tools.black_boxes import Interval, NumericDomain
    from ..tools.black_boxes.function import FunctionBox

    domain = NumericDomain((Interval(0.0, 1e6),))
    box = FunctionBox(lambda x: 2 * x, domain)
    marks: dict[str, float] = {"began": 0.0, "spent": 0.0}

    def hear(event: Any) -> None:
        if "tool" in event.data:
            marks["began"] = time.perf_counter()
        elif "answered" in event.data:
            marks["spent"] += time.perf_counter() - marks["began"]

    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store.sqlite") as store:
        budget = Budget(queries=4 * turns + 100, seconds=3600.0)
        journal = store.create(Brief.of(box, scientist="llm", budget=budget, domain=domain))
        journal.subscribe(hear)
        scientist = LLMScientist(ScriptedChatModel(script=_script(turns)), rules=Rules(turns=turns + 10, nudges=0))
        began = time.perf_counter()
        Investigation(box, scientist, journal).run()
        return time.perf_counter() - began, marks["spent"]


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether the bars are met."""
    parser = argparse.ArgumentParser(description="What the LLM scientist costs beside the model.")
    parser.add_argument("--turns", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if options.turns < 1:
        parser.error(f"expected --turns of at least 1, got {options.turns}")
    measure(min(5, options.turns))  # imports and caches
    found = measure(options.turns)
    if options.json:
        print(json.dumps(asdict(found)))
    else:
        table = Table(title=f"LLM scientist, {found.turns} turns of a model that costs nothing")
        table.add_column("what")
        table.add_column("ms", justify="right")
        table.add_column("bar", justify="right")
        table.add_row("a turn, all in all", f"{found.turn_ms:.1f}", "")
        table.add_row("a turn of a plain agent", f"{found.plain_ms:.1f}", "")
        table.add_row("our part of a turn", f"{found.turn_ms - found.plain_ms:.1f}", f"< {MOST_MS_A_TURN:g}")
        table.add_row("a tool call, journal and box", f"{found.tool_call_ms:.2f}", f"< {MOST_MS_A_TOOL_CALL:g}")
        Console().print(table)
    return int(found.missed)


if __name__ == "__main__":
    sys.exit(main())
