"""The QA-Emb benchmark: samples keep shares, published answers are counted, bars are judged."""

from __future__ import annotations

import io

import numpy as np
import pytest
from rich.console import Console

from zetetic.benchmarks.errors import BenchmarkError
from zetetic.benchmarks.qa_emb import QAEmbOptions, QAEmbReport, render, run_qa_emb
from zetetic.benchmarks.qa_emb.answerers import figures_of, published
from zetetic.benchmarks.qa_emb.report import SpeedFigures, StudentFigures, TaskFigures
from zetetic.benchmarks.qa_emb.run import draw
from zetetic.benchmarks.qa_emb_speed import Speed
from zetetic.tools.qa_emb.labelled import LabelledTask, Said


def task(name="t", source=0, labels=(1, 0, 0, 0) * 10):
    texts = tuple(f"{name} {i}" for i in range(len(labels)))
    return LabelledTask(name, "Is it so?", texts, np.array(labels), source, (Said(0, True, "m"), Said(5, False, "m")))


def test_a_sample_keeps_the_shares_of_yes_and_no_and_what_was_said_of_its_rows():
    whole = task()
    found = draw(whole, 20, seed=3)
    assert len(found.texts) == 20
    assert found.labels.sum() == 5
    assert len(set(found.texts)) == 20
    for said in found.said:
        assert found.texts[said.row] == whole.texts[{True: 0, False: 5}[said.yes]]
    assert draw(task(labels=(1, *(0,) * 99)), 20, seed=0).labels.sum() == 1, "never without a yes"


def test_figures_are_means_over_tasks_with_intervals_over_sources():
    tasks = [task(str(i), source=i // 2) for i in range(6)]
    said = [np.where(t.labels == 1, 0.9, 0.1) if i % 2 == 0 else np.full(40, 0.1) for i, t in enumerate(tasks)]
    found = figures_of("x", tasks, said)
    assert found.auc == pytest.approx(0.75)
    assert (found.low, found.high) == pytest.approx((0.75, 0.75)), "every source alike"
    assert found.accuracy == pytest.approx((1 + 0.75) / 2)
    assert found.balanced_accuracy == pytest.approx((1 + 0.5) / 2)
    assert figures_of("x", tasks, said, decides=False).accuracy is None


def test_published_answers_are_counted_by_task(tmp_path):
    path = tmp_path / "llm_answers.csv"
    rows = ["a,0,1,1,yes,m,out", "a,1,0,1,yes,m,out", "b,0,0,0,no,m,out", "b,0,1,1,yes,n,out"]
    path.write_text("task,idx,label,pred,answer,model,run\n" + "\n".join(rows) + "\n")
    m, n = published(path)
    assert (m.accuracy, m.balanced_accuracy, m.tasks, m.pairs) == (0.75, 0.75, 2, 3)
    assert n.accuracy == 1
    assert published(tmp_path / "none.csv") == []


def test_a_report_says_whether_the_bar_is_met():
    row = TaskFigures(task="t", question="Is it so?", source=0, texts=40, embedded=0.8, likeness=0.7, accuracy=0.6)
    student = StudentFigures(
        teacher="embedded", questions=2, taught_texts=50, texts=20, teacher_auc=0.8, student_auc=0.784,
        agreement=0.9, teacher_rate=10, student_rate=1200,
    )  # fmt: skip
    speed = SpeedFigures(
        model="m", texts=2, questions=64, shared_rate=20, alone_rate=2, ratio=10, largest_difference=1e-6
    )  # fmt: skip
    tasks = [task(str(i), source=i) for i in range(3)]
    good = figures_of("embedded, source left out", tasks, [t.labels.astype(float) for t in tasks])
    report = QAEmbReport(tasks=[row], answerers=[good], students=[student], speed=speed, seconds=1)
    assert report.bar_met
    assert (student.kept, student.times_as_fast) == pytest.approx((0.98, 120))
    stream = io.StringIO()
    Console(file=stream, width=200).print(render(report))
    assert all(word in stream.getvalue() for word in ("met", "98.0%", "120.0", "10.0 times as fast"))
    bad = figures_of("embedded, source left out", tasks, [np.zeros(40)] * 3)
    assert not QAEmbReport(tasks=[], answerers=[bad], students=[], speed=None, seconds=1).bar_met
    assert QAEmbReport(tasks=[], answerers=[], students=[], speed=None, seconds=1).bar_met is None


@pytest.mark.parametrize(
    ("change", "met"),
    [
        ({}, True),
        ({"largest_difference": 0.1}, False),
        ({"alone_rates": (9.0,)}, False),
        ({"peak_bytes": 4 * 10**9}, False),
    ],
)
def test_speed_is_judged_by_rate_answers_and_memory(change, met):
    found = {
        "model": "m", "texts": 1, "questions": 64, "text_tokens": 200, "shared_rates": (20.0,), "alone_rates": (2.0,),
        "alone_pairs": 5, "largest_difference": 1e-6, "peak_bytes": 10**9,
    }  # fmt: skip
    assert Speed(**{**found, **change}).met is met


def test_a_folder_without_the_data_is_named(tmp_path):
    with pytest.raises(BenchmarkError, match="expected labelled texts in"):
        run_qa_emb(QAEmbOptions(data=tmp_path, parts=("answers",)))
