"""Covers: the cheapest labelling of the answers, checked against all labellings of tiny cases."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zetetic.tools.black_boxes.types import Failure, Reply
from zetetic.tools.induction.cover import (
    SWITCH_BITS,
    UNDEFINED,
    UNEXPLAINED,
    _cheapest,
    _stretches,
    _thrifty,
    cover,
    price,
    rule_bits,
)
from zetetic.tools.induction.evidence import Evidence
from zetetic.tools.induction.expressions import Literal, Power, X, constant, times, total
from zetetic.tools.induction.rules import Rule

LINE = Rule(total(constant(1.0), times(constant(2.0), X)))
PARABOLA = Rule(Power(X, Literal(2.0)))
LEVEL = Rule(constant(7.0))
NOTHING = Reply(None, Failure("raised", "no"))


def observed(pairs: list[tuple[float, float]], undefined: list[float] | None = None) -> Evidence:
    evidence = Evidence()
    evidence.add([x for x, _ in pairs], [Reply(float(y)) for _, y in pairs])
    evidence.add(undefined or [], [NOTHING] * len(undefined or []))
    return evidence


def all_entries(costs: np.ndarray, entry: np.ndarray) -> float:
    """The cheapest labelling found by trying all of them; every change of label pays for entry."""
    states, n = costs.shape
    return min(
        entry[labels[0]]
        + sum(costs[k, i] for i, k in enumerate(labels))
        + sum(entry[b] for a, b in pairwise(labels) if a != b)
        for labels in product(range(states), repeat=n)
    )


def all_rules(costs: np.ndarray, prices: np.ndarray) -> float:
    """The same when a rule's price is paid once, with the prices of leftovers and of undefined stretches."""
    n = len(prices)
    entry = np.array([SWITCH_BITS] * n + [4.0, SWITCH_BITS])
    return min(
        entry[labels[0]]
        + sum(costs[k, i] for i, k in enumerate(labels))
        + sum(entry[b] for a, b in pairwise(labels) if a != b)
        + sum(prices[k] for k in set(labels) if k < n)
        for labels in product(range(len(costs)), repeat=costs.shape[1])
    )


