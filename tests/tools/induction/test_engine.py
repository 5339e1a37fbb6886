"""The engine as a whole: alike for a seed, inside domain, purse and clock, honest about noise and about failure."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from zetetic.tools.black_boxes.types import Interval, NumericDomain, Point, Reply
from zetetic.tools.induction import induce
from zetetic.tools.induction.engine import run
from zetetic.tools.induction.types import Candidate

Function = Callable[[float], Any]


def line(x: float) -> float:
    return 2.0 * x + 3.0


LINE: Function = line
BOXES: dict[str, Function] = {
    "line": LINE,
    "wave": lambda x: 2 * math.sin(3 * x),
    "step": lambda x: 1.0 if x > 1.7 else -2.0,
    "exception": lambda x: 7 - x if 3.1 <= x <= 3.9 else x * x,
    "half": lambda x: math.sqrt(x),
}


@pytest.fixture(scope="module")
def normal() -> Callable[[float], Callable[[np.random.Generator], float]]:
    return lambda sigma: lambda rng: float(sigma * rng.normal())


@pytest.mark.parametrize("name", BOXES)
def test_same_seed_and_box_ask_and_answer_alike(one_input: Any, name: str) -> None:
    first, second = one_input(BOXES[name]), one_input(BOXES[name])
    found, again = run(first, seed=5), run(second, seed=5)
    assert first.asked == second.asked
    assert [c.code for c in found] == [c.code for c in again]
    assert [c.bits for c in found] == [c.bits for c in again]


def test_another_seed_asks_elsewhere(one_input: Any) -> None:
    first, second = one_input(LINE), one_input(LINE)
    run(first, seed=1)
    run(second, seed=2)
    assert first.asked != second.asked


@pytest.mark.parametrize("queries", [0, 1, 5, 13, 40, 97, 300])
@pytest.mark.parametrize("name", ["line", "exception", "half"])
def test_budget_is_never_exceeded(one_input: Any, name: str, queries: int) -> None:
    """The laboratory hands out no more than its purse; with enough in it there is something to hand back."""
    laboratory = one_input(BOXES[name], queries=queries)
    found = run(laboratory, seed=0)
    assert len(laboratory.asked) <= queries
    assert laboratory.queries_left >= 0
    assert found or queries < 40


@pytest.mark.parametrize(("low", "high"), [(-10, 10), (1e-9, 2e-9), (-1e9, 3e9), (5.0, 5.0001), (0, 1), (-3, 0)])
def test_inputs_stay_inside_the_domain(one_input: Any, low: float, high: float) -> None:
    laboratory = one_input(lambda x: math.tanh(3 * (x - low) / (high - low)), low, high, queries=150)
    assert run(laboratory, seed=0)
    assert all(low <= x <= high for x in laboratory.asked)
    assert max(laboratory.asked) - min(laboratory.asked) > 0.98 * (high - low)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-3, 4), (0, 1000), (-0.5, 7.5), (10**6, 10**6 + 300)])
def test_whole_inputs_stay_whole(one_input: Any, low: float, high: float) -> None:
    laboratory = one_input(lambda x: 2 * x + 1, low, high, integer=True, queries=120)
    run(laboratory, seed=0)
    assert laboratory.asked
    assert all(x == int(x) and low <= x <= high for x in laboratory.asked)


@pytest.mark.parametrize("failure", [lambda x: 1 / 0, lambda x: math.nan, lambda x: math.inf, lambda x: math.sqrt(-1)])
def test_a_box_that_fails_everywhere_has_no_explanation(one_input: Any, failure: Function) -> None:
    laboratory = one_input(failure)
    assert run(laboratory, seed=0) == []
    assert len(laboratory.asked) <= 150, "asking on and on gains nothing"


def test_a_box_that_is_complex_everywhere_has_no_real_explanation(one_input: Any) -> None:
    assert all(np.all(np.isnan(c.predict(np.zeros((1, 1))))) for c in run(one_input(lambda x: complex(x, 1)), seed=0))


@pytest.mark.parametrize("level", [0.0, 3.5, -1e-12, 1e12, math.pi])
def test_a_constant_box_is_constant(one_input: Any, level: float) -> None:
    best = run(one_input(lambda x: level), seed=0)[0]
    assert best.predict(np.linspace(-10, 10, 50)[:, None]) == pytest.approx([level] * 50, rel=1e-9, abs=0)
    assert "constant" in best.description
    assert best.exceptions == ()


def test_candidates_come_best_first_with_code_that_agrees(one_input: Any, explained: Any) -> None:
    for function in BOXES.values():
        laboratory = one_input(function)
        found = run(laboratory, seed=0)
        step, shown = laboratory.shown[-1]
        assert step == "final"
        assert [c.code for c in shown] == [c.code for c in found]
        assert all(a.bits <= b.bits for a, b in pairwise(found[1:]))
        assert all(found[0].bits <= other.bits for other in found[1:])
        xs = np.random.default_rng(1).uniform(-10, 10, 30)
        predicted = found[0].predict(xs[:, None])
        code = explained(found[0].code)
        for x, y in zip(xs.tolist(), predicted.tolist(), strict=True):
            if math.isfinite(y):
                assert code(x) == pytest.approx(y, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("seconds", [0.0, 0.5, 1.5])
def test_a_short_time_is_respected(one_input: Any, seconds: float) -> None:
    """A box that defies every rule: the longest search there is."""
    laboratory = one_input(
        lambda x: math.sin(x**3) * math.exp(math.cos(17 * x)) + abs(math.sin(x * x)), seconds=seconds
    )
    start = time.monotonic()
    found = run(laboratory, seed=0)
    assert time.monotonic() - start < seconds + 4.0
    assert laboratory.shown or not found


def noise_is_told(one_input: Any, function: Function, draw: Any, kind: str, sigma: float, queries: int) -> Candidate:
    best: Candidate = run(one_input(function, noise=draw, queries=queries), seed=0)[0]
    assert best.noise is not None
    assert best.noise.kind == kind, best.description
    assert best.noise.scale == pytest.approx(sigma, rel=0.25)
    assert best.exceptions == ()
    assert "noise" in best.description
    xs = np.linspace(-10, 10, 201)
    truth = np.array([function(x) for x in xs.tolist()])
    assert np.sqrt(np.mean((best.predict(xs[:, None]) - truth) ** 2)) < 0.35 * sigma, best.description
    return best


@pytest.mark.parametrize("sigma", [0.05, 2.0])
def test_a_line_under_noise(one_input: Any, normal: Any, sigma: float) -> None:
    noise_is_told(one_input, LINE, normal(sigma), "normal", sigma, 200)


@pytest.mark.slow
@pytest.mark.parametrize("sigma", [1e-3, 0.3])
@pytest.mark.parametrize(
    "function", [LINE, lambda x: 0.5 * x * x - 3, lambda x: 4 * math.sin(1.3 * x), lambda x: 6.5], ids=range(4)
)
def test_curves_under_noise(one_input: Any, normal: Any, function: Function, sigma: float) -> None:
    noise_is_told(one_input, function, normal(sigma), "normal", sigma, 300)


@pytest.mark.slow
@pytest.mark.parametrize(
    "scale",
    [
        1e-6,
        1e6,
    ],
)
def test_noise_in_any_unit(one_input: Any, normal: Any, scale: float) -> None:
    noise_is_told(one_input, lambda x: scale * LINE(x), normal(0.3 * scale), "normal", 0.3 * scale, 300)


@pytest.mark.parametrize("function", [lambda x: 1e300 * x, lambda x: 5e-324 * round(x)], ids=["huge", "denormal"])
def test_answers_at_the_ends_of_what_a_double_holds(one_input: Any, normal: Any, function: Function) -> None:
    """Nothing overflows on the way to a hypothesis, with noise or without."""
    assert run(one_input(function, queries=120), seed=0)
    assert run(one_input(function, queries=120, noise=normal(0.1)), seed=0)


def test_uniform_and_counting_noise(one_input: Any) -> None:
    noise_is_told(one_input, LINE, lambda rng: float(rng.uniform(-1, 1)), "uniform", 2 / math.sqrt(12), 300)
    best = run(one_input(LINE, noise=lambda rng: float(rng.poisson(4.0))), seed=0)[0]
    assert best.noise is not None
    assert best.noise.kind == "poisson"
    assert best.noise.scale == pytest.approx(2.0, rel=0.25)


@pytest.mark.slow
def test_no_simple_formula_is_said_and_approximated(one_input: Any) -> None:
    def function(x: float) -> float:
        return math.sin(x * x / 9) * math.exp(math.cos(1.7 * x)) + abs(math.sin(x))

    best = run(one_input(function), seed=0)[0]
    xs = np.linspace(-10, 10, 500)
    truth = np.array([function(x) for x in xs.tolist()])
    assert np.mean((best.predict(xs[:, None]) - truth) ** 2) < 0.05 * np.var(truth)


def test_what_an_earlier_round_learnt_is_used(one_input: Any) -> None:
    xs = np.linspace(-10, 10, 60).tolist()

    class Remembering(one_input):  # type: ignore[misc]
        def known(self) -> list[tuple[Point, Reply]]:
            return [((x,), self.reply(x)) for x in xs]

    laboratory = Remembering(LINE, queries=0)
    best = run(laboratory, seed=0)[0]
    assert laboratory.asked == []
    assert best.predict(np.array([[0.5]]))[0] == pytest.approx(4.0)


def test_the_public_door_is_the_engine(one_input: Any) -> None:
    laboratory = one_input(LINE)
    (best, *_) = induce(laboratory, seed=0)
    assert best.code == run(one_input(LINE), seed=0)[0].code


def test_several_inputs_go_to_the_search_for_several(one_input: Any) -> None:
    class Pair(one_input):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(LINE)
            self.domain = NumericDomain((Interval(1, 5), Interval(1, 5)))

        def ask(self, points: Any, why: str) -> list[Reply]:
            points = list(points)[: self.queries_left]
            self.queries_left -= len(points)
            return [Reply(2.0 * a * b) for a, b in points]

    best = run(Pair(), seed=0)[0]
    assert best.predict(np.array([[2.0, 3.0]]))[0] == pytest.approx(12.0)
