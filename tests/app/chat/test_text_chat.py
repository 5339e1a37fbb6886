"""A chat about a text module, with the embedded judge."""

from __future__ import annotations

import pytest

from zetetic.agent import Brief, Budget, refer
from zetetic.models import ModelError
from zetetic.tools.black_boxes.function import FunctionBox
from zetetic.tools.black_boxes.texts import ANY_TEXT
from zetetic.tools.texts import default_corpus

from .room import Room, said


def commas(text: str) -> float:
    return float(text.count(","))


@pytest.mark.slow
def test_words_of_a_person_are_tested_and_cited(room: Room) -> None:
    from zetetic.models.embedding import load_embedder

    try:
        load_embedder()
    except ModelError as error:
        pytest.skip(f"no sentence embedder at hand: {error}")
    corpus = default_corpus()
    room.function = commas
    box = FunctionBox(commas, ANY_TEXT)
    brief = Brief.of(box, budget=Budget(queries=400, seconds=300.0), domain=ANY_TEXT, corpus=refer(corpus))
    journal = room.store.create(brief)
    words = ("contains a comma", "mentions a dog")
    lines = room.talk(
        journal,
        '/query "Oh, no" "plain words"',
        *(f'/edit h1 "{w}"' for w in words),
        *("/why", "/plot", "/conclude"),
    )
    text = said(lines, "answer")
    assert '"Oh, no" -> 1' in text
    assert "for it: #" in text
    assert "the highest responses" in text
    record = journal.record()
    assert record.explanation is not None
    assert record.explanation.outcome == "explained"
    [mine] = [h for h in record.hypotheses.values() if h.description == words[1]]
    assert mine.origin == "a person"
    assert "AUC" in mine.evidence
    [first] = [h for h in record.hypotheses.values() if h.description == words[0]]
    assert f"that is {first.id} already" in said(lines, "error") or first.origin == "a person"
