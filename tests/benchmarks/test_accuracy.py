"""The figures agree with a slow, direct reading of their definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zetetic.benchmarks.accuracy import (
    close_share,
    count_literals,
    evaluate,
    nmse,
    noise_allowance,
    r2,
    rms_error,
)

NAN = complex(math.nan, math.nan)
numbers = st.complex_numbers(max_magnitude=1e6, min_magnitude=1e-3, allow_nan=False, allow_infinity=False)
truths = st.one_of(numbers, st.just(NAN), st.just(complex(math.inf, 0)))


def array(values: list[complex]) -> np.ndarray:
    return np.array(values, dtype=np.complex128)


def direct_nmse(truth: list[complex], predicted: list[complex], *, centred: bool) -> float:
    pairs = [(t, p) for t, p in zip(truth, predicted) if math.isfinite(t.real) and math.isfinite(t.imag)]
    if not pairs:
        return math.nan
    mean = sum(t for t, _ in pairs) / len(pairs) if centred else 0.0
    energy = math.fsum(abs(t - mean) ** 2 for t, _ in pairs)
    return math.fsum(abs(t - p) ** 2 for t, p in pairs) / energy if energy > 0 else math.nan


@given(st.lists(st.tuples(truths, numbers), min_size=2, max_size=30), st.booleans())
def test_nmse_is_the_ratio_of_summed_squares(pairs: list[tuple[complex, complex]], centred: bool) -> None:
    truth, predicted = [t for t, _ in pairs], [p for _, p in pairs]
    expected = direct_nmse(truth, predicted, centred=centred)
    finite = [t for t in truth if np.isfinite(t)]
    if centred and (len(finite) < 2 or np.std(finite) < 1e-6 * max(map(abs, finite))):
        return
    got = nmse(array(truth), array(predicted), centred=centred)
    assert got == pytest.approx(expected, rel=1e-6, nan_ok=True)


@given(st.lists(numbers, min_size=1, max_size=20), numbers)
def test_nmse_does_not_depend_on_units(values: list[complex], unit: complex) -> None:
    truth = array(values)
    predicted = truth + 0.1 * np.arange(len(values))
    assert nmse(truth * unit, predicted * unit) == pytest.approx(nmse(truth, predicted), rel=1e-6, abs=1e-12)


def test_an_undefined_prediction_of_a_defined_value_is_infinitely_wrong() -> None:
    assert nmse(array([1, 2]), array([1, NAN])) == math.inf
    assert nmse(array([1, NAN]), array([1, NAN])) == 0.0
    assert rms_error(array([1, 2]), array([1, complex(math.inf, 0)])) == math.inf


def test_a_truth_without_energy_is_either_met_or_missed() -> None:
    assert nmse(array([0, 0]), array([0, 0])) == 0.0
    assert nmse(array([0, 0]), array([0, 1e-30])) == math.inf
    assert nmse(array([5, 5]), array([5, 5]), centred=True) == 0.0
    assert nmse(array([5, 5]), array([5, 6]), centred=True) == math.inf
    assert math.isnan(nmse(array([NAN]), array([1])))


def test_r2_is_one_for_truth_and_zero_for_its_mean() -> None:
    truth = array([1, 2, 6])
    assert r2(truth, truth) == 1.0
    assert r2(truth, np.full(3, 3.0 + 0j)) == pytest.approx(0.0)


def test_close_share_is_not_ruled_by_a_pole() -> None:
    truth = array([1.0] * 99 + [1e9])
    assert nmse(truth, truth * 0 + array([2.0] * 99 + [1e9])) < 1e-12
    assert close_share(truth, array([2.0] * 99 + [1e9])) == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("expression", "count"),
    [("3.2 * abs(x) + 1.1", 2), ("x", 1), ("x1 + np.log2(x)", 1), ("1e-3*x**2.", 2), ("(.5*x) / -7", 2)],
)
def test_literals_are_counted(expression: str, count: int) -> None:
    assert count_literals(expression) == count


def test_noise_allowance_shrinks_with_queries_and_grows_with_parameters() -> None:
    assert noise_allowance(2.0, 4, 400) == pytest.approx(0.6)
    assert noise_allowance(2.0, 4, 100) > noise_allowance(2.0, 4, 400) > noise_allowance(2.0, 1, 400)


def test_evaluate_gives_nan_where_there_is_no_number() -> None:
    def function(x: float) -> object:
        return {0.0: "text", 1.0: 2, 2.0: np.float64(3), 3.0: 1j}.get(x) if x < 4 else 1 / 0

    values = evaluate(function, [(float(k),) for k in range(6)])
    assert np.isnan(values[[0, 4, 5]]).all()
    assert values[1:4].tolist() == [2, 3, 1j]
