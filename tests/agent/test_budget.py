"""Budgets that allow nothing are refused, and what is set aside leaves room to ask."""

from __future__ import annotations

import math

import pytest

from zetetic.agent import Budget, BudgetError


@pytest.mark.parametrize(
    ("field", "amount"),
    [
        ("queries", 0),
        ("queries", -3),
        ("queries", 2.5),
        ("queries", True),
        ("seconds", 0.0),
        ("seconds", -1.0),
        ("seconds", math.nan),
        ("rounds", 0),
        ("tokens", 0),
        ("money", 0.0),
    ],
)
def test_a_budget_of_nothing_is_refused_with_the_remedy(field, amount):
    with pytest.raises(BudgetError, match=r"a budget needs .* got .*; pass"):
        Budget(**{field: amount})


def test_no_limit_on_seconds_and_language_models_is_allowed():
    budget = Budget(seconds=math.inf)
    assert budget.tokens is None
    assert budget.money is None


def test_what_is_set_aside_leaves_at_least_two_thirds():
    for queries in range(1, 1000):
        aside = Budget(queries=queries).set_aside
        assert 0 <= aside <= min(64, queries / 3)
        assert aside >= 8 or queries < 24
