"""Detection and fuzzing: balanced accuracy of a judge's decisions, and examples whose highlights are right or not."""

from __future__ import annotations

import numpy as np
import pytest

from zetetic.tools.scoring.texts import ScoringError, detection, fuzzing, highlighted


def test_balanced_accuracy_is_the_mean_of_both_shares() -> None:
    found = detection([0.9, 0.8, 0.2, 0.7], [0.1] * 9 + [0.6], np.random.default_rng(0))
    assert (found.true_positive_rate, found.true_negative_rate) == (0.75, 0.9)
    assert found.balanced_accuracy.value == pytest.approx(0.825)
    assert found.balanced_accuracy.low < 0.825 < found.balanced_accuracy.high


def test_a_judge_that_always_says_yes_is_at_chance() -> None:
    found = fuzzing([1.0] * 30, [1.0] * 30, np.random.default_rng(0))
    assert found.balanced_accuracy.value == 0.5


def test_perfect_decisions_on_few_examples_are_no_certainty() -> None:
    found = detection([1.0] * 10, [0.0] * 10, np.random.default_rng(0))
    assert found.balanced_accuracy.value == found.balanced_accuracy.high == 1.0
    assert found.balanced_accuracy.low < 0.95


def test_one_kind_alone_is_refused() -> None:
    with pytest.raises(ScoringError, match="got 2 and 0"):
        detection([1.0, 0.0], [], np.random.default_rng(0))


def test_highlights_are_the_activating_words_or_as_many_others() -> None:
    texts = ["the red fox ran over the old hill and", "flat words only"]
    values = [[0, 0, 9, 1, 0, 0, 0, 5, 0], [1, 1, 1]]
    right, wrong = highlighted(texts, values, np.random.default_rng(0))
    assert right.right
    assert not wrong.right
    assert right.highlighted == "fox hill"
    assert len(wrong.chosen) == 2
    assert not set(wrong.chosen) & set(right.chosen)
    assert right.marked == "the red <<fox>> ran over the old <<hill>> and"
    with pytest.raises(ScoringError, match="expected 3 values"):
        highlighted(["one two three"], [[1.0]], np.random.default_rng(0))
