"""What kept a box's code from doing harm is part of the run; what its code says of its inputs is believed."""

from __future__ import annotations

import numpy as np
import pytest

from zetetic.agent import Brief, Investigation, ScriptedScientist, StoreError, explain, imply_whole, replay_state
from zetetic.sandboxes import Standing
from zetetic.tools.black_boxes import FunctionBox, Interval, NumericDomain, Signature

WALLED = Standing("local", "isolated", ("namespaces", "seccomp"), ("a note",))
CONFINED = Standing("local", "confined", ("landlock", "seccomp"))
TEN = NumericDomain((Interval(-10.0, 10.0),))


class WalledBox(FunctionBox):
    """A box that says it is in a sandbox."""

    standing = WALLED


def look(inquiry, seed):
    inquiry.ask(inquiry.domain.sample(np.random.default_rng(seed), 6), "look")


def line(x):
    return 2.0 * x


def test_the_standing_is_recorded_in_every_sitting_and_told_once(begin):
    box = WalledBox(line, TEN)
    journal = begin(box)
    Investigation(box, ScriptedScientist(look), journal).run()
    assert journal.record().sandboxes == (WALLED,)
    elsewhere = WalledBox(line, TEN)
    elsewhere.standing = CONFINED
    stopped = begin(box)
    for sitting in (box, elsewhere, box):
        with pytest.raises(ZeroDivisionError):
            Investigation(sitting, ScriptedScientist(lambda inquiry, seed: 1 / 0), stopped).resume()
    assert stopped.record().sandboxes == (WALLED, CONFINED)
    assert sum("sandbox" in event.data for event in stopped.events()) == 3


def test_a_box_with_its_users_rights_records_nothing(begin):
    box = FunctionBox(line, TEN)
    journal = begin(box)
    Investigation(box, ScriptedScientist(look), journal).run()
    assert journal.record().sandboxes == ()
    assert all(event.kind != "note" for event in journal.events())


def test_the_record_costs_a_resumed_run_no_time_and_no_query(begin, make_box):
    box = WalledBox(line, TEN)
    journal = begin(box)

    def once(inquiry, seed):
        look(inquiry, seed)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Investigation(box, ScriptedScientist(once), journal).run()
    before = journal.record().spend
    Investigation(box, ScriptedScientist(look), journal).resume()
    after = journal.record().spend
    assert after.queries == before.queries == 6
    assert before.seconds <= after.seconds < before.seconds + 5.0


def test_a_damaged_standing_is_a_damaged_store(begin):
    journal = begin(FunctionBox(line, TEN))
    journal.append("note", {"sandbox": {"backend": "local", "level": "perfect"}})
    with pytest.raises(StoreError, match="damaged"):
        replay_state(journal.events())


def test_whole_numbers_are_implied_only_where_nobody_said_otherwise():
    signature = Signature(("n", "x", "k"), None, whole=("n", "k"))
    three = NumericDomain((Interval(0, 10), Interval(0, 10), Interval(0.2, 0.9)))
    kinds = [i.integer for i in imply_whole(three, signature, [True, True, True]).inputs]
    assert kinds == [True, False, False]  # the last holds no two whole numbers
    assert imply_whole(three, signature, [False, True, True]) == three
    assert imply_whole(three, Signature((), None), [True] * 3) == three
    assert imply_whole(three, signature, []) == three


def test_a_brief_without_a_domain_takes_the_functions_word():
    def steps(n: int, x: float) -> float:
        return n * x

    brief = Brief.of(FunctionBox(steps))
    assert [i.integer for i in brief.domain.inputs] == [True, False]
    assert not brief.domain.stated


def test_explain_asks_an_int_for_whole_numbers_unless_given_an_interval(store):
    asked = []

    def steps(n: int):
        asked.append(n)
        return 3 * n + 1

    explain(steps, domain=(0, 40), queries=60, store=store)
    assert asked
    assert all(type(n) is int for n in asked)
    asked.clear()
    explain(steps, domain=[Interval(0, 40)], queries=60, store=store)
    assert any(type(n) is float for n in asked)
