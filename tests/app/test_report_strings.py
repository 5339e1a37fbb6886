"""The page of a run on a function of texts: examples, cases, and texts that are no markup."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from zetetic.agent import Brief, Budget, RunRecord, Store, cast, replay_state
from zetetic.app.report import render_report
from zetetic.tools.black_boxes import TextDomain
from zetetic.tools.black_boxes.function import FunctionBox


def page_of(function: Callable[[str], str], folder: Path) -> tuple[str, RunRecord]:
    box = FunctionBox(function, TextDomain("", 1000), output="text")
    with Store.open(folder / "s.sqlite") as store:
        journal = store.create(Brief.of(box, budget=Budget(seconds=20)))
        cast(journal, box).run()
        record = replay_state(journal.events(), run_id=journal.run_id)
    return render_report(record), record


def marked(text: str) -> str:
    """Every text comes back inside markup; digits are an exception."""
    return text if any(c.isdigit() for c in text) else f"<script>{text}"


def test_examples_say_which_case_applied_and_stay_text(tmp_path: Path) -> None:
    html, record = page_of(marked, tmp_path)
    assert record.explanation is not None
    assert record.explanation.outcome == "explained"
    assert "What it does, by example" in html
    assert "texts that contain a digit" in html
    assert "the usual case" in html
    assert "&lt;script&gt;hello" in html
    assert "<script>hello" not in html


def test_the_score_is_said_as_a_count_of_texts(tmp_path: Path) -> None:
    html, _ = page_of(str.upper, tmp_path)
    assert "60 of 60 held-out texts" in html
    assert "within tolerance" not in html


def test_different_answers_to_a_text_stand_side_by_side(tmp_path: Path) -> None:
    random.seed(2)
    html, record = page_of(lambda text: random.choice(["yes", "no"]), tmp_path)
    assert record.explanation is not None
    assert record.explanation.outcome == "not_better_than_baseline"
    assert "&#34;yes&#34;, &#34;no&#34;" in html or "&#34;no&#34;, &#34;yes&#34;" in html
