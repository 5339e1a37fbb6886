"""Rules of remainders: found exactly, found under noise, not found in chance, said in code that agrees."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
import pytest

from zetetic.tools.induction.evidence import rounding_error
from zetetic.tools.induction.expressions import (
    Cycle,
    Expression,
    X,
    constant,
    constants,
    evaluate,
    formula,
    python_source,
    size,
    substituted,
    times,
    total,
    transformed,
    with_values,
)
from zetetic.tools.induction.fitting import Data
from zetetic.tools.induction.integers import residues

Function = Callable[[int], float]
RULES: dict[str, tuple[Function, int]] = {
    "remainder": (lambda x: x % 7, 1),
    "shifted multiple": (lambda x: (3 * x + 2) % 11, 1),
    "large modulus": (lambda x: (5 * x + 17) % 53, 1),
    "larger than a table": (lambda x: x % 97, 1),
    "whole quotient": (lambda x: x // 4, 1),
    "multiple of a quotient": (lambda x: 3 * x // 7, 1),
    "alternating": (lambda x: 5 * (-1) ** (x % 2), 1),
    "lines by parity": (lambda x: x / 2 if x % 2 == 0 else 3 * x + 1, 3),
    "parabola and line": (lambda x: x * x if x % 2 else 3 * x - 1, 3),
    "common divisor": (lambda x: math.gcd(x, 12), 12),
    "square": (lambda x: x * x % 10, 1),
    "week": (lambda x: 7 if x % 7 < 5 else 0, 1),
    "slope and remainder": (lambda x: 0.5 * x + 3 * (x % 4), 2),
    "last digit": (lambda x: abs(x) % 10, 1),
    "tens": (lambda x: x // 10 % 10, 1),
    "quotient and remainder": (lambda x: x // 3 + x % 5, 2),
    "digits": (lambda x: x - 9 * (x // 10) - 9 * (x // 100), 3),
    "product": (lambda x: x * (x % 3), 1),
    "table on a parabola": (lambda x: (3, 1, 4, 1.5)[x % 4] + 0.25 * x * x, 5),
}


def sample(rule: Function, count: int = 150, *, low: int = -200, high: int = 600, noise: float = 0.0) -> Data:
    rng = np.random.default_rng(4)
    x = np.sort(rng.choice(np.arange(low, high + 1), count, replace=False)).astype(float)
    y = np.array([float(rule(int(v))) for v in x])
    s = rounding_error(x, y)
    return Data(x, y + rng.normal(0, noise, count), np.hypot(s, noise)) if noise else Data(x, y, s)


def best(data: Data) -> Expression:
    return next(iter(residues(data)))[0]


@pytest.mark.parametrize("name", RULES)
def test_exact_rules_are_found_with_few_numbers_and_hold_where_nothing_was_asked(name: str) -> None:
    rule, numbers = RULES[name]
    form = best(sample(rule))
    new = np.arange(-900.0, 1500.0)
    truth = np.array([float(rule(int(v))) for v in new])
    np.testing.assert_allclose(evaluate(form, new), truth, rtol=1e-7, atol=1e-7)
    assert len(constants(form)) <= numbers


@pytest.mark.parametrize("name", ["remainder", "shifted multiple", "alternating", "lines by parity", "week", "square"])
def test_noise_does_not_hide_a_rule(name: str) -> None:
    rule, _ = RULES[name]
    form = best(sample(rule, 200, noise=0.7))
    new = np.arange(-200.0, 600.0)
    truth = np.array([float(rule(int(v))) for v in new])
    assert np.sqrt(np.mean((evaluate(form, new) - truth) ** 2)) < 0.35


def test_nothing_is_found_in_fractions_in_polynomials_or_in_chance() -> None:
    assert not list(residues(Data(np.arange(40) / 2, np.arange(40) % 2.0, np.full(40, 1e-9))))
    for rule in (lambda x: 5, lambda x: 2 * x + 1, lambda x: x**3, lambda x: x * x - 4):
        assert not list(residues(sample(rule)))
    rng = np.random.default_rng(0)
    found = 0
    for _ in range(30):
        data = Data(np.arange(100.0), rng.normal(0, 1, 100), np.ones(100))
        found += bool(list(residues(data)))
        coins = Data(np.arange(40.0), rng.integers(0, 2, 40).astype(float), np.full(40, 1e-9))
        found += any(chi2 < 9 * 40 for _, chi2 in residues(coins))
    assert found <= 3


def test_what_is_yielded_carries_its_own_chi2_and_is_the_same_every_time() -> None:
    data = sample(RULES["week"][0], noise=0.5)
    fits = list(residues(data))
    for form, chi2 in fits:
        assert chi2 == pytest.approx(float(np.sum(((evaluate(form, data.x) - data.y) / data.s) ** 2)))
    assert fits == list(residues(data))


def test_two_hundred_answers_take_little_time() -> None:
    slow = [sample(rule, 200) for rule in (RULES["common divisor"][0], RULES["digits"][0], lambda x: math.sin(x))]
    for data in slow:
        list(residues(data))
        spent = []
        for _ in range(3):
            start = time.process_time()
            list(residues(data))
            spent.append(time.process_time() - start)
        assert min(spent) < 0.25  # about 0.03 s on an idle core


def test_a_cycle_prints_evaluates_and_changes_like_any_expression() -> None:
    cycle = Cycle(3, (constant(3), constant(1.5), times(constant(2), X)))
    x = np.arange(-7.0, 8.0)
    expected = np.array([(3, 1.5, 2 * v)[int(v) % 3] for v in x])
    assert np.array_equal(evaluate(cycle, x), expected)
    assert formula(cycle) == "[3, 1.5, 2·x][x mod 3]"
    source = python_source(cycle, lambda c: repr(c.value))
    assert source == "(3, 1.5, 2.0 * x)[int(x) % 3]"
    assert [eval(source, {"x": float(v)}) for v in x] == expected.tolist()
    assert size(cycle) == 7
    doubled = with_values(cycle, [2 * c.value for c in constants(cycle)])
    assert np.array_equal(evaluate(doubled, x), 2 * expected)
    later = substituted(cycle, total(X, constant(1)))
    assert np.array_equal(evaluate(later, x), evaluate(cycle, x + 1))
    assert transformed(cycle, lambda n: n) == cycle
    assert np.isnan(evaluate(cycle, np.array([np.nan, 1.0]))[0])
