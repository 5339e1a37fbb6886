"""Ctrl-C leaves a run that can be resumed, and a resumed run asks nothing twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX signals")

ZETETIC = (sys.executable, "-m", "zetetic.app.cli")
SMALL = ("--domain=-10:10", "--budget-queries", "60", "--no-report")

Cli = Callable[..., "subprocess.CompletedProcess[str]"]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Every input that the box has answered, one a line."""
    return tmp_path / "asked.log"


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str], boxes: Path, log: Path) -> Iterator[Start]:
    """Start an explanation of the slow, logging box and wait until it has answered a few times."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str, sleep: str = "0.05", answers: int = 4) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*ZETETIC, "explain", f"python:{boxes}:logged", *SMALL, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env={**environment, "BOX_LOG": str(log), "BOX_SLEEP": sleep},
            start_new_session=True,
        )
        started.append(process)
        deadline = time.monotonic() + 60
        while answers and (not log.exists() or log.read_text().count("\n") < answers):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def told_run(stderr: str) -> str:
    """The id in the one line that says how to go on."""
    lines = [line for line in stderr.splitlines() if "zetetic runs resume" in line]
    assert len(lines) == 1, stderr
    return lines[0].split("zetetic runs resume ")[1].split()[0]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_a_run_that_resumes_to_its_end_and_asks_nothing_twice(
    start: Start, cli: Cli, log: Path, number: signal.Signals, code: int
) -> None:
    process = start()
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == code
    assert out == ""
    assert "Traceback" not in err
    run = told_run(err)
    asked = log.read_text().splitlines()
    listed = json.loads(cli("runs", "list", "--json").stdout)
    assert [(r["id"], r["status"]) for r in listed] == [(run, "interrupted")]
    kept = listed[0]["queries"]
    assert len(asked) - kept in (0, 1), "at most the answer in flight is lost"

    resumed = cli("runs", "resume", run, "--json", "--quiet", BOX_LOG=str(log))
    assert resumed.returncode == 0, resumed.stderr
    assert json.loads(resumed.stdout)["run_id"] == run
    answered = log.read_text().splitlines()
    events = [json.loads(line) for line in cli("runs", "export", run).stdout.splitlines()]
    recorded = Counter(repr(e["data"]["observation"]["input"][0]) for e in events if e["kind"] == "observation")
    assert sum((Counter(answered) - recorded).values()) == len(asked) - kept, "what was recorded was asked once"
    assert not recorded - Counter(answered)

    whole = cli("runs", "resume", run[:-2], "--json", BOX_LOG=str(log))
    assert json.loads(whole.stdout) == json.loads(resumed.stdout), "a concluded run is only read"
    assert log.read_text().splitlines() == answered


def test_a_resumed_run_may_be_given_another_budget(start: Start, cli: Cli, log: Path) -> None:
    process = start()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    resumed = cli("runs", "resume", "latest", "--json", "--quiet", "--budget-queries", "30", BOX_LOG=str(log))
    assert json.loads(resumed.stdout)["queries"] <= 30
    assert json.loads(cli("runs", "show", "latest", "--json").stdout)["budget"]["queries"] == 30


def test_a_second_ctrl_c_ends_at_once(start: Start, cli: Cli) -> None:
    process = start()
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert time.monotonic() - began < 10
    assert json.loads(cli("runs", "list", "--json").stdout)[0]["status"] == "interrupted"


def test_ctrl_c_during_a_slow_answer_does_not_wait_for_it(start: Start) -> None:
    process = start("--timeout", "60", sleep="3", answers=1)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert time.monotonic() - began < 2.5


def test_the_hint_names_the_store_that_was_named(start: Start, tmp_path: Path) -> None:
    place = tmp_path / "my store.sqlite"
    process = start("--store", str(place))
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert f"--store '{place}'" in err


def test_a_run_that_is_being_driven_cannot_be_resumed_or_deleted_by_another(start: Start, cli: Cli, log: Path) -> None:
    process = start("--timeout", "3600", "--seconds", "3600", sleep="3600", answers=0)
    deadline = time.monotonic() + 60
    while "running" not in cli("runs", "list").stdout:  # its box has its first question, and will not answer it
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
    for command in ("resume", "delete"):
        refused = cli("runs", command, "latest", BOX_LOG=str(log))
        assert refused.returncode == 4
        assert refused.stderr.count("\n") == 1
        assert "live process" in refused.stderr
    assert "running" in cli("runs", "list").stdout
    assert process.poll() is None


def test_no_process_of_the_box_is_left_behind(start: Start) -> None:
    process = start()
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        pytest.skip("this system does not list a process's children")
    workers = children.read_text().split()
    assert workers
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < deadline, "the box's worker outlived the run"
        time.sleep(0.05)
