"""HTTP endpoints against a server of this process on loopback."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from zetetic.tools.black_boxes import BlackBoxError, Interval, NumericDomain, Reply, SpecError, open_box

Answer = Callable[[dict[str, Any]], Any]
TWO = NumericDomain((Interval(0, 9, integer=True), Interval(0, 1)))


class Server:
    """Answers each POST with what `answer` gives: a JSON value, or (status, headers, bytes)."""

    def __init__(self) -> None:
        self.answer: Answer = lambda body: {"outputs": [2 * x[0] for x in body["inputs"]]}
        self.bodies: list[Any] = []
        self.headers: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                outer.bodies.append(body)
                outer.headers.append({k.lower(): v for k, v in self.headers.items()})
                answer = outer.answer(body)
                status, headers, data = answer if isinstance(answer, tuple) else (200, {}, json.dumps(answer).encode())
                try:
                    self.send_response(status)
                    for name, value in ({"content-length": str(len(data))} | headers).items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(data)
                except OSError:
                    pass

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                pass

        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/box"

    @property
    def sizes(self) -> list[int]:
        return [len(body["inputs"]) for body in self.bodies]


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.http.shutdown()
    thread.join()
    server.http.server_close()


@pytest.fixture(autouse=True)
def quick_back_off(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waits are recorded, not waited."""
    waits: list[float] = []
    from zetetic.tools.black_boxes import poster

    original = poster.Poster.__init__

    def init(self: Any, *args: Any, **options: Any) -> None:
        original(self, *args, **options, sleep=waits.append)

    monkeypatch.setattr(poster.Poster, "__init__", init)
    return waits


def ask(url: str, *xs: float, **options: Any) -> list[Reply]:
    with closing(open_box(url, **options)) as box:
        return list(box.ask([(x,) for x in xs]))


def kinds(replies: Sequence[Reply]) -> list[str]:
    return [reply.failure.kind if reply.failure else "ok" for reply in replies]


def status(code: int, text: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
    return code, {k.replace("_", "-"): v for k, v in headers.items()}, text.encode()


def test_batches_and_both_spellings_of_the_spec(server: Server) -> None:
    assert [r.value for r in ask(server.url, 1.0, 2.5, 3.0, batch_size=2)] == [2.0, 5.0, 6.0]
    assert server.bodies == [{"inputs": [[1.0], [2.5]]}, {"inputs": [[3.0]]}]
    with closing(open_box(f"http:{server.url}")) as box:
        assert box.spec == server.url
        assert [r.value for r in box.ask([(1.0,)])] == [2.0]


def test_several_inputs_and_whole_numbers(server: Server) -> None:
    server.answer = lambda body: {"outputs": [sum(x) for x in body["inputs"]]}
    with closing(open_box(server.url, domain=TWO)) as box:
        assert [r.value for r in box.ask([(1.0, 0.5)])] == [1.5]
    assert str(server.bodies) == "[{'inputs': [[1, 0.5]]}]"


def test_every_kind_of_item(server: Server) -> None:
    raw = b'{"outputs": [1, true, {"re": 1, "im": 2}, [4.5], null, NaN, 1e999, {"error": "no\\nway"}, "x", [1, 2], {}]}'
    server.answer = lambda body: (200, {}, raw)
    replies = ask(server.url, *range(11))
    assert [r.value for r in replies[:4]] == [1.0, 1.0, 1 + 2j, 4.5]
    assert kinds(replies[4:]) == ["not_finite"] * 3 + ["raised"] + ["wrong_kind"] * 3
    assert replies[7].failure is not None
    assert replies[7].failure.message == "no way"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'{"outputs": [1]}', "expected 2 outputs, one for each input, got 1"),
        (b'{"outputs": 1}', "got an object with 'outputs'"),
        (b"[1, 2]", "got a list"),
        (b"<html>oops</html>", "expected JSON, got '<html>oops"),
        (b"", "expected JSON"),
        (b"\xff\xfe", "expected JSON"),
        (b"[" * 100_000, "expected JSON"),
    ],
)
def test_a_batch_that_makes_no_sense_fails_clearly(server: Server, raw: bytes, expected: str) -> None:
    server.answer = lambda body: (200, {}, raw)
    replies = ask(server.url, 1.0, 2.0)
    assert kinds(replies) == ["transport", "transport"]
    assert all(reply.failure and expected in reply.failure.message for reply in replies)


def test_one_input_a_request(server: Server) -> None:
    server.answer = lambda body: {"y": body["x"] ** 0.5} if body["x"] >= 0 else {"error": "negative"}
    replies = ask(server.url, 4.0, -1.0, single=True)
    assert [r.value for r in replies] == [2.0, None]
    assert kinds(replies) == ["ok", "raised"]
    assert server.bodies == [{"x": 4.0}, {"x": -1.0}]
    server.answer = lambda body: {"y": sum(body["x"])}
    with closing(open_box(server.url, domain=TWO, single=True)) as box:
        assert [r.value for r in box.ask([(1.0, 0.5)])] == [1.5]
    server.answer = lambda body: {"z": 1}
    assert kinds(ask(server.url, 1.0, single=True)) == ["transport"]


