"""Short decimals: inside what the data allow, and never longer than they need to be."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from zetetic.tools.induction.decimals import decimal_places, decimals_near, shortest_between, special_near

exactly = settings(max_examples=400, deadline=None, derandomize=True)


def multiples_inside(low: Decimal, high: Decimal, power: int) -> bool:
    """Whether a whole multiple of 10^power lies in [low, high]."""
    unit = Decimal(10) ** power
    return math.ceil(low / unit) <= math.floor(high / unit)


@given(st.integers(1, 10**7), st.integers(1, 10**5), st.integers(-9, 3), st.booleans())
@exactly
def test_shortest_between_lies_inside_and_nothing_shorter_does(
    first: int, gap: int, power: int, negative: bool
) -> None:
    low, high = Decimal(first).scaleb(power), Decimal(first + gap).scaleb(power)
    if negative:
        low, high = -high, -low
    found = shortest_between(float(low), float(high))
    assert float(low) <= found <= float(high)
    said = Decimal(repr(found)).normalize()
    own = int(said.as_tuple().exponent)
    # Ends that are themselves short may be lost to the last bit of a double: a slack of 1e-12 is granted.
    slack = (high - low) * Decimal("1e-9")
    assert not any(multiples_inside(low + slack, high - slack, coarser) for coarser in range(own + 1, own + 12)), said


@given(st.floats(-1e9, 1e9), st.floats(1e-9, 1e9))
@exactly
def test_shortest_between_is_odd(low: float, gap: float) -> None:
    high = low + gap
    assume(high > low)
    assert shortest_between(-high, -low) == -shortest_between(low, high)


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (0.12, 0.29),
        (-0.29, -0.12),
        (0.0, 2.0),
        (-1.0, 2.0),
    ],
)
def test_shortest_between_takes_its_ends_in_either_order(low: float, high: float) -> None:
    assert shortest_between(high, low) == shortest_between(low, high)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.12, 0.29, 0.2), (0.31, 0.39, 0.35), (-1.0, 2.0, 0.0), (9.7, 10.4, 10.0), (98.0, 143.0, 100.0), (2.5, 2.5, 2.5)],
)
def test_shortest_between_examples(low: float, high: float, expected: float) -> None:
    assert shortest_between(low, high) == expected


@given(st.floats(-1e12, 1e12).filter(lambda v: abs(v) > 1e-12), st.integers(1, 9))
@exactly
def test_decimals_near_come_ever_closer(value: float, digits: int) -> None:
    options = list(decimals_near(value, digits))
    assert len(set(options)) == len(options)
    assert abs(options[-1] - value) <= 0.51 * 10.0 ** (1 - digits) * abs(value)
    for option in options:
        assert len(f"{abs(option):e}".split("e")[0].replace(".", "").rstrip("0")) <= digits


@given(st.integers(-9999, 9999).filter(bool), st.integers(-8, 8))
@exactly
def test_a_short_decimal_is_met_first_or_later_but_exactly(digits: int, power: int) -> None:
    value = float(f"{digits}e{power}")
    assert value in list(decimals_near(value * (1 + 1e-13)))


@pytest.mark.parametrize(
    "value", [math.pi, -math.pi / 3, 2 * math.pi, 2 / math.pi, math.e, math.sqrt(2), 1 / 3, -7 / 11, 5 / 6]
)
def test_special_numbers_are_known(value: float) -> None:
    assert special_near(value * (1 + 1e-11), 1e-9) == pytest.approx(value, rel=1e-14)


@given(st.one_of(st.floats(-100, 100), st.floats(allow_nan=True)), st.floats(1e-12, 1e-2))
@example(5e-324, 1e-3)
@example(1e308, 1e-3)
@exactly
def test_a_special_number_is_never_further_than_the_tolerance(value: float, tolerance: float) -> None:
    found = special_near(value, tolerance)
    assert found is None or (found != 0 and abs(found - value) <= tolerance)


def test_ordinary_numbers_are_not_special() -> None:
    assert special_near(0.0, 1e-3) is None
    assert special_near(0.123456789, 1e-12) is None


@given(st.integers(1, 99999), st.integers(-4, 15))
@exactly
def test_decimal_places_are_those_of_the_shortest_text(digits: int, places: int) -> None:
    value = float(Decimal(digits).scaleb(-places))
    assert decimal_places(value) == -int(Decimal(digits).scaleb(-places).normalize().as_tuple().exponent)
