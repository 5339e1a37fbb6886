from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from zetetic.agent import Brief, Budget, Explanation, Investigation, Journal, Store
from zetetic.agent.llm import LLMScientist
from zetetic.agent.llm.discipline import Rules
from zetetic.agent.llm.faults import Waiting
from zetetic.agent.numeric_ground import NumericGround
from zetetic.models.chat import Call, ScriptedChatModel
from zetetic.sandboxes import Sandbox
from zetetic.tools.black_boxes import Interval, NumericDomain
from zetetic.tools.black_boxes.function import FunctionBox

DOMAIN = NumericDomain((Interval(-50.0, 50.0),))


class Shared:
    """One sandbox for many users, who may close it as they like."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sandbox, name)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        """It stays open."""

    def close(self) -> None:
        """It stays open."""


def thermostat(x: float) -> float:
    return 40.0 if 12.0 <= x <= 19.5 else 3.0 * abs(x) + 1.0


TRUE_CODE = "def explained(x):\n    return 40.0 if 12 <= x <= 19.5 else 3 * abs(x) + 1\n"
LOOK = Call("query", {"inputs": [-50, -10, -1, 0, 1, 10, 15, 20, 50], "why": "a spread"})
WRITE = Call("record_hypothesis", {"description": "3|x| + 1, but 40 from 12 to 19.5", "code": TRUE_CODE})
CONCLUDE = Call("conclude", {"id": "h1"})


@dataclass
class Desk:
    """Runs investigations of one function by scripted models."""

    store: Store
    sandbox: Callable[[], Any]
    function: Callable[..., Any] = thermostat
    budget: Budget = field(default_factory=lambda: Budget(queries=200, seconds=300.0))
    rules: Rules = field(default_factory=Rules)

    def begin(self) -> Journal:
        box = FunctionBox(self.function)
        return self.store.create(Brief.of(box, scientist="llm", budget=self.budget, domain=DOMAIN))

    def model(self, script: Any) -> ScriptedChatModel:
        return script if isinstance(script, ScriptedChatModel) else ScriptedChatModel(script=script)

    def investigation(self, journal: Journal, script: Any, model: Any = None, **options: Any) -> Investigation:
        settings = {"sandbox": self.sandbox, "rules": self.rules, "waiting": Waiting(sleep=lambda _: None)} | options
        scientist = LLMScientist(model or self.model(script), **settings)
        box = FunctionBox(self.function)
        return Investigation(box, scientist, journal, ground=NumericGround(DOMAIN, self.sandbox))

    def run(self, script: Any, **options: Any) -> tuple[Explanation, Journal]:
        journal = self.begin()
        return self.investigation(journal, script, **options).run(), journal


def notes(journal: Journal, key: str) -> Sequence[Any]:
    """What the journal's notes hold under `key`, in order."""
    return [e.data[key] for e in journal.events() if e.kind == "note" and key in e.data]
