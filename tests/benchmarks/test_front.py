"""The benchmarks' command lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zetetic.benchmarks import speed
from zetetic.benchmarks.front import data_path, suite_main


def test_a_suite_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--limit", "1", "--jobs", "1", "--seconds", "2", "--budget-queries", "40", "--json"]
    assert suite_main("zetetic.benchmarks.formulas", "formulas", arguments) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["total"]["functions"] == 1
    assert report["missing"] == 0


@pytest.mark.parametrize("wrong", [["--jobs", "0"], ["--seconds", "nan"], ["--seed", "-1"], ["--limit", "x"]])
def test_wrong_options_are_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        suite_main("zetetic.benchmarks.formulas", "formulas", wrong)
    assert ended.value.code == 2
    assert wrong[0] in capsys.readouterr().err


def test_missing_data_names_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ZETETIC_DATA", str(tmp_path))
    with pytest.raises(ValueError, match="set ZETETIC_DATA"):
        data_path("find/numeric_dev.jsonl")
    (tmp_path / "here").touch()
    assert data_path("here") == tmp_path / "here"


def test_timings_are_measured() -> None:
    timings = speed.query_timings(queries=40)
    assert [0 < t.seconds < 1 for t in timings] == [True, True]
