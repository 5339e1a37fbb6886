"""Expressions: they evaluate as their trees say, print as Python that says the same, and change only where asked."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zetetic.tools.induction.expressions import (
    FUNCTIONS,
    PI,
    Call,
    Constant,
    Cycle,
    Expression,
    Literal,
    Modulo,
    Power,
    Product,
    Quotient,
    Sum,
    Table,
    Variable,
    X,
    children,
    compiled,
    constant,
    constants,
    evaluate,
    formula,
    number_text,
    python_source,
    rounded_text,
    shifted,
    size,
    substituted,
    times,
    total,
    transformed,
    with_values,
)

DIRECT: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "sin": math.sin,
    "cos": math.cos,
    "cosh": math.cosh,
    "erf": math.erf,
    "tan": math.tan,
    "tanh": math.tanh,
    "arctan": math.atan,
    "floor": math.floor,
    "ceil": math.ceil,
    "round": round,
    "sign": lambda v: (v > 0) - (v < 0),
    "step": lambda v: 1.0 if v >= 0 else 0.0,
    "sinc": lambda v: math.sin(math.pi * v) / (math.pi * v) if v else 1.0,
    "softplus": lambda v: max(v, 0.0) + math.log1p(math.exp(-abs(v))),
}
JUMPING = ("floor", "ceil", "round", "sign", "step")


def direct(node: Expression, x: float) -> float:
    """The value at one input, node by node, without numpy."""
    match node:
        case Constant(value) | Literal(value):
            return value
        case Variable():
            return x
        case Sum(terms):
            return sum((direct(t, x) for t in terms[1:]), direct(terms[0], x))
        case Product(factors):
            return math.prod((direct(f, x) for f in factors[1:]), start=direct(factors[0], x))
        case Quotient(top, bottom):
            return direct(top, x) / direct(bottom, x)
        case Power(base, exponent):
            return math.pow(direct(base, x), direct(exponent, x))
        case Modulo(left, right):
            a, b = direct(left, x), direct(right, x)
            return a % b
        case Call(function, argument):
            return float(DIRECT[function](direct(argument, x)))
        case Table(xs, ys):
            return float(np.interp(x, xs, ys))
        case Cycle(modulus, cases, index):
            return direct(cases[int(direct(index, x)) % modulus], x)


decimals = st.integers(-60, 60).filter(bool).map(lambda k: k / 8)
numbers = st.one_of(decimals.map(Constant), decimals.map(Literal), st.just(PI), st.just(Literal(2.0)))
leaves: st.SearchStrategy[Expression] = st.one_of(st.just(X), st.just(X), numbers)
few = st.integers(2, 3)


def several(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[tuple[Expression, ...]]:
    return few.flatmap(lambda n: st.tuples(*[parts] * n))


def algebra(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Sums, products and quotients: every step rounds alike however it is computed."""
    return st.one_of(several(parts).map(Sum), several(parts).map(Product), st.builds(Quotient, parts, parts))


rational = st.recursive(leaves, algebra, max_leaves=5)
jumping = st.one_of(
    st.builds(Call, st.sampled_from(JUMPING), rational),
    st.builds(Modulo, rational, decimals.map(Constant)),
    several(rational).map(lambda cases: Cycle(len(cases), cases)),
)


def anything(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    smooth = sorted(set(DIRECT) - set(JUMPING))
    exponents = st.sampled_from([Literal(2.0), Literal(3.0), Literal(-1.0), Constant(0.5), Constant(-1.5)])
    return st.one_of(
        algebra(parts), st.builds(Call, st.sampled_from(smooth), parts), st.builds(Power, parts, exponents)
    )


trees = st.recursive(st.one_of(leaves, jumping), anything, max_leaves=8)
INPUTS = np.array([-7.3, -2.0, -0.61, 0.0, 0.17, 1.0, 2.9, 11.0])
exactly = settings(max_examples=150, deadline=None, derandomize=True)


def close(a: float, b: float, scale: float = 1.0) -> bool:
    return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9 * scale)


def largest_part(node: Expression, x: float) -> float:
    """The largest number met on the way to the value at `x`: what cancellation is measured against."""
    own = abs(direct(node, x))
    return max([own, *(largest_part(p, x) for p in children(node))])


@given(trees)
@exactly
def test_evaluating_agrees_with_the_tree_walked_by_hand(tree: Expression) -> None:
    values = evaluate(tree, INPUTS)
    assert values.shape == INPUTS.shape
    for x, value in zip(INPUTS.tolist(), values.tolist(), strict=True):
        try:
            expected, scale = direct(tree, x), largest_part(tree, x)
        except (ArithmeticError, ValueError):
            continue
        if math.isfinite(expected) and scale < 1e5:
            assert close(value, expected, max(scale, 1.0)), (x, formula(tree))


@given(trees)
@exactly
def test_python_source_gives_the_same_values(tree: Expression) -> None:
    source = python_source(tree, lambda c: repr(c.value))
    run = eval(f"lambda x: {source}", {"np": np, "math": math})
    values = evaluate(tree, INPUTS)
    for x, value in zip(INPUTS.tolist(), values.tolist(), strict=True):
        try:
            with np.errstate(all="ignore"):
                said = run(x)
            scale = largest_part(tree, x)
        except (ArithmeticError, ValueError, TypeError):
            continue
        if not isinstance(said, complex) and math.isfinite(said) and math.isfinite(value) and scale < 1e5:
            assert close(said, value, max(scale, 1.0)), (x, source)


