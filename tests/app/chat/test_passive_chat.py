"""A run on examples in a chat: it runs to its end, for there is nobody to ask, and answers commands afterwards."""

from __future__ import annotations

from pathlib import Path

from zetetic.agent import Store
from zetetic.agent.passive import brief_of
from zetetic.app.chat import ChatSession, Line, Opening
from zetetic.tools.examples import Examples, ExamplesBox

from .room import said


def test_it_concludes_by_itself_and_shows_why(tmp_path: Path) -> None:
    pairs = tuple(((float(x),), 3.0 * x + 1) for x in range(5))
    box = ExamplesBox(Examples("made up", "numbers", ("x",), "y", pairs))
    lines: list[Line] = []
    with Store.open(tmp_path / "store.sqlite") as store:
        journal = store.create(brief_of(box, seed=0, seconds=20.0, options={}))
        session = ChatSession(journal, box, Opening(), lines.append)
        session.start()
        assert session.settle(60)
        session.take("/query 2")
        session.take("/why")
        assert session.leave()
    assert "concluded, explained" in said(lines, "ending")
    assert "this one has concluded" in said(lines, "error")
    assert "all 5 pairs were, left out in turn, foretold" in said(lines)
