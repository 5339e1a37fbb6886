"""MCP servers: one process a run, whatever they do; nothing of them is left afterwards."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastmcp", reason="the extra `mcp` is not installed: pip install 'zetetic[mcp]'")

from zetetic.tools.toolbox import ToolboxError, open_offers, open_tools
from zetetic.tools.toolbox.session import wire_name

Raw = Callable[..., Path]


def asked(tools: list[Any], name: str, **arguments: Any) -> tuple[str, bool]:
    """The answer of `raw__NAME`, and whether it is an error, as an agent gets them."""
    (tool,) = [t for t in tools if t.name == f"raw__{name}"]
    said = tool.invoke({"type": "tool_call", "id": "1", "name": tool.name, "args": arguments})
    return said.text, said.status == "error"


def starts(tmp_path: Path) -> list[int]:
    """The processes that were started, in order."""
    return [int(pid) for pid in (tmp_path / "starts").read_text().split()]


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[-1].split()[0] != "Z"
    except OSError:
        return False


def gone_soon(pid: int) -> bool:
    end = time.monotonic() + 5
    while is_there(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not is_there(pid)


def test_one_process_serves_the_whole_run_and_is_gone_afterwards(raw: Raw, tmp_path: Path) -> None:
    with open_tools(["raw"], mcp=raw()) as tools:
        pids = {asked(tools, "pid", text="")[0] for _ in range(5)}
        assert asked(tools, "echo", text="hello") == ("echo hello", False)
        assert asked(tools, "fail", text="Po") == ("no such river; name one of Rhine, Aare", True)
        assert asked(tools, "config", config=1, run_manager=2, self=3)[0] == json.dumps(
            {"config": 1, "run_manager": 2, "self": 3}
        ), "names that LangChain keeps for itself get through"
        assert asked(tools, "noise", text="") == ("after the noise", False)
        assert "image" in asked(tools, "picture", text="")[0]
        assert max(len(t.description) for t in tools) <= 1000
        (pid,) = pids
        assert is_there(int(pid))
    assert starts(tmp_path) == [int(pid)]
    assert not is_there(int(pid))


def test_only_what_is_allowed_is_there_and_what_is_not_can_be_seen(raw: Raw) -> None:
    with open_offers(["raw"], mcp=raw(allow=["e*", "write*"])) as (offer,):
        assert [t.name for t in offer.tools] == ["raw__echo", wire_name("raw", "write.file"), "raw__env"]
        assert "die" in offer.idle
    with (
        pytest.raises(ToolboxError, match="not allowed the tool 'die'; add it"),
        open_tools(["raw__die"], mcp=raw(allow=["echo"])),
    ):
        raise AssertionError("it was opened")
    with (
        pytest.raises(ToolboxError, match=r"allowed no tool of .*echo.*; say which"),
        open_tools(["raw"], mcp=raw(allow=[])),
    ):
        raise AssertionError("it was opened")
    with (
        pytest.raises(ToolboxError, match=r"has no tool 'ecko'; it has: .*echo"),
        open_tools(["raw"], mcp=raw(allow=["ecko"])),
    ):
        raise AssertionError("it was opened")


def test_the_server_sees_no_secret_of_ours(raw: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "s3")
    monkeypatch.setenv("RIVER_TOKEN", "t4")
    with open_tools(["raw"], mcp=raw(env={"TOKEN": "${RIVER_TOKEN}"})) as tools:
        seen = json.loads(asked(tools, "env", text="")[0])
    assert "TOKEN" in seen
    assert not {"OPENAI_API_KEY", "RIVER_TOKEN"} & set(seen)


def test_a_slow_call_is_left_and_a_long_answer_is_cut(raw: Raw) -> None:
    with open_tools(["raw"], mcp=raw(timeout_seconds=0.5, most_characters=200)) as tools:
        began = time.monotonic()
        said, failed = asked(tools, "sleep", text="1")
        assert failed
        assert "longer than 0.5 s" in said
        assert time.monotonic() - began < 0.9
        time.sleep(0.7)  # it is single-minded: it answers again when it has slept
        said, failed = asked(tools, "long", text="")
        assert not failed
        assert said.startswith("x" * 200 + "\n(99800 of 100000 characters were cut off")


def test_a_server_that_died_is_restarted_once(raw: Raw, tmp_path: Path) -> None:
    with open_tools(["raw"], mcp=raw()) as tools:
        os.kill(int(asked(tools, "pid", text="")[0]), signal.SIGKILL)
        assert asked(tools, "echo", text="again") == ("echo again", False), "it died between calls: nobody need know"
        assert len(starts(tmp_path)) == 2
        said, failed = asked(tools, "die", text="")
        assert failed
        assert "gone for the rest of this run" in said
        assert "gone for the rest of this run" in asked(tools, "echo", text="")[0]
        assert len(starts(tmp_path)) == 2


def test_a_death_during_a_call_is_told_and_the_call_not_repeated(raw: Raw, tmp_path: Path) -> None:
    with open_tools(["raw"], mcp=raw()) as tools:
        said, failed = asked(tools, "die", text="")
        assert failed
        assert "was restarted; whether the call did anything is not known" in said
        assert asked(tools, "echo", text="b") == ("echo b", False)
    assert len(starts(tmp_path)) == 2


def test_a_server_that_cannot_be_restarted_says_why(raw: Raw) -> None:
    with open_tools(["raw"], mcp=raw("dies_again")) as tools:
        said, failed = asked(tools, "die", text="")
        assert failed
        assert "I start but once" in said


@pytest.mark.parametrize(
    ("mode", "fields", "says"),
    [
        ("dies", {}, "its last words: the licence has run out"),
        ("garbage", {"start_seconds": 1.5}, "did not speak MCP within 1.5 s"),
        pytest.param("mute", {"start_seconds": 1.5}, "did not speak MCP within 1.5 s", marks=pytest.mark.slow),
        ("", {"command": "no-such-program-at-all"}, "no-such-program-at-all"),
        ("", {"command": None, "args": [], "url": "http://127.0.0.1:9/mcp"}, "cannot be started"),
        ("", {"env": {"A": "${NO_SUCH_VARIABLE}"}}, "needs the environment variable NO_SUCH_VARIABLE"),
    ],
)
def test_a_server_that_does_not_start_says_why_and_harms_no_other(
    raw: Raw, tmp_path: Path, mode: str, fields: dict[str, Any], says: str
) -> None:
    with open_offers(["raw", "patchscope"], mcp=raw(mode, **fields)) as offers:
        broken = {offer.name: offer.fault for offer in offers}
    assert says in broken["raw"]
    assert "Traceback" not in broken["raw"]
    assert not broken["patchscope"]
    if (tmp_path / "starts").exists():
        assert all(gone_soon(pid) for pid in starts(tmp_path))


@pytest.mark.slow
def test_a_server_that_will_not_go_is_killed_with_what_it_started(raw: Raw, tmp_path: Path) -> None:
    with open_tools(["raw"], mcp=raw("stubborn")) as tools:
        asked(tools, "echo", text="")
        (pid,) = starts(tmp_path)
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        assert children
    assert not is_there(pid)
    assert all(gone_soon(int(child)) for child in children)


PROGRAM = """
import sys
from pathlib import Path
from zetetic.tools.toolbox import open_tools
if sys.argv[2] == "context":
    with open_tools(["raw"], mcp=Path(sys.argv[1])) as tools:
        print("open", flush=True)
        {t.name: t for t in tools}["raw__sleep"].invoke({"text": "60"})