@given(trees)
@exactly
def test_putting_a_trees_own_constants_back_changes_nothing(tree: Expression) -> None:
    assert with_values(tree, [c.value for c in constants(tree)]) == tree


@given(trees, st.integers(-5, 5))
@exactly
def test_other_constants_keep_shape_and_order(tree: Expression, value: int) -> None:
    """Zeros too: a fit that passes through zero must not lose a constant on the way."""
    values = [float(value + i) for i in range(len(constants(tree)))]
    changed = with_values(tree, values)
    assert [c.value for c in constants(changed)] == values
    assert [c.role for c in constants(changed)] == [c.role for c in constants(tree)]
    assert size(changed) == size(tree)


@given(trees, st.sampled_from([0.0, -3.0, 1e300]))
@exactly
def test_numbers_without_a_value_give_nan_or_infinity_and_no_error(tree: Expression, value: float) -> None:
    """A fit may try any numbers on the way: a zero period, the root of a negative number, an overflow."""
    values = [value] * len(constants(tree))
    out = compiled(tree)(INPUTS, values)
    assert out.shape == INPUTS.shape
    assert out.dtype == float
    np.testing.assert_array_equal(out, evaluate(with_values(tree, values), INPUTS))


def test_every_function_has_a_reference_here() -> None:
    assert set(DIRECT) == set(FUNCTIONS)


@given(trees)
@exactly
def test_formula_is_one_line_of_balanced_brackets(tree: Expression) -> None:
    text = formula(tree)
    assert "\n" not in text
    assert text.count("(") == text.count(")")
    assert "np." not in text
    assert "--" not in text.replace(" ", "")


@given(rational, rational)
@exactly
def test_substitution_is_composition(outer: Expression, inner: Expression) -> None:
    with np.errstate(all="ignore"):
        expected = evaluate(outer, evaluate(inner, INPUTS))
        values = evaluate(substituted(outer, inner), INPUTS)
    good = np.isfinite(expected) & (np.abs(expected) < 1e6)
    good &= np.array([safely_small(substituted(outer, inner), x) for x in INPUTS.tolist()])
    np.testing.assert_allclose(values[good], expected[good], rtol=1e-6, atol=1e-7)


def safely_small(node: Expression, x: float) -> bool:
    try:
        return largest_part(node, x) < 1e5
    except (ArithmeticError, ValueError):
        return False


@given(st.lists(rational, min_size=1, max_size=4))
@exactly
def test_sums_and_products_are_flat_and_say_the_same(parts: list[Expression]) -> None:
    parts = [transformed(p, lambda n: n) for p in parts]
    for build, join in ((total, Sum), (times, Product)):
        built = build(*parts)
        assert not any(isinstance(p, join) for p in children(built) if isinstance(built, join))
        for x in INPUTS.tolist():
            if safely_small(join(tuple(parts)), x) and safely_small(built, x):
                expected = direct(join(tuple(parts)), x)
                assert close(direct(built, x), expected, max(1.0, largest_part(join(tuple(parts)), x)))


def test_zeros_leave_a_sum_and_end_a_product() -> None:
    assert total(X, constant(0.0)) == X
    assert total(constant(0.0), Literal(0.0)) == Literal(0.0)
    assert times(X, Literal(1.0)) == X
    assert times(X, constant(0.0)) == Literal(0.0)
    assert times() == Literal(1.0)


@given(trees)
@exactly
def test_changing_nothing_says_the_same(tree: Expression) -> None:
    same = transformed(tree, lambda n: n)
    for x in INPUTS.tolist():
        if safely_small(tree, x) and safely_small(same, x):
            assert close(direct(same, x), direct(tree, x), max(1.0, largest_part(tree, x)))


@pytest.mark.parametrize("center", [0.0, 2.5, -1e-6])
def test_a_shift_is_zero_at_its_center(center: float) -> None:
    assert evaluate(shifted(center), np.array([center, center + 1.0])).tolist() == pytest.approx([0.0, 1.0])


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300))
@settings(deadline=None, derandomize=True)
def test_number_text_reads_back(value: float) -> None:
    """A number that was asked as an input must be met again by `==` in the code."""
    assert float(number_text(value)) == value


@given(st.floats(min_value=1e-200, max_value=1e200), st.integers(2, 9))
@settings(deadline=None, derandomize=True)
def test_rounded_text_keeps_its_digits(value: float, digits: int) -> None:
    assert float(rounded_text(value, digits)) == pytest.approx(value, rel=0.51 * 10.0 ** (1 - digits))


def test_a_table_draws_lines_and_costs_its_numbers() -> None:
    table = Table((0.0, 1.0, 3.0), (2.0, 4.0, 0.0))
    assert evaluate(table, np.array([-1.0, 0.5, 2.0, 9.0])).tolist() == [2.0, 3.0, 2.0, 0.0]
    assert size(table) > size(total(X, constant(1.0)))
    assert eval(python_source(table, str), {"np": np, "x": 0.5}) == 3.0
