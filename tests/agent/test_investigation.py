"""An investigation ends with an honest word, whatever its box and its scientist do."""

from __future__ import annotations

import math

import numpy as np
import pytest

from zetetic.agent import (
    Budget,
    CodeCandidate,
    Explanation,
    Investigation,
    ScriptedScientist,
    Store,
    explain,
    replay_state,
)
from zetetic.tools.black_boxes import DomainError, Failure, Interval, NumericDomain, Reply, Signature, TextDomain


def answers(n):
    """A script that asks `n` inputs and ends."""

    def script(inquiry, seed):
        inquiry.ask(inquiry.domain.sample(np.random.default_rng(seed), n), "look")

    return ScriptedScientist(script)


def concluding(*codes):
    """A script that asks a little and concludes with each of `codes`."""

    def script(inquiry, seed):
        inquiry.ask([(k - 9.0,) for k in range(18)], "look")
        for code in codes:
            inquiry.conclude(CodeCandidate("form", code, "words", "formula"))

    return ScriptedScientist(script)


def test_the_explanation_is_what_the_last_verdict_was_on(begin, make_box):
    journal = begin(make_box())
    codes = ("def explained(x): return 2 * x", "def explained(x): return x**3 - 2*x")
    explanation = Investigation(make_box(), concluding(*codes), journal).run()
    assert explanation.outcome == "explained"
    assert explanation.code == codes[1]
    assert explanation.score.value == 1.0
    assert explanation.run_id == journal.run_id
    record = replay_state(journal.events(), run_id=journal.run_id)
    assert record.explanation == explanation
    assert [v.round for v in record.verdicts] == [1, 2]
    assert [t.explanation.code for t in record.trials] == list(codes)
    assert record.status == "concluded"
    assert record.hypotheses[record.trials[-1].hypothesis].standing == "concluded"
    assert record.spend.queries == explanation.queries == len(record.observations)
    assert record.spend.held_out == sum(o.purpose == "held_out" for o in record.observations) > 0
    assert record.spend.rounds == 2


def test_no_better_than_a_baseline_is_a_valid_ending(begin, make_box):
    box = make_box(lambda x: math.sin(40 * x))
    explanation = Investigation(box, concluding("def explained(x): return 0.0"), begin(box)).run()
    assert explanation.outcome == "not_better_than_baseline"
    assert explanation.score is not None


@pytest.mark.parametrize("seed", [0, 1, 12345])
def test_same_seed_and_box_give_the_same_run(begin, make_box, polynomials, seed):
    runs = []
    for _ in range(2):
        box = make_box()
        journal = begin(box, seed=seed)
        done = Investigation(box, polynomials.PolynomialScientist(), journal).run()
        runs.append((done.code, done.score, box.asked, [e.kind for e in journal.events()]))
    assert runs[0] == runs[1]


def test_a_box_that_always_raises_ends_as_failed_in_a_sentence(begin, make_box):
    def always(x):
        return Failure("raised", "ZeroDivisionError: division by zero")

    box = make_box(fails=always)
    explanation = Investigation(box, answers(100), begin(box)).run()
    assert explanation.outcome == "failed"
    assert "none of 100 inputs got a usable number: 100 times raised (ZeroDivisionError" in explanation.description
    assert (explanation.code, explanation.score) == ("", None)


class TextBox:
    spec = "test:text"
    signature = Signature(("x",), NumericDomain((Interval(-1.0, 1.0),)))

    def ask(self, inputs):
        for _ in inputs:
            yield Reply("forty two")

    def close(self):
        pass


def test_a_box_that_answers_with_text_is_told_so(begin):
    def script(inquiry, seed):
        assert inquiry.ask([(0.0,)] * 20, "look")
        raise ValueError("no number to start from")

    explanation = Investigation(TextBox(), ScriptedScientist(script), begin(TextBox())).run()
    assert explanation.outcome == "failed"
    assert "answers with text (such as 'forty two')" in explanation.description