@given(st.integers(0, 10**6), st.integers(1, 3), st.integers(1, 6))
@settings(max_examples=80, deadline=None, derandomize=True)
def test_dynamic_programming_equals_trying_everything(seed: int, states: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    costs = rng.choice([0.0, 1.0, 5.0, 45.0], (states, n)) + rng.random((states, n))
    entry = rng.uniform(0, 20, states)
    labels, bits = _cheapest(costs, entry)
    assert bits == pytest.approx(all_entries(costs, entry))
    paid = entry[labels[0]] + sum(costs[k, i] for i, k in enumerate(labels))
    paid += sum(entry[b] for a, b in pairwise(labels) if a != b)
    assert paid == pytest.approx(bits), "the labels cost what is said"


@given(st.integers(0, 10**6), st.integers(1, 2), st.integers(2, 6))
@settings(max_examples=80, deadline=None, derandomize=True)
def test_a_rule_paid_for_once_costs_between_the_optimum_and_paying_every_time(seed: int, rules: int, n: int) -> None:
    """The search over which rules to keep is greedy, so the optimum is a bound that need not be met."""
    rng = np.random.default_rng(seed)
    costs = np.full((rules + 2, n), np.inf)
    costs[:rules] = rng.choice([0.0, 60.0], (rules, n))
    costs[-2] = 45.0
    prices = rng.uniform(5, 60, rules)
    _, bits = _thrifty(costs, prices)
    every_time = np.concatenate([SWITCH_BITS + prices, [4.0, SWITCH_BITS]])
    assert all_rules(costs, prices) - 1e-9 <= bits <= all_entries(costs, every_time) + 1e-9


@pytest.mark.parametrize("hole", [2, 3])
def test_a_rule_around_a_hole_is_covered_at_the_optimum(hole: int) -> None:
    costs = np.full((4, 8), np.inf)
    costs[0] = [60.0 if 3 <= i < 3 + hole else 0.0 for i in range(8)]
    costs[1] = [0.0 if 3 <= i < 3 + hole else 60.0 for i in range(8)]
    costs[2] = 45.0
    prices = np.array([50.0, 20.0])
    assert _thrifty(costs, prices)[1] == pytest.approx(all_rules(costs, prices))


def test_no_answers_cost_nothing() -> None:
    assert _cheapest(np.zeros((2, 0)), np.ones(2))[1] == 0.0
    assert _stretches(np.zeros(0), np.zeros(0)) == ()
    empty = cover(Evidence(), [LINE])
    assert (empty.unexplained, empty.rules_used, empty.stretches) == (1.0, set(), ())


@given(st.lists(st.integers(-2, 2), min_size=1, max_size=30))
@settings(deadline=None, derandomize=True)
def test_stretches_are_the_runs_of_the_labels(labels: list[int]) -> None:
    stretches = _stretches(np.arange(len(labels), dtype=float), np.array(labels))
    assert [s.label for s in stretches for _ in range(s.count)] == labels
    assert all(a.label != b.label and a.last < b.first for a, b in pairwise(stretches))


def test_two_rules_meet_where_the_answers_change() -> None:
    xs = np.linspace(-5, 5, 60)
    found = cover(observed([(x, 1 + 2 * x if x < 1.3 else x**2) for x in xs]), [LINE, PARABOLA, LEVEL])
    assert [s.label for s in found.stretches] == [0, 1]
    assert found.stretches[0].last < 1.3 < found.stretches[1].first
    assert found.unexplained == 0.0
    assert found.runs() == []


def test_a_rule_is_returned_to_after_an_exception() -> None:
    xs = np.linspace(-5, 5, 80)
    found = cover(observed([(x, 7.0 if 1.5 < x < 2.2 else x**2) for x in xs]), [PARABOLA, LEVEL])
    assert [s.label for s in found.stretches] == [0, 1, 0]


def test_what_no_rule_explains_is_a_run() -> None:
    xs = np.linspace(-5, 5, 80)
    found = cover(observed([(x, np.exp(x) if 1.5 < x < 2.2 else x**2) for x in xs]), [PARABOLA])
    assert [s.label for s in found.stretches] == [0, UNEXPLAINED, 0]
    (run,) = found.runs()
    assert 1.5 < run.first < run.last < 2.2
    assert found.unexplained == pytest.approx(run.count / 80)


def test_inputs_without_an_answer_are_a_stretch_of_their_own() -> None:
    xs = np.linspace(0.1, 5, 40)
    found = cover(observed([(x, x**2) for x in xs], list(np.linspace(-5, -0.1, 20))), [PARABOLA])
    assert [s.label for s in found.stretches] == [UNDEFINED, 0]
    assert found.stretches[0].count == 20


def test_the_simpler_of_two_rules_that_fit_is_used() -> None:
    longer = Rule(total(Power(X, Literal(2.0)), times(constant(1e-15), X)))
    xs = np.linspace(1, 5, 30)
    assert cover(observed([(x, x**2) for x in xs]), [longer, PARABOLA]).rules_used == {1}
    assert price(longer) > price(PARABOLA)


def test_noise_is_paid_for_so_an_exact_rule_wins() -> None:
    xs = np.linspace(1, 5, 30)
    found = cover(observed([(x, x**2) for x in xs]), [Rule(PARABOLA.expression, 0.5), PARABOLA])
    assert found.rules_used == {1}


def test_steady_repeats_are_no_noise() -> None:
    """Answers that repeat to the last digit cannot come from a random rule, however well its mean fits."""
    xs = [x for x in np.linspace(1, 5, 30) for _ in range(2)]
    found = cover(observed([(x, 1 + 2 * x + 1e-3 * np.sin(50 * x)) for x in xs]), [Rule(LINE.expression, 1e-3)])
    assert found.unexplained == 1.0


def test_misfit_costs_more_the_further_off() -> None:
    x = np.full(6, 2.0)
    y = 5.0 + np.array([0.0, 1e-9, 1e-8, 1e-6, 1.0, 1e9])
    bits = rule_bits(LINE, x, y, np.full(6, 1e-9))
    assert np.all(np.diff(bits) > 0)
    assert np.all(np.isfinite(bits))
