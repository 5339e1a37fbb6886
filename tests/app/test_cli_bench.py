"""`zetetic bench find` says in its exit code whether every function has a result."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from zetetic.app.cli import main

ROW = {"id": "f1", "family": "constant", "variant": "clean", "expression": "7.5 * np.ones_like(x)"}


@pytest.fixture
def bench(tmp_path: Path) -> list[str]:
    """The command, on two small functions."""
    data = tmp_path / "rows.jsonl"
    rows = [{"domain": [-100, 100], **ROW, "id": name} for name in ("f1", "f2")]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    small = ["--jobs", "1", "--budget-queries", "80", "--quiet", "--out", str(tmp_path / "out.jsonl")]
    return ["bench", "find", "--data", str(data), *small]


def test_functions_without_a_result_are_said_in_the_exit_code(
    bench: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: Any, **__: Any) -> Generator[Any, None, None]:
        raise KeyboardInterrupt
        yield

    with monkeypatch.context() as patched:
        patched.setattr("zetetic.benchmarks.find.run._run", interrupted)
        assert main([*bench, "--json"]) == 130
        assert json.loads(capsys.readouterr().out)["missing"] == 2
        assert main(bench) == 130
        assert "2 functions are still to do" in " ".join(capsys.readouterr().out.split())
    assert main([*bench, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["missing"] == 0
