"""Building, changing and printing expressions leaves their values alone."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zetetic.tools.induction.several.constants import nice_numbers, normal_forms
from zetetic.tools.induction.several.expressions import (
    Expr,
    add,
    call,
    constants,
    evaluate,
    mul,
    number,
    power,
    simplify,
    variable,
    where_negative,
    with_constants,
)
from zetetic.tools.induction.several.rendering import code, formula

NAMES = ("x1", "x2")
POINTS = np.random.default_rng(0).uniform(0.5, 2.0, (7, 2))

leaves = st.one_of(
    st.sampled_from([variable(0), variable(1)]),
    st.floats(-3, 3).map(lambda v: number(round(v, 2))),
)


def _grow(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(lambda p: add(*p)),
        pair.map(lambda p: mul(*p)),
        st.tuples(inner, st.sampled_from([-2.0, -1.0, 0.5, 2.0, 3.0])).map(lambda p: power(*p)),
        st.tuples(st.sampled_from(["exp", "sin", "tanh", "abs", "arctan"]), inner).map(lambda p: call(*p)),
        st.tuples(inner, inner, inner).map(lambda p: where_negative(*p)),
    )


expressions = st.recursive(leaves, _grow, max_leaves=8)


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    both = np.isfinite(a) & np.isfinite(b) & (np.abs(a) < 1e6)
    return bool(np.allclose(a[both], b[both], rtol=1e-6, atol=1e-6))


@settings(deadline=None, max_examples=80)
@given(expressions)
def test_code_computes_what_the_expression_does(expr: Expr) -> None:
    space: dict[str, object] = {}
    exec(code(expr, NAMES, "a test"), space)
    values = evaluate(expr, POINTS)
    printed = np.array([space["explained"](*p) for p in POINTS])  # type: ignore[operator]
    assert _same(values, printed), code(expr, NAMES, "a test")
    assert formula(expr, NAMES)


X1, ZERO = variable(0), number(0)
BRANCHES = where_negative(add(X1, number(-1)), ZERO, number(-2))


@pytest.mark.parametrize(
    "expr",
    [
        power(where_negative(X1, X1, ZERO), -2),
        power(where_negative(X1, X1, ZERO), -1),
        power(BRANCHES, 0.7),
        power(mul(BRANCHES, where_negative(X1, X1, ZERO)), -1),
        power(add(BRANCHES, where_negative(X1, X1, number(1e200))), 3),
        mul(number(3), power(add(BRANCHES, where_negative(X1, X1, ZERO)), -1)),
    ],
    ids=lambda expr: formula(expr, NAMES),
)
def test_code_raises_nowhere_and_has_a_value_where_the_expression_has_one(expr: Expr) -> None:
    """Branches without an input are Python's own numbers in code, and these raise where numpy's do not."""
    space: dict[str, object] = {}
    exec(code(expr, NAMES, "a test"), space)
    printed = np.array([space["explained"](*p) for p in POINTS])  # type: ignore[operator]
    np.testing.assert_allclose(np.where(np.isfinite(printed), printed, np.nan), evaluate(expr, POINTS))


@settings(deadline=None, max_examples=80)
@given(expressions)
def test_equivalent_forms_agree(expr: Expr) -> None:
    for form in (*normal_forms(expr), simplify(expr)):
        assert _same(evaluate(expr, POINTS), evaluate(form, POINTS)), formula(form, NAMES)


@given(expressions)
def test_constants_can_be_taken_out_and_put_back(expr: Expr) -> None:
    assert with_constants(expr, constants(expr)) == expr


def test_like_terms_and_powers_are_merged() -> None:
    x = variable(0)
    assert add(x, x) == mul(number(2), x)
    assert mul(x, power(x, -1)) == number(1)
    assert power(power(x, 2), 0.5) == call("abs", x)
    assert call("exp", call("log", x)) == x
    assert formula(add(mul(number(2), x), number(-3)), NAMES) == "2*x1 - 3"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.33333333333, 1 / 3),
        (3.14159265359, math.pi),
        (0.50000000001, 0.5),
        (9.8100000001, 9.81),
        (6.674e-11, 6.674e-11),
    ],
)
def test_constants_snap_to_what_a_person_would_write(value: float, expected: float) -> None:
    assert next(nice_numbers(value, 1e-9 * abs(value))) == pytest.approx(expected, rel=1e-15)


def test_a_constant_that_is_no_simple_number_is_left_alone() -> None:
    assert all(abs(v - 0.7234918273) < 1e-9 for v in nice_numbers(0.7234918273, 1e-11))
