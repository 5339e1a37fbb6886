"""A chat without a language model: the inductive scientist investigates, the commands work, everything is kept."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from zetetic.agent import Budget
from zetetic.app.chat.desk import Halted

from .room import Room, said, wait_until


def test_a_person_watches_asks_corrects_and_concludes(room: Room) -> None:
    journal = room.begin()
    lines = room.talk(
        journal,
        "/query 15 16",
        '/edit h1 "3*x + 2"',
        "/edit h1 3*abs(x) + 1 except 40 between 12 and 19.5",
        "/conclude",
    )
    record = journal.record()
    assert record.explanation is not None
    assert record.explanation.outcome == "explained"
    mine = [o for o in record.observations if o.why == "a person asked"]
    assert [o.input for o in mine] == [(15.0,), (16.0,)]
    assert f"#{mine[0].number} x=15 -> 40" in said(lines, "answer")
    people = [h for h in record.hypotheses.values() if h.origin == "a person"]
    assert [h.standing for h in people] == ["refuted", "live"]
    assert people[0].refuted_by is not None
    assert f"{people[1].id} is recorded beside h1" in said(lines, "answer")
    assert "right on all" in said(lines, "answer")


def test_a_person_s_hypothesis_is_verified_like_any_other(room: Room) -> None:
    journal = room.begin()
    lines = room.talk(journal, "/pause", '/edit h1 "3*abs(x) + 1"', "/score h1")
    verdicts = journal.record().trials
    wrong = [t for t in verdicts if t.hypothesis == "h1"]
    assert wrong, said(lines)
    assert not wrong[0].verdict.explains
    assert wrong[0].verdict.score.held_out > 0


def test_what_a_person_finds_sends_the_scientist_round_again(room: Room) -> None:
    """A narrow exception that the scientist has missed is found with the person's help."""
    room.function = lambda x: 99.0 if 30.11 <= x <= 30.15 else 2.0 * x + 1.0
    room.budget = Budget(queries=120, seconds=300.0)
    journal = room.begin()
    lines = room.talk(journal, "/query 30.12 30.13", "/resume", "/conclude")
    assert "speaks against" in said(lines, "answer")
    last = journal.record().trials[-1]
    assert any(r.low <= 30.13 <= r.high for r in last.explanation.exceptions), said(lines)


def test_a_step_is_in_the_journal_before_the_box_is_asked(room: Room) -> None:
    seen: list[bool] = []
    journal = room.begin()

    def box(x: float) -> float:
        if x == 7.25:
            seen.append(any("person" in e.data for e in journal.events() if e.kind == "note"))
        return 2.0 * x

    room.function = box
    room.talk(journal, "/query 7.25")
    assert seen == [True]


def test_a_chat_that_was_left_goes_on_and_asks_nothing_twice(room: Room) -> None:
    journal = room.begin()
    room.talk(journal, "/query 15", '/edit h1 "3*x + 2"')
    asked = len(room.asked)
    before = [(o.purpose, o.input, o.repeat) for o in journal.observations()]
    lines = room.talk(journal, "/hypotheses", "/conclude")
    after = [(o.purpose, o.input, o.repeat) for o in journal.observations()]
    assert after[: len(before)] == before
    assert len(set(after)) == len(after)
    assert len(room.asked) == asked, "what was answered was asked again"
    assert "a person: 3*x + 2" in said(lines, "answer")
    assert journal.record().explanation is not None


