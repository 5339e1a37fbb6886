"""A target beside its controls: differences, intervals, and what is said of them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from zetetic.tools.patchscope import PatchscopeError
from zetetic.tools.patchscope.comparison import bands, compare, estimate, verdict

RIGHT = "the answer 'x'"


def test_an_interval_holds_the_mean_and_narrows_with_more_units():
    rng = np.random.default_rng(0)
    few, many = (estimate(rng.normal(0.5, 1.0, n)) for n in (20, 2000))
    for found in (few, many):
        assert found.low < found.value < found.high
    assert many.high - many.low < 0.2 * (few.high - few.low)


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(1)
    held = [e.low <= 0.3 <= e.high for e in (estimate((rng.random(80) < 0.3).astype(float)) for _ in range(60))]
    assert 0.8 <= np.mean(held) <= 1.0


def test_one_unit_has_no_interval():
    assert math.isnan(estimate(np.array([0.3])).low)
    assert not estimate(np.array([0.3])).known


def test_bands_are_those_of_each_series():
    values = np.stack([np.zeros(50), np.arange(50.0)], axis=1)
    low, high = bands(values)
    assert (low[0], high[0]) == (0, 0)
    assert low[1] < 24.5 < high[1]


def test_surprisal_counts_the_other_way_round():
    ours, theirs = np.array([1.0, 2.0, 1.5]), np.array([3.0, 4.5, 3.5])
    assert compare("surprisal", "c", ours, theirs, "prompts").difference.value > 0
    assert compare("precision@1", "c", ours, theirs, "prompts").difference.value < 0


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        ([1, 1, 0, 1, 1, 1], [0, 0, 0, 0, 0, 0], "better than every control"),
        ([0, 1, 0, 1, 0, 1], [0, 1, 0, 1, 1, 0], "A control does as well"),
        ([0, 0, 0, 1, 0, 0], [1, 1, 1, 1, 1, 1], "A control does better"),
        ([0, 0, 0], [0, 0, 0], "nothing is shown"),
        ([1], [0], "One source layer alone"),
    ],
)
def test_the_verdict_is_in_plain_words(ours, theirs, said):
    found = compare("precision@1", "weather", np.array(ours, float), np.array(theirs, float), "source layers")
    assert said in verdict([found], RIGHT)


def test_the_strongest_control_decides():
    ours = np.array([1.0, 1, 1, 0, 1, 1])
    weak = compare("precision@1", "weak", ours, np.zeros(6), "source layers")
    strong = compare("precision@1", "strong", ours, ours, "source layers")
    assert "'strong'" in verdict([weak, strong], RIGHT)
    assert "A control does as well" in verdict([weak, strong], RIGHT)


def test_unlike_units_are_refused():
    with pytest.raises(PatchscopeError, match="same units"):
        compare("precision@1", "c", np.zeros(3), np.zeros(4), "prompts")
