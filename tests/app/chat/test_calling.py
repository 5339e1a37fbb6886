"""A model's words come while it says them, and nobody waits for a call that hangs."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk

from zetetic.app.chat import ChatSession, Line
from zetetic.app.chat.calling import leavable
from zetetic.app.chat.desk import Desk, Halted, Left
from zetetic.app.chat.speech import Speech
from zetetic.models.chat import Call, Fail, Say, ScriptedChatModel, StubServer
from zetetic.models.chat.stub_server import Answer

from .room import Room, said, wait_until

LOOK = Call("query", {"inputs": [-2.0, 0.0, 2.0], "why": "a spread"})
WORDS = (
    "It looks like a thermostat: " + "warm where it is cold and steady in between, " * 6 + "as far as I can see.\nDone."
)


class Halting(ScriptedChatModel):
    """Stops in the middle of a reply until it is let go."""

    gate: Any = None

    def _stream(self, *arguments: Any, **more: Any) -> Any:
        for n, chunk in enumerate(super()._stream(*arguments, **more)):
            if n == 30:
                self.gate.wait(30)
            yield chunk


def sit(room: Room, model: Any, *, streams: bool) -> tuple[ChatSession, list[Line]]:
    lines: list[Line] = []
    journal = room.begin("llm")
    session = ChatSession(journal, room.box(), room.opening(model), lines.append, width=lambda: 40, streams=streams)
    room.open_sessions.append(session)
    return session, lines


def test_words_are_told_while_the_model_still_speaks_and_once(room: Room) -> None:
    gate = threading.Event()
    session, lines = sit(room, Halting(script=[LOOK, WORDS], gate=gate), streams=True)
    session.start()
    wait_until(lambda: "thermostat" in said(lines, "model"))
    assert "as far as I can see" not in said(lines, "model")
    gate.set()
    assert session.settle(30)
    session.leave()
    rows = [line.text for line in lines if line.kind == "model"]
    assert max(map(len, rows)) < 40
    assert " ".join(" ".join(rows).split()) == " ".join(WORDS.split())
    kinds = [line.kind for line in lines]
    assert kinds.index("observations") < kinds.index("model")


def test_without_a_terminal_a_reply_is_one_line(room: Room) -> None:
    session, lines = sit(room, ScriptedChatModel(script=[LOOK, WORDS]), streams=False)
    session.start()
    assert session.settle(30)
    session.leave()
    assert [line.text for line in lines if line.kind == "model"] == [WORDS]


def test_what_streaming_costs_is_counted_as_ever(room: Room) -> None:
    tokens = []
    for streams in (False, True):
        session, _ = sit(room, ScriptedChatModel(script=[LOOK, WORDS]), streams=streams)
        session.start()
        assert session.settle(30)
        session.leave()
        tokens.append(session.record.spend.tokens)
    assert tokens[0] == tokens[1] > 0


def test_ctrl_c_leaves_a_call_that_hangs_within_a_second(room: Room) -> None:
    model = ScriptedChatModel(script=[Say("", (LOOK,), seconds=20.0), "Well?"])
    session, _ = sit(room, model, streams=True)
    session.start()
    wait_until(lambda: len(model.seen) == 1)
    begin = time.monotonic()
    session.stop()
    assert session.settle(5)
    assert time.monotonic() - begin < 1.0
    assert not room.asked
    assert session.leave()


def test_a_call_that_was_left_is_made_again_on_resume(room: Room) -> None:
    replies = [Say("", (LOOK,), seconds=6.0), Say("", (LOOK,))]

    def script(messages: Any) -> Any:
        return replies.pop(0) if len(messages) == 1 + (len(messages) > 1) and replies else "Well?"

    model = ScriptedChatModel(script=script)
    session, lines = sit(room, model, streams=True)
    session.start()
    wait_until(lambda: len(model.seen) == 1)
    session.stop()
    assert session.settle(5)
    session.take("/resume")
    assert session.settle(30)
    assert "Well?" in said(lines, "model")
    assert room.asked == [(-2.0,), (0.0,), (2.0,)]
    assert session.leave()


def test_ctrl_c_cuts_the_wait_between_two_tries(room: Room) -> None:
    model = ScriptedChatModel(script=[Fail(ConnectionError("refused"), times=50)])
    lines: list[Line] = []
    opening = room.opening(model)
    del opening.settings["waiting"]
    session = ChatSession(room.begin("llm"), room.box(), opening, lines.append)
    room.open_sessions.append(session)
    session.start()
    wait_until(lambda: "waiting" in said(lines, "remark"))
    begin = time.monotonic()
    session.stop()
    assert session.settle(5)
    assert time.monotonic() - begin < 1.5
    assert session.leave()


@pytest.mark.parametrize(("stop", "raised"), [("halt", Halted), ("leave", Left)])
def test_a_reply_that_is_nearly_there_is_waited_for(room: Room, stop: str, raised: type[BaseException]) -> None:
    desk = Desk(room.begin("llm"))
    getattr(desk, stop)()
    assert leavable(lambda: (time.sleep(0.2), 7)[1], desk) == 7
    with pytest.raises(raised):
        leavable(lambda: time.sleep(5), desk)


def test_what_the_call_raises_is_raised(room: Room) -> None:
    with pytest.raises(ZeroDivisionError):
        leavable(lambda: 1 // 0, Desk(room.begin("llm")))


@pytest.mark.parametrize("cut", [1, 3, 7, 1000])
def test_rows_and_rest_make_up_the_reply(cut: int) -> None:
    rows: list[Line] = []
    speech = Speech(rows.append, lambda: 30)
    text = "First line.\n\n" + "word " * 30 + "\n" + "x" * 70 + " end"
    speech.hear(None)
    for start in range(0, len(text), cut):
        speech.hear(text[start : start + cut])
    rows += speech.untold(Line("model", text))
    joined = "".join(row.text for row in rows)
    assert "".join(joined.split()) == "".join(text.split())
    assert all(len(row.text) < 30 for row in rows)


def test_a_reply_that_was_not_heard_is_told_whole() -> None:
    rows: list[Line] = []
    speech = Speech(rows.append, lambda: 30)
    speech.hear("Something that broke off in the middle of it")
    assert speech.untold(Line("model", "Another reply.")) == [Line("model", "Another reply.")]
    speech.hear(None)
    assert speech.untold(Line("model", "A third.")) == [Line("model", "A third.")]


def test_a_chunk_without_text_says_nothing() -> None:
    from zetetic.app.chat.calling import _Words

    heard: list[str | None] = []
    words = _Words(heard.append)
    words.on_llm_new_token("", chunk=ChatGenerationChunk(message=AIMessageChunk(content="")))
    words.on_llm_new_token("a", chunk=ChatGenerationChunk(message=AIMessageChunk(content="a")))
    words.mute()
    words.on_llm_new_token("b", chunk=ChatGenerationChunk(message=AIMessageChunk(content="b")))
    assert heard == ["a"]


def test_over_http_words_stream_and_a_call_that_hangs_is_cut(room: Room) -> None:
    openai = pytest.importorskip("langchain_openai")
    calls = (("query", {"inputs": [-2.0, 0.0, 2.0], "why": "a spread"}),)
    cues = [Answer(calls=calls), Answer(WORDS, pause_seconds=0.01), Answer("never heard", pause_seconds=20.0)]
    with StubServer(cues) as server:
        model = openai.ChatOpenAI(base_url=server.url, api_key="any", model="stub", max_retries=0)
        session, lines = sit(room, model, streams=True)
        session.start()
        assert session.settle(30)
        rows = [line.text for line in lines if line.kind == "model"]
        assert len(rows) > 3
        assert " ".join(" ".join(rows).split()) == " ".join(WORDS.split())
        session.take("And then?")
        wait_until(lambda: len(server.requests) == 3)
        begin = time.monotonic()
        session.stop()
        assert session.settle(5)
        assert time.monotonic() - begin < 1.0
        assert session.leave()
    assert "never" not in said(lines)
