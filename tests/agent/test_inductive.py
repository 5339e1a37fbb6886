"""The inductive scientist goes round again with what it got wrong, and only when that can help."""

from __future__ import annotations

import pytest

from zetetic.agent import CodeCandidate, InductiveScientist, Investigation, explain, replay_state
from zetetic.agent import inductive as module
from zetetic.tools.black_boxes import Failure
from zetetic.tools.scoring import predict_all

LINE = "def explained(x): return 2.0 * x"
BENT = "def explained(x): return 2.0 * x if x < 5 else 0.0"


@pytest.fixture
def bent(make_box):
    return make_box(lambda x: 2.0 * x if x < 5 else 0.0)


@pytest.fixture
def engine(monkeypatch):
    """Replaces the engine by a script; returns the list of laboratories that it was given."""

    def install(script):
        laboratories = []

        def induce(laboratory, *, seed):
            laboratories.append(laboratory)
            return script(laboratory, len(laboratories))

        monkeypatch.setattr(module, "induce", induce)
        return laboratories

    return install


def look(laboratory):
    return laboratory.ask([(float(k),) for k in range(-10, 4)], "the left")


def test_a_second_round_knows_everything_and_pays_for_nothing_twice(engine, bent, begin):
    first_replies = []

    def script(laboratory, call):
        before = len(bent.asked)
        replies = look(laboratory)
        if call == 1:
            first_replies.extend(replies)
            return [CodeCandidate("line", LINE)]
        assert replies == first_replies
        assert len(bent.asked) == before, "known answers come from memory"
        wrong = [(p, r) for p, r in laboratory.known() if p[0] >= 5]
        assert wrong
        assert {r.value for _, r in wrong} == {0.0}, "the held-out inputs that failed are known"
        assert look(laboratory), "asking once more is a repeat, and is paid for"
        assert len(bent.asked) == before + len(replies)
        return [CodeCandidate("bent line", BENT)]

    engine(script)
    journal = begin(bent)
    done = Investigation(bent, InductiveScientist(), journal).run()
    assert done.code == BENT
    assert done.outcome == "explained"
    assert [v.explains for v in replay_state(journal.events()).verdicts] == [False, True]


def test_an_engine_that_learned_nothing_does_not_get_another_verdict(engine, bent, begin):
    calls = engine(lambda laboratory, call: look(laboratory) and [CodeCandidate(f"line {call}", LINE)])
    journal = begin(bent)
    Investigation(bent, InductiveScientist(), journal).run()
    assert len(calls) == 2
    assert len(replay_state(journal.events()).verdicts) == 1


def test_the_best_round_counts_not_the_last(engine, bent, begin):
    better = "def explained(x): return 2.0 * x if x < 5 else 1.0 if x < 7 else 0.0"
    worse = "def explained(x): return 0.0 if x >= 5 else 2.0 * x if x < -5 else 3.0"
    codes = [better, worse]
    engine(lambda laboratory, call: look(laboratory) and [CodeCandidate("try", codes[min(call, 2) - 1])])
    journal = begin(bent)
    done = Investigation(bent, InductiveScientist(), journal).run()
    events = list(journal.events())
    record = replay_state(events)
    assert [t.explanation.code for t in record.trials][:2] == codes
    assert record.verdicts[0].agreement > record.verdicts[1].agreement
    assert (done.code, done.round) == (better, 1)
    assert done.score == record.verdicts[0].score
    assert done.reason == record.verdicts[0].reason
    assert "round 1" in events[-1].data["kept"]
    assert record.trial == record.trials[0]
    assert record.hypotheses[record.trials[0].hypothesis].standing == "concluded"


def test_a_reciprocal_is_explained_however_near_its_pole_the_held_out_inputs_lie(store):
    for seed in range(3):
        done = explain(lambda x: 1 / (-7.8 * x), domain=(-128, 128), store=store, seed=seed)
        assert done.outcome == "explained"
        assert predict_all(done.code, [(20.0,)]) == pytest.approx([-1 / 156.0])


def test_failing_where_the_box_fails_is_a_reason_for_another_round(engine, make_box, begin):
    def right_half(x):
        return Failure("raised", "ValueError: too large") if x[0] > 0 else None

    box = make_box(lambda x: 2.0 * x, fails=right_half)
    codes = [LINE, "def explained(x): return 2.0 * x if x <= 0 else float('nan')"]
    engine(lambda laboratory, call: look(laboratory) and [CodeCandidate("line", codes[call - 1])])
    journal = begin(box)
    done = Investigation(box, InductiveScientist(), journal).run()
    assert [v.explains for v in replay_state(journal.events()).verdicts] == [False, True]
    assert (done.outcome, done.round) == ("explained", 2)


def test_an_exact_explanation_ends_the_run(engine, bent, begin):
    calls = engine(lambda laboratory, call: look(laboratory) and [CodeCandidate("bent line", BENT)])
    assert Investigation(bent, InductiveScientist(), begin(bent)).run().outcome == "explained"
    assert len(calls) == 1


def test_no_candidate_is_no_crash(engine, bent, begin):
    engine(lambda laboratory, call: [])
    assert Investigation(bent, InductiveScientist(), begin(bent)).run().outcome == "not_better_than_baseline"


def test_rounds_end_with_the_budget(engine, bent, begin):
    def script(laboratory, call):
        laboratory.ask([(x / 7.0,) for x in range(-60, 30)][:: max(1, 90 // max(1, laboratory.queries_left))], "look")
        return [CodeCandidate(f"step {call}", f"def explained(x): return 2.0 * x if x < {10 - call} else 0.0")]

    engine(script)
    done = Investigation(bent, InductiveScientist(), begin(bent, queries=60)).run()
    assert done.queries <= 60
