"""`zetetic explain` as people and scripts use it."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, get_args

import pytest

from zetetic.agent.types import Outcome
from zetetic.app.failures import OUTCOME_CODES

Cli = Callable[..., "CompletedProcess[str]"]


def strict(text: str) -> Any:
    """JSON without the NaN and Infinity that Python would let through."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, parse_constant=refuse)


def check_shape(result: dict[str, Any]) -> None:
    """The interface that scripts rely on."""
    assert isinstance(result["description"], str)
    assert isinstance(result["code"], str)
    assert isinstance(result["run_id"], str)
    assert isinstance(result["queries"], int)
    assert isinstance(result["seconds"], int | float)
    for exception in result["exceptions"]:
        assert exception.keys() == {"low", "high", "description"}
        assert exception["low"] <= exception["high"]
    assert result["noise"] is None or result["noise"].keys() == {"kind", "scale"}
    assert result["score"] is None or result["score"].keys() == {"value", "low", "high", "metric", "held_out"}


def test_json_is_one_object_whose_code_reproduces_the_box(cli: Cli, boxes: Path) -> None:
    run = cli("explain", f"python:{boxes}:line", "--domain=-10:10", "--json", "--quiet")
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    result = strict(run.stdout)
    check_shape(result)
    assert result["outcome"] == "explained"
    assert result["queries"] <= 400
    assert result["score"]["low"] <= result["score"]["value"] <= result["score"]["high"]
    namespace: dict[str, Any] = {}
    exec(result["code"], namespace)
    assert all(math.isclose(namespace["explained"](x), 3 * x + 1, abs_tol=1e-6) for x in (-10.0, 0.0, 3.7))


def test_a_box_that_prints_cannot_spoil_the_json(cli: Cli, boxes: Path) -> None:
    run = cli("explain", f"python:{boxes}:noisy_prints", "--domain", "-5:5", "--json", "--budget-queries", "60")
    check_shape(strict(run.stdout))


def test_every_way_a_run_can_end_has_its_exit_code() -> None:
    assert set(OUTCOME_CODES) == set(get_args(Outcome))
    assert len(set(OUTCOME_CODES.values())) == len(OUTCOME_CODES)


@pytest.mark.slow
def test_a_box_without_rhyme_or_reason_ends_honestly(cli: Cli, boxes: Path) -> None:
    arguments = ("--json", "--quiet", "--budget-queries", "60", "--seconds", "8", "--domain=-5:5")
    run = cli("explain", f"python:{boxes}:scramble", *arguments)
    assert run.returncode == 1, run.stdout
    assert strict(run.stdout)["outcome"] == "not_better_than_baseline"


def test_a_failed_run_still_prints_one_strict_object(cli: Cli, boxes: Path) -> None:
    run = cli("explain", f"python:{boxes}:raises", "--json", "--quiet")
    assert run.returncode == 3
    result = strict(run.stdout)
    check_shape(result)
    assert result["outcome"] == "failed"
    assert result["score"] is None


def test_same_seed_and_deterministic_box_give_the_same_result(cli: Cli, boxes: Path) -> None:
    first, second = (
        strict(cli("explain", f"python:{boxes}:line", "--json", "--quiet", "--seed", "5").stdout) for _ in range(2)
    )
    for changing in ("run_id", "seconds"):
        del first[changing], second[changing]
    assert first == second


def test_a_pipe_gets_plain_text_and_progress_stays_on_stderr(cli: Cli, boxes: Path) -> None:
    run = cli("explain", f"python:{boxes}:line", "--domain=-10:10", "--no-report")
    assert run.returncode == 0
    assert run.stdout.startswith("Explained: ")
    assert "def explained(x)" in run.stdout
    for label in ("formula:", "score:", "baselines:", "noise:", "cost:", "run:"):
        assert label in run.stdout
    assert "report:" not in run.stdout
    assert "of 400 queries" in run.stderr
    assert not any(mark in run.stdout + run.stderr for mark in ("\x1b", "╭", "Traceback"))


def test_the_report_goes_beside_the_store_or_where_it_is_told(cli: Cli, boxes: Path, tmp_path: Path) -> None:
    run = cli("explain", f"python:{boxes}:line", "--domain=-10:10", "--quiet")
    written = list((tmp_path / "reports").glob("*.html"))
    assert len(written) == 1
    assert str(written[0]) in run.stdout
    told = tmp_path / "mine.html"
    result = strict(
        cli("explain", f"python:{boxes}:line", "--domain=-10:10", "--json", "--quiet", "--report", str(told)).stdout
    )
    assert told.is_file()
    assert result["report"] == str(told)


def test_the_folder_of_a_report_is_made(cli: Cli, boxes: Path, tmp_path: Path) -> None:
    place = tmp_path / "reports" / "today" / "line.html"
    ended = cli("explain", f"python:{boxes}:line", "--domain=-10:10", "--quiet", "--report", str(place))
    assert ended.returncode == 0, ended.stderr
    assert "<html" in place.read_text()


def test_what_the_verdict_said_is_shown(cli: Cli, boxes: Path) -> None:
    asked = ("explain", f"python:{boxes}:line", "--domain=-10:10", "--quiet", "--no-report")
    assert "every held-out reply is reproduced exactly" in cli(*asked).stdout
    found = json.loads(cli(*asked, "--json").stdout)
    assert (found["round"], found["reason"]) == (1, "every held-out reply is reproduced exactly")


def test_json_writes_no_report_unless_asked(cli: Cli, boxes: Path, tmp_path: Path) -> None:
    assert strict(cli("explain", f"python:{boxes}:line", "--json", "--quiet").stdout)["report"] is None
    assert not (tmp_path / "reports").exists()


def test_several_inputs_take_a_domain_each(cli: Cli, boxes: Path) -> None:
    arguments = ("--domain=0:5", "--domain=1:9:int", "--json", "--quiet", "--budget-queries", "150")
    result = strict(cli("explain", f"python:{boxes}:product", *arguments).stdout)
    assert result["domain"] == [
        {"low": 0.0, "high": 5.0, "integer": False},
        {"low": 1.0, "high": 9.0, "integer": True},
    ]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", [("runs", "show", "latest"), ("runs", "list", "--json"), ("--help",)])
def test_a_full_place_for_the_output_is_said_in_one_line(
    cli: Cli, boxes: Path, environment: dict[str, str], arguments: tuple[str, ...]
) -> None:
    cli("explain", f"python:{boxes}:line", "--json", "--quiet", "--budget-queries", "1")
    with open("/dev/full", "w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "zetetic.app.cli", *arguments],
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=120,
        )
    assert run.returncode == 74
    assert run.stderr.startswith("error: ")
    assert run.stderr.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="POSIX pipes")
def test_a_reader_that_leaves_early_is_no_error(cli: Cli, boxes: Path, environment: dict[str, str]) -> None:
    cli("explain", f"python:{boxes}:line", "--json", "--quiet")
    process = subprocess.Popen(
        [sys.executable, "-m", "zetetic.app.cli", "runs", "export", "latest"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (141, "")


def test_loading_the_command_line_loads_nothing_heavy() -> None:
    code = "import sys, zetetic.app.cli; print(' '.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert not loaded & {"torch", "transformers", "langchain", "numpy", "scipy", "sympy", "plotly", "jinja2", "sqlite3"}


def test_version_names_the_package(cli: Cli) -> None:
    from zetetic import __version__

    assert cli("--version").stdout == f"zetetic {__version__}\n"
