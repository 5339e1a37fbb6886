from __future__ import annotations

import random
from typing import Any

import httpx
import pytest

from zetetic.agent import Budget, Explanation, Journal
from zetetic.agent.llm.discipline import Rules
from zetetic.models.chat import Call, Fail, Say, ScriptedChatModel
from zetetic.tools.chat import ChatError

from .desk import CONCLUDE, LOOK, WRITE, Desk, notes

WRONG = Call("record_hypothesis", {"description": "3|x| + 1", "code": "def explained(x): return 3 * abs(x) + 1"})
SCRIPT: list[Any] = [
    LOOK,
    [WRONG, Call("run_python", {"code": "print(max(outputs))"})],
    Call("test_hypothesis", {"id": "h1", "inputs": [11, 13, 19, 21], "why": "near #7"}),
    Call("revise_hypothesis", {"id": "h1", "because": "#7", **WRITE.arguments}),
    [Call("query", {"inputs": [12.5, 12.5], "why": "noise?"}), Call("recall", {"first": 1, "last": 3})],
    Call("conclude", {"id": "h2"}),
    "It is 3|x| + 1, but 40 from 12 to 19.5.",
]


class Killed(BaseException):
    """Stands for a process that dies between two events."""


def drive(desk: Desk, journal: Journal, model: ScriptedChatModel, die_after: int | None) -> Explanation | None:
    """One sitting, cut short after so many events; None if it was."""
    count = 0

    def hear(event: Any) -> None:
        nonlocal count
        count += 1
        if die_after is not None and count > die_after:
            raise Killed

    forget = journal.subscribe(hear)
    try:
        work = desk.investigation(journal, model)
        begun = any(e.kind != "started" for e in journal.events())
        return work.resume() if begun else work.run()
    except Killed:
        return None
    finally:
        forget()


def accounts(journal: Journal) -> dict[str, Any]:
    """What must not depend on when the process died."""
    observations = [(o.purpose, o.input, o.repeat, o.why) for o in journal.observations()]
    calls = [a["id"] for a in notes(journal, "answered")]
    return {"observations": observations, "answered": calls, "tokens": journal.record().spend.tokens}


def test_dying_after_any_event_changes_nothing(desk: Desk) -> None:
    whole = desk.begin()
    expected = drive(desk, whole, desk.model(SCRIPT), None)
    assert expected is not None
    assert expected.outcome == "explained"
    total = sum(1 for _ in whole.events())
    for die_after in range(0, total - 1, 3):
        journal = desk.begin()
        first, second = desk.model(SCRIPT), desk.model(SCRIPT)
        assert drive(desk, journal, first, die_after) is None
        explanation = drive(desk, journal, second, None)
        assert explanation is not None
        assert explanation.description == expected.description
        assert accounts(journal) == accounts(whole), f"died after {die_after} events"
        assert len(first.seen) + len(second.seen) == len(SCRIPT), f"died after {die_after} events"


def random_reply(rng: random.Random, turn: int) -> Any:
    """What a bad model may do."""
    faults: list[Any] = [
        Fail(httpx.ReadTimeout("late"), times=rng.randint(1, 3), then=LOOK),
        Fail(ConnectionError("dropped stream"), times=1, then=LOOK),
        Fail(PermissionError("401"), times=1, then=LOOK),
        Say("", (Call("query", raw='{"inputs": [1'),)),
        "",
        "I am sure already.",
        Call("oracle", {"x": 1}),
        Call("conclude", {"id": "h7"}),
        Call("query", {"inputs": [1e9], "why": "far"}),
        Call("query", {"inputs": [round(rng.uniform(-50, 50), 2) for _ in range(5)], "why": "more"}),
        Call("run_python", {"code": "raise SystemExit(3)"}),
        Call("run_python", {"code": "print(outputs[0] / 0)"}),
    ]
    good = SCRIPT[min(turn, len(SCRIPT) - 1)]
    return rng.choice(faults) if rng.random() < 0.4 else good


def chaos(desk: Desk, seed: int) -> None:
    """One investigation with random faults and deaths: it ends, loses nothing, and pays nothing twice."""
    rng = random.Random(seed)
    desk.rules = Rules(turns=24)
    desk.budget = Budget(queries=rng.choice([60, 200]), seconds=300.0, tokens=rng.choice([None, 6000, 20000]))
    journal = desk.begin()
    script = [random_reply(rng, turn) for turn in range(24)] + SCRIPT[1:]
    calls = 0
    seen: list[Any] = []
    for sitting in range(12):
        model = desk.model(script)
        die_after = rng.randint(0, 25) if sitting < 8 and rng.random() < 0.7 else None
        try:
            explanation = drive(desk, journal, model, die_after)
        except ChatError:
            explanation = None
        calls += len(model.seen)
        now = [(o.purpose, o.input, o.repeat) for o in journal.observations()]
        assert now[: len(seen)] == seen, "an answered query was lost"
        assert len(set(now)) == len(now), "an answered query was paid for again"
        seen = now
        if explanation is not None:
            break
    else:
        pytest.fail("it did not end")
    assert explanation.outcome in ("explained", "not_better_than_baseline", "out_of_budget", "failed")
    assert len(seen) <= desk.budget.queries
    paid = [e.data["tokens"] for e in journal.events() if e.data.get("what") == "model"]
    if desk.budget.tokens is not None and len(paid) > 1:
        assert sum(paid[:-1]) <= desk.budget.tokens, "more than one call beyond the budget"
    assert len(notes(journal, "key")) == len(set(notes(journal, "key"))), "a kept reply was asked for again"


@pytest.mark.parametrize("seed", range(12))
def test_faults_and_deaths(desk: Desk, seed: int) -> None:
    chaos(desk, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 300))
def test_two_hundred_investigations_with_faults_and_deaths(desk: Desk, seed: int) -> None:
    chaos(desk, seed)


def test_conclude_is_not_lived_twice(desk: Desk) -> None:
    """A verification that was cut short goes on with the same held-out inputs."""
    journal = desk.begin()
    script = [LOOK, WRITE, CONCLUDE, "done"]
    model = desk.model(script)
    events = 0
    while drive(desk, journal, model, 3) is None:
        model = desk.model(script)
        events += 1
        assert events < 60
    held_out = [o for o in journal.observations() if o.purpose == "held_out"]
    assert len({o.input for o in held_out}) == len(held_out) == 30
    assert len(journal.record().trials) == 1
