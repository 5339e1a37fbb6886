"""Killing a run at any moment loses nothing that was answered, and resuming asks nothing twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from zetetic.agent import Investigation, RunBusyError, ScriptedScientist, Store
from zetetic.tools.black_boxes import BlackBoxError

HERE = Path(__file__).parent
KILLS = 24


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
@pytest.mark.parametrize(
    ("kind", "seed", "kills"),
    [
        ("numbers", 1, KILLS),
        ("numbers", 2026, KILLS),
        ("texts", 5, 2),
        pytest.param("texts", 6, 8, marks=pytest.mark.slow),
    ],
)
def test_runs_killed_at_random_moments_end_as_if_left_in_peace(tmp_path, kind, seed, kills):
    command = [sys.executable, str(HERE / "kill_loop.py"), str(tmp_path), str(seed), str(kills), kind]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    runs = json.loads(done.stdout)
    assert sum(r["kills"] for r in runs) >= kills
    for run in runs:
        assert run["same"], run
        assert run["committed_asked_again"] == 0, run
        assert run["observations"] == run["asked_in_peace"]
        assert run["asked"] <= run["observations"] + run["kills"], "more than one answer in flight was lost to a kill"
    moments = {c for r in runs for c in r["committed_at_kills"]}
    assert len(moments) > kills // 3, "the kills were to fall all over the run"


HOLD = """
import sys, time
from zetetic.agent import Store
with Store.open(sys.argv[1]) as store, store.journal(sys.argv[2]).driving():
    print("driving", flush=True)
    time.sleep(60)
