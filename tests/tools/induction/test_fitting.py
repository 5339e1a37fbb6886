"""Least squares: linear parts are solved, non-linear parts found from nearby, and nothing is ever made worse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zetetic.tools.induction.expressions import Call, Literal, Power, X, constant, constants, evaluate, times, total
from zetetic.tools.induction.fitting import Data, columns_of, combine, fit_terms, polish, project, refine, solve

exactly = settings(max_examples=60, deadline=None, derandomize=True)
CUBIC = [Literal(1.0), X, Power(X, Literal(2.0)), Power(X, Literal(3.0))]


def noisy(seed: int, n: int = 40) -> Data:
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(-3, 3, n))
    return Data(x, 2 * x**2 - x + rng.normal(size=n), rng.uniform(0.2, 2.0, n))


def chi2(form: object, data: Data) -> float:
    return float(np.sum(((evaluate(form, data.x) - data.y) / data.s) ** 2))  # type: ignore[arg-type]


@given(st.integers(0, 10**6))
@exactly
def test_solve_meets_the_normal_equations(seed: int) -> None:
    data = noisy(seed)
    columns = columns_of(CUBIC, data.x)
    beta, left = solve(columns, data)
    residual = (columns @ beta - data.y) / data.s**2
    np.testing.assert_allclose(columns.T @ residual, 0.0, atol=1e-8 * np.abs(columns).sum())
    assert left == pytest.approx(chi2(combine(CUBIC, beta), data))


@given(st.integers(0, 10**6), st.floats(1e-8, 1e8))
@exactly
def test_solve_does_not_mind_the_scale_of_a_column(seed: int, scale: float) -> None:
    data = noisy(seed)
    columns = columns_of(CUBIC, data.x)
    wide = columns * np.array([1.0, scale, 1.0, 1.0])
    np.testing.assert_allclose(solve(wide, data)[0][1] * scale, solve(columns, data)[0][1], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("spoiled", [0.0, np.inf, np.nan])
def test_columns_that_say_nothing_are_no_fit(spoiled: float) -> None:
    data = noisy(0)
    columns = columns_of(CUBIC, data.x)
    columns[:, 1] = spoiled
    assert solve(columns, data)[1] == np.inf
    columns[:, 1] = columns[:, 2]
    assert solve(columns, data)[1] == np.inf, "two equal columns"


def test_terms_that_earn_nothing_are_dropped() -> None:
    x = np.linspace(-3, 3, 50)
    y = 1.5 - 0.5 * x**3
    found = fit_terms(CUBIC, Data(x, y, np.full(50, 1e-9)))
    assert found is not None
    assert [c.value for c in constants(found[0])] == pytest.approx([1.5, -0.5])


def test_noise_does_not_earn_terms() -> None:
    kept = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        x = np.sort(rng.uniform(-3, 3, 200))
        found = fit_terms(CUBIC, Data(x, 2 * x + 3 + rng.normal(size=200), np.ones(200)))
        assert found is not None
        kept.append(len(constants(found[0])))
    assert np.mean(np.array(kept) == 2) >= 0.9


def test_fewer_answers_than_terms_are_no_fit() -> None:
    assert fit_terms(CUBIC, Data(np.arange(3.0), np.arange(3.0), np.ones(3))) is None
    assert fit_terms([Call("log", X)], noisy(0)) is None, "no logarithm of negative inputs"


def decay(x: np.ndarray, theta: np.ndarray) -> np.ndarray:
    return np.stack([np.exp(-theta[0] * x), np.ones_like(x)], axis=1)


@given(st.floats(0.2, 3.0), st.floats(0.5, 5.0), st.floats(-2.0, 2.0))
@exactly
def test_refining_finds_a_planted_rate(rate: float, size: float, offset: float) -> None:
    x = np.linspace(0, 4, 40)
    data = Data(x, size * np.exp(-rate * x) + offset, np.full(40, 1e-9))
    theta, beta, left = refine(decay, data, np.array([rate * 1.4]))
    assert theta[0] == pytest.approx(rate, rel=1e-6)
    assert beta == pytest.approx([size, offset], abs=1e-5)
    assert left <= project(decay, data, np.array([rate * 1.4]))[1]


def test_a_start_without_a_value_is_no_fit() -> None:
    data = noisy(0)
    assert project(decay, data, np.array([1e9]))[1] == np.inf


@given(st.integers(0, 10**6), st.floats(-3, 3), st.floats(-3, 3))
@exactly
def test_polishing_never_makes_a_fit_worse(seed: int, a: float, b: float) -> None:
    data = noisy(seed)
    form = total(times(constant(a), Call("sin", times(constant(b), X))), constant(1.0))
    better, left = polish(form, data)
    assert left <= chi2(form, data) * (1 + 1e-12)
    assert left == pytest.approx(chi2(better, data))


@given(st.lists(st.booleans(), min_size=3, max_size=3))
@exactly
def test_polishing_leaves_alone_what_is_held(free: list[bool]) -> None:
    data = noisy(3)
    form = total(constant(0.5), times(constant(0.7), X), times(constant(1.5), Power(X, Literal(2.0))))
    better, _ = polish(form, data, free=free)
    for may, before, after in zip(free, constants(form), constants(better), strict=True):
        assert may or before.value == after.value


def test_polishing_a_form_without_a_value_returns_it() -> None:
    form = Call("log", times(constant(1.0), X))
    assert polish(form, noisy(1)) == (form, np.inf)


def test_exact_data_are_told_from_noisy_ones() -> None:
    x = np.linspace(1, 2, 20)
    assert Data(x, x, np.full(20, 1e-9)).exact
    assert not Data(x, x, np.full(20, 1e-2)).exact
    assert len(Data(x, x, x).where(x > 1.5)) == int(np.sum(x > 1.5))
