"""`zetetic mcp`: the protocol and nothing else on stdout; explanations, queries and plug-ins for any client."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp", reason="the extra `mcp` is not installed: pip install 'zetetic[mcp]'")

FRONT = Path(__file__).parent / "plugin_front.py"
NOISY = """
import os, subprocess, sys
print("imported", flush=True)
from langchain_core.tools import tool
@tool
def noisy(text: str) -> str:
    "Make noise."
    print("printed", flush=True)
    os.write(1, b"written\\n")
    subprocess.run([sys.executable, "-c", "import sys; print('by a child', sys.stdin.read())"])
    return text
@tool
def crash() -> str:
    "Crash."
    raise RuntimeError("a bug of the plug-in")
def both():
    return [noisy, crash]
"""
BOX = "def line(x):\n    return 2 * x + 1\n"


class Client:
    """Speaks the protocol by hand, so that every line is seen."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self._id = process, 0

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._id += 1
        message = {"jsonrpc": "2.0", "id": self._id, "method": method, "params": params}
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()
        while True:
            line = self.process.stdout.readline()
            answer = json.loads(line)  # whatever else were printed would fail here
            if answer.get("id") == self._id:
                return dict(answer)

    def begin(self) -> dict[str, Any]:
        about = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
        result = self.ask("initialize", **about)["result"]
        assert self.process.stdin is not None
        self.process.stdin.write('{"jsonrpc": "2.0", "method": "notifications/initialized"}\n')
        return dict(result)

    def call(self, name: str, **arguments: Any) -> tuple[str, bool]:
        result = self.ask("tools/call", name=name, arguments=arguments)["result"]
        return result["content"][0]["text"], bool(result.get("isError"))


def serving(folder: Path, *options: str, path: str = "") -> subprocess.Popen[str]:
    site = folder / "site"
    info = site / "noisy-1.0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: noisy\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[zetetic.tools]\nnoisy = noisy_plugin:both\nsick = no_such_module:x\n")
    (site / "noisy_plugin.py").write_text(NOISY)
    (folder / "box.py").write_text(BOX)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [path, str(site)]))}
    command = [sys.executable, str(FRONT), "mcp", "--store", str(folder / "store.sqlite"), *options]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=folder, env=environment, text=True, **pipes)  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("mcp"), "--trusted") as process:
        client = Client(process)
        assert client.begin()["serverInfo"]["name"] == "zetetic"
        yield client
        _, said = process.communicate(timeout=20)  # closes its stdin: it leaves
        assert process.returncode == 0
        assert "warning: the package noisy offers the tool 'sick'" in said
        assert "Traceback" not in said


def test_tools_are_listed_with_their_schemas(client: Client) -> None:
    tools = {tool["name"]: tool for tool in client.ask("tools/list")["result"]["tools"]}
    assert {"explain", "query", "patchscope", "explain_dataset", "noisy"} <= set(tools)
    assert tools["query"]["inputSchema"]["required"] == ["spec", "inputs"]
    assert tools["patchscope"]["inputSchema"]["additionalProperties"] is False


def test_query_answers_in_json_lines(client: Client) -> None:
    said, failed = client.call("query", spec="python:box.py:line", inputs=[1, 2.5])
    assert not failed
    assert [json.loads(line)["output"] for line in said.splitlines()] == [3.0, 6.0]


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("query", {"spec": "command:cat", "inputs": [1]}, "zetetic mcp --allow 'command:PATTERN'"),
        ("query", {"spec": "python:none.py:f", "inputs": [1]}, "no file none.py"),
        ("query", {"spec": "oracle:x", "inputs": [1]}, "known: "),
        ("query", {"spec": "python:box.py:line", "inputs": [[1, 2]]}, "expected 1 numbers"),
        ("query", {"spec": "python:box.py:line"}, "bad value for inputs: Field required"),
        ("explain", {"spec": "sklearn:x.pkl"}, "this server was not told to allow"),
        ("crash", {}, "a bug of the plug-in"),
        ("oracle", {}, "no tool is called 'oracle'"),
    ],
)
def test_mistakes_are_answers_with_a_remedy(client: Client, name: str, arguments: dict[str, Any], says: str) -> None:
    said, failed = client.call(name, **arguments)
    assert failed
    assert says in said


def test_nothing_but_the_protocol_reaches_stdout(client: Client) -> None:
    assert client.call("noisy", text="quiet") == ("quiet", False)


def test_explain_gives_the_explanation_as_json(client: Client) -> None:
    said, failed = client.call("explain", spec="python:box.py:line", domain=["-10:10"], queries=100, seconds=20)
    assert not failed, said
    explanation = json.loads(said)
    assert explanation["outcome"] == "explained"
    assert explanation["score"]["value"] == 1.0
    assert client.call("explain", spec="python:none.py:f")[1]


@pytest.mark.slow
def test_it_serves_with_the_older_mcp_too(tmp_path: Path) -> None:
    older = tmp_path / "older"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(older)]
    run = subprocess.run([*install, "mcp>=1.20,<2", "httpx-sse"], capture_output=True, text=True, check=False)
    if run.returncode:
        pytest.skip(f"mcp 1.x cannot be had here: {run.stderr.strip().splitlines()[-1:]}")
    with serving(tmp_path, "--trusted", path=str(older)) as process:
        client = Client(process)
        client.begin()
        assert "query" in {tool["name"] for tool in client.ask("tools/list")["result"]["tools"]}
        assert "3.0" in client.call("query", spec="python:box.py:line", inputs=[1])[0]
        assert "bad value for inputs" in client.call("query", spec="python:box.py:line")[0]
        assert client.call("noisy", text="quiet") == ("quiet", False)
        process.communicate(timeout=20)
        assert process.returncode == 0
