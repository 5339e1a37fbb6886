"""The benchmark of functions of texts from the command line, with the scientist that needs no model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zetetic.app.cli import main
from zetetic.benchmarks.find import FindOptions, run_find


def test_a_run_is_reported_kept_and_not_repeated(strings_set: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = strings_set / "out.jsonl"
    command = ["bench", "find", "--category", "strings", "--data", str(strings_set), "--out", str(out), "--jobs", "1"]
    chosen = ["--ids", "f00000,f00001", "--seconds", "20", "--quiet"]
    assert main([*command, *chosen, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["category"] == "strings"
    assert report["total"]["exact"] == {"hits": 2, "count": 2}
    assert report["total"]["official"] == 1.0
    assert all(0 < row["queries"] <= 150 for row in report["rows"])
    lines = out.read_text().splitlines()
    assert len(lines) == 2
    assert main([*command, *chosen]) == 0
    shown = capsys.readouterr().out
    for words in ("functions of texts", "nearest", "GPT-4 (published, all 1,000)", "was not taken, for no judge"):
        assert words in shown
    assert out.read_text().splitlines() == lines


def test_a_function_whose_code_changes_is_measured_anew(strings_set: Path) -> None:
    options = FindOptions(
        data=strings_set, category="strings", jobs=1, ids=("f00000",), seconds=20.0, out=strings_set / "out.jsonl"
    )
    assert run_find(options).missing == 0
    file = strings_set / "strings" / "f00000" / "function_code.py"
    file.write_text("def function(string):\n    return string.upper()\n")
    run_find(options)
    assert len((strings_set / "out.jsonl").read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data", "EMPTY"], "is no FIND folder"),
        (["--data", "SET", "--ids", "f00077"], "no function 'f00077'"),
        (["--data", "nowhere"], "there is no nowhere"),
    ],
)
def test_a_users_mistake_is_one_line_and_exit_code_2(
    strings_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    (tmp_path / "empty").mkdir()
    places = {"EMPTY": str(tmp_path / "empty"), "SET": str(strings_set)}
    given = [places.get(argument, argument) for argument in arguments]
    assert main(["bench", "find", "--category", "strings", "--out", str(tmp_path / "o.jsonl"), *given]) == 2
    complaint = capsys.readouterr().err.strip()
    assert message in complaint
    assert "\n" not in complaint
