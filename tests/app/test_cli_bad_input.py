"""A user's mistake is one clear line on stderr and a documented exit code, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from zetetic.app.cli import main
from zetetic.app.failures import MEANINGS, CommandError, ExitCode, classify

QUICK = ("--no-report", "--quiet", "--seconds", "20")


@pytest.fixture
def refused(
    boxes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Run a command that must fail with `code`, nothing on stdout and one line on stderr; that line."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZETETIC_STORE", str(tmp_path / "store.sqlite"))

    def run(*arguments: str, code: int = ExitCode.BAD_INPUT) -> str:
        capsys.readouterr()
        got = main(arguments)
        out, err = capsys.readouterr()
        assert got == code, err
        assert out == ""
        assert err.startswith("error: ")
        assert err.count("\n") == 1
        assert "Traceback" not in err
        return err

    return run


Refused = Callable[..., str]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("explain",), "SPEC"),
        (("explain", "nothing.py"), "SCHEME:REST"),
        (("explain", "ftp:somewhere"), "python"),
        (("explain", "python:nothing.py:f"), "nothing.py"),
        (("explain", "python:boxes.py:nothing"), "nothing"),
        (("explain", "python:boxes.py:not_a_function"), "not a function"),
        (("explain", "python:boxes.py:line", "--domain", "5:-5"), "--domain=-5:5"),
        (("explain", "python:boxes.py:line", "--domain=3:3"), "empty"),
        (("explain", "python:boxes.py:line", "--domain=3"), "LOW:HIGH"),
        (("explain", "python:boxes.py:line", "--domain=a:b"), "not a number"),
        (("explain", "python:boxes.py:line", "--domain=-inf:inf"), "finite"),
        (("explain", "python:boxes.py:line", "--domain"), "argument"),
        (("explain", "python:boxes.py:line", "--domain=0:1", "--domain=0:1"), "1 input"),
        (("explain", "python:boxes.py:product", "--domain=0:1"), "mass, speed"),
        (("explain", "python:boxes.py:line", "--budget-queries", "0"), "at least 1"),
        (("explain", "python:boxes.py:line", "--budget-queries", "-4"), "at least 1"),
        (("explain", "python:boxes.py:line", "--budget-queries", "many"), "'many'"),
        (("explain", "python:boxes.py:line", "--seconds", "0"), "above 0"),
        (("explain", "python:boxes.py:line", "--seconds", "nan"), "above 0"),
        (("explain", "python:boxes.py:line", "--timeout", "0"), "above 0"),
        (("explain", "python:boxes.py:line", "--seed", "-1"), "0 or more"),
        (("explain", "python:boxes.py:line", "--batch-size", "0"), "at least 1"),
        (("explain", "python:boxes.py:line", "--token-variable", "NO_SUCH_VARIABLE"), "NO_SUCH_VARIABLE"),
        (("explain", "python:boxes.py:line", "--report", "."), "folder"),
        (("explain", "python:boxes.py:line", "--report", "boxes.py/place.html"), "is a file; pass another path"),
        (("explain", "python:boxes.py:line", "--report", "r.html", "--no-report"), "leave one out"),
        (("explain", "python:boxes.py:line", "--nonsense"), "--nonsense"),
        (("frobnicate",), "frobnicate"),
        (("runs", "frobnicate"), "frobnicate"),
        (("bench", "find", "--data", "no-such.jsonl"), "no-such.jsonl"),
        (("bench", "find", "--data", "no-such.jsonl", "--jobs", "0"), "--jobs"),
    ],
)
def test_bad_usage_says_what_is_wrong(refused: Refused, arguments: tuple[str, ...], told: str) -> None:
    assert told in refused(*arguments)


@pytest.mark.parametrize(
    ("name", "extra", "told"),
    [
        ("raises", (), "no reading"),
        ("text", (), "warm"),
        ("dies", (), "crashed"),
        ("hangs", ("--timeout", "0.1", "--seconds", "3"), "timed out"),
    ],
)
def test_a_box_that_never_answers_is_its_own_exit_code(
    refused: Refused, name: str, extra: tuple[str, ...], told: str
) -> None:
    assert told in refused("explain", f"python:boxes.py:{name}", *QUICK, *extra, code=ExitCode.BOX_FAILED)


def test_an_endpoint_that_is_gone_is_a_failed_box(refused: Refused) -> None:
    refused("explain", "http://127.0.0.1:9/f", "--domain=0:1", *QUICK, code=ExitCode.BOX_FAILED)


def test_a_budget_too_small_to_conclude_anything(refused: Refused) -> None:
    line = refused("explain", "python:boxes.py:line", "--budget-queries", "1", *QUICK, code=ExitCode.BUDGET_SPENT)
    assert "--budget-queries" in line


def test_a_box_that_changes_its_kind_still_ends_with_an_outcome(
    boxes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["explain", f"python:{boxes}:turncoat", "--store", str(tmp_path / "s.sqlite"), *QUICK])
    assert code in (ExitCode.EXPLAINED, ExitCode.NOT_BETTER, ExitCode.BOX_FAILED)
    assert "Traceback" not in capsys.readouterr().err


def test_a_foreign_file_is_not_a_store(refused: Refused, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("my notes\n" * 200)
    refused("explain", "python:boxes.py:line", "--store", str(other), code=ExitCode.STORE)
    assert other.read_text() == "my notes\n" * 200


def test_a_newer_store_is_refused_untouched(refused: Refused, tmp_path: Path, boxes: Path) -> None:
    import sqlite3

    place = tmp_path / "newer.sqlite"
    main(["explain", f"python:{boxes}:line", "--store", str(place), *QUICK])
    with sqlite3.connect(place) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    for arguments in (("explain", "python:boxes.py:line"), ("runs", "list"), ("runs", "resume", "latest")):
        assert "newer" in refused(*arguments, "--store", str(place), code=ExitCode.STORE)


def test_a_store_held_by_another_program_is_said_to_be_locked(refused: Refused, tmp_path: Path, boxes: Path) -> None:
    import sqlite3

    place = tmp_path / "held.sqlite"
    main(["explain", f"python:{boxes}:line", "--store", str(place), *QUICK])
    holder = sqlite3.connect(place, isolation_level=None)
    try:
        holder.execute("BEGIN EXCLUSIVE")
        line = refused("explain", "python:boxes.py:line", "--store", str(place), code=ExitCode.STORE)
    finally:
        holder.close()
    assert "locked" in line


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="a superuser may write anywhere")
def test_a_read_only_place_is_refused(refused: Refused, tmp_path: Path) -> None:
    place = tmp_path / "closed"
    place.mkdir(mode=0o500)
    refused("explain", "python:boxes.py:line", "--store", str(place / "s.sqlite"), code=ExitCode.STORE)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a place where nobody can make a file")
def test_a_place_where_no_file_can_be_made_is_refused(refused: Refused) -> None:
    refused("explain", "python:boxes.py:line", "--store", "/proc/s.sqlite", code=ExitCode.STORE)


@pytest.mark.skipif(os.name != "posix", reason="POSIX resource limits")
def test_a_store_that_cannot_grow_keeps_what_was_answered(
    boxes: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    import resource

    command = [sys.executable, "-m", "zetetic.app.cli", "explain", f"python:{boxes}:line", *QUICK]
    run = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=environment,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, 120_000)),
    )
    assert run.returncode == ExitCode.STORE, run.stderr
    assert run.stdout == ""
    assert run.stderr.startswith("error: ")
    assert run.stderr.count("\n") == 1
    way_on = run.stderr.strip().partition("go on with: zetetic ")[2].split()
    assert main([*way_on, "--store", environment["ZETETIC_STORE"], "--no-report", "--quiet"]) == 0


@pytest.mark.parametrize("command", ["show", "resume", "export", "delete", "report"])
def test_an_unknown_run_is_bad_input_and_an_absent_store_is_not_made(
    refused: Refused, command: str, boxes: Path, tmp_path: Path
) -> None:
    refused("runs", command, "latest", code=ExitCode.STORE)
    assert not (tmp_path / "store.sqlite").exists()
    main(["explain", f"python:{boxes}:line", *QUICK])
    assert "zzz" in refused("runs", command, "zzz")


def test_no_user_meets_a_traceback_of_ours_without_asking(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, boxes: Path
) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr("zetetic.agent.Store.open", broken)
    arguments = ["explain", f"python:{boxes}:line", "--store", str(tmp_path / "s")]
    assert main(arguments) == ExitCode.INTERNAL
    err = capsys.readouterr().err
    assert "--debug" in err
    assert "Traceback" not in err
    assert main([*arguments, "--debug"]) == ExitCode.INTERNAL
    assert "Traceback" in capsys.readouterr().err


def test_messages_are_one_line_even_when_their_cause_was_not() -> None:
    line, code = classify(CommandError("Expected this,\n got\tthat.", ExitCode.STORE))
    assert (line, code) == ("expected this, got that", ExitCode.STORE)


def test_every_exit_code_a_user_meets_is_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--help"], ["explain", "--help"]):
        assert main(arguments) == 0
        text = capsys.readouterr().out
        assert all(str(int(code)) in text for code in MEANINGS)
        assert "143" in text
