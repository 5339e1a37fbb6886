"""Short decimals: taken where the answers cannot tell, never beyond, and never at the price of a scale."""

from __future__ import annotations

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from zetetic.tools.induction.expressions import (
    Call,
    Expression,
    Literal,
    Power,
    Quotient,
    X,
    constant,
    constants,
    evaluate,
    shifted,
    times,
    total,
    with_values,
)
from zetetic.tools.induction.fitting import Data, polish
from zetetic.tools.induction.periodic import sinusoid
from zetetic.tools.induction.snapping import (
    chi2_of,
    common_scale,
    drop_zeros,
    snap,
    standard_errors,
    without_crumbs,
)

exactly = settings(max_examples=25, deadline=None, derandomize=True)
GRID = np.linspace(-4.03, 5.11, 80)


def line(a: float, b: float) -> Expression:
    return total(constant(a), times(constant(b), X))


def bell(scale: float, center: float, width: float) -> Expression:
    inside = Quotient(shifted(center), constant(width, "WIDTH"))
    return times(constant(scale), Call("exp", times(Literal(-0.5), Power(inside, Literal(2.0)))))


def told(truth: Expression, sigma: float = 0.0, seed: int = 0) -> Data:
    y = evaluate(truth, GRID)
    s = sigma or 1e-9 * float(np.max(np.abs(y)))
    return Data(GRID, y + sigma * np.random.default_rng(seed).normal(size=len(GRID)), np.full(len(GRID), s))


def values(form: Expression) -> list[float]:
    return [c.value for c in constants(form)]


decimal = st.integers(-999, 999).filter(bool).map(lambda k: k / 100)
positive = st.integers(50, 400).map(lambda k: k / 100)


@given(decimal, decimal, positive, st.integers(0, 10**6))
@exactly
def test_exact_answers_give_back_the_decimals_that_made_them(a: float, b: float, w: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for truth in (line(a, b), bell(a, b / 4, w)):
        data = told(truth)
        start = with_values(truth, [v * (1 + 1e-10 * rng.normal()) for v in values(truth)])
        assert values(snap(start, data)) == values(truth)


@given(st.floats(-9, 9).map(lambda v: round(v, 9)), st.floats(0.2, 9), st.floats(0.5, 4))
@exactly
def test_numbers_that_are_not_short_stay_where_the_answers_put_them(a: float, b: float, w: float) -> None:
    for truth in (line(a, b), bell(b, a / 4, w)):
        data = told(truth)
        snapped = snap(truth, data)
        assert np.max(np.abs(evaluate(snapped, GRID) - data.y) / data.s) < 3 * np.sqrt(9.0 * len(GRID))
        assert chi2_of(snapped, data) <= 9.0 * len(GRID)


@given(st.floats(0.01, 0.5), st.integers(0, 10**6))
@exactly
def test_noise_moves_no_constant_beyond_what_it_allows(sigma: float, seed: int) -> None:
    data = told(line(1.2345, -0.6789), sigma, seed)
    fitted, best = polish(line(1.0, -0.5), data)
    snapped = snap(fitted, data)
    assert chi2_of(snapped, data) <= best + 4.0 * len(values(fitted)) + 1e-9
    kept = [*values(snapped), *[0.0] * (2 - len(values(snapped)))]
    for before, after, error in zip(values(fitted), kept, standard_errors(fitted, data), strict=True):
        assert abs(after - before) <= 4.5 * error


@given(st.floats(0.3, 3.0), st.integers(0, 10**6))
@settings(max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate])
def test_a_scale_never_becomes_zero(sigma: float, seed: int) -> None:
    """Widths, periods and rates that noise hides almost wholly stay scales; so the form keeps its values."""
    rng = np.random.default_rng(seed)
    forms = [
        bell(1.0, 0.5, 0.3),
        total(sinusoid(0.2, 0.1, 2.0), constant(1.0)),
        times(constant(1.0, "SCALE"), Call("exp", times(constant(0.02, "RATE"), X))),
        times(constant(0.4, "AMPLITUDE"), Call("tanh", Quotient(shifted(0.2), constant(0.1, "WIDTH")))),
    ]
    for form in forms:
        data = told(form, sigma, int(rng.integers(10**6)))
        fitted, _ = polish(form, data)
        snapped = drop_zeros(snap(fitted, data))
        before = {c.role: c.value for c in constants(fitted)}
        for c in constants(snapped):
            if c.role in ("WIDTH", "PERIOD", "RATE", "SCALE", "AMPLITUDE"):
                assert c.value != 0 or before[c.role] == 0, (c.role, before)
        assert np.all(np.isfinite(evaluate(snapped, GRID)))


def test_standard_errors_of_a_line_are_those_of_the_textbook() -> None:
    data = told(line(2.0, 0.5), 0.3)
    columns = np.stack([np.ones_like(GRID), GRID], axis=1)
    covariance = np.linalg.inv(columns.T @ columns) * 0.3**2
    np.testing.assert_allclose(standard_errors(line(2.0, 0.5), data), np.sqrt(np.diag(covariance)), rtol=1e-5)


def test_a_constant_that_answers_say_nothing_of_has_a_huge_error() -> None:
    hidden = total(constant(2.0), times(constant(1.0), Call("step", total(X, constant(-100.0, "-CENTER")))))
    errors = standard_errors(hidden, told(constant(2.0), 0.3))
    assert errors[0] < 0.1
    assert np.all(errors[1:] > 1e6)


def test_equal_columns_overflow_nothing() -> None:
    """Two constants that only count together: errors are huge, and no arithmetic warning is given."""
    form = total(constant(1.0), constant(1.0), times(constant(1.0), X))
    assert np.all(standard_errors(form, told(line(2.0, 1.0)))[:2] > 1e3 * 1e-9)


@given(st.floats(0.01, 300.0))
@exactly
def test_a_quotient_gets_the_factor_that_makes_it_short(factor: float) -> None:
    truth = Quotient(line(1.0, 2.0), total(constant(3.0), Power(X, Literal(2.0))))
    scaled = Quotient(
        line(1.0 * factor, 2.0 * factor),
        total(constant(3.0 * factor), times(constant(1.0 * factor), Power(X, Literal(2.0)))),
    )
    data = told(truth)
    short = snap(scaled, data)
    assert all(v == round(v, 1) for v in values(short)), values(short)
    np.testing.assert_allclose(evaluate(short, GRID), data.y, rtol=1e-7)
    np.testing.assert_allclose(evaluate(common_scale(scaled, data), GRID), data.y, rtol=1e-7)


def test_terms_too_small_to_be_seen_are_dropped_and_others_not() -> None:
    data = told(line(3.0, 2.0))
    crumbs = total(constant(3.0), times(constant(2.0), X), times(constant(1e-15), Power(X, Literal(2.0))))
    assert len(values(without_crumbs(crumbs, data))) == 2
    assert len(values(without_crumbs(line(3.0, 2.0), data))) == 2


def test_zeros_are_dropped_and_nothing_else_changes() -> None:
    form = total(constant(0.0), times(constant(2.0), X), times(constant(0.0), Call("sin", X)))
    lean = drop_zeros(form)
    np.testing.assert_array_equal(evaluate(lean, GRID), 2.0 * GRID)
    assert values(lean) == [2.0]
