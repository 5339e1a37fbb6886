"""What the pages say is so: links lead somewhere, commands parse, exit codes are the program's own, snippets run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
import typer

from zetetic.app.cli.root import app
from zetetic.app.failures import ExitCode
from zetetic.sandboxes import SandboxError, open_sandbox

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])
TEXTS = {p: p.read_text(encoding="utf-8") for p in PAGES}


def blocks(text: str, language: str = "") -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    """Every command line of ours in a code block, without its comment and what it is piped into."""
    found = []
    for text in TEXTS.values():
        for block in blocks(text):
            for line in block.splitlines():
                line = line.removeprefix("$ ")
                if line.startswith("zetetic ") and not re.search(r"[\[<]|…|SPEC|LOW:HIGH", line):
                    found.append(re.split(r"\s+[#|]\s*", line)[0])
    return sorted(set(found))


def leaf(words: list[str]) -> tuple[click.Command, list[str]]:
    """The sub-command that `words` name, and its arguments."""
    command: click.Command = typer.main.get_command(app)
    while hasattr(command, "commands"):
        assert words, "a command is missing"
        assert words[0] in command.commands, f"there is no command {words[0]}"
        command, words = command.commands[words[0]], words[1:]
    return command, words


@pytest.mark.parametrize("line", commands())
def test_commands_parse_and_their_files_exist(line: str) -> None:
    command, words = leaf(shlex.split(line)[1:])
    command.make_context(line, list(words), resilient_parsing=False)
    for path in re.findall(r"(examples/[\w/]+\.py)", line):
        assert (ROOT / path).exists(), f"{line}: {path} is not there"


def test_there_are_commands_to_check() -> None:
    assert len(commands()) > 10


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"^```.*?^```", "", TEXTS[page], flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", prose):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", ["README.md", "docs/explain.md"])
def test_exit_codes_are_the_programs_own(page: str) -> None:
    table = re.findall(r"^\| ([\d, ]+) \| ", TEXTS[ROOT / page], re.MULTILINE)
    stated = {int(n) for row in table for n in row.split(",")}
    assert {0, 1, 2, 3, 4, 5, 130, 143} <= stated <= {int(code) for code in ExitCode}


def test_exit_codes_of_the_sandbox_check_are_the_programs_own() -> None:
    table = re.findall(r"^\| (\d+) \| ", TEXTS[ROOT / "docs/sandboxes.md"], re.MULTILINE)
    assert {int(n) for n in table} == {ExitCode.EXPLAINED, ExitCode.BAD_INPUT, ExitCode.SANDBOX}


def test_the_sandbox_snippet_runs() -> None:
    try:
        open_sandbox().close()
    except SandboxError as error:
        pytest.skip(f"no sandbox works here: {error}")
    snippet = blocks(TEXTS[ROOT / "docs/sandboxes.md"], "python")[0]
    (promised,) = re.findall(r"function\.call\(.*\)  # (.*)", snippet)
    namespace: dict[str, object] = {}
    exec(compile(snippet.replace("function.call(", "answers = function.call("), "sandboxes.md", "exec"), namespace)
    assert str(namespace["answers"]) == promised


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {t for text in TEXTS.values() for t in re.findall(r"`make ([a-z]+)", text)}
    assert {"demo", "test", "check", "bench"} <= named | targets
    assert named <= targets


def test_the_readme_snippet_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZETETIC_STORE", str(tmp_path / "store.sqlite"))
    (snippet,) = blocks(TEXTS[ROOT / "README.md"], "python")
    namespace: dict[str, object] = {}
    exec(compile(snippet, "README.md", "exec"), namespace)
    explained = namespace["explained"]
    assert callable(explained)
    assert explained(-10.0) == pytest.approx(33.1, rel=1e-3)
