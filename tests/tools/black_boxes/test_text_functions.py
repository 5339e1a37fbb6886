"""Functions of texts: told by their annotations, one text or many in a call, trusted or in a sandbox."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from zetetic.sandboxes import SandboxError
from zetetic.tools.black_boxes import (
    BlackBox,
    FunctionBox,
    Interval,
    NumericDomain,
    Reply,
    SpecError,
    TextDomain,
    open_box,
)
from zetetic.tools.black_boxes.sandboxed import shared_sandbox

Write = Callable[..., Path]
TEXTS = ["one", "", "three words here", "é\n\"'"]

CODE = """
from collections.abc import Sequence
from typing import List
import collections.abc
import numpy as np

def one(text: str): return len(text)
def quoted(text: "str", scale=2.0): return len(text)
def bare(text): return len(text)
def many(texts: list[str]): return [len(t) for t in texts]
def listed(texts: List[str]): return [np.float32(len(t)) for t in texts]
def sequence(texts: "Sequence[str]"): return tuple(len(t) for t in texts)
def spelled(texts: collections.abc.Sequence[str]): return np.array([len(t) for t in texts])
def nested(texts: list[str]): return np.array([[len(t)] for t in texts])

def call(self, texts: list[str]): return [len(t) for t in texts]
by_call = type("Length", (), {"__call__": call})()
"""


@pytest.fixture(params=["trusted", "sandboxed"])
def way(request: pytest.FixtureRequest) -> dict[str, Any]:
    if request.param == "trusted":
        return {}
    try:
        shared_sandbox()
    except SandboxError as error:
        pytest.skip(f"no sandbox works here: {error}")
    return {"untrusted": True}


def failures(replies: Sequence[Reply]) -> list[str | None]:
    return [reply.failure.kind if reply.failure else None for reply in replies]


@pytest.mark.parametrize("name", ["one", "quoted", "many", "listed", "sequence", "spelled", "nested", "by_call"])
def test_an_annotation_makes_a_text_module(write: Write, way: dict[str, Any], name: str) -> None:
    with closing(open_box(f"python:{write(CODE)}:{name}", **way)) as box:
        assert box.signature.is_text_module
        assert box.signature.names == ("text",)
        assert [reply.value for reply in box.ask(TEXTS)] == [float(len(text)) for text in TEXTS]


def test_a_domain_makes_one_as_well(write: Write, way: dict[str, Any]) -> None:
    domain = TextDomain("ab", 4)
    with closing(open_box(f"python:{write(CODE)}:bare", domain=domain, **way)) as box:
        assert box.signature.domain == domain
        assert box.signature.is_text_module
        assert [reply.value for reply in box.ask(["ab", "\ud800"])] == [2.0, None]
    with closing(open_box(f"python:{write(CODE)}:bare", **way)) as box:
        assert not box.signature.is_text_module


GUILTY = """
import time
calls = 0
def f(texts: list[str]):
    global calls
    calls += 1
    if "bad" in texts: raise ValueError("bad one")
    if "dead" in texts: import os; os._exit(3)
    if "slow" in texts: time.sleep(60)
    return [float("nan") if t == "nan" else "x" if t == "kind" else len(t) for t in texts]
def short(texts: list[str]): return [1.0]
def text(texts: list[str]): return "12"
def calls_so_far(texts: list[str]):
    f(texts)
    return [calls] * len(texts)
"""


def test_a_guilty_text_fails_alone(write: Write, way: dict[str, Any]) -> None:
    with closing(open_box(f"python:{write(GUILTY)}:f", timeout_seconds=0.5, **way)) as box:
        assert failures(list(box.ask(["fine", "bad", "nan", "kind"]))) == [None, "raised", "not_finite", "wrong_kind"]
        assert failures(list(box.ask(["fine", "dead", "fine!"]))) == [None, "crashed", None]
        assert failures(list(box.ask(["fine", "slow"]))) == [None, "timed_out"]
        assert [reply.value for reply in box.ask(["again"])] == [5.0]


def test_a_batch_is_one_call(write: Write, way: dict[str, Any]) -> None:
    with closing(open_box(f"python:{write(GUILTY)}:calls_so_far", batch_size=10, **way)) as box:
        assert {reply.value for reply in box.ask([str(n) for n in range(25)])} == {1.0, 2.0, 3.0}


@pytest.mark.parametrize(("name", "says"), [("short", "one for each text, got 1"), ("text", "got the text '12'")])
def test_a_wrong_number_of_values_is_said(write: Write, way: dict[str, Any], name: str, says: str) -> None:
    with closing(open_box(f"python:{write(GUILTY)}:{name}", **way)) as box:
        [*replies] = box.ask(["a", "b"])
        if name == "short":  # asked alone, one value is right
            assert [reply.value for reply in replies] == [1.0, 1.0]
        else:
            assert all(reply.failure and says in reply.failure.message for reply in replies)


def test_numbers_and_more_inputs_are_refused(write: Write) -> None:
    path = write("def f(text: str): return 1\ndef two(text: str, other): return 1\n")
    with pytest.raises(SpecError, match=r"takes a text \(text\), and a domain of numbers was given"):
        open_box(f"python:{path}:f", domain=NumericDomain((Interval(0, 1),)))
    with pytest.raises(SpecError, match="a text module takes one text: give other default values"):
        open_box(f"python:{path}:two")


def test_functions_of_this_process_are_told_in_the_same_way() -> None:
    def one(text: str) -> float:
        return 1 / len(text)

    def many(texts: list[str]) -> Iterator[float]:
        return (1 / len(text) for text in texts)

    for function in (one, many):
        box = FunctionBox(function)
        assert isinstance(box, BlackBox)
        assert box.signature.is_text_module
        assert [reply.value for reply in box.ask(["ab", "", "abcd"])] == [0.5, None, 0.25]


def test_a_program_is_given_a_text_as_one_argument(write: Write) -> None:
    path = write("import sys\nfor text in sys.argv[1:]: print(len(text))\n", "length.py")
    with closing(open_box(f"command:{path}", domain=TextDomain("ab", 9))) as box:
        assert box.signature.is_text_module
        replies = list(box.ask(["two words", "x" * 200_000, "$HOME", "é"]))
        assert [reply.value for reply in replies] == [9.0, None, 5.0, 1.0]
        assert "more than 96 KiB" in str(replies[1].failure)


@pytest.fixture
def endpoint() -> Iterator[tuple[str, list[Any]]]:
    seen: list[Any] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            seen.append(asked)
            data = json.dumps({"outputs": [len(text) for text in asked["inputs"]]}).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None: ...

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/length", seen
        server.shutdown()
        thread.join()


def test_an_endpoint_is_sent_texts(endpoint: tuple[str, list[Any]]) -> None:
    url, seen = endpoint
    with closing(open_box(url, domain=TextDomain("ab", 9))) as box:
        assert box.signature.is_text_module
        assert [reply.value for reply in box.ask(["one", "\ud800", "three"])] == [3.0, None, 5.0]
    assert seen == [{"inputs": ["one", "three"]}]