@pytest.mark.parametrize("die_after", [0, 130, 225, 236, 240])
def test_dying_after_any_event_loses_nothing(room: Room, die_after: int) -> None:
    """Killed at any place, the chat goes on: a person's step is lived once, at the same place."""
    journal = room.begin()
    session, _ = room.sit(journal)
    count = 0

    def die(event: Any) -> None:
        nonlocal count
        count += 1
        if count > die_after and not session.desk.is_leaving:
            session.desk.leave()

    journal.subscribe(die)
    session.start()
    for line in ("/query 15 16", '/edit h1 "3*x + 2"'):
        session.settle(60)
        if session.desk.is_leaving:
            break
        session.take(line)
    session.settle(60)
    session.desk.leave()
    session._thread.join(30)
    before = [(o.purpose, o.input, o.repeat) for o in journal.observations()]
    again, _ = room.sit(journal)
    again.start()
    assert again.settle(60)
    posted = [s.command for s in again.desk.steps.values()]
    for command, line in (("query", "/query 15 16"), ("edit", '/edit h1 "3*x + 2"')):
        if command not in posted:
            again.take(line)
            assert again.settle(60)
    again.take("/conclude")
    assert again.settle(60)
    again.leave()
    after = [(o.purpose, o.input, o.repeat) for o in journal.observations()]
    assert after[: len(before)] == before
    assert len(set(after)) == len(after)
    assert len(room.asked) == len(after)
    record = journal.record()
    assert sum(o.why == "a person asked" for o in record.observations) == 2
    assert [h.origin for h in record.hypotheses.values()].count("a person") == 1
    assert record.explanation is not None
    assert record.explanation.outcome == "explained"


def test_pause_holds_between_steps_and_costs_no_time(room: Room) -> None:
    journal = room.begin()
    session, _ = room.sit(journal)
    session.take("/pause")
    session.start()
    assert session.settle(60)
    asked = len(room.asked)
    assert asked == 0
    time.sleep(0.4)
    assert len(room.asked) == asked
    session.take("/query 3")
    assert session.settle(60)
    assert room.asked == [(3.0,)], "a paused scientist still does what the person asks"
    session.take("/resume")
    assert session.settle(60)
    assert len(room.asked) > 50
    session.take("/conclude")
    assert session.settle(60)
    session.leave()
    notes = [float(e.data["elapsed"]) for e in journal.events() if e.kind == "observation"]
    assert notes[0] < 0.3


def test_ctrl_c_stops_a_step_and_the_run_goes_on_from_there(room: Room) -> None:
    def slow(x: float) -> float:
        time.sleep(0.01)
        return 3.0 * x

    room.function = slow
    room.budget = Budget(queries=60, seconds=300.0)
    journal = room.begin()
    session, lines = room.sit(journal)
    session.start()
    wait_until(lambda: len(room.asked) > 5)
    session.stop()
    assert session.settle(30)
    stopped_at = len(room.asked)
    assert stopped_at < 60
    time.sleep(0.2)
    assert len(room.asked) == stopped_at
    session.take("/query 4.5")
    assert session.settle(30)
    assert len(room.asked) == stopped_at + 1
    session.take("/resume")
    assert session.settle(60)
    session.take("/conclude")
    assert session.settle(60)
    session.leave()
    observations = [(o.purpose, o.input, o.repeat) for o in journal.observations()]
    assert len(set(observations)) == len(observations) == len(room.asked)
    assert journal.record().explanation is not None
    assert "stopping the current step" in said(lines)


def test_undo_withdraws_a_correction_and_not_what_was_answered(room: Room) -> None:
    journal = room.begin()
    lines = room.talk(
        journal, '/edit h1 "3*abs(x) + 1 except 40 between 12 and 19.5"', "/undo", "/undo", "/query 3", "/undo"
    )
    record = journal.record()
    [mine] = [h for h in record.hypotheses.values() if h.origin == "a person"]
    assert mine.standing != "live"
    assert f"{mine.id} is withdrawn" in said(lines, "answer")
    assert "there is none" in said(lines, "error")
    assert "stays answered" in said(lines, "answer")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("/hypotheze", "did you mean /hypotheses"),
        ("/zzz", "/help lists"),
        ("/query", "expected inputs"),
        ("/query 1 two", "expected numbers"),
        ("/query 99", "outside the domain"),
        ("/query 1,2 nan", "finite numbers"),
        ("/edit h77 x", "got h77"),
        ("/edit foo x", "such as h2"),
        ("/edit h1", "give both"),
        ("/why h99", "got h99"),
        ("/why #100000", "got #100000"),
        ("/why nonsense", "such as h2"),
        ("/score h99", "got h99"),
        ("/conclude h99", "got h99"),
        ("/save", "such as /save"),
        ("/save /proc/nothing/here.md", "folder you may write to"),
        ("/undo", "there is none"),
    ],
)
def test_wrong_input_is_told_with_a_remedy_and_the_chat_goes_on(
    rested: tuple[Any, list[Any]], line: str, says: str
) -> None:
    session, lines = rested
    del lines[:]
    assert session.take(line)
    assert says in said(lines, "error"), said(lines)


