"""The explanation's code as a line to draw: a fine grid, finer where it is steep, cut where it jumps."""

from __future__ import annotations

import cmath
import math
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...tools.black_boxes.types import Interval, Point
from .axes import spans_decades

Function = Callable[..., Any]

GRID = 1200
_MAX_SPLITS = 150
"""Steep gaps looked into; a function with more of them is dense, and a finer grid would not help the eye."""
_KEPT = 12
"""Halvings of a steep gap that are drawn: the twelfth is far below a pixel."""
_STEEP = 0.02
"""A gap is steep if it covers more than this share of the span of the values."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of a line in increasing x; a NaN value cuts it.

    `breaks` are the places where it jumps. `plain` holds the values on the even grid alone: what the axis is chosen
    by, so that looking closely at a pole does not stretch it.
    """

    x: tuple[float, ...]
    y: tuple[complex, ...]
    breaks: tuple[float, ...]
    plain: tuple[complex, ...]

    @property
    def is_complex(self) -> bool:
        return any(abs(v.imag) > 1e-9 * abs(v) for v in self.y if cmath.isfinite(v))

    @property
    def turns(self) -> int:
        """How often the line changes direction: many turns on the grid mean that it is too dense to be seen whole."""
        values = np.array([v.real for v in self.y if cmath.isfinite(v)])
        steps = np.diff(values)
        steps = steps[np.abs(steps) > 1e-9 * (np.ptp(values) if values.size else 0.0)]
        return int(np.sum(np.sign(steps[1:]) != np.sign(steps[:-1])))


def evaluate(function: Function, point: Sequence[float]) -> complex:
    """What the explanation says at `point`; NaN where it says nothing, raises, or gives no number."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = complex(function(*point))
        except Exception:
            return complex(math.nan)
    return value if cmath.isfinite(value) else complex(math.nan)


def evaluate_all(function: Function, points: Iterable[Point]) -> list[complex]:
    return [evaluate(function, p) for p in points]


def trace_curve(
    function: Callable[[float], complex], interval: Interval, marks: Iterable[float] = (), *, grid: int = GRID
) -> Curve:
    """`function` over `interval`; the places in `marks` (queries, ends of exceptions) are looked at from both sides."""
    if interval.integer:
        xs = _whole_numbers(interval, grid)
        whole = tuple(function(x) for x in xs)
        return Curve(tuple(xs), whole, (), whole)
    spread = np.geomspace if spans_decades(interval.low, interval.high) else np.linspace
    nudge = 1e-9 * interval.width
    around = [x + d for x in marks for d in (-nudge, 0.0, nudge)]
    inside = [x for x in around if interval.low <= x <= interval.high]
    even = [interval.low, *(float(x) for x in spread(interval.low, interval.high, grid)[1:-1]), interval.high]
    plain = {x: function(x) for x in even}
    rows = sorted({**plain, **{x: function(x) for x in inside if x not in plain}}.items())
    return _refined(function, [x for x, _ in rows], [y for _, y in rows], tuple(plain.values()))


def _whole_numbers(interval: Interval, limit: int) -> list[float]:
    low, high = math.ceil(interval.low), math.floor(interval.high)
    if high - low < limit:
        return [float(i) for i in range(low, high + 1)]
    return sorted({float(round(x)) for x in np.linspace(low, high, limit)})


def _refined(
    function: Callable[[float], complex], xs: list[float], ys: list[complex], plain: tuple[complex, ...]
) -> Curve:
    """Bisects the steepest gaps: what stays steep at any distance is a jump, what does not gets more points."""
    steep = sorted(_steep_gaps(ys), key=lambda i: -_gap(ys[i], ys[i + 1]))[:_MAX_SPLITS]
    extra: list[tuple[float, complex]] = []
    breaks = []
    for i in steep:
        found, where = _bisect(function, (xs[i], ys[i]), (xs[i + 1], ys[i + 1]))
        extra.extend(found)
        if where is not None:
            breaks.append(where)
    rows = sorted({**dict(zip(xs, ys)), **dict(extra)}.items())
    return Curve(tuple(x for x, _ in rows), tuple(y for _, y in rows), tuple(sorted(breaks)), plain)


def _steep_gaps(ys: Sequence[complex]) -> list[int]:
    values = np.array([abs(v) * (1 if v.real >= 0 else -1) for v in ys])
    finite = values[np.isfinite(values)]
    if finite.size < 2:
        return []
    span = float(np.quantile(finite, 0.95) - np.quantile(finite, 0.05)) or float(np.ptp(finite))
    return [i for i in range(len(ys) - 1) if _gap(ys[i], ys[i + 1]) > _STEEP * span]


def _gap(a: complex, b: complex) -> float:
    """How far the value moves: infinitely far between defined and undefined, not at all between two undefined ones."""
    defined = cmath.isfinite(a), cmath.isfinite(b)
    if all(defined):
        return abs(b - a)
    return math.inf if any(defined) else 0.0


def _bisect(
    function: Callable[[float], complex], left: tuple[float, complex], right: tuple[float, complex]
) -> tuple[list[tuple[float, complex]], float | None]:
    """Points met while halving towards the steeper side, and the place of the jump if one is there."""
    found: list[tuple[float, complex]] = []
    first = _gap(left[1], right[1])
    for _ in range(60):
        middle = (left[0] + right[0]) / 2
        if not left[0] < middle < right[0] or right[0] - left[0] < 1e-12 * max(abs(left[0]), abs(right[0]), 1e-300):
            break
        point = (middle, function(middle))
        found.append(point)
        if _gap(left[1], point[1]) >= _gap(point[1], right[1]):
            right = point
        else:
            left = point
    last = _gap(left[1], right[1])
    if last < 0.5 * first:
        return found[:_KEPT], None
    middle = (left[0] + right[0]) / 2
    cut = [(middle, complex(math.nan))] if left[0] < middle < right[0] else []
    return [*found[:_KEPT], left, right, *cut], middle
