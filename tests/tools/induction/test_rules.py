"""Rules: what a search may hand back, and what stands in for something simpler."""

from __future__ import annotations

import numpy as np
import pytest

from zetetic.tools.induction.expressions import Call, Expression, Quotient, constant, evaluate, shifted, times, total
from zetetic.tools.induction.fitting import Data
from zetetic.tools.induction.rules import RISES, candidates, noisy, with_steps

XS = np.linspace(-10.0, 10.0, 81)


def rise(name: str, center: float, width: float) -> Expression:
    inside = Quotient(shifted(center), constant(width, "WIDTH"))
    return total(constant(1.5), times(constant(2.0), Call(name, inside)))


def seen(truth: Expression, sigma: float) -> Data:
    noise = np.random.default_rng(4).normal(size=len(XS))
    return Data(XS, evaluate(truth, XS) + sigma * noise, np.full(len(XS), sigma or 1e-9))


@pytest.mark.parametrize("name", RISES)
@pytest.mark.parametrize("width", [1e-6, -1e-6])
def test_a_rise_between_two_answers_is_a_step(name: str, width: float) -> None:
    form = rise(name, 0.12, width)
    step = with_steps(form, seen(form, 0.1))
    assert "WIDTH" not in repr(step)
    np.testing.assert_allclose(evaluate(step, XS), evaluate(form, XS), atol=1e-4)


@pytest.mark.parametrize("name", RISES)
def test_a_rise_that_answers_follow_stays(name: str) -> None:
    form = rise(name, 0.12, 1.5)
    assert with_steps(form, seen(form, 0.1)) == form


def test_answers_without_noise_are_left_to_the_fit() -> None:
    form = rise("tanh", 0.12, 1e-6)
    assert with_steps(form, seen(form, 0.0)) == form


@pytest.mark.parametrize("at", [0.0, 0.12, -3.3])
def test_a_noisy_step_is_no_narrow_rise(at: float) -> None:
    y = np.where(at <= XS, 1.7, 1.1) + 0.05 * np.random.default_rng(3).normal(size=len(XS))
    data = Data(XS, y, np.full(len(XS), 0.05))
    found = candidates(data, (noisy,), lambda: False)
    assert found
    assert all(with_steps(form, data) == form for form in found)
