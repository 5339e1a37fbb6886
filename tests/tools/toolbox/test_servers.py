"""The file that names MCP servers."""

from __future__ import annotations

from pathlib import Path

import pytest

from zetetic.tools.toolbox import ToolboxError, find_servers, read_servers
from zetetic.tools.toolbox.servers import expand

TOML = """
[servers.files]
command = "npx"
args = ["-y", "server"]
env = { TOKEN = "${SECRET}" }
allow = ["read_*"]
timeout_seconds = 5

[servers.far]
url = "https://example.org/mcp"
disabled = true
"""
JSON = '{"mcpServers": {"files": {"command": "npx", "type": "stdio", "autoApprove": ["x"]}}, "theme": "dark"}'


def written(tmp_path: Path, text: str, name: str = "mcp.toml") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


def test_both_forms_are_read(tmp_path: Path) -> None:
    ours = read_servers(written(tmp_path, TOML)).by_name
    assert list(ours) == ["files"]
    assert (ours["files"].args, ours["files"].timeout_seconds) == (("-y", "server"), 5.0)
    theirs = read_servers(written(tmp_path, JSON, "mcp.json")).by_name["files"]
    assert theirs.command == "npx"
    assert theirs.allow == (), "nothing is allowed that nobody allowed"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[servers.a]\ncommand = 'x'\nalow = ['*']", "alow: not a field; known: command, args"),
        ("[servers.a]\nallow = ['*']", "expected a command or a url"),
        ("[servers.a]\ncommand = 'x'\nurl = 'http://x'", "and not both"),
        ("[servers.a]\nurl = 'example.org'", "expected a url with http:// or https://"),
        ("[servers.a]\ncommand = 'x'\ntimeout_seconds = 0", "timeout_seconds: Input should be greater than 0"),
        ("[servers.a__b]\ncommand = 'x'", "got 'a__b'; rename it"),
        ("[servers]\na = 3", "expected fields such as command or url"),
        ("[other]", "expected [servers.NAME]"),
        ("[servers.a", "is no TOML"),
    ],
)
def test_mistakes_name_the_place_and_the_remedy(tmp_path: Path, text: str, says: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ToolboxError) as caught:
        read_servers(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)


def test_where_it_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ZETETIC_MCP", raising=False)
    assert find_servers().by_name == {}
    (tmp_path / "home/zetetic").mkdir(parents=True)
    written(tmp_path / "home/zetetic", TOML)
    assert list(find_servers().by_name) == ["files"]
    monkeypatch.setenv("ZETETIC_MCP", str(tmp_path / "none.toml"))
    with pytest.raises(ToolboxError, match=r"none\.toml.*pass another"):
        find_servers()
    assert list(find_servers(written(tmp_path, JSON, "given.json")).by_name) == ["files"]


def test_secrets_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "s3")
    assert expand("Bearer ${SECRET}", "it") == "Bearer s3"
    with pytest.raises(ToolboxError, match="it needs the environment variable NONE_SUCH"):
        expand("${NONE_SUCH}", "it")
