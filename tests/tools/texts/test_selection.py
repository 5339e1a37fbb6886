"""Texts of a small model: what is kept is whole, plain and on its subject."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from zetetic.tools.texts.generate import BATCH, TEXTS, plan, read_drafts
from zetetic.tools.texts.selection import Draft, select, tidy
from zetetic.tools.texts.subjects import FORMS, SUBJECTS


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The river rose over its banks. People left their ho", "The river rose over its banks."),
        (
            "One came here first. Two came then too. Three came. Four.",
            "One came here first. Two came then too. Three came.",
        ),
        ('"I have never seen a whale out there.', '"I have never seen a whale out there."'),
        ("They were led by Dr. Smith up the hill. Then", "They were led by Dr. Smith up the hill."),
        ("No end to this text here at all", None),
        ("Too short here.", None),
        ("As an AI language model, I have no opinion on that.", None),
        ("The cat sat on the mat and the cat sat on a chair.", None),
        ("Dear [Your Name], here is what you asked me for.", None),
        ('He said "stop and went on with the things.', None),
    ],
)
def test_a_text_is_cut_at_a_sentence_or_dropped(text: str, kept: str | None) -> None:
    assert tidy(text) == kept


class Letters:
    """An embedder by first letters: texts that begin alike are alike."""

    name, width = "letters", 26

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.zeros((len(texts), 26), np.float32)
        for row, text in enumerate(texts):
            rows[row, ord(text.lower()[0]) - 97] = 1.0
        return rows


def test_texts_off_their_subject_and_near_duplicates_are_left_out() -> None:
    drafts = [
        Draft("rivers", "story", "Rivers ran down through the valley.", True),
        Draft("rivers", "news", "Rapids are no place for small boats.", True),  # as the first: near-duplicate
        Draft("rivers", "diary", "We had cake with our tea today.", True),  # off its subject
        Draft("wine", "diary", "We drank all the red wine.", True),
    ]
    assert [d.text for d in select(drafts, Letters())] == [drafts[0].text, drafts[3].text]
    assert select([], Letters()) == []


def test_the_plan_covers_all_subjects_in_different_forms(tmp_path: Path) -> None:
    entries = plan()
    assert len(entries) == TEXTS
    assert TEXTS % BATCH == 0
    assert entries == plan()
    assert {subject for subject, _, _ in entries} == set(SUBJECTS)
    assert len(set(SUBJECTS)) == len(SUBJECTS)
    assert len({(subject, form) for subject, form, _ in entries}) == len(entries)
    assert {form for _, form, _ in entries} == {form.name for form in FORMS}
    assert read_drafts(tmp_path / "none.jsonl") == []
