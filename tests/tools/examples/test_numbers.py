"""Programs from pairs of numbers alone: found again, ranked, told apart."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from zetetic.tools.examples import Examples
from zetetic.tools.examples.box import domain_of
from zetetic.tools.examples.numbers import induce_numbers, separating_point
from zetetic.tools.examples.one_input import noise_between_neighbours


def pairs(function: Callable[..., float], points: Any) -> Examples:
    rows = tuple((tuple(map(float, p)), float(function(*p))) for p in points)
    names = tuple("abcdef"[: len(rows[0][0])])
    return Examples("made up", "numbers", names, "y", rows)


def find(examples: Examples, seconds: float = 20.0) -> list[Any]:
    return induce_numbers(examples, seconds=seconds, keep=12, seed=0)


REAL = np.round(np.random.default_rng(3).uniform(-9, 9, 16), 2)[:, None]


@pytest.mark.parametrize(
    ("function", "points"),
    [
        (lambda x: 2 * x + 1, [(1,), (2,), (4,)]),
        (lambda x: x * x, [(1,), (2,), (3,), (5,)]),
        (lambda x: 3.2 * abs(x) + 1.1, REAL),
        (lambda x: math.exp(0.3 * x), REAL),
        (lambda x: 5.0 if x > 3 else 2 * x, np.round(np.linspace(-9, 9, 24), 2)[:, None]),
        (lambda a, b: a + b, [(1, 2), (3, 5), (8, 2), (4, 4)]),
        (lambda a, b: a * b + 3, np.random.default_rng(1).integers(1, 12, (14, 2))),
        (lambda a, b, c: a * b / c**2, np.round(np.random.default_rng(2).uniform(1, 9, (20, 3)), 1)),
    ],
)
def test_exact_functions_are_found_first_from_few_pairs(function: Callable[..., float], points: Any) -> None:
    found = find(pairs(function, points))
    fresh = np.array(points, dtype=float)[:-1] * 0.37 + 0.63 * np.array(points, dtype=float)[1:]
    if np.all(np.asarray(points) % 1 == 0):
        fresh = np.round(fresh)
    wanted = [function(*p) for p in fresh]
    assert np.allclose(found[0].predict(fresh), wanted, rtol=1e-6, atol=1e-6), found[0].formula
    assert found[0].noise is None
    assert [c.bits for c in found] == sorted(c.bits for c in found)


def test_all_survivors_of_exact_pairs_give_them_all_and_differ() -> None:
    examples = pairs(lambda x: 2 * x + 1, REAL)
    found = find(examples)
    points = np.array([p for p, _ in examples.pairs])
    for candidate in found:
        assert np.allclose(candidate.predict(points), [y for _, y in examples.pairs])
    assert len({c.formula for c in found}) == len(found) > 1


def test_noise_without_repeats_is_recognised_and_measured() -> None:
    rng = np.random.default_rng(5)
    x = np.sort(rng.uniform(0, 10, 30))
    rows = tuple(((float(a),), float(3 * a + 1 + 0.5 * rng.normal())) for a in x)
    best = find(Examples("made up", "numbers", ("x",), "y", rows), seconds=3.0)[0]
    assert best.noise is not None
    assert 0.3 < best.noise.scale < 0.8
    assert abs(best.predict(np.array([[5.0]]))[0] - 16) < 0.5


def test_noise_with_several_inputs() -> None:
    rng = np.random.default_rng(6)
    points = rng.uniform(1, 9, (40, 2))
    rows = tuple((tuple(map(float, p)), float(p[0] * p[1] + 0.1 * rng.normal())) for p in points)
    best = find(Examples("made up", "numbers", ("a", "b"), "y", rows), seconds=4.0)[0]
    assert best.noise is not None
    assert 0.05 < best.noise.scale < 0.2
    assert abs(best.predict(np.array([[3.0, 4.0]]))[0] - 12) < 0.3


def test_repeats_that_differ_are_noise() -> None:
    rng = np.random.default_rng(7)
    x = np.repeat(np.arange(10.0), 3)
    rows = tuple(((float(a),), float(a * a + rng.normal())) for a in x)
    best = find(Examples("made up", "numbers", ("x",), "y", rows), seconds=4.0)[0]
    assert best.noise is not None
    assert 0.5 < best.noise.scale < 2.0


def test_no_time_is_no_error() -> None:
    find(pairs(lambda x: math.sin(x) ** 2 + x, REAL), seconds=0.0)
    find(pairs(lambda a, b: a * math.sin(b), np.random.default_rng(1).uniform(0, 5, (20, 2))), seconds=0.0)


def test_the_input_that_separates_two_programs_is_one_on_which_they_differ() -> None:
    examples = pairs(lambda x: 2 * x + 1, REAL)
    first, second, *_ = find(examples)
    apart = separating_point(first, second, domain_of(examples), seed=0)
    assert apart is not None
    point, one, other = apart
    assert one == first.predict(np.array([point]))[0]
    assert other == second.predict(np.array([point]))[0]
    assert abs(one - other) > 1e-3
    assert len(f"{abs(point[0]):g}") <= 5  # one that a person would type
    assert separating_point(first, first, domain_of(examples), seed=0) is None


def test_the_noise_between_neighbours_is_that_of_the_answers() -> None:
    rng = np.random.default_rng(0)
    x = np.sort(rng.uniform(0, 1, 400))
    assert noise_between_neighbours(x, 3 * x + 0.2 * rng.normal(size=400)) == pytest.approx(0.2, rel=0.15)
    assert noise_between_neighbours(x, 3 * x) < 1e-12
    assert noise_between_neighbours(x[:4], x[:4]) == 0.0


def test_a_break_is_found_through_noise() -> None:
    rng = np.random.default_rng(4)
    x = np.round(np.sort(rng.uniform(-9, 9, 40)), 2)
    rows = tuple(((float(a),), float((5.0 if a > 3 else 2 * a) + 0.2 * rng.normal())) for a in x)
    best = find(Examples("made up", "numbers", ("x",), "y", rows), seconds=3.0)[0]
    assert best.noise is not None
    assert 0.1 < best.noise.scale < 0.4
    assert np.allclose(best.predict(np.array([[-5.0], [0.0], [8.0]])), [-10.0, 0.0, 5.0], atol=0.4)
    assert "if" in best.code


def test_a_line_through_noise_is_not_broken() -> None:
    rng = np.random.default_rng(4)
    x = np.linspace(-9, 9, 30)
    rows = tuple(((float(a),), float(2 * a + 0.5 * rng.normal())) for a in x)
    best = find(Examples("made up", "numbers", ("x",), "y", rows), seconds=3.0)[0]
    assert " for " not in best.formula


@pytest.mark.parametrize("noise", [0.0, 0.03])
@pytest.mark.parametrize("function", [lambda x: x % 3, lambda x: 2 * math.sin(1.5 * x + 0.3)])
def test_of_waves_that_rounded_inputs_cannot_tell_apart_the_slow_one_comes_first(
    function: Callable[[float], float], noise: float
) -> None:
    rng = np.random.default_rng(8)
    x = np.round(np.sort(rng.uniform(-10, 10, 30)), 2)
    rows = tuple(((float(a),), float(function(a) + noise * rng.normal())) for a in x)
    best = find(Examples("made up", "numbers", ("x",), "y", rows), seconds=3.0)[0]
    fresh = np.linspace(-9.9, 9.9, 57)
    wrong = np.abs(best.predict(fresh[:, None]) - [function(a) for a in fresh])
    assert np.median(wrong) < 0.1
