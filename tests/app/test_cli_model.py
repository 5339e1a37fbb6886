"""`zetetic explain --model`: a language model investigates, over HTTP, from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zetetic.app.cli import main
from zetetic.models.chat import StubServer
from zetetic.models.chat.stub_server import Answer, Refusal

CODE = "def explained(x):\n    return 2 * x + 1\n"
NUMBERS: list[Any] = [
    Answer(calls=(("query", {"inputs": [-10, -1, 0, 1, 5, 10], "why": "look"}),)),
    Answer(calls=(("record_hypothesis", {"description": "twice x plus one", "code": CODE}),)),
    Answer(calls=(("conclude", {"id": "h1"}),)),
    "It is 2x + 1 (#3).",
]
SHOUT = "def explained(text):\n    return text.upper()\n"
STRINGS: list[Any] = [
    Answer(calls=(("query", {"inputs": ["abc", "Hello 1", ""], "why": "look"}),)),
    Answer(calls=(("record_hypothesis", {"description": "in upper case", "code": SHOUT}),)),
    Answer(calls=(("conclude", {"id": "h1"}),)),
    "Upper case (#1).",
]


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OPENAI_API_KEY", "any")
    path = tmp_path / "box.py"
    path.write_text(
        "def line(x):\n    return 2.0 * x + 1.0\n\n\ndef shout(text: str) -> str:\n    return text.upper()\n"
    )
    return path


@pytest.fixture
def zetetic(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*arguments, "--store", str(tmp_path / "store.sqlite")])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_model_explains_numbers_and_the_report_is_written(box: Path, zetetic: Any, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    with StubServer(NUMBERS) as server:
        code, out, err = zetetic(
            "explain", f"python:{box}:line", "--domain=-10:10", "--model", "openai:stub", "--base-url", server.url,
            "--json", "--report", str(page), "--hint", "it may be a line",
        )  # fmt: skip
        system = server.requests[0]["messages"][0]["content"]
    assert code == 0, err
    found = json.loads(out)
    assert found["code"] == CODE
    assert found["score"]["value"] == 1.0
    assert "it may be a line" in system
    assert "twice x plus one" in page.read_text()


def test_a_run_that_its_model_left_is_resumed(box: Path, zetetic: Any) -> None:
    def script(messages: Any, number: int) -> Any:
        return Refusal(401) if number == 2 else NUMBERS[sum(m["role"] == "assistant" for m in messages)]

    model = ("--model", "openai:stub", "--base-url")
    with StubServer(script) as server:
        code, _, err = zetetic("explain", f"python:{box}:line", "--domain=-10:10", *model, server.url, "-q")
        assert code == 3
        assert "zetetic runs resume" in err
        code, out, err = zetetic("runs", "resume", "latest", "--json")
        assert len(server.requests) == 5, "what was paid for before is not asked again"
    assert code == 0, err
    assert json.loads(out)["score"]["value"] == 1.0


def test_a_function_of_texts_is_explained_with_a_model_and_without(box: Path, zetetic: Any) -> None:
    code, out, err = zetetic("explain", f"python:{box}:shout", "--gives", "text", "--json")
    assert code == 0, err
    assert json.loads(out)["score"]["value"] == 1.0
    with StubServer(STRINGS) as server:
        code, out, err = zetetic(
            "explain",
            f"python:{box}:shout",
            "--gives",
            "text",
            "--model",
            "openai:stub",
            "--base-url",
            server.url,
            "--json",
        )
    assert code == 0, err
    assert json.loads(out)["score"]["metric"] == "exact match"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--scientist", "llm"], "expected a --model"),
        (["--scientist", "magic"], "inductive or llm"),
        (["--scientist", "inductive", "--model", "openai:x"], "leave one out"),
        (["--model", "gpt"], "PROVIDER:MODEL"),
        (["--model", "nobody:gpt"], "nobody"),
        (["--base-url", "http://127.0.0.1:9"], "expected a --model with --base-url"),
        (["--budget-money", "0", "--model", "openai:x"], "--budget-money above 0"),
        (["--model", "local:/no/such/model"], "no model at"),
        (["--model", "openai:x", "--tool", "no_such_tool"], "no_such_tool"),
        (["--model", "openai:x", "--mcp", "/no/such/file"], "/no/such/file"),
    ],
)
def test_mistakes_are_one_line(box: Path, zetetic: Any, arguments: list[str], says: str) -> None:
    code, out, err = zetetic("explain", f"python:{box}:line", "--domain=-10:10", "-q", *arguments)
    assert code in (2, 3)
    assert says in err
    assert out == ""
    assert len(err.strip().splitlines()) == 1
