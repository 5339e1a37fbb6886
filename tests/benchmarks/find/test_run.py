"""A run in parallel, killed, interrupted, gone on with."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from zetetic.benchmarks.errors import BenchmarkError
from zetetic.benchmarks.find import FindOptions, render, run_find
from zetetic.benchmarks.find.__main__ import main

ROWS = ("f1", "f2", "f3", "f4")


def options(rows_file: Path, **fields: Any) -> FindOptions:
    base = {"data": rows_file, "jobs": 1, "seconds": 20.0, "budget_queries": 80}
    given = {**base, "out": rows_file.with_name("out.jsonl"), **fields}
    return FindOptions(**given)


def test_a_run_reports_on_every_function_and_is_not_repeated(rows_file: Path) -> None:
    report = run_find(options(rows_file))
    assert report.missing == 0
    assert [row.id for row in report.rows] == list(ROWS)
    assert report.total.failed == 0
    assert report.rows[1].mark.exact
    assert all(0 < row.queries <= 80 for row in report.rows)
    lines = (rows_file.with_name("out.jsonl")).read_text().splitlines()
    assert len(lines) == 4
    again = run_find(options(rows_file))
    assert again == report
    assert rows_file.with_name("out.jsonl").read_text().splitlines() == lines
    assert set(report.by_family) == {"constant", "linear", "sum of two"}
    assert set(report.by_variant) == {"clean", "noised", "corrupted"}
    text = io.StringIO()
    Console(file=text, width=140).print(render(report))
    for word in ("oracle", "interpolation of 257", "GPT-4", "sum of two", "corrupted"):
        assert word in text.getvalue()
    json.loads(report.model_dump_json())


def test_the_tables_fit_on_a_terminal_of_80_columns(rows_file: Path) -> None:
    report = run_find(options(rows_file))
    crowded = report.model_copy(update={"by_family": {"a family of a long name": report.total}})
    text = io.StringIO()
    Console(file=text, width=80).print(render(crowded))
    lines = text.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert "…" not in text.getvalue()
    headers = " ".join(line for line in lines if "functions " in line or "predictor " in line).split()
    assert headers.count("n") == 2
    for word in ("official", "noise-free", "exact", "clean", "exceptions", "false", "queries", "s", "CPU"):
        assert word in headers


def test_other_settings_and_other_data_are_other_results(rows_file: Path) -> None:
    out = rows_file.with_name("out.jsonl")
    run_find(options(rows_file, ids=("f1",)))
    run_find(options(rows_file, ids=("f1",), budget_queries=90))
    run_find(options(rows_file, ids=("f1",), seed=1))
    assert len(out.read_text().splitlines()) == 3
    run_find(options(rows_file, ids=("f1",), fresh=True))
    assert len(out.read_text().splitlines()) == 1


def test_a_function_that_is_not_done_in_time_is_a_failed_row(rows_file: Path) -> None:
    report = run_find(options(rows_file, ids=("f2",), seconds=0.001, grace_seconds=0.001))
    (row,) = report.rows
    assert row.error is not None
    assert "not done" in row.error
    assert report.total.failed == 1
    assert not row.mark.official


def command(rows_file: Path) -> list[str]:
    out = str(rows_file.with_name("out.jsonl"))
    arguments = ["--data", str(rows_file), "--jobs", "1", "--budget-queries", "80", "--out", out]
    return [sys.executable, "-m", "zetetic.benchmarks.find", *arguments]


@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_was_stopped_goes_on_where_it_was(rows_file: Path, signal_number: int) -> None:
    out = rows_file.with_name("out.jsonl")
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    running = subprocess.Popen(
        command(rows_file), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment, start_new_session=True
    )
    deadline = time.monotonic() + 120
    while not (out.exists() and out.read_bytes().count(b"\n")) and time.monotonic() < deadline:
        assert running.poll() is None, running.communicate()
        time.sleep(0.02)
    os.kill(running.pid, signal_number)
    running.communicate(timeout=60)
    assert running.returncode in ((130, 0) if signal_number == signal.SIGINT else (-signal.SIGKILL,))
    kept = out.read_text().splitlines()
    assert len(kept) >= 1
    with out.open("a") as file:
        file.write('{"key": "torn')
    report = run_find(options(rows_file, seconds=60.0))
    assert report.missing == 0
    assert len(report.rows) == 4
    lines = out.read_text().splitlines()
    assert lines[: len(kept)] == kept
    assert len(lines) == len(ROWS) + 1, "each function once, and the torn line"


def test_a_category_that_is_not_there_is_named_beside_those_that_are(rows_file: Path) -> None:
    with pytest.raises(BenchmarkError, match=r"expected a category of FIND \(numeric.*\), got 'sounds'"):
        run_find(options(rows_file, category="sounds"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data", "nowhere.jsonl"], "there is no nowhere.jsonl"),
        (["--data", "ROWS", "--ids", "f77"], "no function 'f77'"),
        (["--data", "ROWS", "--limit", "0"], "limit"),
        (["--category", "strings"], "expected --data with the category strings"),
    ],
)
def test_a_users_mistake_is_one_line_and_exit_code_2(
    rows_file: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    given = [str(rows_file) if a == "ROWS" else a for a in arguments]
    assert main([*given, "--out", str(rows_file.with_name("o.jsonl"))]) == 2
    complaint = capsys.readouterr().err.strip()
    assert message in complaint
    assert "\n" not in complaint