def test_a_budget_spent_before_a_verdict_keeps_the_best_hypothesis(begin, make_box):
    def script(inquiry, seed):
        inquiry.ask([(1.0,)] * 500, "all at once")
        inquiry.propose([CodeCandidate("line", "def explained(x): return -x", "a line")], "too late")

    box = make_box()
    explanation = Investigation(box, ScriptedScientist(script), begin(box, queries=30)).run()
    assert explanation.outcome == "out_of_budget"
    assert explanation.description == "a line"
    assert explanation.score is None


def test_one_query_is_enough_to_end_but_not_to_score(begin, make_box):
    box = make_box()
    explanation = Investigation(box, concluding("def explained(x): return x"), begin(box, queries=1)).run()
    assert explanation.outcome == "out_of_budget"
    assert explanation.queries == 1


def test_a_scientist_without_an_idea_has_found_nothing(begin, make_box):
    box = make_box()
    explanation = Investigation(box, answers(5), begin(box)).run()
    assert explanation.outcome == "not_better_than_baseline"
    assert explanation.description == "no explanation was found"


def test_a_scientist_that_fails_after_a_verdict_does_not_take_the_verdict_along(begin, make_box):
    def script(inquiry, seed):
        inquiry.ask([(1.0,), (2.0,), (3.0,)], "look")
        inquiry.conclude(CodeCandidate("cubic", "def explained(x): return x**3 - 2*x"))
        raise ArithmeticError("in a later round")

    box = make_box()
    journal = begin(box)
    assert Investigation(box, ScriptedScientist(script), journal).run().outcome == "explained"
    assert any("in a later round" in e.data["text"] for e in journal.events() if e.kind == "note")


def test_a_language_model_that_spends_its_tokens_ends_the_run(begin, make_box):
    def script(inquiry, seed):
        inquiry.ask([(1.0,)], "look")
        while True:
            inquiry.charge(tokens=400, what="a thought")

    box = make_box()
    explanation = Investigation(box, ScriptedScientist(script), begin(box, tokens=1000)).run()
    assert explanation.outcome == "out_of_budget"


def test_what_a_replay_depends_on_cannot_be_changed(begin, make_box):
    box = make_box()
    journal = begin(box, seed=3)
    with pytest.raises(ValueError, match="begun with seed 3, got 4"):
        Investigation(box, answers(1), journal, seed=4)
    with pytest.raises(DomainError, match="pass the same domain"):
        Investigation(box, answers(1), journal, domain=NumericDomain((Interval(0, 1),)))
    Investigation(box, answers(1), journal, Budget(), 3, journal.brief.domain)


def test_a_domain_that_does_not_fit_is_refused(begin, make_box):
    from zetetic.agent import Brief

    with pytest.raises(DomainError, match="takes 1 inputs"):
        Brief.of(make_box(), domain=NumericDomain((Interval(0, 1),) * 2))
    text = make_box(lambda x: x, TextDomain("abc", 3))
    with pytest.raises(DomainError, match="does not take numbers"):
        Investigation(text, answers(1), begin(text))


def test_explain_is_the_whole_job_in_one_call(tmp_path, monkeypatch):
    monkeypatch.setenv("ZETETIC_STORE", str(tmp_path / "own.sqlite"))
    told = []
    done = explain(lambda x: 3.0 * x + 1.0, domain=(-5, 5), queries=120, seconds=20, seed=1, listener=told.append)
    assert isinstance(done, Explanation)
    assert done.outcome == "explained"
    assert done.queries <= 120
    assert told[-1].kind == "concluded"
    namespace = {}
    exec(done.code, namespace)
    assert namespace["explained"](2.0) == pytest.approx(7.0)
    with Store.open() as store:
        assert [r.id for r in store.runs()] == [done.run_id]
        assert store.runs()[0].outcome == "explained"


def test_explain_refuses_nonsense_in_one_line(store):
    with pytest.raises(DomainError, match="low < high"):
        explain(lambda x: x, domain=(5, -5), store=store)
    with pytest.raises(ValueError, match="at least 1 query, got 0"):
        explain(lambda x: x, domain=(-5, 5), queries=0, store=store)
    with pytest.raises(TypeError, match="expected a black box"):
        explain(42, store=store)
    assert store.runs() == []
