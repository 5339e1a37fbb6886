"""Evidence: nothing answered is lost, and repeats say what is noise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zetetic.tools.black_boxes.types import Failure, Reply
from zetetic.tools.induction.evidence import Evidence, rounding_error, scatter

exactly = settings(max_examples=150, deadline=None, derandomize=True)
NOTHING = Reply(None, Failure("raised", "ValueError: no"))

replies = st.one_of(
    st.floats(-1e6, 1e6).map(Reply), st.just(NOTHING), st.builds(complex, st.just(1.0), st.floats(-3, 3)).map(Reply)
)
answers = st.lists(st.tuples(st.integers(-6, 6).map(float), replies), max_size=40)


def gathered(pairs: list[tuple[float, Reply]]) -> Evidence:
    evidence = Evidence()
    evidence.add([x for x, _ in pairs], [r for _, r in pairs])
    return evidence


@given(answers)
@exactly
def test_every_answer_is_in_the_arrays_once(pairs: list[tuple[float, Reply]]) -> None:
    a = gathered(pairs).arrays
    assert sorted(zip(a.x.tolist(), a.y.tolist())) == sorted((x, r.value) for x, r in pairs if type(r.value) is float)
    assert np.all(np.diff(a.x) >= 0)
    real = set(a.x.tolist())
    assert sorted(a.undefined.tolist()) == sorted({x for x, _ in pairs} - real)
    assert set(a.complex_values) <= set(a.undefined.tolist())
    assert all(len(a.repeats[x]) == sum(a.x == x) > 1 for x in a.repeats)
    assert sum(len(r) for r in a.places.values()) == len(pairs)


@given(answers, answers)
@exactly
def test_adding_twice_is_adding_together(first: list[tuple[float, Reply]], then: list[tuple[float, Reply]]) -> None:
    evidence = gathered(first)
    assert len(evidence.arrays.places) == len({x for x, _ in first})
    evidence.add([x for x, _ in then], [r for _, r in then])
    together = gathered([*first, *then]).arrays
    np.testing.assert_array_equal(evidence.arrays.x, together.x)
    np.testing.assert_array_equal(evidence.arrays.y, together.y)
    assert all(evidence.known(x) for x, _ in [*first, *then])
    assert not evidence.known(0.5)


def test_inputs_left_unanswered_when_the_budget_ran_out_are_not_known() -> None:
    evidence = Evidence()
    evidence.add([1.0, 2.0, 3.0], [Reply(5.0)])
    assert evidence.known(1.0)
    assert not evidence.known(2.0)
    assert evidence.arrays.y.tolist() == [5.0]


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=40), st.integers(-40, 40))
@exactly
def test_rounding_error_is_positive_and_scales_with_the_answers(ys: list[float], power: int) -> None:
    y = np.array(ys)
    y[np.abs(y) < 1e-6] = 0.0
    x = np.arange(len(y), dtype=float)
    s = rounding_error(x, y)
    assert np.all(s > 0)
    assert np.all(s <= 3e-6 * max(1.0, np.max(np.abs(y))))
    np.testing.assert_allclose(rounding_error(x, -y), s)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_rounding_error_of_smooth_answers_is_about_a_billionth(scale: float) -> None:
    x = np.linspace(1, 4, 50)
    s = rounding_error(x, scale * np.exp(x))
    assert np.all(s > 0.9e-9 * scale * np.exp(x))
    assert np.all(s < 2e-9 * scale * np.exp(x))


def test_answers_in_single_precision_are_granted_more() -> None:
    x = np.linspace(1, 4, 50)
    y = np.exp(x)
    assert np.all(rounding_error(x, y.astype(np.float32).astype(float)) > 100 * rounding_error(x, y))


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
@exactly
def test_every_double_has_a_positive_error(ys: list[float]) -> None:
    s = rounding_error(np.arange(len(ys), dtype=float), np.array(ys))
    assert np.all((s > 0) & np.isfinite(s))
    assert scatter({0.0: np.array(ys)}).sigma >= 0


def test_no_answers_have_no_error() -> None:
    assert len(rounding_error(np.zeros(0), np.zeros(0))) == 0


@pytest.mark.parametrize("sigma", [1e-8, 0.1, 30.0])
def test_scatter_pools_repeats_whatever_the_level(sigma: float) -> None:
    rng = np.random.default_rng(1)
    repeats = {float(x): 0.01 * x + sigma * rng.normal(size=4) for x in range(60)}
    spread = scatter(repeats)
    assert spread.sigma == pytest.approx(sigma, rel=0.15)
    assert spread.stochastic
    assert not spread.mixed
    assert not spread.integers


def test_scatter_of_a_deterministic_box_is_nothing() -> None:
    spread = scatter({1.0: np.array([0.1, 0.1]), 2.0: np.array([0.3, 0.1 + 0.2])})
    assert not spread.stochastic
    assert spread.sigma == 0.0
    assert spread.steady.tolist() == [1.0, 2.0]


def test_scatter_tells_where_answers_vary_and_where_not() -> None:
    repeats = {1.0: np.array([2.0, 2.0]), 2.0: np.array([2.0, 2.3]), 3.0: np.array([1.0, 1.7])}
    spread = scatter(repeats)
    assert spread.mixed
    assert (spread.steady.tolist(), spread.varying.tolist()) == ([1.0], [2.0, 3.0])
    assert not scatter(repeats, 0.5, 1.5).stochastic
    assert not scatter(repeats, 1.5, 9.0).mixed


def test_counting_noise_is_told_by_whole_steps_also_around_a_curve() -> None:
    rng = np.random.default_rng(2)
    repeats = {x: np.sin(x) + rng.poisson(4.0, 3) for x in np.linspace(0, 5, 20).tolist()}
    spread = scatter(repeats)
    assert spread.integers
    assert len(spread.steady) == 0, "an answer alike by chance is no sign of a place without noise"
