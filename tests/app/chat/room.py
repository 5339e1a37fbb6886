"""Chats with fake boxes, scripted models and the inductive scientist; no terminal."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from zetetic.agent import Brief, Budget, Journal, Store
from zetetic.agent.llm.faults import Waiting
from zetetic.app.chat import ChatSession, Line, Opening
from zetetic.tools.black_boxes import Interval, NumericDomain
from zetetic.tools.black_boxes.function import FunctionBox

DOMAIN = NumericDomain((Interval(-50.0, 50.0),))


def thermostat(x: float) -> float:
    return 40.0 if 12.0 <= x <= 19.5 else 3.0 * abs(x) + 1.0


class Shared:
    """One sandbox for many users, who may close it as they like."""

    def __init__(self, sandbox: Any) -> None:
        self._sandbox = sandbox

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sandbox, name)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        """It stays open."""

    def close(self) -> None:
        """It stays open."""


@dataclass
class Room:
    """Where chats about one function are held."""

    store: Store
    sandbox: Callable[[], Any]
    function: Callable[..., Any] = thermostat
    domain: NumericDomain = DOMAIN
    budget: Budget = field(default_factory=lambda: Budget(queries=400, seconds=300.0))
    asked: list[Any] = field(default_factory=list)
    open_sessions: list[ChatSession] = field(default_factory=list)

    def box(self) -> FunctionBox:
        @functools.wraps(self.function)
        def counted(*point: float) -> Any:
            self.asked.append(point)
            return self.function(*point)

        return FunctionBox(counted)

    def begin(self, scientist: str = "inductive") -> Journal:
        return self.store.create(Brief.of(self.box(), scientist=scientist, budget=self.budget, domain=self.domain))

    def opening(self, model: Any = None) -> Opening:
        settings = {"waiting": Waiting(sleep=lambda _: None)}
        return Opening(None if model is None else lambda: model, sandbox=self.sandbox, settings=settings)

    def sit(self, journal: Journal, model: Any = None) -> tuple[ChatSession, list[Line]]:
        """A session that has not been started, and the lines it will tell."""
        lines: list[Line] = []
        session = ChatSession(journal, self.box(), self.opening(model), lines.append)
        self.open_sessions.append(session)
        return session, lines

    def talk(self, journal: Journal, *said: str, model: Any = None) -> list[Line]:
        """One sitting in which each line is said once the scientist rests."""
        session, lines = self.sit(journal, model)
        session.start()
        for line in said:
            assert session.settle(60), "the scientist did not come to rest"
            session.take(line)
        assert session.settle(60), "the scientist did not come to rest"
        session.flush()
        assert session.leave()
        return lines


def said(lines: list[Line], kind: str | None = None) -> str:
    """What was told, of one kind or all."""
    return "\n".join(line.text for line in lines if kind in (None, line.kind))


def wait_until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)
