"""`zetetic tools`: what there is, what a model reads of it, a try."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from .plugin_front import main

BROKEN = "raise RuntimeError('no licence')\n"
FINE = """
from langchain_core.tools import tool, ToolException
@tool
def shout(text: str, times: int = 1) -> str:
    "Say it loudly. And more."
    if not text:
        raise ToolException("expected a text, got none; pass one")
    return text.upper() * times
"""


@pytest.fixture(autouse=True)
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("ZETETIC_MCP", raising=False)
    for name, source in {"loudly": FINE, "sickly": BROKEN}.items():
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[zetetic.tools]\n{name} = {name}:shout\n")
        (tmp_path / f"{name}.py").write_text(source)
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))


def test_list_shows_what_works_and_what_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tools", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "shout  Say it loudly  [package loudly]" in lines
    assert any(line.startswith("sickly  broken: the package sickly") and "uninstall sickly" in line for line in lines)
    assert main(["tools", "list", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"shout", "patchscope"} <= {tool["name"] for tool in found["tools"]}
    assert [fault["name"] for fault in found["faults"]] == ["sickly"]


@pytest.mark.parametrize("name", ["shout", "loudly"])
def test_show_tells_what_a_model_reads(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tools", "show", name]) == 0
    said = capsys.readouterr().out
    assert "  text: string, required" in said
    assert "  times: integer, default 1" in said
    assert main(["tools", "show", name, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["arguments"]["required"] == ["text"]


def test_try_calls_it_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tools", "try", "shout", '{"text": "hey", "times": 2}']) == 0
    assert capsys.readouterr().out == "HEYHEY\n"
    assert main(["tools", "try", "shout", '{"text": ""}', "--json"]) == 3
    answer = json.loads(capsys.readouterr().out)
    assert answer["failed"]
    assert "pass one" in answer["output"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["try", "shout", "hey"], 2, "expected the arguments as JSON"),
        (["try", "shout", "[1]"], 2, "as a JSON object"),
        (["try", "shout", "{}"], 3, "bad value for text: Field required"),
        (["try", "shout", '{"text": ""}'], 3, "expected a text, got none; pass one"),
        (["try", "whisper", "{}"], 2, "no tool is called 'whisper'; known: "),
        (["show", "sickly"], 2, "repair or uninstall sickly"),
        (["list", "--mcp", "none.toml"], 2, "none.toml"),
    ],
)
def test_mistakes_are_one_line(arguments: list[str], code: int, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tools", *arguments]) == code
    err = capsys.readouterr().err
    assert says in err
    assert err.startswith("error: ")
    assert err.count("\n") == 1
