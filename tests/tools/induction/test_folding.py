"""Waves of any shape: one turn is found by folding, jumps and slopes included."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from zetetic.tools.induction.expressions import evaluate
from zetetic.tools.induction.fitting import Data
from zetetic.tools.induction.folding import folded
from zetetic.tools.induction.types import Floats

Shape = Callable[[Floats], Floats]
PERIOD = 1.37
SHAPES: dict[str, Shape] = {
    "square": lambda x: np.sign(np.sin(2 * np.pi * x / PERIOD)),
    "pulse": lambda x: np.where((x - 0.3) % PERIOD < 0.4, 2.0, -1.0),
    "sawtooth": lambda x: (x - 0.2) % PERIOD,
    "triangle": lambda x: np.abs(x % PERIOD - PERIOD / 2),
    "staircase": lambda x: 3.0 * np.floor((x - 0.2) / PERIOD),
    "parabolas": lambda x: ((x - 0.2) % PERIOD) ** 2,
}


def sampled(shape: Shape, n: int = 110, noise: float = 0.0) -> Data:
    rng = np.random.default_rng(8)
    x = np.sort(rng.uniform(-10, 10, n))
    y = shape(x) + noise * rng.normal(size=n)
    return Data(x, y, np.full(n, noise or 1e-9))


@pytest.mark.parametrize("name", SHAPES)
def test_shape_is_found_and_holds_between_the_answers(name: str) -> None:
    shape = SHAPES[name]
    fresh = np.linspace(-9.9, 9.9, 997)
    shares = [float(np.mean(np.abs(evaluate(f, fresh) - shape(fresh)) < 0.02)) for f, _ in folded(sampled(shape))]
    assert max(shares) > 0.95, f"best share of fresh inputs explained: {max(shares):.3f}"


@pytest.mark.parametrize("name", ["square", "triangle"])
def test_shape_is_found_under_noise(name: str) -> None:
    shape = SHAPES[name]
    fresh = np.linspace(-9.9, 9.9, 997)
    forms = [f for f, _ in folded(sampled(shape, 200, noise=0.05))]
    assert max(float(np.mean(np.abs(evaluate(f, fresh) - shape(fresh)) < 0.1)) for f in forms) > 0.93


def test_reported_misfit_is_that_of_the_form() -> None:
    data = sampled(SHAPES["triangle"])
    for form, chi2 in folded(data):
        z = (evaluate(form, data.x) - data.y) / data.s
        assert chi2 == pytest.approx(float(z @ z), rel=1e-9)


def test_too_few_answers_are_not_folded() -> None:
    assert list(folded(sampled(SHAPES["square"], 10))) == []
