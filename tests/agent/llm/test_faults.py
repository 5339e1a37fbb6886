from __future__ import annotations

from typing import Any

import httpx
import pytest
from langchain_openai import ChatOpenAI

from zetetic.agent.llm.faults import Waiting, passes, retry_after
from zetetic.models.chat import StubServer
from zetetic.models.chat.stub_server import Answer, Dropped, Garbage, Refusal
from zetetic.tools.chat import ChatError


def ask(server: StubServer, **options: Any) -> Any:
    model = ChatOpenAI(base_url=server.url, api_key="any", model="stub", max_retries=0, timeout=0.5)
    return Waiting(**{"sleep": lambda _: None, **options}).call(lambda: model.invoke("hi"))


@pytest.mark.parametrize(
    "fault",
    [
        Refusal(429, retry_after=2.5),
        Refusal(500),
        Refusal(503),
        Garbage(),
        Dropped(),
        Answer("late", pause_seconds=0.8),
    ],
)
def test_what_passes_by_itself_is_waited_for(fault: Any) -> None:
    waits: list[float] = []
    with StubServer([fault, fault, "here"]) as server:
        assert ask(server, sleep=waits.append).text == "here"
    assert len(waits) == 2
    if isinstance(fault, Refusal) and fault.retry_after:
        assert waits == [2.5, 2.5]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_what_will_not_pass_ends_at_once(status: int) -> None:
    with StubServer([Refusal(status), "never"]) as server:
        with pytest.raises(ChatError, match="go on with the run"):
            ask(server)
        assert len(server.requests) == 1


def test_patience_ends() -> None:
    with StubServer([Refusal(503)]) as server, pytest.raises(ChatError, match="after 3 attempts"):
        ask(server, attempts=3)


def test_only_errors_are_waited_for() -> None:
    assert not passes(KeyboardInterrupt())
    assert passes(httpx.ConnectError("refused"))
    assert retry_after(ValueError("no response at all")) is None
