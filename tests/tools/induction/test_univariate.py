"""One input, end to end: breaks, exceptions and odd points are found and placed, and none is made up."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from zetetic.tools.black_boxes.types import Point, Reply
from zetetic.tools.induction.engine import run
from zetetic.tools.induction.types import Candidate

Function = Callable[[float], Any]


def values(candidate: Candidate, xs: np.ndarray) -> np.ndarray:
    return candidate.predict(xs[:, None])


def share_right(candidate: Candidate, function: Function, low: float = -10.0, high: float = 10.0) -> float:
    """The share of fresh inputs predicted to a millionth of the spread."""
    xs = np.random.default_rng(99).uniform(low, high, 800)
    truth = np.array([float(function(x)) for x in xs.tolist()])
    size = float(np.ptp(truth)) or float(np.max(np.abs(truth))) or 1.0
    return float(np.mean(np.abs(values(candidate, xs) - truth) < 1e-6 * size))


SMOOTH: dict[str, tuple[Function, float, float]] = {
    "constant": (lambda x: 3.7, -10, 10),
    "zero": (lambda x: 0.0, -10, 10),
    "line": (lambda x: 2.5 * x - 7, -10, 10),
    "parabola": (lambda x: x * x - 3.2 * x + 1, -10, 10),
    "cubic": (lambda x: 0.5 * x**3 - 2 * x, -5, 5),
    "wave": (lambda x: 2.3 * math.sin(3.1 * x + 0.4) + 1, -10, 10),
    "fast wave": (lambda x: math.cos(41.7 * x), -10, 10),
    "decay": (lambda x: 2.2 * math.exp(-0.31 * x), -5, 10),
    "smooth step": (lambda x: 3 * math.tanh(2 * x - 1), -5, 5),
    "logarithm": (lambda x: 1.7 * math.log(x + 3), -2, 10),
    "root": (lambda x: 1.2 * math.sqrt(x), 0, 100),
    "reciprocal": (lambda x: 4 / x, 0.1, 10),
    "bell": (lambda x: 5 * math.exp(-((x - 2) ** 2) / 2), -10, 10),
    "bend": (lambda x: 3.2 * abs(x) + 1.1, -10, 10),
    "ratio": (lambda x: (2 * x + 1) / (x * x + 3), -10, 10),
    "angle": (lambda x: 4 * math.atan(x / 2), -10, 10),
}


@pytest.mark.parametrize("name", SMOOTH)
def test_a_clean_function_is_one_rule_without_exceptions(one_input: Any, name: str) -> None:
    function, low, high = SMOOTH[name]
    best = run(one_input(function, low, high), seed=0)[0]
    assert share_right(best, function, low, high) == 1.0, best.description
    assert best.exceptions == ()
    assert best.noise is None
    assert "except" not in best.description


@pytest.mark.parametrize("scale", [1e-6, 1e6])
@pytest.mark.parametrize("name", ["parabola", "wave", "bend"])
def test_the_unit_of_the_output_does_not_matter(one_input: Any, name: str, scale: float) -> None:
    function, low, high = SMOOTH[name]
    best = run(one_input(lambda x: scale * function(x), low, high), seed=0)[0]
    assert share_right(best, lambda x: scale * function(x), low, high) == 1.0, best.description
    assert best.exceptions == ()


@pytest.mark.parametrize("scale", [1e-6, 1e6])
@pytest.mark.parametrize("name", ["parabola", "wave"])
def test_the_unit_of_the_input_does_not_matter(one_input: Any, name: str, scale: float) -> None:
    function, low, high = SMOOTH[name]
    best = run(one_input(lambda x: function(x / scale), low * scale, high * scale), seed=0)[0]
    assert share_right(best, lambda x: function(x / scale), low * scale, high * scale) == 1.0, best.description
    assert best.exceptions == ()


def break_of(candidate: Candidate, low: float, high: float) -> float:
    """Where the prediction jumps between two inputs, by bisection."""
    left = float(values(candidate, np.array([low]))[0])
    right = float(values(candidate, np.array([high]))[0])
    while high - low > 1e-8:
        middle = (low + high) / 2
        y = float(values(candidate, np.array([middle]))[0])
        low, high = (middle, high) if abs(y - left) < abs(y - right) else (low, middle)
    return (low + high) / 2


@pytest.mark.parametrize(
    ("at", "seed"), [(1.23456789, 0), (1.23456789, 1), (-7.654321, 2), (9.87, 0), (math.pi, 0), (0.0, 0), (-1e-3, 3)]
)
def test_a_step_is_located_to_a_hundred_thousandth_of_the_domain(one_input: Any, at: float, seed: int) -> None:
    best = run(one_input(lambda x: 4.0 if x > at else -1.5), seed=seed)[0]
    assert break_of(best, -10.0, 10.0) == pytest.approx(at, abs=1e-5 * 20)


@pytest.mark.parametrize("at", [2.3456789, math.sqrt(7), -3.3])
def test_a_break_between_two_curves_is_located(one_input: Any, at: float) -> None:
    def function(x: float) -> float:
        return x * x if x < at else 12.0 - x

    best = run(one_input(function), seed=0)[0]
    assert break_of(best, at - 0.05, at + 0.05) == pytest.approx(at, abs=1e-5 * 20)
    assert share_right(best, function) > 0.999


BASES: dict[str, Function] = {
    "line": lambda x: 2 * x + 1,
    "parabola": lambda x: x * x + 1,
    "wave": lambda x: 3 * math.sin(1.3 * x),
}
INSIDE: dict[str, Function] = {"line": lambda x: 7 - x, "level": lambda x: 41.5}


@pytest.mark.parametrize("low", [-8.4137, -1.02, 5.5521])
@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("inside", INSIDE)
def test_an_exception_of_a_twentieth_of_the_domain_has_both_ends(
    one_input: Any, base: str, inside: str, low: float
) -> None:
    """5 % of the domain; both ends within 0.5 % of it."""
    high = low + 1.0

    def function(x: float) -> float:
        return INSIDE[inside](x) if low <= x <= high else BASES[base](x)

    best = run(one_input(function), seed=0)[0]
    assert share_right(best, function) > 0.99, best.description
    (region,) = best.exceptions
    assert region.low == pytest.approx(low, abs=0.005 * 20)
    assert region.high == pytest.approx(high, abs=0.005 * 20)
    for end in (region.low, region.high):
        assert f"{end:.6g}" in best.description


@pytest.mark.parametrize("low", [-6.0, 0.31, 8.0])
def test_a_random_exception_has_both_ends(one_input: Any, low: float) -> None:
    rng = np.random.default_rng(0)
    high = low + 1.2

    def function(x: float) -> float:
        return 20.0 + float(rng.normal()) if low <= x <= high else 2 * x + 1

    best = run(one_input(function), seed=0)[0]
    (region,) = best.exceptions
    assert region.low == pytest.approx(low, abs=0.005 * 20)
    assert region.high == pytest.approx(high, abs=0.005 * 20)
    assert "random" in best.description


@pytest.mark.parametrize("at", [3.0, 0.0, -10.0])
def test_an_odd_input_that_is_asked_is_a_point_of_its_own(one_input: Any, explained: Any, at: float) -> None:
    """An end of the domain and 0 are always asked; 3 is told by an earlier round."""

    class Remembering(one_input):  # type: ignore[misc]
        def known(self) -> list[tuple[Point, Reply]]:
            return [((at,), self.reply(at))]

    best = run(Remembering(lambda x: 50.0 if x == at else 2 * x + 1), seed=0)[0]
    assert values(best, np.array([at, at + 1e-3])).tolist() == pytest.approx([50.0, 2 * at + 1.002])
    assert explained(best.code)(at) == 50.0
    assert best.exceptions == ()
    assert "exactly" in best.description


def test_a_box_that_fails_on_half_the_domain_has_no_value_there(one_input: Any, explained: Any) -> None:
    best = run(one_input(lambda x: 2 * math.log(x - 1.25)), seed=0)[0]
    assert np.all(np.isnan(values(best, np.linspace(-10, 1.2, 50))))
    assert np.all(np.isfinite(values(best, np.linspace(1.3, 10, 50))))
    np.testing.assert_allclose(values(best, np.array([2.0, 9.0])), [2 * math.log(0.75), 2 * math.log(7.75)])


def test_a_level_that_fails_on_half_the_domain_names_the_break(one_input: Any) -> None:
    def function(x: float) -> float:
        if x < 1.7:
            raise ValueError("no")
        return 2 * x

    best = run(one_input(function), seed=0)[0]
    assert "1.7" in best.description
    assert "no real value" in best.description
    assert np.isnan(values(best, np.array([1.69]))[0])
    assert values(best, np.array([1.71]))[0] == pytest.approx(3.42)


@pytest.mark.parametrize("every", [3, 7])
def test_a_box_without_a_value_now_and_then_keeps_its_rule(one_input: Any, every: int) -> None:
    """NaN by turns, wherever asked: no rule of the input, so the rest must not suffer."""
    count = iter(range(10**6))
    best = run(one_input(lambda x: math.nan if next(count) % every == 0 else 2 * x + 1), seed=0)[0]
    xs = np.linspace(-9.9, 9.9, 200)
    found = values(best, xs)
    assert np.mean(np.isfinite(found)) > 0.8
    np.testing.assert_allclose(found[np.isfinite(found)], (2 * xs + 1)[np.isfinite(found)], atol=1e-6)


def test_a_complex_box_is_continued(one_input: Any, explained: Any) -> None:
    best = run(one_input(lambda x: x**0.5), seed=0)[0]
    assert np.all(np.isnan(values(best, np.linspace(-9, -1, 9))))
    assert values(best, np.array([4.0]))[0] == pytest.approx(2.0)
    assert complex(explained(best.code)(-4.0)) == pytest.approx(2j)


@pytest.mark.parametrize("function", [lambda x: x * x + 1, lambda x: 3.0 * x, lambda x: float(x > 17)])
def test_whole_inputs_stay_whole_and_are_explained(one_input: Any, function: Function) -> None:
    laboratory = one_input(function, -50, 50, integer=True)
    best = run(laboratory, seed=0)[0]
    assert all(x == int(x) for x in laboratory.asked)
    xs = np.arange(-50.0, 51.0)
    np.testing.assert_allclose(values(best, xs), [function(x) for x in xs.tolist()], atol=1e-9)


def test_a_remainder_of_whole_inputs_is_predicted_everywhere(one_input: Any) -> None:
    best = run(one_input(lambda x: x % 7, 0, 400, integer=True), seed=0)[0]
    xs = np.arange(401.0)
    assert np.mean(np.isclose(values(best, xs), xs % 7)) > 0.99, best.description
