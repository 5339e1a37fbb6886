"""Locating the jumps of a wave or a staircase by bisection, so that its period is known to the last digit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .decimals import shortest_between
from .expressions import Call, Expression, Modulo, children, constants, with_values

Value = Callable[[float], float]
"""Asks the box; NaN when there is no answer or no query left."""


@dataclass(frozen=True)
class Wave:
    """What is known of a wave's jumps: they sit at start + k·period, and at start + width + k·period if `width`."""

    start: float
    period: float
    width: float | None


def wave_of(expression: Expression) -> Wave | None:
    """The wave inside an expression made by folding, if there is one with jumps."""
    roles = {c.role.lstrip("-"): (-c.value if c.role.startswith("-") else c.value) for c in constants(expression)}
    if "PERIOD" not in roles or "START" not in roles or not _jumps(expression):
        return None
    return Wave(roles["START"], roles["PERIOD"], roles.get("WIDTH"))


def _jumps(node: Expression) -> bool:
    own = isinstance(node, Modulo) or (isinstance(node, Call) and node.function in ("sign", "step"))
    return own or any(_jumps(p) for p in children(node))


def located(expression: Expression, wave: Wave, low: float, high: float, ask: Value) -> Expression | None:
    """`expression` with start, period and width measured at the first and last jumps inside [low, high]."""
    tight = 1e-6 * (high - low)
    half_turn = _half(expression)
    spacing = wave.period / 2 if half_turn else wave.period
    starts = _measure(expression, wave.start, spacing, low, high, ask, tight)
    if starts is None:
        return None
    first, last, turns = starts
    error = 2 * tight / turns
    spacing = (last - first) / turns
    spacing = _short(spacing, error)
    period = 2 * spacing if half_turn else spacing
    width = wave.width
    if width is not None:
        ends = _measure(expression, wave.start + width, period, low, high, ask, tight, only_first=True)
        if ends is not None:
            width = _short(float(np.mod(ends[0] - first, period)), 3 * tight)
    start = first - period * np.floor(first / period)
    if half_turn and not _same_phase(expression, wave, first, period):
        start = (start + period / 2) % period
    start = _short(float(start), 3 * tight)
    return _rewritten(expression, start, period, width)


def _half(expression: Expression) -> bool:
    """Whether the wave is sign(sin(…)), which jumps twice a period."""
    own = isinstance(expression, Call) and expression.function == "sign"
    return own or any(_half(p) for p in children(expression))


def _same_phase(expression: Expression, wave: Wave, first: float, period: float) -> bool:
    """Whether the jump at `first` is a start of the wave as fitted, not the middle of a turn."""
    offset = float(np.mod(first - wave.start + wave.period / 4, wave.period))
    return offset < wave.period / 2


def _short(value: float, error: float) -> float:
    return shortest_between(value - error, value + error)


def _measure(
    expression: Expression, start: float, spacing: float, low: float, high: float, ask: Value, tight: float,
    *, only_first: bool = False,
) -> tuple[float, float, int] | None:  # fmt: skip
    """The first jump of a family and the last, and how many spacings lie between."""
    reach = 0.22 * spacing
    k_first = int(np.ceil((low + 1.5 * reach - start) / spacing))
    k_last = int(np.floor((high - 1.5 * reach - start) / spacing))
    if k_last <= k_first:
        return None
    first = _bisect(ask, start + k_first * spacing, reach, tight)
    if first is None:
        return None
    if only_first:
        return first, first, 1
    # Walk outwards, so that the spacing is always known well enough to count the jumps in between.
    at, turns = first, 0
    while turns < k_last - k_first:
        jump = min(k_last - k_first, max(4, 8 * max(turns, 1)))
        coarse = tight if jump == k_last - k_first else 0.01 * spacing
        found = _bisect(ask, first + jump * spacing, reach, coarse)
        if found is None:
            return None if turns == 0 else (first, at, turns)
        at, turns = found, jump
        spacing = (at - first) / turns
    return first, at, turns


def _bisect(ask: Value, middle: float, reach: float, tight: float) -> float | None:
    """The place of the one jump in middle ± reach; None if the two ends do not differ clearly."""
    low, high = middle - reach, middle + reach
    left, right = ask(low), ask(high)
    if not np.isfinite(left + right) or abs(left - right) <= 1e-9 * (abs(left) + abs(right)):
        return None
    while high - low > tight:
        centre = (low + high) / 2
        y = ask(centre)
        if not np.isfinite(y):
            return None
        if abs(y - left) <= abs(y - right):
            low = centre
        else:
            high = centre
    return (low + high) / 2


def _rewritten(expression: Expression, start: float, period: float, width: float | None) -> Expression:
    named = {"START": start, "PERIOD": period, "WIDTH": width}
    values = []
    for c in constants(expression):
        value = named.get(c.role.lstrip("-"))
        values.append(c.value if value is None else -value if c.role.startswith("-") else value)
    return with_values(expression, values)
