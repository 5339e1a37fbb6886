"""What is drawn, cited and saved."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from zetetic.agent import Observation
from zetetic.app.chat.evidence import Told, of_words
from zetetic.app.chat.plotting import Picture, draw
from zetetic.app.chat.showing import Narrator
from zetetic.app.chat.terminal import harmless
from zetetic.app.chat.transcript import TranscriptError, save, transcript
from zetetic.tools.black_boxes import Interval, NumericDomain, Reply

from .room import Room, said


def dots(rows: list[str]) -> set[tuple[int, int]]:
    """Places of Braille dots in a drawing's rows (column, row), the labels left out."""
    found = set()
    for y, row in enumerate(rows):
        for x, cell in enumerate(row.partition("│")[2]):
            if 0x2800 < ord(cell) <= 0x28FF:
                found.add((x, y))
    return found


@pytest.mark.parametrize("width", [10, 40, 80, 300])
def test_a_line_goes_from_corner_to_corner_within_the_width(width: int) -> None:
    text = draw(Picture(-1.0, 1.0, (), lambda xs: [5.0 * x for x in xs]), width).plain.split("\n")
    assert max(len(row) for row in text) <= max(24, min(width, 100))
    drawn = dots(text)
    columns = max(x for x, _ in drawn) + 1
    assert {x for x, _ in drawn} == set(range(columns))
    assert (0, 13) in drawn
    assert (columns - 1, 0) in drawn
    assert text[0].lstrip().startswith("5│")
    assert text[13].lstrip().startswith("-5│")


def test_exceptions_and_misses_are_marked() -> None:
    picture = Picture(0.0, 10.0, ((5.0, 3.0, True), (1.0, 1.0, False)), lambda xs: list(xs), ((4.0, 6.0),))
    text = draw(picture, 60)
    assert "▀" in text.plain
    assert any("red" in str(span.style) for span in text.spans)
    axis = next(row for row in text.plain.split("\n") if "└" in row).partition("└")[2]
    assert axis.count("▀") == pytest.approx(len(axis) * 0.2, abs=2)


def test_drawings_survive_what_functions_do() -> None:
    for fit in (lambda xs: [None] * len(xs), lambda xs: [float("inf")] * len(xs), lambda xs: [1e300] * len(xs)):
        assert draw(Picture(0.0, 1.0, (), fit), 60).plain
    spike = draw(Picture(0.0, 1.0, (), lambda xs: [1e12 if x > 0.998 else x for x in xs]), 60).plain
    assert len(dots(spike.split("\n"))) > 20, "one spike does not flatten the rest"


def test_transcripts_cite_and_are_whole_or_not_there(room: Room, tmp_path: Path) -> None:
    journal = room.begin()
    place = tmp_path / "deep" / "talk.md"
    room.talk(journal, "/query 15", f"/save {place}")
    text = place.read_text()
    numbers = {int(n) for n in re.findall(r"^- \\?#(\d+) ", text, flags=re.M)}
    shown = {o.number for o in journal.observations() if o.purpose == "query"}
    assert numbers == shown
    assert "held-out observations are not shown" in text
    assert "**You:** /query 15" in text
    assert "-> 40" in text
    room.talk(journal, "/conclude")
    text = transcript(journal)
    assert "```python" in text
    assert {int(n) for n in re.findall(r"^- \\?#(\d+) ", text, flags=re.M)} == {
        o.number for o in journal.observations()
    }
    with pytest.raises(TranscriptError, match="folder you may write to"):
        save(journal, tmp_path)
    assert not list(tmp_path.glob("*.part"))


def test_several_inputs_are_drawn_as_predicted_against_observed(room: Room) -> None:
    room.function = lambda x, y: x + 2.0 * y
    room.domain = NumericDomain((Interval(-9.0, 9.0), Interval(-9.0, 9.0)))
    lines = room.talk(room.begin(), "/query 1,2 3 4", "/query 3 4", "/plot", "/why")
    assert "x=1, y=2 -> 5" in said(lines, "answer") or "x=3, y=4 -> 11" in said(lines, "answer")
    assert "predicted by h" in said(lines, "answer")


def told(number: int, text: str, value: float, degree: float) -> Told:
    return Told(Observation(number, text, Reply(value, None, 0.0), "", "query", 0, 0.0), degree)


def test_words_are_weighed_by_what_stands_out() -> None:
    plain = [told(n, f"plain {n}", 0.01 * n, 0.01 * n) for n in range(1, 9)]
    evidence = of_words(
        [*plain, told(9, "fits", 1.0, 1.0), told(10, "missed", 2.0, 0.0), told(11, "wrongly", 0.0, 2.0)]
    )
    assert [t.observation.number for t in evidence.right][:1] == [9]
    assert {t.observation.number for t in evidence.against} == {10, 11}


def test_what_a_box_says_cannot_steer_the_terminal() -> None:
    assert harmless("\x1b[2J\x07bell\r\nnew\u202e") == "�[2J�bell�\nnew�"


def test_events_are_told_once_and_in_order(room: Room) -> None:
    journal = room.begin()
    room.talk(journal, "/conclude")
    narrator = Narrator(("x",))
    lines: list[Any] = [line for event in journal.events() for line in narrator.take(event)] + narrator.flush()
    kinds = [line.kind for line in lines]
    assert kinds.index("observations") < kinds.index("hypotheses") < kinds.index("verdict") < kinds.index("ending")
    text = said(lines)
    for o in (journal.observations()[0], journal.observations()[-1]):
        assert re.search(rf"#{o.number}\b", text)
