"""Leaving words out: what each does to the response, within a number of queries."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zetetic.tools.black_boxes import FunctionBox, RecordingBox, occlusion
from zetetic.tools.black_boxes.occlusion import without


def shouts(text: str) -> float:
    """3 for each "fire", -1 for each "water"; fails on a text without letters."""
    words = text.lower().replace("!", " ").split()
    if not words:
        raise ValueError("nothing said")
    return 3.0 * words.count("fire") - words.count("water")


def test_each_word_gets_what_it_adds_to_the_response() -> None:
    text = "Fire! Don't wait: fetch water now"
    found = [(text[e.start : e.end], e.value) for e in occlusion(FunctionBox(shouts), text)]
    assert found == [
        ("Fire", 3.0),
        ("!", 0.0),
        ("Don't", 0.0),
        ("wait", 0.0),
        (":", 0.0),
        ("fetch", 0.0),
        ("water", -1.0),
        ("now", 0.0),
    ]


def test_the_texts_asked_are_the_whole_and_each_without_a_word() -> None:
    asked: list[str] = []

    def module(texts: Sequence[str]) -> list[float]:
        asked.extend(texts)
        return [0.0] * len(texts)

    occlusion(module, "one two three")
    assert asked == ["one two three", "two three", "one three", "one two"]


def test_a_long_text_is_left_out_in_larger_pieces() -> None:
    box = RecordingBox(FunctionBox(shouts))
    text = " ".join(["water"] * 99 + ["fire"])
    effects = occlusion(box, text, most_queries=11)
    assert len(box.asked) == 11
    assert [effect.value for effect in effects] == [-10.0] * 9 + [-9.0 + 3.0]


def test_sentences_can_be_left_out() -> None:
    text = "There is fire. Bring water! Now"
    found = [(text[e.start : e.end], e.value) for e in occlusion(FunctionBox(shouts), text, "sentence")]
    assert found == [("There is fire.", 0.0), ("Bring water!", -1.0), ("Now", 0.0)]


def test_where_the_box_fails_there_is_nothing_to_say() -> None:
    box = FunctionBox(shouts)
    assert occlusion(box, "") == []
    assert occlusion(box, "   ") == []
    assert occlusion(box, "!!!") == [], "the text itself fails"
    assert occlusion(box, "fire") == [], "nothing is left without its only word"
    assert occlusion(box, "fire fire", most_queries=1) == []
    with pytest.raises(ValueError, match="expected unit to be one of word, sentence, got 'line'"):
        occlusion(box, "fire", "line")  # type: ignore[arg-type]


@given(st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=8), st.data())
def test_a_text_without_a_word_reads_as_if_it_had_not_been_there(words: list[str], data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(words) - 1))
    start = len(" ".join([*words[:gone], ""]))
    rest = words[:gone] + words[gone + 1 :]
    assert without(" ".join(words), start, start + len(words[gone])) == " ".join(rest)
