"""Short decimals: the number a person would have written inside what the data allow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

INVERTIBLE = (1e-300, 1e300)
"""Sizes whose inverse is a normal double too."""


def decimals_near(value: float, digits: int = 9) -> Iterator[float]:
    """`value` rounded to ever more significant digits, then multiples of pi and simple fractions."""
    if value == 0 or not math.isfinite(value):
        yield value
        return
    seen = set()
    for count in range(1, digits + 1):
        rounded = float(f"{value:.{count}g}")
        if rounded not in seen:
            seen.add(rounded)
            yield rounded


def special_near(value: float, tolerance: float) -> float | None:
    """A multiple of pi or e, one over a short decimal, or a small fraction, within `tolerance` of `value`."""
    if not INVERTIBLE[0] < abs(value) < INVERTIBLE[1]:
        return None
    for unit in (math.pi, 1 / math.pi, math.e, math.sqrt(2.0)):
        for bottom in (1, 2, 3, 4, 5, 6, 8):
            top = round(value / unit * bottom)
            if top and abs(top) <= 40 and abs(value - unit * top / bottom) <= tolerance:
                return unit * top / bottom
    below = float(f"{1 / value:.4g}")
    if below and abs(value - 1 / below) <= tolerance:
        return 1 / below
    for bottom in (3, 6, 7, 9, 11, 12):
        top = round(value * bottom)
        if top and abs(top) <= 60 and abs(value - top / bottom) <= tolerance:
            return top / bottom
    return None


def shortest_between(low: float, high: float) -> float:
    """The decimal with the fewest digits between two ends in either order; zero if it lies there."""
    if low > high:
        low, high = high, low
    if low <= 0.0 <= high:
        return 0.0
    sign = -1.0 if high < 0 else 1.0
    a, b = (abs(high), abs(low)) if sign < 0 else (low, high)
    power = math.floor(math.log10(b))
    for step in range(power, power - 18, -1):
        unit = 10.0**step
        first = math.ceil(a / unit - 1e-12)
        last = math.floor(b / unit + 1e-12)
        if first <= last:
            middle = (a + b) / 2 / unit
            best = min(range(first, min(last, first + 9) + 1), key=lambda k: abs(k - middle))
            out = sign * float(f"{best}e{step}")
            if low <= out <= high:
                return out
    return (low + high) / 2


def decimal_places(value: float) -> int:
    """Digits after the point in the shortest text of `value`; negative for round tens and hundreds."""
    if value == 0:
        return 0
    return -int(Decimal(repr(float(value))).normalize().as_tuple().exponent)
