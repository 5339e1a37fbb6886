"""How a report tells the verdict: of the round that counts, and without contradicting it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zetetic.agent import (
    Brief,
    Budget,
    CodeCandidate,
    Failing,
    Investigation,
    Observation,
    RunRecord,
    ScriptedScientist,
    Store,
    Verdict,
    replay_state,
)
from zetetic.app.report.page import compose
from zetetic.app.report.standing import failing_table, scoring_sentences
from zetetic.app.report.story import hypothesis_tables, tell
from zetetic.tools.black_boxes import Interval, NumericDomain, Reply
from zetetic.tools.black_boxes.function import FunctionBox
from zetetic.tools.scoring import Score

PERFECT = Score(1.0, 1.0, 1.0, "r2", 60, baselines={"interpolation": 1.0, "constant": -0.1})
POOR = Score(-0.02, -0.3, 0.0, "r2", 60, baselines={"constant": -0.01})
GOOD = Score(0.9, 0.85, 0.95, "r2", 60, baselines={"linear": 0.3, "constant": -0.1})


def verdict(score: Score, explains: bool, reason: str, **more: Any) -> Verdict:
    return replace(Verdict(score, 1.0, 0.01, (), explains=explains, reason=reason), **more)


@pytest.fixture
def two_rounds(tmp_path: Path) -> RunRecord:
    """A run whose first conclusion is right and whose second is wrong."""
    right, wrong = (CodeCandidate(f"times {k}", f"def explained(x):\n    return {k} * x\n", f"{k}·x") for k in (2, 3))

    def script(inquiry: Any, seed: int) -> None:
        inquiry.ask([(float(x),) for x in range(-9, 10)], "look")
        inquiry.propose([right, wrong], "first")
        inquiry.conclude(right)
        inquiry.conclude(wrong)

    return run_of(tmp_path, script, NumericDomain((Interval(-10.0, 10.0),)))


def run_of(tmp_path: Path, script: Callable[[Any, int], None], domain: NumericDomain) -> RunRecord:
    """A run of `script` on the function 2·x."""
    box = FunctionBox(lambda x: 2.0 * x, domain)
    with Store.open(tmp_path / "store.sqlite") as store:
        journal = store.create(Brief.of(box, scientist="scripted", budget=Budget(queries=200), seed=3))
        Investigation(box, ScriptedScientist(script), journal).run()
        return replay_state(journal.events(), run_id=journal.run_id)


@pytest.mark.parametrize(
    ("score", "reason"),
    [
        (PERFECT, "every held-out reply is reproduced exactly"),
        (POOR, "a constant with noise as large as repeats show: no baseline does better, there is nothing to predict"),
        (GOOD, "it beats every baseline on held-out inputs"),
    ],
)
def test_what_is_explained_is_not_called_beaten(score: Score, reason: str) -> None:
    text = " ".join(scoring_sentences(score, verdict(score, True, reason), 1))
    assert "does not" not in text
    assert f"The verdict: explained. {reason[0].upper()}{reason[1:]}." in text


def test_what_is_not_explained_says_so_and_why() -> None:
    reason = "it does not beat the baseline `constant` (r2 -0.01) on held-out inputs"
    text = " ".join(scoring_sentences(POOR, verdict(POOR, False, reason), 1))
    assert "It does not clearly beat every baseline" in text
    assert f"The verdict: not explained. I{reason[1:]}." in text


def test_only_a_score_above_every_baseline_is_said_to_beat_them() -> None:
    for score, beats in ((GOOD, True), (PERFECT, False), (POOR, False)):
        text = " ".join(scoring_sentences(score, verdict(score, True, "a reason"), 1))
        assert ("It beats every baseline" in text) == beats


def test_the_round_that_counts_is_named() -> None:
    first = verdict(GOOD, True, "a reason", round=1)
    assert "round 1 of 3, which came out better" in scoring_sentences(GOOD, first, 3)[-1]
    assert "better" not in scoring_sentences(GOOD, replace(first, round=3), 3)[-1]
    assert "This is round" not in " ".join(scoring_sentences(GOOD, first, 1))


def test_wrong_inputs_beyond_those_listed_are_counted() -> None:
    wrong = Failing(Observation(7, (2.0,), Reply(3.0), "", "held_out", 0, 0.0), 4.0)
    missed = verdict(GOOD, True, "a reason", failing=(wrong,), failed=21, agreement=0.65)
    assert "65.0% of the held-out inputs" in scoring_sentences(GOOD, missed, 1)[1]
    assert "21 were not" in scoring_sentences(GOOD, missed, 1)[1]
    listed = failing_table(("x",), missed)
    assert listed is not None
    assert "(the worst 1 of 21)" in listed.caption


def test_the_page_tells_the_verdict_of_the_explanation_not_the_last(two_rounds: RunRecord) -> None:
    page = compose(two_rounds)
    assert any("round 1 of 2" in sentence for sentence in page.scoring)
    assert page.failing is None
    assert page.status == "Explained"
    assert "Every held-out reply is reproduced exactly." in page.status_sentence
    tiles = {t.name: t.value for t in page.tiles}
    assert tiles["Predicted within tolerance"] == "100 %"


def test_inputs_asked_again_are_not_called_fresh(tmp_path: Path) -> None:
    few = NumericDomain((Interval(0.0, 6.0, integer=True),))
    double = CodeCandidate("double", "def explained(x):\n    return 2.0 * x\n", "2·x")

    def script(inquiry: Any, seed: int) -> None:
        inquiry.ask([(float(x),) for x in range(7)], "all there are")
        inquiry.conclude(double)

    page = compose(run_of(tmp_path, script, few))
    assert "had been asked before" in page.scoring[0]
    assert "never used" not in page.scoring[0]


def test_hypotheses_that_look_the_same_share_a_row(two_rounds: RunRecord) -> None:
    story = tell(two_rounds)
    twins = [replace(t, hypothesis=replace(t.hypothesis, id=f"{n}", formula="x")) for n in (1, 2) for t in story.trails]
    shown, others = hypothesis_tables(replace(story, trails=tuple(twins)), ("x",), {})
    assert shown is not None
    assert others is None
    assert [row.cells[0] for row in shown.rows] == ["times 2 (and 1 alike)", "times 3 (and 1 alike)"]
    assert shown.caption.startswith("4 hypotheses")


def test_inputs_without_an_answer_are_counted_apart() -> None:
    part = replace(GOOD, held_out=38)
    text = scoring_sentences(part, verdict(part, True, "a reason"), 1, drawn=60)[0]
    assert "asked about 60 fresh inputs" in text
    assert "on the 38 that the black box answered" in text
