"""`zetetic explain` on functions computed from texts, without a language model."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Cli = Callable[..., "CompletedProcess[str]"]
EXAMPLES = Path(__file__).parents[2] / "examples" / "strings.py"


def told(cli: Cli, name: str, *more: str, code: int = 0) -> dict[str, Any]:
    run = cli("explain", f"python:{EXAMPLES}:{name}", "--json", "--quiet", *more)
    assert run.returncode == code, run.stderr
    result: dict[str, Any] = json.loads(run.stdout)
    return result


def function_of(result: dict[str, Any]) -> Callable[[str], Any]:
    namespace: dict[str, Any] = {}
    exec(result["code"], namespace)
    found: Callable[[str], Any] = namespace["explained"]
    return found


def test_an_exception_is_found_said_and_coded(cli: Cli, tmp_path: Path) -> None:
    page = tmp_path / "badge.html"
    result = told(cli, "badge", "--gives", "text", "--report", str(page))
    assert result["outcome"] == "explained"
    assert result["queries"] <= 150 + result["score"]["held_out"]
    assert "except texts that contain a digit" in result["description"]
    explained = function_of(result)
    assert (explained("Agnes"), explained("Agnes7")) == ("sengA", "")
    html = page.read_text(encoding="utf-8")
    assert "What it does, by example" in html
    assert "texts that contain a digit" in html


def test_a_count_is_a_number_that_is_computed(cli: Cli) -> None:
    result = told(cli, "vowels", "--gives", "count")
    assert result["outcome"] == "explained"
    assert function_of(result)("queue") == 4


def test_a_random_function_is_said_to_be_one(cli: Cli) -> None:
    result = told(cli, "shuffled", "--gives", "text", code=1)
    assert result["outcome"] == "not_better_than_baseline"
    assert "different answers for the same text" in result["description"]


@pytest.mark.parametrize("more", [("--gives", "picture"), ("--gives", "count", "--model", "openai:x")])
def test_what_cannot_be_is_refused(cli: Cli, more: tuple[str, ...]) -> None:
    run = cli("explain", f"python:{EXAMPLES}:vowels", *more)
    assert run.returncode == 2
    assert "expected --gives" in run.stderr
    assert "Traceback" not in run.stderr
