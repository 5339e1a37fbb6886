"""What counts as a yes/no question, what it asks, and how texts are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zetetic.tools.qa_emb import QAError, question_bank
from zetetic.tools.qa_emb.questions import asked, check_questions, is_question
from zetetic.tools.qa_emb.types import check_texts
from zetetic.tools.qa_emb.windows import MOST_WINDOWS, windows


@pytest.mark.parametrize(
    ("question", "core", "negated"),
    [
        ("Does the input mention a body of water?", "body of water", False),
        ("Is the text about sports?", "sports", False),
        ("Does the text contain an expression of anger?", "anger", False),
        ("Is there a mention of a puzzle?", "puzzle", False),
        ("Is a personal change described in the text?", "personal change", False),
        ("Doesn't the text mention food?", "food", True),
        ("Does the text not mention food?", "food", True),
        ("Isn't the text funny?", "funny", True),
        ("Is the text grammatical?", "grammatical", False),
        ("The text is about sports", "sports", False),
    ],
)
def test_what_a_question_asks(question, core, negated):
    assert (asked(question).core, asked(question).negated) == (core, negated)


@given(st.text())
def test_any_text_can_be_read_as_a_question(text):
    found = asked(text)
    assert isinstance(found.core, str)
    assert bool(found.core) == bool(found.predicate)


def test_the_bank_holds_different_questions():
    assert len(check_questions(question_bank())) == len(question_bank()) >= 150


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        ("", "is empty"),
        ("mentions food", "does not end with a question mark"),
        ("What is the topic?", "cannot be answered with yes or no"),
        ("Is it?", "too short"),
        ("???", "too short"),
    ],
)
def test_what_is_no_question_is_refused(question, fault):
    assert not is_question(question)
    with pytest.raises(QAError, match=rf"expected a yes/no question .* {fault}"):
        check_questions(["Does the text mention food?", question])


def test_questions_come_as_a_list_of_different_ones():
    with pytest.raises(QAError, match=r"pass it as \[question\]"):
        check_questions("Does the text mention food?")
    with pytest.raises(QAError, match="at least one question, got none"):
        check_questions([])
    with pytest.raises(QAError, match="different questions, got 'Is it long or short\\?' twice"):
        check_questions(["Is it long or short?", "Is  it long or short? "])
    with pytest.raises(QAError, match="expected questions, got int at number 0"):
        check_questions([3])


@pytest.mark.parametrize("texts", ["one", ["a", ""], ["  \n"], [None], 3, [b"x"]])
def test_what_are_no_texts_is_refused(texts):
    with pytest.raises(QAError, match="expected"):
        check_texts(texts)


@given(st.text())
def test_windows_hold_every_word_in_order(text):
    found = windows(text)
    assert 1 <= len(found) <= MOST_WINDOWS
    assert " ".join(found).split() == text.split()
