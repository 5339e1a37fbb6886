"""The inductive scientist goes round again with what it got wrong, and only when that can help."""

from __future__ import annotations

import pytest

from zetetic.agent import CodeCandidate, InductiveScientist, Investigation, replay_state
from zetetic.agent import inductive as module

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


def test_an_exact_explanation_ends_the_run(engine, bent, begin):
    calls = engine(lambda laboratory, call: look(laboratory) and [CodeCandidate("bent line", BENT)])
    assert Investigation(bent, InductiveScientist(), begin(bent)).run().outcome == "explained"
    assert len(calls) == 1


def test_no_candidate_is_no_crash(engine, bent, begin):
    engine(lambda laboratory, call: [])
    assert Investigation(bent, InductiveScientist(), begin(bent)).run().outcome == "failed"


def test_rounds_end_with_the_budget(engine, bent, begin):
    def script(laboratory, call):
        laboratory.ask([(x / 7.0,) for x in range(-60, 30)][:: max(1, 90 // max(1, laboratory.queries_left))], "look")
        return [CodeCandidate(f"step {call}", f"def explained(x): return 2.0 * x if x < {10 - call} else 0.0")]

    engine(script)
    done = Investigation(bent, InductiveScientist(), begin(bent, queries=60)).run()
    assert done.queries <= 60
