"""When an explanation in words stands: beyond luck, and ahead of every baseline that says something else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zetetic.agent import Rival, Span, Wording
from zetetic.agent.text_rule import stands_in_words
from zetetic.tools.scoring.texts import Estimate, TextScore

CHANCE = Rival("random phrase", "of the", 0.5, Span(0.4, 0.3, 0.5), 0.1)
SCORE = TextScore("AUC", "judge", Estimate(0.9, 0.85, 0.95), None, 100, 10, 0.0002, 0.002)
WORDING = Wording("judge", Span(0.95, 0.9, 1.0), "corpus", 10, 0.0002, 0.002, rivals=(CHANCE,))


def test_what_is_beyond_luck_and_ahead_of_every_baseline_stands():
    stands, reason = stands_in_words(SCORE, WORDING)
    assert stands
    assert "every baseline" in reason


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"corrected_p_value": 0.05}, "luck"),
        ({"withheld": "the judge is at chance"}, "withheld"),
        ({"rivals": ()}, "no baseline"),
        ({"rivals": (replace(CHANCE, behind=Span(0.1, -0.01, 0.2)),)}, "not clearly better"),
        ({"rivals": (replace(CHANCE, behind=Span(-0.1, -0.2, -0.01), alike=0.95),)}, "not clearly better"),
    ],
)
def test_it_falls_by_any_of_these_and_the_reason_says_which(change, says):
    stands, reason = stands_in_words(SCORE, replace(WORDING, **change))
    assert not stands
    assert says in reason


def test_a_baseline_that_says_the_same_is_no_rival_but_is_named():
    twin = Rival("most frequent word", "food", 0.9, Span(0.0, 0.0, 0.0), 0.97)
    stands, reason = stands_in_words(SCORE, replace(WORDING, rivals=(CHANCE, twin)))
    assert stands
    assert "food" in reason


def test_without_a_score_nothing_stands():
    assert not stands_in_words(replace(SCORE, value=None), WORDING)[0]
    assert not stands_in_words(replace(SCORE, value=Estimate(0.3, 0.2, 0.4)), WORDING)[0]
