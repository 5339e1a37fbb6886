"""Held-out scores: they agree with the libraries', know their limits, and say what cannot be scored."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import false_discovery_control, spearmanr
from sklearn.metrics import roc_auc_score

from zetetic.tools.scoring.texts import (
    ScoringError,
    auc,
    benjamini_hochberg,
    bonferroni,
    difference,
    effect,
    estimate_auc,
    held_out,
    holm,
    permutation_p_value,
    spearman,
    text_score,
    top,
)
from zetetic.tools.scoring.texts.ranks import auc_rows, spearman_rows


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def noisy(n: int = 200, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    source = rng(seed)
    degrees = source.integers(0, 9, n) / 8
    return degrees, degrees + source.normal(0, 0.5, n)


def test_auc_and_correlation_agree_with_the_libraries_ties_included():
    degrees, responses = noisy()
    positive = responses > 0.7
    assert auc(degrees, positive) == pytest.approx(roc_auc_score(positive, degrees))
    assert spearman(degrees, responses) == pytest.approx(spearmanr(degrees, responses)[0])


def test_a_resample_is_the_same_as_texts_written_out():
    degrees, responses = noisy(30)
    positive = responses > 0.5
    weights = rng().integers(0, 4, (5, 30)).astype(float)
    for row, by_auc, by_rank in zip(
        weights, auc_rows(degrees, positive, weights), spearman_rows(degrees, responses, weights), strict=True
    ):
        written = np.repeat(np.arange(30), row.astype(int))
        assert by_auc == pytest.approx(roc_auc_score(positive[written], degrees[written]))
        assert by_rank == pytest.approx(spearmanr(degrees[written], responses[written])[0])


@pytest.mark.parametrize(("share_of_ones", "expected"), [(0.5, 0.5), (0.05, 0.05), (0.9, 0.9)])
def test_a_module_of_yes_and_no_is_cut_between_both(share_of_ones, expected):
    responses = (np.arange(200) < 200 * share_of_ones).astype(float)
    positive, cut = top(responses)
    assert (positive.mean(), cut) == (pytest.approx(expected), 1.0)


def test_the_top_share_of_a_smooth_module_is_a_fifth():
    positive, cut = top(rng().normal(size=500))
    assert positive.mean() == pytest.approx(0.2, abs=0.002)
    assert np.isfinite(cut)


def test_a_perfect_explanation_is_told_from_a_useless_one():
    responses = rng().normal(size=200)
    perfect = held_out(responses, responses, tried=20, rng=rng())
    useless = held_out(rng(5).normal(size=200), responses, tried=20, rng=rng())
    assert perfect.auc.value == perfect.auc.high == 1.0 > perfect.auc.low > 0.9, "few texts are no certainty"
    assert perfect.corrected_p_value < 0.02
    assert useless.auc.low < 0.5 < useless.auc.high
    assert useless.corrected_p_value > 0.3


def test_more_tried_is_corrected_for():
    degrees, responses = noisy(60)
    one, many = (held_out(degrees, responses, tried=tried, rng=rng()) for tried in (1, 50))
    assert many.corrected_p_value == pytest.approx(min(1.0, 50 * many.p_value))
    assert many.resolution <= 0.01 / 50 * 1.001, "fine enough for what is left after the correction"
    assert one.p_value >= one.resolution


def test_p_values_of_nothing_are_uniform():
    positive = np.arange(40) < 8
    found = [permutation_p_value(rng(seed).normal(size=40), positive, rng(seed + 500))[0] for seed in range(120)]
    for level in (0.1, 0.3, 0.6):
        assert np.mean(np.array(found) <= level) == pytest.approx(level, abs=0.13)


def test_degrees_that_are_all_alike_are_chance():
    found = held_out(np.ones(50), rng().normal(size=50), tried=1, rng=rng())
    assert (found.auc.value, found.auc.known, found.correlation.value, found.p_value) == (0.5, False, 0.0, 1.0)


def test_missing_responses_are_left_out_and_counted():
    degrees, responses = noisy(50)
    responses[:7] = np.nan
    found = held_out(degrees, responses, tried=1, rng=rng())
    assert (found.n, found.left_out) == (43, 7)


@pytest.mark.parametrize(
    ("degrees", "responses", "said"),
    [
        ([0.1] * 9, [1.0] * 9, "expected responses that differ"),
        ([0.1] * 3, [1.0, 2.0, 3.0], "at least 4"),
        ([0.1] * 9, [float("nan")] * 9, "at least 4"),
        ([0.1] * 8, [1.0] * 9, "expected a degree for each"),
        ([float("nan")] * 9, list(range(9)), "expected finite degrees"),
        (["a"] * 9, list(range(9)), "expected degrees as numbers"),
    ],
)
def test_what_cannot_be_scored_says_why(degrees, responses, said):
    with pytest.raises(ScoringError, match=said):
        held_out(degrees, responses, tried=1, rng=rng())


def test_a_withheld_score_says_why_and_has_no_value():
    degrees, responses = noisy(50)
    by_judge = text_score(degrees, responses, judge="coin", tried=1, rng=rng(), withheld="the judge is at chance")
    by_module = text_score(degrees, np.ones(50), judge="coin", tried=1, rng=rng())
    for score in (by_judge, by_module):
        assert score.value is None
        assert not score.beats_baselines
        assert not score.significant
        assert score.withheld in str(score)
    assert "differ" in by_module.withheld


def test_baselines_are_compared_on_the_same_texts():
    degrees, responses = noisy(300)
    others = {"itself": degrees, "random": rng(9).random(300)}
    score = text_score(degrees, responses, judge="j", tried=3, rng=rng(), baselines=others)
    itself, random = score.baselines
    assert not itself.beaten
    assert itself.behind.value == itself.behind.low == itself.behind.high == 0.0
    assert random.beaten
    assert not score.beats_baselines
    gap = difference(degrees, others, responses, rng())["random"]
    assert gap.low < gap.value < gap.high


def test_effects_are_in_standard_deviations_of_the_module():
    inside, outside = rng().normal(3, 1, 30), rng(1).normal(1, 1, 30)
    one, other = effect(inside, outside, 1.0, rng()), effect(inside, outside, 2.0, rng())
    assert one.value == pytest.approx(inside.mean() - outside.mean())
    assert other.value == pytest.approx(one.value / 2)
    assert one.low < one.value < one.high
    with pytest.raises(ScoringError, match="spread above 0"):
        effect(inside, outside, 0.0, rng())
    with pytest.raises(ScoringError, match="got 0 and 30"):
        effect([float("nan")], outside, 1.0, rng())


def test_corrections_agree_with_the_library_and_by_hand():
    p = rng().random(25) ** 3
    np.testing.assert_allclose(benjamini_hochberg(p), false_discovery_control(p))
    np.testing.assert_allclose(holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06])
    assert holm([]).shape == (0,)
    assert bonferroni(0.02, 10) == pytest.approx(0.2)
    with pytest.raises(ScoringError, match="between 0 and 1"):
        holm([1.5])


@pytest.mark.slow
@pytest.mark.parametrize(("shift", "inside", "outside"), [(0.3, 80, 320), (2, 10, 390), (3, 80, 320)])
def test_auc_intervals_cover_as_often_as_they_say(shift, inside, outside):
    from scipy.stats import norm

    source, truth = rng(1), float(norm.cdf(shift / np.sqrt(2)))
    positive = np.arange(inside + outside) < inside
    held = 0
    for _ in range(200):
        found = estimate_auc(source.normal(0, 1, inside + outside) + shift * positive, positive, source)
        held += found.low <= truth <= found.high
    assert 0.915 <= held / 200 <= 1.0


@pytest.mark.slow
def test_effect_intervals_cover_as_often_as_they_say():
    source, held = rng(2), 0
    for _ in range(400):
        found = effect(source.exponential(2, 20), source.exponential(1, 20), 1.0, source)
        held += found.low <= 1.0 <= found.high
    assert 0.91 <= held / 400 <= 0.99
