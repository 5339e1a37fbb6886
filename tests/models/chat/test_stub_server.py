from __future__ import annotations

import httpx
import openai
import pytest
from langchain_openai import ChatOpenAI

from zetetic.models.chat import StubServer
from zetetic.models.chat.stub_server import Answer, Dropped, Garbage, Refusal


def client(server: StubServer, **options: object) -> ChatOpenAI:
    settings: dict[str, object] = {"max_retries": 0, "timeout": 5, **options}
    return ChatOpenAI(base_url=server.url, api_key="any", model="stub", **settings)  # type: ignore[arg-type]


def test_words_calls_and_usage_come_through() -> None:
    with StubServer([Answer("Look.", calls=(("query", {"x": 1}), ("query", {"x": 2})))]) as server:
        message = client(server).invoke("hi")
    assert message.text == "Look."
    assert [c["args"] for c in message.tool_calls] == [{"x": 1}, {"x": 2}]
    assert message.usage_metadata is not None
    assert message.usage_metadata["total_tokens"] == 15
    assert server.requests[0]["messages"] == [{"content": "hi", "role": "user"}]


def test_a_stream_says_the_same() -> None:
    with StubServer([Answer("one two three", calls=(("query", {"x": 1}),))]) as server:
        pieces = list(client(server).stream("hi"))
    whole = pieces[0]
    for piece in pieces[1:]:
        whole += piece
    assert whole.text.split() == ["one", "two", "three"]
    assert [c["args"] for c in whole.tool_calls] == [{"x": 1}]


@pytest.mark.parametrize(
    ("cue", "error"),
    [
        (Refusal(429, retry_after=0.01), openai.RateLimitError),
        (Refusal(500), openai.InternalServerError),
        (Refusal(401), openai.AuthenticationError),
        (Dropped(), (openai.APIConnectionError, httpx.RemoteProtocolError)),
        (Answer("late", pause_seconds=1.5), openai.APITimeoutError),
    ],
)
def test_faults_on_cue(cue: object, error: type[Exception]) -> None:
    with StubServer([cue, "fine"]) as server:  # type: ignore[list-item]
        with pytest.raises(error):
            client(server, timeout=0.5).invoke("hi")
        assert client(server).invoke("hi").text == "fine"


def test_garbage_is_served_as_it_is() -> None:
    with StubServer([Garbage("<html>")]) as server:
        answer = httpx.post(f"{server.url}/chat/completions", json={"messages": []})
    assert (answer.status_code, answer.text) == (200, "<html>")


def test_the_script_may_look_at_the_conversation() -> None:
    with StubServer(lambda messages, number: f"{number}: {messages[-1]['content']}") as server:
        assert client(server).invoke("a").text == "0: a"
        assert client(server).invoke("b").text == "1: b"
