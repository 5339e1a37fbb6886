"""Spectra and periodic parts: frequencies far above the mean sampling rate are found from irregular inputs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zetetic.tools.induction.expressions import Expression, constants, evaluate
from zetetic.tools.induction.fitting import Data
from zetetic.tools.induction.periodic import enveloped, harmonics, peaks, sinusoid, sinusoids, spectrum
from zetetic.tools.induction.types import Floats

FRESH = np.linspace(0.013, 9.97, 401)


def sampled(y_of_x: object, n: int = 90, *, span: float = 10.0, seed: int = 4) -> Data:
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(0.0, span, n))
    y = np.asarray(y_of_x(x))  # type: ignore[operator]
    return Data(x, y, np.full(n, 1e-9 * float(np.max(np.abs(y)))))


def best(fits: object) -> tuple[Expression, float]:
    return min(fits, key=lambda fit: fit[1])  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("turns", [0.6, 7.3, 48.0, 612.4, 2201.7])
@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_spectrum_finds_a_frequency_far_above_the_mean_sampling_rate(turns: float, noise: float) -> None:
    """90 inputs over one span: the mean sampling rate can carry 45 turns, had they been evenly spaced."""
    omega = 2 * np.pi * turns / 10.0
    rng = np.random.default_rng(5)
    data = sampled(lambda x: 3.0 + np.sin(omega * x + 1.0) + noise * rng.normal(size=len(x)))
    omegas, shares = spectrum(data)
    assert peaks(omegas, shares, 1)[0] == pytest.approx(omega, abs=0.3 * 2 * np.pi / 10.0)
    assert np.all(shares <= 1 + 1e-9)


def test_spectrum_is_the_share_that_least_squares_explains() -> None:
    rng = np.random.default_rng(0)
    x = np.sort(rng.uniform(0, 5, 25))
    y, s = rng.normal(size=25), rng.uniform(0.5, 1.5, 25)
    omegas, shares = spectrum(Data(x, y, s), count=30)
    weights = 1 / np.maximum(s, np.median(s)) ** 2
    root = np.sqrt(weights / weights.sum())
    flat = y - np.sum(root**2 * y)
    for omega, share in zip(omegas, shares, strict=True):
        table = np.stack([np.sin(omega * x), np.cos(omega * x), np.ones_like(x)], axis=1) * root[:, None]
        left = flat * root - table @ np.linalg.lstsq(table, flat * root, rcond=None)[0]
        assert share == pytest.approx(1 - left @ left / np.sum((flat * root) ** 2), abs=1e-6)


def test_constant_answers_give_a_finite_spectrum() -> None:
    data = sampled(lambda x: np.full_like(x, 2.0))
    omegas, shares = spectrum(data, count=50)
    assert omegas.shape == shares.shape == (50,)
    assert np.all(np.isfinite(shares))


@given(st.lists(st.floats(0, 1), min_size=5, max_size=30, unique=True), st.integers(1, 6))
@settings(deadline=None, derandomize=True)
def test_peaks_are_the_highest_local_maxima(shares: list[float], n: int) -> None:
    found = peaks(np.arange(len(shares), dtype=float), np.array(shares), n)
    inner = [i for i in range(1, len(shares) - 1) if shares[i] > max(shares[i - 1], shares[i + 1])]
    assert found == [float(i) for i in sorted(inner, key=lambda i: -shares[i])[:n]]


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(0.05, 50), st.booleans())
@settings(deadline=None, derandomize=True)
def test_a_sinusoid_says_the_same_as_its_sine_and_cosine(a: float, b: float, omega: float, negative: bool) -> None:
    if np.hypot(a, b) < 1e-3:
        return
    omega = -omega if negative else omega
    form = sinusoid(a, b, omega)
    x = np.linspace(-3, 3, 41)
    np.testing.assert_allclose(evaluate(form, x), a * np.sin(omega * x) + b * np.cos(omega * x), atol=1e-8)
    period = next(c.value for c in constants(form) if c.role == "PERIOD")
    shift = next((-c.value for c in constants(form) if c.role == "-SHIFT"), 0.0)
    assert period == pytest.approx(2 * np.pi / abs(omega))
    assert 0 <= shift <= period


def agrees(form: Expression, truth: Floats, tolerance: float = 1e-5) -> bool:
    return bool(np.max(np.abs(evaluate(form, FRESH) - truth)) < tolerance * np.max(np.abs(truth)))


@pytest.mark.parametrize("omega", [0.9, 11.0, 150.0, 700.0])
def test_one_wave(omega: float) -> None:
    form, chi2 = best(sinusoids(sampled(lambda x: 2 * np.sin(omega * x + 0.3) - 1)))
    assert chi2 < 90
    assert agrees(form, 2 * np.sin(omega * FRESH + 0.3) - 1)


def test_two_waves_on_a_slope() -> None:
    def truth(x: Floats) -> Floats:
        return np.asarray(2 * np.sin(3 * x) + np.cos(7.7 * x) + 0.4 * x)

    form, _ = best(sinusoids(sampled(truth), waves=2, degree=1))
    assert agrees(form, truth(FRESH))


def test_amplitude_that_grows() -> None:
    form, _ = best(sinusoids(sampled(lambda x: x * np.sin(5 * x)), degree=0, modulation=1))
    assert agrees(form, FRESH * np.sin(5 * FRESH))


def test_a_power_of_a_wave() -> None:
    form, _ = best(harmonics(sampled(lambda x: np.sin(2.2 * x) ** 3)))
    assert agrees(form, np.sin(2.2 * FRESH) ** 3)


def test_a_damped_wave_and_a_packet() -> None:
    form, _ = best(enveloped(sampled(lambda x: np.exp(-0.4 * x) * np.sin(6 * x) + 2)))
    assert agrees(form, np.exp(-0.4 * FRESH) * np.sin(6 * FRESH) + 2)
    form, _ = best(enveloped(sampled(lambda x: np.exp(-0.5 * ((x - 4) / 1.2) ** 2) * np.sin(6 * x))))
    assert agrees(form, np.exp(-0.5 * ((FRESH - 4) / 1.2) ** 2) * np.sin(6 * FRESH))


def test_too_few_answers_are_not_fitted() -> None:
    data = sampled(np.sin, 6)
    assert list(sinusoids(data, waves=2)) == []
    assert list(harmonics(data)) == []
    assert list(enveloped(data)) == []
