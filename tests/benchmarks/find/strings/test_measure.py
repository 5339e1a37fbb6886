"""Rows of functions of texts: FIND's indicator, fresh texts, baselines that know as much, tests of language."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from zetetic.benchmarks.errors import BenchmarkError
from zetetic.benchmarks.find import FindOptions, Investigator, render, run_find
from zetetic.benchmarks.find.category import Facts, Task
from zetetic.benchmarks.find.strings import CATEGORY, report_on
from zetetic.benchmarks.find.strings import texts as home
from zetetic.benchmarks.find.strings.measure import StringRow, measure
from zetetic.benchmarks.find.strings.subject import HeardBox, fresh_texts, functions_at, open_function
from zetetic.benchmarks.trial import Trial, failed_trial
from zetetic.models.chat import StubServer
from zetetic.tools.black_boxes import BlackBox

REVERSE = "def explained(text):\n    return text[::-1]\n"
IDENTITY = "def explained(text):\n    return text\n"
NEARLY = "def explained(text):\n    return text[::-1] if '1' not in text else text\n"
BROKEN = "def explained(text:\n"


def trial(code: str, description: str = "Something.") -> Trial:
    return Trial(code, "", description, (), 0.0, "explained", 3, 1.0, 0.5)


def row_of(
    data: Path, name: str, code: str, asked: tuple[str, ...] = ("abc", "Hello"), *, foreign: bool = False
) -> StringRow:
    function = functions_at(data)[name]
    box = open_function(function, seed=0, trusted=True)
    try:
        list(box.ask(asked))
        return measure(function, box, trial(code), seed=0, foreign=foreign)
    finally:
        box.close()


def test_the_true_program_is_right_everywhere_and_another_is_not(strings_set: Path) -> None:
    right = row_of(strings_set, "f00000", REVERSE)
    assert (right.mark.official, right.mark.fresh, right.mark.exact) == (1.0, 1.0, True)
    assert right.misses == ()
    nearly = row_of(strings_set, "f00000", NEARLY)
    assert nearly.mark.official == pytest.approx(0.9)
    assert 0.5 < nearly.mark.fresh < 1.0
    assert not nearly.mark.exact
    assert all("1" in miss.text and miss.predicted == miss.text for miss in nearly.misses)


def test_code_that_does_not_run_is_right_nowhere(strings_set: Path) -> None:
    for name in ("f00000", "f00003"):
        row = row_of(strings_set, name, BROKEN)
        assert (row.mark.fresh, row.mark.exact) == (0.0, False)


def test_where_a_function_fails_an_explanation_must_fail_too(strings_set: Path) -> None:
    assert row_of(strings_set, "f00003", "def explained(text):\n    return text[4]\n").mark.exact
    careful = row_of(strings_set, "f00003", "def explained(text):\n    return text[4] if len(text) > 4 else ''\n")
    assert not careful.mark.exact
    assert careful.mark.official is None


def test_code_of_strangers_runs_in_a_sandbox(strings_set: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    code = f"def explained(text):\n    open({str(trace)!r}, 'w').close()\n    return text[::-1]\n"
    assert not row_of(strings_set, "f00000", code, foreign=True).mark.exact
    assert not trace.exists()
    assert row_of(strings_set, "f00000", REVERSE, foreign=True).mark.exact


def test_baselines_know_what_was_asked_and_no_more(strings_set: Path) -> None:
    row = row_of(strings_set, "f00000", REVERSE, asked=("hello", "radar"))
    assert set(row.baselines) == {"identity", "constant", "nearest"}
    assert row.baselines["identity"].official == pytest.approx(0.3)
    assert row.baselines["nearest"].official == pytest.approx(0.2)


def test_functions_that_throw_dice_are_told_from_the_others(strings_set: Path) -> None:
    assert row_of(strings_set, "f00002", IDENTITY).stochastic
    assert not row_of(strings_set, "f00000", IDENTITY).stochastic


def test_how_many_steps_there_are_comes_from_the_data_or_else_the_code(strings_set: Path) -> None:
    assert [row_of(strings_set, name, IDENTITY).composed for name in ("f00000", "f00001", "f00002")] == [0, 1, 0]
    (strings_set / "strings" / "data.json").unlink()
    functions_at.cache_clear()
    assert [row_of(strings_set, name, IDENTITY).composed for name in ("f00000", "f00001", "f00002")] == [0, 1, 0]


def test_fresh_texts_are_the_same_for_everybody_and_were_never_asked() -> None:
    texts = fresh_texts("f1", 0, ())
    assert len(set(texts)) == 200
    assert texts == fresh_texts("f1", 0, ())
    assert texts != fresh_texts("f2", 0, ())
    rest = fresh_texts("f1", 0, texts[:50])
    assert len(rest) == 200
    assert rest[:150] == texts[50:]


@pytest.fixture
def identity_explainer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scientist who asks one question and says that a text stays as it is."""

    def investigate(box: BlackBox, domain: object, task: Task) -> Trial:
        list(box.ask(["hello"]))
        return trial(IDENTITY, "The text stays as it is.")

    monkeypatch.setattr(home, "investigate", investigate)


