"""What a scientist may do: ask within the budget, propose, conclude; and what it never sees."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from zetetic.agent import BudgetError, CodeCandidate, JournaledInquiry, replay_state
from zetetic.agent.standings import refuting_observation
from zetetic.tools.black_boxes import DomainError, Failure, Interval, NumericDomain, Reply
from zetetic.tools.induction import Noise
from zetetic.tools.induction.types import Laboratory, RememberingLaboratory

RIGHT = CodeCandidate("cubic", "def explained(x): return x**3 - 2*x", bits=5.0)
WRONG = CodeCandidate("line", "def explained(x): return 2*x", bits=50.0)


@pytest.fixture
def inquire(begin, make_box):
    """An inquiry, with its box and journal beside it."""

    def make(box=None, seed=0, **limits):
        box = box or make_box()
        journal = begin(box, seed=seed, **limits)
        brief = journal.brief
        inquiry = JournaledInquiry(box, journal, budget=brief.budget, seed=seed, domain=brief.domain)
        return inquiry, box, journal

    return make


def grid(n, low=-10.0, high=10.0):
    return [(float(x),) for x in np.linspace(low, high, n)]


def test_it_is_a_laboratory(inquire):
    inquiry, *_ = inquire()
    assert isinstance(inquiry, RememberingLaboratory)
    laboratory: Laboratory = inquiry
    assert laboratory.queries_left == 150 - 23


@pytest.mark.parametrize("queries", [1, 2, 3, 7, 24, 100, 400])
def test_the_budget_is_kept_exactly(inquire, queries):
    inquiry, box, journal = inquire(queries=queries)
    left = inquiry.queries_left
    replies = inquiry.ask(grid(500), "too many")
    assert len(replies) == left == len(box.asked)
    assert inquiry.queries_left == 0
    assert inquiry.ask(grid(3), "more") == []
    verdict = inquiry.conclude(RIGHT)
    assert verdict.score.held_out == queries - left
    assert len(box.asked) == queries == len(journal.observations())
    assert inquiry.queries_left == 0


def test_replies_come_in_order_and_repeats_are_asked_again(inquire):
    inquiry, box, journal = inquire()
    replies = inquiry.ask([(2.0,), (1.0,), (2.0,)], "repeats")
    assert [r.value for r in replies] == [4.0, -1.0, 4.0]
    inquiry.ask([(2.0,)], "once more")
    assert [o.repeat for o in journal.observations()] == [0, 0, 1, 2]
    assert [o.number for o in journal.observations()] == [1, 2, 3, 4]
    assert len(box.asked) == 4


def test_each_reply_is_committed_before_the_next_is_waited_for(begin, make_box):
    seen = []

    def function(x):
        seen.append(len(journal.observations()))
        return x

    box = make_box(function)
    journal = begin(box)
    seen.clear()  # a box may try its function out
    inquiry = JournaledInquiry(box, journal, budget=journal.brief.budget, seed=0, domain=journal.brief.domain)
    inquiry.ask(grid(5), "one by one")
    assert seen == [0, 1, 2, 3, 4]


def test_time_that_runs_out_cuts_the_answers_short(inquire, make_box):
    inquiry, box, _ = inquire(make_box(seconds_per_answer=0.02), seconds=0.3)
    replies = inquiry.ask(grid(100), "slow")
    assert 1 <= len(replies) <= 15
    assert len(box.asked) == len(replies)
    assert inquiry.seconds_left == 0.0
    verdict = inquiry.conclude(RIGHT)
    assert verdict.score.held_out >= 1, "time for verification was set aside"
    assert inquiry.spend().seconds < 0.6


def test_held_out_inputs_are_fresh_in_every_round_and_hidden(inquire):
    inquiry, _, journal = inquire()
    inquiry.ask(grid(50), "look")
    inquiry.conclude(RIGHT)
    assert {o.purpose for o in inquiry.observations()} == {"query"}
    first = {o.input for o in journal.observations() if o.purpose == "held_out"}
    inquiry.ask(grid(10, 0.03, 0.9), "look again")
    assert inquiry.conclude(RIGHT).round == 2
    held_out = [o.input for o in journal.observations() if o.purpose == "held_out"]
    queried = {o.input for o in journal.observations() if o.purpose == "query"}
    assert len(held_out) == len(set(held_out)) > len(first)
    assert not set(held_out) & queried
    assert len(list(inquiry.observations())) == 60


def test_what_was_got_wrong_is_shown_and_nothing_else(inquire):
    inquiry, _, journal = inquire()
    inquiry.ask(grid(50), "look")
    verdict = inquiry.conclude(WRONG)
    assert verdict.failed > 0
    shown = {o.number for o in inquiry.observations() if o.purpose == "held_out"}
    assert shown == {f.observation.number for f in verdict.failing}
    assert len(inquiry.known()) == 50 + len(shown)
    assert journal.observations()[0].purpose == "query"


def test_the_rounds_are_limited(inquire):
    inquiry, *_ = inquire(rounds=1)
    inquiry.ask(grid(20), "look")
    inquiry.conclude(WRONG)
    assert inquiry.rounds_left == 0
    assert inquiry.queries_left == 0
    with pytest.raises(BudgetError, match="at most 1 times"):
        inquiry.conclude(RIGHT)


def test_every_input_of_a_small_domain_may_be_asked_and_it_is_said(inquire, make_box):
    box = make_box(lambda x: x * x, NumericDomain((Interval(0, 9, integer=True),)))
    inquiry, _, journal = inquire(box)
    inquiry.ask([(float(k),) for k in range(10)], "all")
    verdict = inquiry.conclude(CodeCandidate("square", "def explained(x): return x * x"))
    assert verdict.explains
    assert verdict.score.held_out == inquiry.budget.set_aside
    assert "repeats" in journal.observations()[-1].why


@pytest.mark.parametrize("point", [(11.0,), (-10.1,), (math.nan,), (math.inf,), (1.0, 2.0), ()])
def test_asking_outside_the_domain_is_an_error_that_says_so(inquire, point):
    inquiry, box, _ = inquire()
    with pytest.raises(DomainError, match=r"outside the domain|finite numbers"):
        inquiry.ask([point], "outside")
    assert box.asked == []


def test_rounding_at_the_ends_is_forgiven_and_halves_of_whole_numbers_are_not(inquire, make_box):
    inquiry, box, _ = inquire()
    inquiry.ask([(math.nextafter(10.0, 11.0),)], "an end")
    assert box.asked == [(10.0,)]
    whole, *_ = inquire(make_box(lambda x: x, NumericDomain((Interval(0, 1000, integer=True),))))
    with pytest.raises(DomainError, match="whole numbers"):
        whole.ask([(2.5,)], "between")


def test_a_guessed_domain_may_be_left(inquire, make_box):
    inquiry, box, _ = inquire(make_box(lambda x: x, NumericDomain((Interval(-100, 100),), stated=False)))
    assert len(inquiry.ask([(5000.0,)], "far out")) == 1
    assert box.asked == [(5000.0,)]


def test_numpy_points_are_as_good_as_any(inquire):
    inquiry, _, journal = inquire()
    inquiry.ask(np.array([[1.0], [2.0]]), "arrays")
    assert [o.input for o in journal.observations()] == [(1.0,), (2.0,)]
    assert all(type(o.input[0]) is float for o in journal.observations())


def test_hypotheses_rise_are_revised_and_fall_by_the_observation_that_refutes_them(inquire):
    inquiry, _, journal = inquire()
    inquiry.ask([(0.0,), (1.0,), (-1.0,)], "look")
    line = CodeCandidate("line", "def explained(x): return -x", bits=9.0)
    slope = CodeCandidate("line", "def explained(x): return -1.5*x", bits=8.0)
    inquiry.propose([line, RIGHT], "first")
    inquiry.propose([slope, line, RIGHT], "second")
    inquiry.ask([(0.0,), (3.0,), (4.0,)], "what splits them")
    inquiry.propose([RIGHT], "third")
    record = replay_state(journal.events())
    first, second, third = record.steps
    assert [h.name for h in first.ranked] == ["line", "cubic"]
    assert [h.parent for h in second.ranked] == [None, None, None]
    assert dict(third.dropped) == {first.ranked[0].id: 5, second.ranked[0].id: 5}
    assert record.hypotheses[first.ranked[0].id].standing == "refuted"
    assert record.hypotheses[first.ranked[1].id].standing == "live"

    sharper = CodeCandidate("cubic", "def explained(x): return x**3 - 2.0*x", bits=4.0)
    inquiry.propose([sharper], "fourth")
    record = replay_state(journal.events())
    assert record.best.parent == third.ranked[0].id
    assert record.hypotheses[third.ranked[0].id].standing == "revised"


def test_noise_protects_a_hypothesis_from_small_misses(inquire):
    inquiry, *_ = inquire()
    inquiry.ask([(1.0,), (2.0,), (3.0,)], "replies -1, 4, 21")
    asked = list(inquiry.observations())
    near = CodeCandidate(
        "near", "def explained(x): return x**3 - 2*x + (0.1 if x < 2.5 else 9)", noise=Noise("normal", 0.1)
    )
    assert refuting_observation(near, asked, since=0) == 3
    assert refuting_observation(near, asked[:2], since=0) == 1, "the worst fitted one, where none refutes"
    assert refuting_observation(RIGHT, asked, since=0) is None, "nothing speaks against what fits exactly"
    assert refuting_observation(near, asked, since=3) == 3, "an old one refutes where no new one does"
    assert refuting_observation(near, [], since=0) is None
    crash = CodeCandidate("crash", "no python")
    assert refuting_observation(crash, asked, since=0) == 1


def test_a_failure_refutes_what_gives_a_value_there_and_only_that(inquire, make_box):
    def negative(x):
        return Failure("raised", "ValueError: negative") if x[0] < 0 else None

    inquiry, *_ = inquire(make_box(lambda x: x, fails=negative))
    inquiry.ask([(1.0,), (-1.0,), (-2.0,)], "look")
    asked = list(inquiry.observations())
    assert refuting_observation(CodeCandidate("line", "def explained(x): return x"), asked, since=0) == 2
    half = CodeCandidate("half", "def explained(x): return x if x >= 0 else float('nan')")
    assert refuting_observation(half, asked, since=0) is None
    timed_out = [replace(o, reply=Reply(None, Failure("timed_out", "1 s"))) if o.number == 2 else o for o in asked[:2]]
    assert refuting_observation(CodeCandidate("line", "def explained(x): return x"), timed_out, since=0) is None


def test_steps_stay_small_however_many_candidates_there_are(inquire):
    inquiry, _, journal = inquire()
    inquiry.ask(grid(5), "look")
    many = [CodeCandidate(f"form {k}", f"def explained(x): return {k}", bits=float(k)) for k in range(300)]
    inquiry.propose(many, "many")
    inquiry.propose([*many[1:9], many[0], *many[9:]], "the first fell to ninth")
    first, second = replay_state(journal.events()).steps
    assert (len(first.ranked), first.live) == (8, 300)
    assert second.dropped == (), "what is still ranked is not refuted"


def test_a_box_without_one_usable_answer_is_given_up(inquire, make_box):
    def hang(x):
        return Failure("timed_out", "no answer within 1 s")

    inquiry, box, _ = inquire(make_box(fails=hang))
    inquiry.ask(grid(8), "look")
    assert inquiry.is_hopeless
    assert inquiry.queries_left == 0
    assert inquiry.ask(grid(8), "look") == []
    assert len(box.asked) == 8


def test_failures_here_and_there_are_normal(inquire, make_box):
    def left_half(x):
        return Failure("raised", "ValueError: negative") if x[0] < 0 else None

    inquiry, *_ = inquire(make_box(fails=left_half))
    replies = inquiry.ask(grid(40), "look")
    assert len(replies) == 40
    assert not inquiry.is_hopeless


def test_what_a_language_model_costs_is_counted_and_limited(inquire):
    inquiry, _, journal = inquire(tokens=1000, money=1.0)
    inquiry.charge(tokens=600, money=0.2, what="a hypothesis")
    with pytest.raises(BudgetError, match="1200 tokens are spent of 1000"):
        inquiry.charge(tokens=600, money=0.2, what="another")
    assert replay_state(journal.events()).spend.tokens == 1200
    again = JournaledInquiry(inquiry._box, journal, budget=journal.brief.budget, seed=0, domain=journal.brief.domain)
    assert (again.spend().tokens, again.spend().money) == (1200, 0.4)
