"""Phrases and words: what counts as one, and what is kept when there are too many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zetetic.tools.texts import content_words, ngrams
from zetetic.tools.texts.words import folded


def test_phrases_stay_within_punctuation_and_keep_apostrophes_and_hyphens() -> None:
    found = ngrams(["The well-known dog's bone, however, fell."], 3)
    assert "well-known dog's bone" in found
    assert "bone however" not in found
    assert "however fell" not in found
    assert {"bone", "however", "fell"} <= set(found)


def test_phrases_that_differ_in_case_count_as_one_written_as_most_often() -> None:
    found = ngrams(["NASA flew", "NASA landed", "nasa won"], 1)
    assert found[0] == "NASA"
    assert [folded(p) for p in found].count("nasa") == 1


@given(st.lists(st.text(alphabet="ab c.,'-\n", max_size=30), max_size=6), st.integers(1, 4))
def test_phrases_are_different_and_no_longer_than_asked(texts: list[str], most: int) -> None:
    found = ngrams(texts, most)
    assert len({folded(p) for p in found}) == len(found)
    assert all(1 <= len(p.split()) <= most for p in found)


def test_too_many_phrases_are_drawn_by_frequency_the_same_way_each_time() -> None:
    texts = ["common word"] * 50 + [f"rare{i}" for i in range(500)]
    found = ngrams(texts, 2, most=100, seed=3)
    assert len(found) == 100
    assert found == ngrams(texts, 2, most=100, seed=3)
    assert {"common", "word", "common word"} <= set(found)
    assert set(found) != set(ngrams(texts, 2, most=100, seed=4))
    assert set(ngrams(texts, 2, most=50, seed=3)) <= set(found)


@pytest.mark.parametrize("wrong", [{"most_words": 0}, {"most": 0}])
def test_phrases_of_no_words_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="expected"):
        ngrams(["a b"], **wrong)


def test_texts_without_words_have_no_phrases() -> None:
    assert ngrams(["", "?!", "x" * 300]) == []


def test_content_words_leave_out_stop_words_numbers_and_letters() -> None:
    assert content_words("The dog's 3 bones weren’t a B") == ["dog's", "bones"]