def task_of(data: Path, tmp_path: Path, **given: str) -> Task:
    options = FindOptions(data=data, category="strings", budget_queries=10, out=tmp_path / "out.jsonl", **given)
    return Task(options, "f00000", tmp_path)


@pytest.mark.usefixtures("identity_explainer")
def test_any_scientist_is_measured_in_the_same_way(strings_set: Path, tmp_path: Path) -> None:
    row = CATEGORY.run(task_of(strings_set, tmp_path))
    assert row.mark == row.baselines["identity"]
    assert row.language is None
    assert StringRow.model_validate_json(row.model_dump_json()) == row
    failed = CATEGORY.failed(task_of(strings_set, tmp_path), "not done after 9 s", 9.0)
    assert (failed.error, failed.mark.official, failed.mark.exact) == ("not done after 9 s", 0.0, False)
    facts = Facts(scientist="x", data="d", engine="e", seed=0, budget_queries=10, missing=0)
    report = report_on([row, failed.model_copy(update={"id": "f00001", "composed": True})], facts)
    assert (report.total.exact.hits, report.total.failed) == (0, 1)
    assert set(report.groups) == {"single", "composed"}
    assert report.by_family["reverse"].count == 2


@pytest.fixture
def judge() -> Iterator[StubServer]:
    """Says "2" to every item but the third, of which it says nothing that can be read."""
    with StubServer(lambda messages, number: "both" if number in (2, 3) else "[ANSWER]: 2") as server:
        yield server


@pytest.mark.usefixtures("identity_explainer")
def test_the_test_of_language_is_taken_where_a_judge_is_named(
    strings_set: Path, tmp_path: Path, judge: StubServer
) -> None:
    row = CATEGORY.run(task_of(strings_set, tmp_path, judge="openai:judge", judge_url=judge.url))
    assert (row.language, row.unread) == (0.9, 1)
    assert len(judge.requests) == 11
    assert "The text stays as it is." in json.dumps(judge.requests[0])
    facts = Facts(scientist="x", data="d", engine="e", seed=0, budget_queries=10, missing=0)
    shown = io.StringIO()
    Console(file=shown, width=80).print(render(report_on([row], facts)))
    assert "0.900" in shown.getvalue()


def test_a_judge_of_single_texts_is_refused(strings_set: Path, tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="judged by a chat model"):
        run_find(task_of(strings_set, tmp_path, judge="embedder").options)


def test_what_was_heard_is_what_was_asked(strings_set: Path) -> None:
    box: HeardBox = open_function(functions_at(strings_set)["f00003"], seed=0, trusted=False)
    replies = [reply.value for reply in box.ask(["abcdef", "abc"])]
    assert box.pairs == [("abcdef", "e"), ("abc", None)]
    assert replies == ["e", None]
    assert box.answers(["vwxyz"]) == ["z"]
    assert len(box.pairs) == 2
    assert box.standing is not None
    box.close()


def test_failed_trials_have_no_costs_in_the_figures(strings_set: Path) -> None:
    function = functions_at(strings_set)["f00000"]
    box = open_function(function, seed=0, trusted=True)
    row = measure(function, box, failed_trial("broken"), seed=0, foreign=False)
    box.close()
    assert not row.mark.exact
    facts = Facts(scientist="x", data="d", engine="e", seed=0, budget_queries=10, missing=0)
    assert report_on([row], facts).total.seconds.median is None


def test_a_function_of_texts_has_less_time_unless_somebody_says_so(tmp_path: Path) -> None:
    def seconds(**given: Any) -> float:
        return FindOptions(data=tmp_path, **given).seconds

    assert seconds(category="strings") < seconds()
    assert seconds(category="strings", seconds=50.0) == 50.0
    assert seconds(category="strings", investigator=Investigator(kind="llm", model="a:b")) > seconds()
