"""The SASC benchmark: tasks of another source, results that are kept, figures that add up."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from zetetic.benchmarks.errors import BenchmarkError
from zetetic.benchmarks.sasc.options import SascOptions
from zetetic.benchmarks.sasc.report import report, wilson
from zetetic.benchmarks.sasc.run import run_sasc
from zetetic.benchmarks.sasc.table import render
from zetetic.benchmarks.sasc.tasks import folder, read_tasks, read_texts
from zetetic.benchmarks.sasc.trial import EMBEDDED, WORD_COUNT, Answer


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two tasks of different sources."""
    place = tmp_path / "d3"
    place.mkdir()
    tasks = [
        {"task": "d3_0_soup", "keyword": "soup", "description": "", "accept": "soup|food"},
        {"task": "d3_1_war", "keyword": "war", "description": "", "accept": "war"},
    ]
    (place / "tasks.json").write_text(json.dumps(tasks), encoding="utf-8")
    for number, words in ((0, ("soup", "bread")), (1, ("war", "army"))):
        with (place / f"d3_{number}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["input", "label"])
            writer.writerows([f"some {words[i % 2]} here and there {i}", i % 2] for i in range(30))
    return tmp_path


def test_a_task_is_restricted_to_texts_of_another_source(data: Path) -> None:
    tasks = read_tasks(folder(data))
    assert [(t.number, t.other) for t in tasks] == [(0, 1), (1, 0)]
    assert all(t.group != o.group for t, o in zip(tasks, reversed(tasks)))
    assert [t.keyword for t in read_tasks(folder(data), ["1"])] == ["war"]
    assert tasks[0].accepts("a plate of Food")
    assert not tasks[0].accepts("war")
    assert len(read_texts(folder(data), 0)) == 30


def test_what_is_missing_is_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="pass --data"):
        folder(tmp_path / "elsewhere")
    with pytest.raises(BenchmarkError, match="expected tasks among 0 soup, 1 war, got 7"):
        read_tasks(folder(data), ["7"])
    with pytest.raises(BenchmarkError, match="cannot read the texts"):
        read_texts(folder(data), 9)
    (data / "d3" / "tasks.json").write_text('[{"task": "x"}]', encoding="utf-8")
    with pytest.raises(BenchmarkError, match="does not hold D3 tasks"):
        read_tasks(data / "d3")


def answer(method: str, right: bool, task: int = 0) -> Answer:
    return Answer(
        task=task, keyword="k", setting="noisy", method=method, explanation="e", others=[], right=right, rank=1,
        auc=0.75, module_calls=10, chat_calls=0, seconds=1.0,
    )  # fmt: skip


def test_figures_add_up_beside_the_bar_and_the_word_count() -> None:
    answers = [answer(EMBEDDED, i < 7, i) for i in range(10)] + [answer(WORD_COUNT, i < 8, i) for i in range(10)]
    found = report(answers)
    assert [row.accuracy for row in found.rows] == [0.7, 0.8]
    assert found.bars == {"noisy": True}
    assert found.beats_word_count == {"noisy": False}
    assert found.published == {"noisy": 0.679}
    low, high = wilson(7, 10)
    assert 0.39 < low < 0.7 < high < 0.90
    assert wilson(0, 5)[0] == pytest.approx(0.0)
    render(found)


def test_finished_tasks_are_not_run_again(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from zetetic.benchmarks.sasc import run as running

    asked = []

    class Bench:
        def run(self, task: object, setting: str, corpus: object) -> list[Answer]:
            asked.append(setting)
            return [answer(EMBEDDED, True), answer(WORD_COUNT, True)]

    monkeypatch.setattr(running, "_bench", lambda options, path: Bench())
    options = SascOptions(data=data, out=data / "out.jsonl", settings=("noisy",))
    first = run_sasc(options)
    assert len(asked) == 2
    assert run_sasc(options) == first
    assert len(asked) == 2
    run_sasc(options.model_copy(update={"seed": 1}))
    assert len(asked) == 4
