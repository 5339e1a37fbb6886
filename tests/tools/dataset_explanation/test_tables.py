"""A table's explanation cites numbers that are true of it, beside baselines, and says when there is nothing."""

from __future__ import annotations

import numpy as np
import pytest

from zetetic.tools.dataset_explanation import Feature, TableData, Target, explain_table
from zetetic.tools.dataset_explanation.tables.models import fit_additive
from zetetic.tools.dataset_explanation.tables.shapes import refits, shapes
from zetetic.tools.dataset_explanation.tables.wording import short, unit_of


def table(n=400, seed=0, *, noise=4.0, groups=False):
    rng = np.random.default_rng(seed)
    schooling = rng.uniform(6, 20, n)
    sector = rng.choice(["care", "tech"], n)
    income = 10 + 3.2 * np.minimum(schooling, 14) + np.where(sector == "tech", 8.0, 0.0) + rng.normal(0, noise, n)
    schooling[rng.random(n) < 0.05] = np.nan
    values = (income > np.median(income)).astype(float) if groups else income
    features = (
        Feature("schooling", numbers=schooling),
        Feature("sector", categories=tuple(str(s) for s in sector)),
        Feature("dice", numbers=rng.uniform(size=n)),
    )
    kind = "groups" if groups else "number"
    return TableData(features, Target(kind, "income", values, "rich", "poor"))


@pytest.fixture(scope="module")
def found():
    return explain_table(table())


def test_slopes_kinks_and_steps_are_cited_as_they_are(found):
    effects = {e.feature: e for e in found.effects}
    assert found.form == "additive"
    first, *rest = effects["schooling"].segments
    assert first.slope.value == pytest.approx(3.2, abs=0.4)
    assert first.slope.low < first.slope.value < first.slope.high
    assert first.end == pytest.approx(14, abs=1.5)
    assert rest[-1].flat
    highest, lowest = effects["sector"].levels
    assert (highest.name, lowest.name) == ("tech", "care")
    assert highest.value - lowest.value == pytest.approx(8, abs=2)
    assert "rises by" in effects["schooling"].sentence
    assert "then is flat" in effects["schooling"].sentence


def test_intervals_of_slopes_cover_the_truth_about_as_often_as_they_say():
    covered = 0
    for seed in range(10):
        data = table(seed=seed)
        model = fit_additive(data.features, data.target.values, "number")
        drawn = refits(model, data.features, data.target.values, np.random.default_rng(0), 25)
        slope = shapes(model.design, data.features, drawn)[0][0][0].slope
        covered += slope.low <= 3.2 <= slope.high
    assert covered >= 8


def test_what_has_no_effect_is_named_and_not_explained(found):
    assert found.without_effect == ("dice",)


def test_the_score_stands_beside_baselines_and_a_ceiling(found):
    by_name = {s.name: s for s in found.scores}
    assert set(by_name) == {"mean", "linear", "tree", "additive", "boosted"}
    assert by_name["mean"].held_out.value <= 0.01
    assert found.score == by_name["additive"].held_out
    assert found.score.low > 0.5
    assert str(found.score) in found.summary


def test_the_simpler_form_is_told_when_as_good():
    rng = np.random.default_rng(3)
    x = rng.normal(size=300)
    data = TableData((Feature("x", numbers=x),), Target("number", "y", 2 * x + rng.normal(size=300)))
    told = explain_table(data)
    assert told.form == "linear"
    (segment,) = told.effects[0].segments
    assert segment.slope.low <= 2 <= segment.slope.high


def test_an_interaction_is_told_by_a_tree():
    rng = np.random.default_rng(4)
    a, b = rng.uniform(-1, 1, 600), rng.uniform(-1, 1, 600)
    y = np.where((a > 0.2) & (b > 0.2), 10.0, 0.0) + rng.normal(0, 0.5, 600)
    told = explain_table(TableData((Feature("a", numbers=a), Feature("b", numbers=b)), Target("number", "y", y)))
    assert told.form == "tree"
    top = told.rules[0]
    assert top.prediction == pytest.approx(10, abs=1)
    assert top.held_out_mean == pytest.approx(10, abs=1)
    assert len(top.conditions) == 2


def test_groups_are_told_as_shares():
    told = explain_table(table(groups=True))
    assert told.metric == "AUC"
    assert told.score.low > 0.7
    assert told.form in ("linear", "additive")
    assert "share of rich" in told.effects[0].sentence
    assert all(0 <= v <= 1 for e in told.effects for v in (e.curve.y if e.curve else ()))


def test_noise_is_told_as_nothing():
    rng = np.random.default_rng(6)
    features = tuple(Feature(name, numbers=rng.normal(size=200)) for name in "abc")
    told = explain_table(TableData(features, Target("number", "y", rng.normal(size=200))))
    assert not told.found
    assert not told.effects
    assert told.summary.startswith("Nothing in the columns tells y")


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (3.14159, "3.14"), (66.6, "66.6"), (1234567, "1,230,000"), (0.00123, "0.00123"), (-2.5, "-2.5")],
)
def test_numbers_are_short(number, text):
    assert short(number) == text


def test_steps_are_round_and_fit_the_range():
    assert (unit_of(14), unit_of(90_000), unit_of(0.5)) == (1, 10_000, 0.1)
