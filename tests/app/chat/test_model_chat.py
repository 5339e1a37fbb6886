"""A chat with a language model: the person's words in its conversation, their steps in its ledger."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, ToolMessage

from zetetic.models.chat import Call, Fail, Say, ScriptedChatModel

from .room import Room, said, wait_until

TRUE_CODE = "def explained(x):\n    return 40.0 if 12 <= x <= 19.5 else 3 * abs(x) + 1\n"
LOOK = Call("query", {"inputs": [-50, -10, -1, 0, 1, 10, 20, 50], "why": "a spread"})
WRONG = Call("record_hypothesis", {"description": "3|x| + 1", "code": "def explained(x): return 3 * abs(x) + 1"})
MEND = Call(
    "revise_hypothesis",
    {"id": "h1", "because": "the person", "description": "3|x| + 1, but 40 from 12 to 19.5", "code": TRUE_CODE},
)


def model(*script: Any) -> ScriptedChatModel:
    return ScriptedChatModel(script=list(script))


def people(messages: Any) -> list[str]:
    return [str(m.text) for m in messages if isinstance(m, HumanMessage)]


def test_a_correction_half_way_leads_to_a_verified_explanation(room: Room) -> None:
    journal = room.begin("llm")
    talker = model(
        LOOK, WRONG, "I think it is 3|x| + 1. Is that so?", "h1 it was.", "h1, still.", "",
    )  # fmt: skip

    def script(messages: Any) -> Any:
        last = messages[-1]
        if isinstance(last, HumanMessage) and "between 12 and 20" in str(last.text):
            return Call("query", {"inputs": [11, 12, 15, 19, 20], "why": "what the person said"})
        told = [m for m in people(messages) if "between 12 and 20" in m]
        if told and isinstance(last, ToolMessage):
            return {"query": MEND, "revise_hypothesis": Call("conclude", {"id": "h2"})}.get(
                str(last.name), "You were right: it is 40 from 12 to 19.5 (#9 to #13)."
            )
        turn = sum(m.type == "ai" for m in messages)
        return [LOOK, WRONG, "I think it is 3|x| + 1. Is that so?"][min(turn, 2)]

    talker = ScriptedChatModel(script=script)
    lines = room.talk(journal, "No: look between 12 and 20.", "/conclude", model=talker)
    record = journal.record()
    assert record.explanation is not None
    assert record.explanation.outcome == "explained"
    assert record.hypotheses["h2"].parent == "h1"
    assert "You were right" in said(lines, "model")
    assert "query(inputs=" in said(lines, "tool")
    assert "h2 stands" in said(lines, "verdict")


def test_what_is_said_while_the_model_works_reaches_its_next_turn(room: Room) -> None:
    journal = room.begin("llm")
    gate = threading.Event()
    seen: list[list[str]] = []

    def script(messages: Any) -> Any:
        turn = sum(m.type == "ai" for m in messages)
        seen.append(people(messages))
        if turn == 0:
            assert gate.wait(30)
            return LOOK
        return "done" if turn > 1 else WRONG

    session, _ = room.sit(journal, ScriptedChatModel(script=script))
    session.start()
    wait_until(lambda: len(seen) == 1)
    session.take("mind the middle")
    session.take("/query 15")
    gate.set()
    assert session.settle(60)
    session.leave()
    assert any("mind the middle" in m for m in seen[1])
    assert any("x=15 -> 40" in m for m in seen[1])
    assert [o.input for o in journal.observations() if o.why == "a person asked"] == [(15.0,)]


def test_a_person_s_formula_takes_the_place_of_the_model_s_and_is_tested(room: Room) -> None:
    journal = room.begin("llm")
    lines = room.talk(
        journal,
        '/edit H1 "3*abs(x) + 1 except 40 between 12 and 19.5"',
        "/conclude h2",
        model=model(LOOK, WRONG, "Well?"),
    )
    record = journal.record()
    mine = record.hypotheses["h2"]
    assert (mine.origin, mine.parent) == ("a person", "h1")
    assert record.hypotheses["h1"].standing == "revised"
    assert "h2 predicted" in said(lines, "answer")
    assert record.explanation is not None
    assert record.explanation.outcome == "explained"


def test_a_correction_in_words_is_handed_to_the_model(room: Room) -> None:
    talker = model(LOOK, WRONG, "Well?", "I see.")
    room.talk(room.begin("llm"), '/edit h1 "it is flat between 12 and 20"', model=talker)
    assert any("I correct h1" in m and "flat between 12 and 20" in m for m in people(talker.seen[-1]))


def test_a_chat_that_was_left_goes_on_without_repeating_anything(room: Room) -> None:
    journal = room.begin("llm")
    first = model(LOOK, WRONG, "Well?", "Hm.")
    room.talk(journal, "/query 15", "What of 15?", model=first)
    asked = len(room.asked)
    second = model(LOOK, WRONG, "Well?", "Hm.", "As I said.")
    room.talk(journal, "And now?", "/conclude", model=second)
    assert len(second.seen) == 1, "a reply that was paid for was asked for again"
    heard = people(second.seen[0])
    assert [m for m in heard if m in ("What of 15?", "And now?")] == ["What of 15?", "And now?"]
    assert sum("x=15 -> 40" in m for m in heard) == 1
    observations = [(o.purpose, o.input, o.repeat) for o in journal.observations()]
    assert len(set(observations)) == len(observations) == len(room.asked)
    assert len(room.asked) > asked


@pytest.mark.parametrize("die_after", range(2, 44, 9))
def test_dying_after_any_event_loses_no_word_and_pays_nothing_twice(room: Room, die_after: int) -> None:
    journal = room.begin("llm")
    script = [LOOK, WRONG, "Well?", "I hear.", "Good."]
    first = model(*script)
    session, _ = room.sit(journal, first)
    count = 0

    def die(event: Any) -> None:
        nonlocal count
        count += 1
        if count > die_after and not session.desk.is_leaving:
            session.desk.leave()

    journal.subscribe(die)
    session.start()
    spoken = ("/query 15 16", "it is flat there", "/edit h1 3*abs(x)+1 except 40 between 12 and 19.5")
    for line in spoken:
        session.settle(60)
        if session.desk.is_leaving:
            break
        session.take(line)
    session.settle(60)
    session.desk.leave()
    session._thread.join(30)
    second = model(*script)
    again, lines = room.sit(journal, second)
    again.start()
    assert again.settle(60)
    for line in spoken[len(again.desk.steps) :]:
        again.take(line)
        assert again.settle(60)
    again.take("/conclude")
    assert again.settle(60)
    again.leave()
    observations = [(o.purpose, o.input, o.repeat) for o in journal.observations()]
    assert len(set(observations)) == len(observations) == len(room.asked), said(lines)
    record = journal.record()
    assert [h.origin for h in record.hypotheses.values()].count("a person") == 1
    assert sum(o.why == "a person asked" for o in record.observations) == 2
    assert record.explanation is not None
    assert record.explanation.outcome == "explained"
    heard = people(second.seen[-1] if second.seen else first.seen[-1])
    assert heard.count("it is flat there") == 1


def test_undo_forks_the_conversation_from_before_the_message(room: Room) -> None:
    journal = room.begin("llm")
    talker = model(LOOK, WRONG, "Well?", "I shall stop.")
    lines = room.talk(journal, "Stop at once!", "/undo", "Go on, please.", model=talker)
    assert people(talker.seen[-1])[-1] == "Go on, please."
    assert "Stop at once!" not in people(talker.seen[-1])
    assert "goes on from before that" in said(lines, "answer")
    again = model(LOOK, WRONG, "Well?", "I shall stop.")
    room.talk(journal, "And?", model=again)
    assert "Stop at once!" not in people(again.seen[-1]), "what was taken back came again"


def test_a_model_that_fails_is_told_and_can_be_tried_again(room: Room) -> None:
    journal = room.begin("llm")
    talker = model(LOOK, Fail(RuntimeError("401 no key"), times=1, then=WRONG), "Well?")
    lines = room.talk(journal, "try again", model=talker)
    assert "401 no key" in said(lines, "error")
    assert "h1" in journal.record().hypotheses


def test_ctrl_c_keeps_a_reply_that_was_under_way(room: Room) -> None:
    journal = room.begin("llm")
    talker = model(LOOK, Say("", (WRONG,), seconds=0.4), "Well?")
    session, _ = room.sit(journal, talker)
    session.start()
    wait_until(lambda: len(talker.seen) == 2)
    session.stop()
    assert session.settle(30)
    assert "h1" not in journal.record().hypotheses
    session.take("/resume")
    assert session.settle(30)
    session.leave()
    assert "h1" in journal.record().hypotheses
    assert len(talker.seen) == 3


@pytest.mark.parametrize("scientist", ["llm", "inductive"])
def test_a_finished_run_answers_questions_and_changes_no_more(room: Room, scientist: str) -> None:
    journal = room.begin(scientist)
    if scientist == "llm":
        room.talk(journal, "/conclude", model=model(LOOK, WRONG, "Well?"))
    else:
        room.talk(journal, "/conclude")
    before = journal.record()
    asked = len(room.asked)

    def script(messages: Any) -> Any:
        if str(messages[-1].text).startswith("Why"):
            return [Call("recall", {"first": 1, "last": 2}), Call("query", {"inputs": [3], "why": "?"})]
        return "Because of #1."

    talker = ScriptedChatModel(script=script)
    lines = room.talk(journal, "Why do you think so?", "/score", model=talker)
    assert "Because of #1." in said(lines, "model")
    assert len(room.asked) == asked
    record = journal.record()
    assert record.explanation == before.explanation
    assert record.status == "concluded"
    assert record.spend.tokens > before.spend.tokens
    assert {t["function"]["name"] for t in talker.tools_seen[0]} == {"recall", "run_python"}
    assert "has concluded" in str(talker.seen[0][0].text)
    again = ScriptedChatModel(script=["Still because of #1."])
    room.talk(journal, "Still?", model=again)
    assert "Why do you think so?" in people(again.seen[0])


def test_a_run_of_a_model_needs_a_model(room: Room) -> None:
    lines = room.talk(room.begin("llm"))
    assert "--model PROVIDER:MODEL" in said(lines, "error")
