"""`zetetic runs`: list, show, report, export, delete."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from zetetic.app.cli import main
from zetetic.app.cli.results import figure, finite

Zetetic = Callable[..., str]


BOXES = "def line(x): return 3.0 * x + 1.0\n\ndef product(mass, speed): return mass * speed\n"


@pytest.fixture(scope="module")
def one_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with boxes and a store that holds one concluded run."""
    folder = tmp_path_factory.mktemp("one_run")
    (folder / "boxes.py").write_text(BOXES)
    store = ("--store", str(folder / "store.sqlite"))
    assert main(["explain", f"python:{folder}/boxes.py:line", "--domain=-10:10", "--no-report", "--quiet", *store]) == 0
    return folder


@pytest.fixture
def zetetic(
    one_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Zetetic:
    """Run a command that must succeed, in a copy of the folder with one concluded run; its stdout."""
    shutil.copytree(one_run, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZETETIC_STORE", str(tmp_path / "store.sqlite"))

    def run(*arguments: str) -> str:
        capsys.readouterr()
        assert main(arguments) == 0
        return capsys.readouterr().out

    return run


def test_list_shows_the_run_with_its_outcome_and_whole_explanation(zetetic: Zetetic) -> None:
    (run,) = json.loads(zetetic("runs", "list", "--json"))
    header, line = zetetic("runs", "list").splitlines()
    assert len(header.split("\t")) == len(line.split("\t")) == 7
    assert line.startswith(run["id"] + "\t")
    assert line.endswith(run["description"])
    assert "\texplained\t" in line


def test_show_tells_the_explanation_the_rise_the_verdict_and_the_cost(zetetic: Zetetic) -> None:
    text = zetetic("runs", "show", "latest")
    for part in ("Explained: ", "def explained(x)", "How hypotheses rose", "Verdicts", "queries:", "x in [-10, 10]"):
        assert part in text
    assert "\x1b" not in text


def test_show_as_json_agrees_with_explain(zetetic: Zetetic) -> None:
    shown = json.loads(zetetic("runs", "show", "latest", "--json"))
    assert shown["status"] == "concluded"
    assert shown["explanation"]["run_id"] == shown["run_id"]
    assert shown["spend"]["queries"] == shown["explanation"]["queries"]
    assert shown["verdicts"][-1]["score"]["value"] == shown["explanation"]["score"]["value"]
    live = {h["id"] for h in shown["hypotheses"]}
    assert all(id in live for step in shown["steps"] for id in step["ranked"])


def test_unique_beginnings_of_an_id_name_the_run(zetetic: Zetetic) -> None:
    (run,) = json.loads(zetetic("runs", "list", "--json"))
    for name in (run["id"], run["id"][:-1], run["id"][:1], "latest"):
        assert json.loads(zetetic("runs", "show", name, "--json"))["run_id"] == run["id"]


def test_export_gives_every_event_once_in_order_to_stdout_and_to_a_file(zetetic: Zetetic, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in zetetic("runs", "export", "latest").splitlines()]
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows[0]["kind"] == "started"
    assert rows[-1]["kind"] == "concluded"
    assert zetetic("runs", "export", "latest", "-o", "run.jsonl") == ""
    assert [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()] == rows


def test_report_is_written_where_it_is_told_and_its_place_is_printed(zetetic: Zetetic, tmp_path: Path) -> None:
    place = Path(zetetic("runs", "report", "latest", "-o", "r.html").strip())
    assert place.resolve() == (tmp_path / "r.html").resolve()
    assert "<html" in place.read_text()


def test_delete_removes_the_run_and_only_that(zetetic: Zetetic) -> None:
    zetetic("explain", "python:boxes.py:product", "--json", "--quiet", "--budget-queries", "100")
    first, second = (run["id"] for run in json.loads(zetetic("runs", "list", "--json")))
    assert first in zetetic("runs", "delete", first)
    assert [run["id"] for run in json.loads(zetetic("runs", "list", "--json"))] == [second]


def test_resuming_a_concluded_run_asks_no_box(zetetic: Zetetic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zetetic.tools.black_boxes.open_box", None)
    assert zetetic("runs", "resume", "latest", "--no-report").startswith("Explained: ")


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1.0000"), (0.99999999, "1 - 1e-08"), (0.5, "0.5000"), (-3e9, "-3e+09"), (float("nan"), "undefined")],
)
def test_a_score_is_never_rounded_up_to_perfect(value: float, text: str) -> None:
    assert figure(value) == text


def test_numbers_that_json_cannot_carry_become_null() -> None:
    odd = {"a": [float("nan"), 1.0], "b": (float("inf"), {"c": complex(1, float("nan"))})}
    assert finite(odd) == {"a": [None, 1.0], "b": [None, {"c": {"re": 1.0, "im": None}}]}
