"""A server that speaks OpenAI's chat protocol and follows a script, with faults on cue. For tests; loopback only."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self, TypeAlias

Messages: TypeAlias = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    """A good reply. `calls` are (tool, arguments); `pause_seconds` passes before each piece of a stream."""

    text: str = ""
    calls: tuple[tuple[str, dict[str, Any]], ...] = ()
    pause_seconds: float = 0.0


@dataclass(frozen=True)
class Refusal:
    """An HTTP error, with `retry_after` seconds in its header if given."""

    status: int = 500
    retry_after: float | None = None


@dataclass(frozen=True)
class Garbage:
    """Status 200 and a body that is no JSON, or nothing at all."""

    body: str = "<html>not what you asked for"


@dataclass(frozen=True)
class Dropped:
    """A stream, or a body, that breaks off after `text`."""

    text: str = "The functi"


Cue: TypeAlias = str | Answer | Refusal | Garbage | Dropped
ServerScript: TypeAlias = Callable[[Messages, int], Cue] | Sequence[Cue]
"""(messages, number of the request from 0) → cue; or the cues of the requests in order, the last one repeated."""


class StubServer:
    """Serves `script` on a free port of 127.0.0.1 until it is closed.

    >>> with StubServer([Refusal(429), "hello"]) as server:
    ...     ChatOpenAI(base_url=server.url, api_key="any", model="stub").invoke("hi")
    """

    def __init__(self, script: ServerScript, *, port: int = 0) -> None:
        self._script = script
        self._lock = threading.Lock()
        self.requests: list[dict[str, Any]] = []
        """The bodies of all requests so far, those that were answered with a fault among them."""
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.stub = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """What to give a client as its `base_url`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def take(self, body: dict[str, Any]) -> Cue:
        """Note a request and say what to answer."""
        with self._lock:
            number = len(self.requests)
            self.requests.append(body)
        if callable(self._script):
            return self._script(body.get("messages", []), number)
        return self._script[min(number, len(self._script) - 1)]

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    stub: StubServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has hung up is no news."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    server: _Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self._send(200, json.dumps({"object": "list", "data": [{"id": "stub", "object": "model"}]}))

    def do_POST(self) -> None:
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        except ValueError:
            self._send(400, json.dumps({"error": {"message": "expected JSON"}}))
            return
        cue = self.server.stub.take(body)
        cue = Answer(cue) if isinstance(cue, str) else cue
        if isinstance(cue, Refusal):
            extra = {} if cue.retry_after is None else {"Retry-After": f"{cue.retry_after:g}"}
            self._send(cue.status, json.dumps({"error": {"message": f"status {cue.status} on cue"}}), **extra)
        elif isinstance(cue, Garbage):
            self._send(200, cue.body)
        elif body.get("stream"):
            self._stream(cue)
        elif isinstance(cue, Dropped):
            self._break_off(json.dumps({"id": "stub", "choices": [{"message": {"content": cue.text}}]}))
        else:
            time.sleep(cue.pause_seconds)
            self._send(200, json.dumps(_completion(cue)))

    def _send(self, status: int, body: str, **headers: str) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _break_off(self, body: str) -> None:
        """Promise a whole body and hang up half-way."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(2 * len(body)))
        self.end_headers()
        self.wfile.write(body.encode()[: len(body) // 2])
        self.close_connection = True

    def _stream(self, cue: Answer | Dropped) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for piece in _pieces(cue):
            time.sleep(cue.pause_seconds if isinstance(cue, Answer) else 0.0)
            self.wfile.write(f"data: {json.dumps(piece)}\n\n".encode())
            self.wfile.flush()
        if isinstance(cue, Answer):
            self.wfile.write(b"data: [DONE]\n\n")


def _calls(cue: Answer) -> list[dict[str, Any]]:
    return [
        {
            "index": number,
            "id": f"call_{time.monotonic_ns()}_{number}",
            "type": "function",
            "function": {"name": name, "arguments": json.dumps(arguments)},
        }
        for number, (name, arguments) in enumerate(cue.calls)
    ]


def _completion(cue: Answer) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": cue.text or None}
    if cue.calls:
        message["tool_calls"] = [{k: v for k, v in call.items() if k != "index"} for call in _calls(cue)]
    finish = "tool_calls" if cue.calls else "stop"
    return {
        "id": "chatcmpl-stub",
        "object": "chat.completion",
        "created": 0,
        "model": "stub",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
    }


def _pieces(cue: Answer | Dropped) -> list[dict[str, Any]]:
    """The chunks of a stream: a word each, then the tool calls, then why it ends."""
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": word + " "} for word in cue.text.split()]
    finish = None
    if isinstance(cue, Answer):
        deltas += [{"tool_calls": [call]} for call in _calls(cue)]
        finish = "tool_calls" if cue.calls else "stop"
    common = {"id": "chatcmpl-stub", "object": "chat.completion.chunk", "created": 0, "model": "stub"}
    pieces = [{**common, "choices": [{"index": 0, "delta": d, "finish_reason": None}]} for d in deltas]
    if finish:
        pieces.append({**common, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
        usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
        pieces.append({**common, "choices": [], "usage": usage})
    return pieces
