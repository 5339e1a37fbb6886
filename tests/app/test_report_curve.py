"""The drawn line follows the function: jumps and poles cut it, undefined stretches stay empty."""

from __future__ import annotations

import cmath
import math
from itertools import pairwise

import numpy as np
import pytest

from zetetic.app.report.axes import choose_scale
from zetetic.app.report.curve import Curve, evaluate, trace_curve
from zetetic.tools.black_boxes import Interval


def cut_between(curve: Curve, low: float, high: float) -> bool:
    """Whether the line is interrupted somewhere in [low, high]."""
    return any(low <= x <= high and not cmath.isfinite(y) for x, y in zip(curve.x, curve.y))


@pytest.mark.parametrize("where", [-7.123456, 0.0, 2.5, math.pi])
def test_a_jump_cuts_the_line_where_it_is(where: float) -> None:
    curve = trace_curve(lambda x: complex(x + 5 * (x > where)), Interval(-10, 10))
    assert any(abs(b - where) < 1e-6 for b in curve.breaks)
    assert cut_between(curve, where - 1e-6, where + 1e-6)


@pytest.mark.parametrize("where", [-7.123456, 0.0, 3.3])
def test_no_line_crosses_a_pole(where: float) -> None:
    curve = trace_curve(lambda x: evaluate(lambda v: 1 / (v - where), (x,)), Interval(-10, 10))
    points = list(zip(curve.x, curve.y))
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 < where < x1:
            assert not (cmath.isfinite(y0) and cmath.isfinite(y1))


def test_a_steep_but_continuous_function_is_not_cut() -> None:
    curve = trace_curve(lambda x: complex(math.tanh(500 * x)), Interval(-10, 10))
    assert not curve.breaks
    assert all(cmath.isfinite(y) for y in curve.y)


def test_what_is_undefined_stays_empty_and_its_edge_is_found() -> None:
    curve = trace_curve(lambda x: evaluate(math.sqrt, (x,)), Interval(-10, 10))
    assert all(math.isnan(y.real) for x, y in zip(curve.x, curve.y) if x < 0)
    assert all(cmath.isfinite(y) for x, y in zip(curve.x, curve.y) if x > 0)
    assert any(abs(b) < 1e-6 for b in curve.breaks)


def test_narrow_exceptions_are_seen_when_they_are_marked() -> None:
    def narrow(x: float) -> complex:
        return complex(9.0 if 1.0001 <= x <= 1.0002 else 0.0)

    assert max(y.real for y in trace_curve(narrow, Interval(-10, 10)).y if cmath.isfinite(y)) == 0.0
    assert max(y.real for y in trace_curve(narrow, Interval(-10, 10), [1.0001, 1.0002]).y if cmath.isfinite(y)) == 9.0


def test_whole_numbers_are_asked_whole_numbers() -> None:
    assert trace_curve(complex, Interval(0.5, 6.5, integer=True)).x == (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
    many = trace_curve(complex, Interval(0, 1e6, integer=True))
    assert all(x == round(x) for x in many.x)
    assert len(many.x) <= 1200


def test_turns_tell_dense_from_smooth() -> None:
    assert trace_curve(lambda x: complex(math.sin(50 * x)), Interval(-10, 10)).turns > 200
    assert trace_curve(lambda x: complex(x * x), Interval(-10, 10)).turns == 1
    assert trace_curve(lambda x: complex(3.0), Interval(-10, 10)).turns == 0


def test_evaluate_never_raises_and_never_warns() -> None:
    assert cmath.isnan(evaluate(lambda x: 1 / x, (0.0,)))
    assert cmath.isnan(evaluate(lambda x: "text", (0.0,)))
    assert cmath.isnan(evaluate(lambda x: np.log(x), (-1.0,)))
    assert cmath.isnan(evaluate(lambda x: 1e308 * 10, (1.0,)))
    assert evaluate(lambda x: x**0.5, (-4.0,)).imag == pytest.approx(2.0)


X = np.linspace(-100, 100, 1001)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (X, "linear"),
        (np.sin(X), "linear"),
        (np.full(50, 3.0), "linear"),
        (np.array([]), "linear"),
        (np.array([math.nan, math.inf]), "linear"),
        (1 / (X + 0.05), "clip"),
        (np.exp(X), "log"),
        (np.sinh(X), "symlog"),
        (np.append(np.sin(X), [1e9, -1e9]), "clip"),
    ],
)
def test_the_axis_suits_the_values(values: np.ndarray, kind: str) -> None:
    scale = choose_scale(values)
    assert scale.kind == kind
    assert scale.low < scale.high
    assert scale.threshold > 0


def test_a_cut_axis_keeps_most_values() -> None:
    values = 1 / (X + 0.05)
    scale = choose_scale(values)
    assert np.mean((values >= scale.low) & (values <= scale.high)) > 0.95