@pytest.mark.parametrize("code", [429, 500, 503])
def test_a_passing_trouble_is_tried_again_with_growing_waits(
    server: Server, code: int, quick_back_off: list[float]
) -> None:
    normal = server.answer
    server.answer = lambda body: status(code) if len(server.bodies) < 4 else normal(body)
    assert [r.value for r in ask(server.url, 1.0, 2.0)] == [2.0, 4.0]
    assert server.sizes == [2, 2, 2, 2]
    assert len(quick_back_off) == 3
    assert 0.1 < quick_back_off[0] < quick_back_off[1] < quick_back_off[2]


def test_retry_after_is_honoured(server: Server, quick_back_off: list[float]) -> None:
    normal = server.answer
    later = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 30))
    waits = iter(["7", later, "99999"])
    server.answer = lambda body: status(429, retry_after=next(waits)) if len(server.bodies) < 4 else normal(body)
    assert [r.value for r in ask(server.url, 1.0)] == [2.0]
    assert quick_back_off == [7.0, pytest.approx(30, abs=3), 60.0]


def test_a_server_that_chokes_on_one_input_answers_the_rest(server: Server) -> None:
    normal = server.answer
    server.answer = lambda body: status(500, "boom") if [2.0] in body["inputs"] else normal(body)
    replies = ask(server.url, 1.0, 2.0, 3.0, attempts=2)
    assert [r.value for r in replies] == [2.0, None, 6.0]
    assert replies[1].failure is not None
    assert replies[1].failure.message == "HTTP 500 Internal Server Error: boom"


def test_a_bad_request_is_not_repeated(server: Server) -> None:
    server.answer = lambda body: status(422, "x must be positive")
    assert kinds(ask(server.url, 1.0)) == ["transport"]
    assert len(server.bodies) == 1


def test_slow_inputs_time_out_alone(server: Server) -> None:
    normal = server.answer

    def answer(body: dict[str, Any]) -> Any:
        if [2.0] in body["inputs"]:
            time.sleep(1.2)
        return normal(body)

    server.answer = answer
    assert kinds(ask(server.url, 1.0, 2.0, 3.0, timeout_seconds=0.5, attempts=1)) == ["ok", "timed_out", "ok"]


def test_an_answer_that_drips_is_late(server: Server) -> None:
    from http.server import BaseHTTPRequestHandler

    def drip(self: BaseHTTPRequestHandler) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(20):
                self.wfile.write(b" ")
                time.sleep(0.1)
        except OSError:
            pass

    server.http.RequestHandlerClass.do_POST = drip  # type: ignore[attr-defined]
    assert kinds(ask(server.url, 1.0, timeout_seconds=0.3, attempts=1)) == ["timed_out"]


@pytest.mark.parametrize(
    ("code", "expected"), [(401, "token"), (403, "token"), (404, "path"), (405, "POST"), (429, "resume later")]
)
def test_a_server_that_refuses_ends_the_box(server: Server, code: int, expected: str) -> None:
    server.answer = lambda body: status(code)
    with pytest.raises(BlackBoxError, match=expected):
        ask(server.url, 1.0)


def test_a_redirect_is_not_followed(server: Server) -> None:
    server.answer = lambda body: status(307, location="http://127.0.0.1:1/other")
    with pytest.raises(BlackBoxError, match=r"use http://127\.0\.0\.1:1/other"):
        ask(server.url, 1.0)


def test_a_server_that_is_gone_ends_the_box(quick_back_off: list[float]) -> None:
    with pytest.raises(BlackBoxError, match="cannot be reached") as caught:
        ask("http://127.0.0.1:9/box", 1.0)
    assert len(quick_back_off) == 3
    assert "\n" not in str(caught.value)


def test_replies_before_the_end_are_kept(server: Server) -> None:
    normal = server.answer
    server.answer = lambda body: normal(body) if len(server.bodies) == 1 else status(404)
    with closing(open_box(server.url, batch_size=1)) as box:
        replies = iter(box.ask([(1.0,), (2.0,)]))
        assert next(replies).value == 2.0
        with pytest.raises(BlackBoxError):
            next(replies)


def test_the_token_is_sent_and_never_shown(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOX_TOKEN", "sesame")
    with closing(open_box(server.url, token_variable="BOX_TOKEN")) as box:
        list(box.ask([(1.0,)]))
        assert server.headers[0]["authorization"] == "Bearer sesame"
        server.answer = lambda body: status(401)
        with pytest.raises(BlackBoxError) as caught:
            list(box.ask([(1.0,)]))
        assert "sesame" not in box.spec + str(caught.value) + repr(box) + repr(vars(box))
    monkeypatch.delenv("BOX_TOKEN")
    with pytest.raises(SpecError, match="BOX_TOKEN"):
        open_box(server.url, token_variable="BOX_TOKEN")


def test_a_proxy_does_not_stand_before_loopback(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert [r.value for r in ask(server.url, 1.0)] == [2.0]
    assert [r.value for r in ask(server.url.replace("127.0.0.1", "localhost"), 1.0)] == [2.0]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://", "http://host/path"),
        ("http:ftp://host/x", "http://host/path"),
        ("http://user:secret@host/x", "environment variable"),
        ("http://host:port/x", "port"),
        ("http://host:99999/x", "port"),
    ],
)
def test_bad_urls(url: str, expected: str) -> None:
    with pytest.raises(SpecError, match=expected) as caught:
        open_box(url)
    assert "secret" not in str(caught.value)


def test_a_closed_box(server: Server) -> None:
    box = open_box(server.url)
    box.close()
    with pytest.raises(BlackBoxError, match="closed"):
        list(box.ask([(1.0,)]))
