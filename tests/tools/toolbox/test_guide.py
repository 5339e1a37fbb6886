"""docs/plugins.md, followed to the letter."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from zetetic.sandboxes import SandboxError, open_sandbox
from zetetic.tools.black_boxes import BlackBox, SpecError
from zetetic.tools.toolbox import load_tools, read_servers

GUIDE = Path(__file__).resolve().parents[3] / "docs/plugins.md"
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def block(language: str, containing: str) -> str:
    (found,) = [text for kind, text in BLOCKS if kind == language and containing in text]
    return found


def test_the_tool_from_nothing_is_installed_and_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text(block("toml", "zetetic-repetition"))
    (tmp_path / "zetetic_repetition.py").write_text(block("python", "def repetition"))
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*install, "--target", str(site), str(tmp_path)], check=True, capture_output=True)
    monkeypatch.syspath_prepend(str(site))
    (tool,) = load_tools(["repetition"])
    said = tool.invoke({"texts": ["the cat and the dog and the bird", "no word twice"]})
    promised = re.findall(r"`(\d\.\d\d '[^`]*')`", GUIDE.read_text(encoding="utf-8"))
    assert said.splitlines() == promised
    assert "leave it out" in tool.invoke({"texts": [" "]})
    try:
        open_sandbox().close()
    except SandboxError as error:
        pytest.skip(f"no sandbox works here: {error}")
    test: dict[str, Any] = {}
    exec(compile(block("python", "test_a_scientist_calls_it"), "test_repetition.py", "exec"), test)
    test["test_a_scientist_calls_it"](tmp_path)


def test_the_servers_of_the_guide_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "mcp.toml"
    path.write_text(block("toml", "[servers.files]"))
    assert set(read_servers(path).by_name) == {"files", "search"}


def test_the_black_box_of_the_guide_is_one() -> None:
    given: dict[str, Any] = {"HARBOURS": ["bergen"], "level_at": lambda hour: hour / 2}
    exec(compile(block("python", "class Tide"), "tides.py", "exec"), given)
    box = given["open_box"]("bergen", None)
    assert isinstance(box, BlackBox)
    assert [reply.value for reply in box.ask([(3.0,)])] == [1.5]
    with pytest.raises(SpecError, match="one of bergen"):
        given["open_box"]("atlantis", None)