"""


def test_a_run_that_a_live_process_drives_is_refused_until_it_dies(store, begin, make_box, polynomials):
    box = make_box()
    journal = begin(box)
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(store.path), journal.run_id], stdout=subprocess.PIPE, text=True
    )
    try:
        assert other.stdout.readline() == "driving\n"
        investigation = Investigation(box, polynomials.PolynomialScientist(), journal)
        with pytest.raises(RunBusyError, match="already being driven"):
            investigation.resume()
        with pytest.raises(RunBusyError):
            store.delete(journal.run_id)
        assert store.runs()[0].status == "running"
        assert box.asked == []
    finally:
        other.kill()
        other.wait()
        other.stdout.close()
    assert store.runs()[0].status == "interrupted"
    assert investigation.resume().outcome == "explained"


def test_a_box_that_goes_away_leaves_a_run_that_another_box_of_the_spec_finishes(begin, make_box, polynomials):
    box = make_box(gone_after=37)
    journal = begin(box)
    with pytest.raises(BlackBoxError, match="gone"):
        Investigation(box, polynomials.PolynomialScientist(), journal).run()
    *_, last = journal.events()
    assert (last.kind, last.data["cause"]) == ("stopped", "black_box")
    assert len(journal.observations()) == 37

    second = make_box()
    resumed = Investigation(second, polynomials.PolynomialScientist(), journal).resume()
    assert not set(second.asked) & {o.input for o in journal.observations()[:37]} - {(0.0,)}
    assert len(second.asked) + 37 == resumed.queries

    peace = begin(make_box())
    straight = Investigation(make_box(), polynomials.PolynomialScientist(), peace).run()
    assert (resumed.code, resumed.score, resumed.queries) == (straight.code, straight.score, straight.queries)
    kinds = [e.kind for e in journal.events() if e.kind not in ("stopped", "resumed")]
    assert kinds == [e.kind for e in peace.events()], "a replay records no step twice"


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, SystemExit])
def test_a_scientist_that_raises_keeps_the_journal(begin, make_box, error, polynomials):
    box = make_box()
    journal = begin(box)

    def script(inquiry, seed):
        inquiry.ask([(1.0,), (2.0,)], "to begin")
        raise error("enough")

    with pytest.raises(error):
        Investigation(box, ScriptedScientist(script), journal).run()
    *_, last = journal.events()
    assert last.kind == "stopped"
    assert last.data["cause"] == ("error" if error is RuntimeError else "interrupted")
    assert "enough" in last.data["reason"]
    assert len(journal.observations()) == 2
    assert not journal.is_driven
    assert Investigation(make_box(), polynomials.PolynomialScientist(), journal).resume().outcome == "explained"


def test_a_scientist_cannot_swallow_the_loss_of_its_box(begin, make_box):
    def script(inquiry, seed):
        for _ in range(3):
            try:
                inquiry.ask([(1.0,), (2.0,)], "to begin")
            except BlackBoxError:
                continue

    box = make_box(gone_after=1)
    with pytest.raises(BlackBoxError):
        Investigation(box, ScriptedScientist(script), begin(box)).run()
    assert len(box.asked) == 1


def test_a_concluded_run_is_not_touched_by_resuming_it(begin, make_box, polynomials):
    box = make_box()
    journal = begin(box)
    first = Investigation(box, polynomials.PolynomialScientist(), journal).run()
    before = list(journal.events())
    asked = len(box.asked)
    assert Investigation(box, polynomials.PolynomialScientist(), journal).resume() == first
    assert (list(journal.events()), len(box.asked)) == (before, asked)
    with pytest.raises(ValueError, match="resume it"):
        Investigation(box, polynomials.PolynomialScientist(), journal).run()


def test_a_larger_budget_on_resuming_asks_only_what_is_new(begin, make_box, polynomials):
    from zetetic.agent import Budget

    box = make_box(gone_after=60)
    journal = begin(box, queries=100)
    with pytest.raises(BlackBoxError):
        Investigation(box, polynomials.PolynomialScientist(), journal).run()
    more = make_box()
    done = Investigation(more, polynomials.PolynomialScientist(), journal, Budget(queries=300, seconds=30)).resume()
    assert done.queries == 60 + len(more.asked) <= 300


def test_spent_seconds_survive_a_restart_and_a_replay_costs_none(begin, make_box):
    def script(stop):
        def follow(inquiry, seed):
            seen.append(inquiry.seconds_left)
            for k in range(6):
                inquiry.ask([(float(k),)], "slowly")
                seen.append(inquiry.seconds_left)
            if stop:
                raise KeyboardInterrupt

        return follow

    seen = []
    slow = make_box(seconds_per_answer=0.05)
    journal = begin(slow, seconds=20.0)
    with pytest.raises(KeyboardInterrupt):
        Investigation(slow, ScriptedScientist(script(True)), journal).run()
    first, seen[:] = list(seen), []
    fast = make_box()
    done = Investigation(fast, ScriptedScientist(script(False)), journal).resume()
    assert fast.asked == []
    assert seen == pytest.approx(first, abs=0.04), "a replay shows the clock that the first time showed"
    assert done.seconds >= 0.3
    assert done.outcome == "not_better_than_baseline"


def test_an_asking_cut_short_by_time_is_cut_short_again_in_a_replay(begin, make_box):
    lengths = []

    def script(inquiry, seed):
        lengths.append(len(inquiry.ask([(k / 10.0,) for k in range(100)], "far too many")))
        if len(lengths) == 1:
            raise KeyboardInterrupt

    box = make_box(seconds_per_answer=0.03)
    journal = begin(box, seconds=0.4)
    with pytest.raises(KeyboardInterrupt):
        Investigation(box, ScriptedScientist(script), journal).run()
    assert 1 < lengths[0] < 20
    Investigation(make_box(), ScriptedScientist(script), journal).resume()
    assert lengths[0] == lengths[1]


def test_two_runs_in_one_store_go_on_side_by_side(store, begin, make_box, polynomials):
    first, second = begin(make_box(), seed=1), begin(make_box(), seed=2)
    with Store.open(store.path) as other, other.journal(first.run_id).driving():
        done = Investigation(make_box(), polynomials.PolynomialScientist(), second).run()
        other.journal(first.run_id).append("note", {"text": "meanwhile"})
    assert done.outcome == "explained"
