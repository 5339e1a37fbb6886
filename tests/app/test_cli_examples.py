"""`zetetic explain --examples`: what a user sees, what a script gets, and mistakes of usage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from zetetic.app.cli.examples import check_examples, example_facts, separating_line

WORDS = "hello world apple Banana kiwi Zebra9 grape melon lemon orange papaya cherry Plum fig date".split()  # noqa: SIM905
ACCOUNT: dict[str, Any] = {
    "pairs": 5,
    "way": "left out",
    "tested": 5,
    "survivors": [
        {"description": "Reverses the text.", "formula": "", "code": "", "bits": 4.0, "evidence": "gives all 5 pairs"},
        {"description": "Reverses words.", "formula": "", "code": "", "bits": 5.0, "evidence": "gives all 5 pairs"},
    ],
    "separating": {"input": 'a "b', "first": 'b" a', "other": None, "rank": 2},
    "notes": ["be careful"],
    "duplicates": 0,
    "contradictions": [],
}


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.csv"
    path.write_text("input,output\n" + "".join(f"{w},{w[::-1]}\n" for w in WORDS) + "fig,gif\n")
    return path


def test_from_a_file_to_an_explanation_a_report_and_a_run(cli: Any, pairs: Path, tmp_path: Path) -> None:
    store = ("--store", str(tmp_path / "s.sqlite"))
    page = tmp_path / "page.html"
    done = cli("explain", "--examples", str(pairs), *store, "--report", str(page))
    assert done.returncode == 0, done.stderr
    assert "Explained: Reverses" in done.stdout
    assert "4 of them kept aside for the score" in done.stdout
    assert "ask next:" in done.stdout
    assert "the first says" in done.stdout
    assert "def explained(text)" in done.stdout
    assert "one pair repeats an earlier one and was dropped" in done.stderr
    assert "queries that" not in done.stderr
    assert "15 of 15 queries" in done.stderr
    html = page.read_text()
    for told in ("kept aside", "The programs that the pairs leave", "To tell two of the surviving programs apart"):
        assert told in html
    shown = cli("runs", "show", "latest", *store)
    assert shown.returncode == 0, shown.stderr
    assert "ask next:" in shown.stdout
    about = cli("runs", "list", *store)
    assert "Reverses" in about.stdout
    resumed = cli("runs", "resume", "latest", *store, "--no-report")
    assert resumed.returncode == 0
    assert "ask next:" in resumed.stdout


def test_the_json_holds_every_survivor_and_the_separating_input(cli: Any, pairs: Path, tmp_path: Path) -> None:
    done = cli("explain", "--examples", str(pairs), "--store", str(tmp_path / "s.sqlite"), "--json", "-q")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["outcome"] == "explained"
    account = told["examples"]
    assert (account["pairs"], account["way"], account["tested"]) == (15, "kept aside", 4)
    assert account["duplicates"] == 1
    assert {"description", "formula", "code", "bits", "evidence"} == set(account["survivors"][0])
    assert account["separating"]["rank"] >= 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "SPEC"),
        (("python:x.py:f", "--examples", "pairs.csv"), "got both"),
        (("--examples", "gone.csv"), "there is no file"),
        (("--examples", "one.csv"), "at least 2 different inputs"),
        (("--examples", "pairs.csv", "--output-column", "z"), "a column 'z'"),
        (("python:x.py:f", "--output-column", "z"), "--examples FILE with --output-column"),
        (("--examples", "pairs.csv", "--budget-queries", "5"), "no --budget-queries with --examples"),
        (("--examples", "pairs.csv", "--model", "openai:x"), "no --model with --examples"),
        (("--examples", "pairs.csv", "--domain=0:1"), "no --domain with --examples"),
        (("--examples", "pairs.csv", "--seconds", "0"), "--seconds above 0"),
    ],
)
def test_mistakes_are_one_line_and_leave_no_run(
    cli: Any, pairs: Path, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    (tmp_path / "one.csv").write_text("x,y\n1,2\n")
    store = tmp_path / "s.sqlite"
    given = [str(tmp_path / a) if a.endswith(".csv") else a for a in arguments]
    done = cli("explain", *given, "--store", str(store))
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert "no runs" in cli("runs", "list", "--store", str(store)).stderr or not store.exists()


def test_the_line_that_says_what_to_ask_quotes_texts_and_says_nothing_of_nothing() -> None:
    assert separating_line(ACCOUNT) == r'ask "a \"b": the first says "b\" a", the second says nothing'
    numbers = {"input": [1.5, 2.0], "first": 3.0, "other": 1e-7, "rank": 5}
    assert separating_line(ACCOUNT | {"separating": numbers}) == "ask 1.5, 2: the first says 3, number 5 says 1e-07"
    assert separating_line(ACCOUNT | {"separating": None}) == ""


def test_what_is_said_of_a_run_on_examples_speaks_of_pairs() -> None:
    from zetetic.agent.types import Explanation
    from zetetic.tools.black_boxes.texts import ANY_TEXT

    ended = Explanation("Reverses the text.", "", "", (), None, None, "explained", ANY_TEXT, 5, 1.0, "run1", 1, "all")
    rows = dict(example_facts(ended, ACCOUNT))
    assert rows["pairs"] == "5, each left out once for the score"
    assert rows["2."] == "Reverses words.  (5 bits; gives all 5 pairs)"
    assert rows["note"] == "be careful"
    assert "queries" not in " ".join(rows.values())
    alone = example_facts(ended, ACCOUNT | {"survivors": ACCOUNT["survivors"][:1], "separating": None})
    assert ("others", "none survives the pairs") in alone


def test_a_box_is_asked_for_where_there_is_neither() -> None:
    from typer import Context, main

    from zetetic.app.cli.root import app
    from zetetic.app.failures import CommandError

    context = Context(main.get_command(app))
    with pytest.raises(CommandError, match="got neither"):
        check_examples(context, None, None, None)
