"""The record of a run is a pure function of its events."""

from __future__ import annotations

import subprocess
import sys

import pytest

from zetetic.agent import Event, Investigation, Recorder, StoreError, replay_state
from zetetic.tools.black_boxes import BlackBoxError


@pytest.fixture
def journal(begin, make_box, polynomials):
    """A run that was stopped once and then concluded."""
    box = make_box(gone_after=30)
    made = begin(box)
    with pytest.raises(BlackBoxError):
        Investigation(box, polynomials.PolynomialScientist(), made).run()
    Investigation(make_box(), polynomials.PolynomialScientist(), made).resume()
    return made


def test_folding_one_by_one_is_folding_at_once(journal):
    events = list(journal.events())
    recorder = Recorder(journal.run_id)
    for count, event in enumerate(events, start=1):
        recorder.feed(event)
        if count % 10 == 0 or count == len(events):
            assert recorder.record() == replay_state(events[:count], run_id=journal.run_id)
    assert recorder.record() == journal.record()


def test_the_record_tells_the_run(journal):
    record = journal.record()
    assert record.brief == journal.brief
    assert list(record.observations) == journal.observations()
    assert [o.number for o in record.observations] == list(range(1, len(record.observations) + 1))
    assert [s.number for s in record.steps] == list(range(1, len(record.steps) + 1))
    assert all(a.seconds <= b.seconds and a.queries <= b.queries for a, b in zip(record.steps, record.steps[1:]))
    assert record.resumes == 1
    assert record.status == "concluded"
    assert record.spend.seconds == record.explanation.seconds
    for h in record.hypotheses.values():
        assert h.parent is None or h.parent in record.hypotheses
        assert h.refuted_by is None or h.refuted_by <= len(record.observations)
    assert {"refuted", "concluded"} <= {h.standing for h in record.hypotheses.values()}


def test_a_stopped_run_says_why_until_it_goes_on(journal):
    events = list(journal.events())
    stopped = next(k for k, e in enumerate(events) if e.kind == "stopped")
    before = replay_state(events[: stopped + 1])
    assert (before.status, before.explanation) == ("stopped", None)
    assert "gone" in before.stopped
    assert replay_state(events[: stopped + 2]).status == "unfinished"


def test_damaged_events_are_named(journal):
    first, second, *_ = journal.events()
    with pytest.raises(StoreError, match="event 2"):
        replay_state([first, Event(2, 0.0, "observation", {"observation": {"number": "x"}})])
    with pytest.raises(StoreError, match="damaged"):
        replay_state([second])
    with pytest.raises(StoreError, match="no events"):
        replay_state([])


def test_importing_the_agent_is_cheap():
    code = (
        "import sys, zetetic.agent; "
        "print([m for m in ('torch', 'transformers', 'langchain', 'scipy', 'sympy', 'plotly', 'sklearn', 'pydantic') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("kind", ["note", "resumed", "stopped"])
def test_what_has_concluded_stays_concluded(journal, kind):
    before = journal.record()
    more = {
        "note": {"text": "a question", "tokens": 7},
        "resumed": {"budget": journal.brief.budget},
        "stopped": {"cause": "interrupted", "reason": "Left"},
    }
    journal.append(kind, more[kind])
    after = journal.record()
    assert (after.status, after.stopped) == ("concluded", "")
    assert after.explanation == before.explanation
    assert after.spend.tokens == before.spend.tokens + (7 if kind == "note" else 0)
