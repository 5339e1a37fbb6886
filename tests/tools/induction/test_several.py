"""Several inputs: forms are recovered exactly, within the budget, alike every time, and the code says the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from zetetic.tools.black_boxes.types import Failure, Interval, NumericDomain, Point, Reply
from zetetic.tools.induction.several import run_several
from zetetic.tools.induction.types import Candidate

Function = Callable[..., float]


class Bench:
    """A laboratory over a Python function, with a purse and a record of what was asked."""

    def __init__(
        self,
        function: Function,
        domain: NumericDomain,
        *,
        queries: int = 386,
        noise: float = 0.0,
        seconds: float = 60.0,
    ) -> None:
        self.function, self.domain, self.noise = function, domain, noise
        self.queries_left, self.seconds_left = queries, seconds
        self.rng = np.random.default_rng(11)
        self.asked: list[Point] = []
        self.shown: list[str] = []

    def ask(self, points: Sequence[Point], why: str) -> list[Reply]:
        assert why
        replies = []
        for point in list(points)[: self.queries_left]:
            assert self.domain.contains(point)
            assert all(i.snap(x) == x for i, x in zip(self.domain.inputs, point))
            self.asked.append(point)
            self.queries_left -= 1
            try:
                value = float(self.function(*point)) + self.noise * self.rng.normal()
            except (ValueError, ZeroDivisionError) as error:
                replies.append(Reply(None, Failure("raised", str(error))))
            else:
                replies.append(Reply(value))
        return replies

    def propose(self, ranked: Sequence[Candidate], step: str) -> None:
        self.shown += [c.formula for c in ranked]


def box(*ends: tuple[float, float], integer: bool = False) -> NumericDomain:
    return NumericDomain(tuple(Interval(low, high, integer) for low, high in ends))


def error_of(candidate: Candidate, function: Function, domain: NumericDomain) -> float:
    """Normalised mean square error on fresh points where the function has a value."""
    points, values = [], []
    for point in domain.sample(np.random.default_rng(1234), 500):
        try:
            values.append(float(function(*point)))
        except (ValueError, ZeroDivisionError):
            continue
        points.append(point)
    truth = np.array(values)
    return float(np.mean((candidate.predict(np.array(points)) - truth) ** 2) / np.var(truth))


R, U = (1.0, 5.0), (-5.0, 5.0)
SMOOTH: dict[str, tuple[Function, NumericDomain]] = {
    "power law": (lambda a, b, c: 2.5 * a**1.5 * b / c**2, box(R, R, R)),
    "sum of power laws": (lambda a, b, c, d: 0.5 * a * b**2 + 3 * c / d, box(R, R, R, R)),
    "root of squares": (lambda a, b, c: math.sqrt(a * a + b * b + c * c), box(U, U, U)),
    "reciprocals": (lambda a, b: 1 / (1 / a + 2 / b), box(R, R)),
    "ratio": (lambda a, b, c, d: (a * b + c * d) / (a + c), box(R, R, R, R)),
    "relativistic": (lambda m, v, c: m / math.sqrt(1 - v * v / (c * c)), box(R, (1, 2), (3, 9))),
    "gaussian": (lambda x, m, s: math.exp(-(((x - m) / s) ** 2) / 2) / s, box((1, 3), (1, 3), (1, 3))),
    "travelling wave": (lambda a, k, x, w: a * math.sin(k * x - w), box(R, (1, 3), (1, 3), R)),
    "one formula in a ratio": (lambda v, t: v**3 / (math.exp(v / t) - 1), box(R, R)),
    "distance": (lambda a, b, c, d: math.hypot(a - b, c - d), box(R, R, R, R)),
    "law of cosines": (lambda a, b, t: math.sqrt(a * a + b * b - 2 * a * b * math.cos(t)), box(R, R, (0, 6))),
    "charging": (lambda v, t, r, c: v * (1 - math.exp(-t / (r * c))), box(R, R, R, R)),
    "damped": (lambda a, g, w, t: a * math.exp(-g * t) * math.cos(w * t), box(R, (0.1, 1), (1, 3), (0, 4))),
    "product of curves": (lambda a, b: math.sin(a) * math.exp(-b / 3), box(U, U)),
    "angle": (lambda a, b: math.atan2(b, a), box(R, R)),
}
BROKEN: dict[str, tuple[Function, NumericDomain]] = {
    "maximum": (lambda a, b: max(a * a, 3 * b), box(R, R)),
    "threshold": (lambda a, b: a * b if a > 2.5 else a + b, box(R, R)),
    "disc": (lambda a, b: 1.0 if a * a + b * b < 9 else 0.0, box(U, U)),
    "absolute": (lambda a, b: abs(a) * b + 3, box(U, U)),
    "clipped sum": (lambda a, b: min(max(a + b, -2), 2), box(U, U)),
    "whole numbers": (lambda a, b: float((a + b) % 3), box((1, 30), (1, 30), integer=True)),
    "common divisor": (lambda a, b: float(math.gcd(int(a), int(b))), box((1, 60), (1, 60), integer=True)),
}


@pytest.mark.parametrize("name", [*SMOOTH, *BROKEN])
def test_form_is_recovered_within_the_budget(name: str) -> None:
    function, domain = (SMOOTH | BROKEN)[name]
    bench = Bench(function, domain)
    best = run_several(bench, seed=0)[0]
    assert error_of(best, function, domain) < 1e-9, best.formula
    assert len(bench.asked) <= 386
    assert best.formula in bench.shown
    assert best.noise is None


@pytest.mark.parametrize("name", ["gaussian", "threshold", "common divisor", "ratio"])
def test_code_is_numpy_only_and_says_what_the_candidate_predicts(name: str) -> None:
    function, domain = (SMOOTH | BROKEN)[name]
    best = run_several(Bench(function, domain), seed=0)[0]
    assert [line for line in best.code.splitlines() if "import" in line] == ["import numpy as np"]
    space: dict[str, Function] = {}
    exec(best.code, space)  # type: ignore[arg-type]
    for point in domain.sample(np.random.default_rng(3), 30):
        value = space["explained"](*point)
        assert type(value) is float
        assert value == pytest.approx(float(best.predict(np.array([point]))[0]), rel=1e-12, nan_ok=True)


def test_same_seed_and_replies_give_the_same_queries_and_answer() -> None:
    function, domain = SMOOTH["law of cosines"]
    first, second = Bench(function, domain), Bench(function, domain)
    assert run_several(first, seed=4)[0].code == run_several(second, seed=4)[0].code
    assert first.asked == second.asked


def test_nothing_is_asked_twice_of_a_box_that_repeats_itself_once_noise_is_ruled_out() -> None:
    bench = Bench(*SMOOTH["charging"])
    run_several(bench, seed=0)
    later = bench.asked[6:]
    assert len(later) == len(set(later))


@pytest.mark.parametrize("queries", [0, 1, 5, 12, 30, 80])
def test_small_budgets_are_kept_and_never_fail(queries: int) -> None:
    bench = Bench(*SMOOTH["damped"], queries=queries)
    found = run_several(bench, seed=0)
    assert len(bench.asked) <= queries
    assert found or queries < 20


def test_no_time_left_ends_at_once() -> None:
    bench = Bench(*SMOOTH["damped"], seconds=0.0)
    run_several(bench, seed=0)
    assert len(bench.asked) <= 30


def test_inputs_that_fail_are_left_out() -> None:
    function, domain = (lambda a, b: math.sqrt(a - b) * 2), box(R, R)
    best = run_several(Bench(function, domain), seed=0)[0]
    assert error_of(best, function, domain) < 1e-12
    assert math.isnan(best.predict(np.array([[1.0, 3.0]]))[0])


def test_a_box_that_always_fails_gives_no_candidates() -> None:
    def raises(a: float, b: float) -> float:
        raise ValueError("never")

    assert run_several(Bench(raises, box(R, R)), seed=0) == []


def test_an_idle_input_does_not_appear() -> None:
    best = run_several(Bench(lambda a, b, c: math.sin(a) * c, box(U, U, R)), seed=0)[0]
    assert "x2" not in best.formula


def test_noise_is_measured_and_the_form_found_through_it() -> None:
    function, domain = (lambda a, b: math.sqrt(a * a + b * b)), box(R, R)
    best = run_several(Bench(function, domain, noise=0.05), seed=0)[0]
    assert best.noise is not None
    assert 0.03 < best.noise.scale < 0.08
    assert error_of(best, function, domain) < 1e-4


def test_what_has_no_formula_is_interpolated_and_said_so() -> None:
    def rugged(a: float, b: float) -> float:
        return math.sin(a * a * b + math.cos(3 * b + a) * math.log(1 + a)) + math.exp(math.sin(a + b * b))

    bench = Bench(rugged, box(R, R), queries=150)
    best = run_several(bench, seed=0)[0]
    space: dict[str, Function] = {}
    exec(best.code, space)  # type: ignore[arg-type]
    point = (2.2, 3.3)
    assert space["explained"](*point) == pytest.approx(float(best.predict(np.array([point]))[0]), abs=1e-6)