@pytest.fixture(scope="module")
def rested(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A session whose scientist has nothing more to do."""
    from zetetic.agent import Store

    with Store.open(tmp_path_factory.mktemp("chat") / "store.sqlite") as store:
        room = Room(store, lambda: None)
        session, lines = room.sit(room.begin())
        session.start()
        assert session.settle(60)
        yield session, lines
        session.leave()


def test_code_in_a_correction_is_not_run(rested: tuple[Any, list[Any]], tmp_path: Path) -> None:
    session, lines = rested
    for text in ("__import__('os').system('x')", "open('f')", "x.__class__", "[x for x in (1,)]", "lambda: 1", "'a'*9"):
        del lines[:]
        session.take(f"/edit h1 {text}")
        assert session.settle(30)
        assert "expected" in said(lines, "error"), text


def test_words_without_a_model_get_a_short_answer(rested: tuple[Any, list[Any]]) -> None:
    session, lines = rested
    del lines[:]
    session.take("what does it do?")
    assert "no chat model" in said(lines, "answer")
    assert "/query" in said(lines, "answer")


def test_why_cites_observations(rested: tuple[Any, list[Any]]) -> None:
    session, lines = rested
    del lines[:]
    session.take("/why")
    told = said(lines, "answer")
    assert re.search(r"for it: right on \d+ observations, such as #\d+", told)
    assert "against it: no observation" in told
    assert re.search(r"#\d+ x=\S+ -> 40, on which .*h\d+", told)
    wrong = next(id for id, h in session.record.hypotheses.items() if h.standing == "live" and h.formula == "3·x + 1")
    del lines[:]
    session.take(f"/why {wrong.upper()}")
    assert re.search(r"#\d+ x=-\S+ -> \S+; it says -", said(lines, "answer"))


def test_held_out_observations_stay_hidden_until_the_end(rested: tuple[Any, list[Any]]) -> None:
    session, lines = rested
    hidden = next(o.number for o in session.record.observations if o.purpose == "held_out")
    del lines[:]
    session.take(f"/why #{hidden}")
    assert "not shown before the run has concluded" in said(lines, "answer")


def test_a_finished_run_can_be_questioned_and_stays_finished(room: Room, tmp_path: Path) -> None:
    journal = room.begin()
    room.talk(journal, "/conclude")
    explanation = journal.record().explanation
    asked = len(room.asked)
    lines = room.talk(
        journal,
        "/why",
        "/why #1",
        "/score",
        "/plot",
        "/query 3",
        "/edit h1 x",
        "/resume",
        f"/save {tmp_path}/t.md",
        "hm",
    )
    assert len(room.asked) == asked
    assert journal.record().explanation == explanation
    assert journal.record().status == "concluded"
    assert said(lines, "error").count("has concluded") == 3
    assert (tmp_path / "t.md").read_text().startswith("# function:")
    held_out = next(o.number for o in journal.observations() if o.purpose == "held_out")
    told = room.talk(journal, f"/why #{held_out}")
    assert "drawn by the verifier" in said(told, "answer")


def test_a_box_that_breaks_is_told_and_can_be_tried_again(room: Room) -> None:
    broken = True

    def moody(x: float) -> float:
        if broken:
            raise ConnectionError
        return 2.0 * x

    class Gone:
        """A box whose server is away for a while."""

        def __init__(self, box: Any) -> None:
            self._box = box
            self.spec, self.signature = box.spec, box.signature

        def ask(self, inputs: Any) -> Any:
            from zetetic.tools.black_boxes import BlackBoxError

            if broken:
                raise BlackBoxError("the server is away; start it")
            return self._box.ask(inputs)

        def close(self) -> None:
            """Nothing."""

    room.function = moody
    journal = room.begin()
    session, lines = room.sit(journal)
    session._box = Gone(session._box)
    session.start()
    assert session.settle(30)
    assert "server is away" in said(lines, "error")
    broken = False
    session.take("/resume")
    assert session.settle(60)
    session.take("/conclude")
    assert session.settle(60)
    session.leave()
    assert journal.record().explanation is not None
    assert Halted.__mro__[1] is BaseException