else:
    context = open_tools(["raw"], mcp=Path(sys.argv[1]))
    tools = context.__enter__()
    print("open", flush=True)
    sys.exit("nobody closed it")
"""


def test_ctrl_c_during_a_call_leaves_no_process(raw: Raw, tmp_path: Path) -> None:
    def interrupted() -> None:
        with open_tools(["raw"], mcp=raw(timeout_seconds=60)) as tools:
            threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
            asked(tools, "sleep", text="60")

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    (pid,) = starts(tmp_path)
    assert gone_soon(pid)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["context", "forgotten"])
def test_ctrl_c_and_forgetfulness_leave_no_process(raw: Raw, tmp_path: Path, how: str) -> None:
    command = [sys.executable, "-c", PROGRAM, str(raw(timeout_seconds=60)), how]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        (pid,) = starts(tmp_path)
        if how == "context":
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert ("KeyboardInterrupt" if how == "context" else "nobody closed it") in said
    assert process.returncode != 0
    assert gone_soon(pid)


def test_without_the_extra_the_remedy_is_told(raw: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain.mcp", None)
    with open_offers(["raw"], mcp=raw()) as (offer,):
        assert "pip install 'zetetic[mcp]'" in offer.fault


def test_names_are_what_chat_models_accept() -> None:
    assert wire_name("files", "read_file") == "files__read_file"
    odd = {wire_name("s", "a.b"), wire_name("s", "a b"), wire_name("s", "a" * 80), wire_name("s", "a" * 81)}
    assert len(odd) == 4
    assert all(len(name) <= 64 and name.replace("_", "").replace("-", "").isalnum() for name in odd)


LISTENING = """
import sys
from mcp.server.mcpserver import MCPServer
server = MCPServer("far", log_level="CRITICAL")
@server.tool()
def add(a: int, b: int) -> int:
    "Add."
    return a + b
server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]))
"""


def listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.slow
def test_a_server_that_listens_is_asked_over_http(raw: Raw) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen([sys.executable, "-c", LISTENING, str(port)], stderr=subprocess.DEVNULL) as process:
        try:
            end = time.monotonic() + 30
            while not listens(port) and time.monotonic() < end:
                time.sleep(0.1)
            url = {"command": None, "args": [], "url": f"http://127.0.0.1:{port}/mcp"}
            with open_tools(["raw"], mcp=raw(**url, timeout_seconds=5)) as tools:
                assert asked(tools, "add", a=1, b=2) == ("3", False)
                assert asked(tools, "add", a="x")[1]
                process.kill()
                process.wait()
                said, failed = asked(tools, "add", a=1, b=2)
                assert failed
                assert "gone for the rest of this run" in said
        finally:
            process.kill()
