"""Effects of a table's features as sentences that cite their numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...scoring.texts import Estimate
from ..types import Target
from .types import Level, Segment


def numeric_sentence(name: str, segments: Sequence[Segment], target: Target) -> str:
    """ "income rises by 3.2 (2.9 to 3.5) for each 1 of schooling up to 16, then is flat up to 20"."""
    unit = unit_of(segments[-1].end - segments[0].start)
    parts: list[str] = []
    for number, one in enumerate(segments):
        until = "" if len(segments) == 1 else f" up to {short(one.end)}"
        said = _stretch(one, unit, name if number == 0 else "", target)
        parts.append(said + until if number else f"{subject(target)} {said}{until}")
    return ", then ".join(parts)


def _stretch(one: Segment, unit: float, name: str, target: Target) -> str:
    if one.flat:
        where = f" at about {value(one.from_value, target)}"
        return f"is flat{where}{f' along {name}' if name else ''}"
    slope = _scaled(one.slope, unit)
    verb = "rises" if slope.value > 0 else "falls"
    size = Estimate(abs(slope.value), *sorted((_away(slope.low, slope), _away(slope.high, slope))))
    of = f" of {name}" if name else ""
    return f"{verb} by {amount(size, target)} for each {short(unit)}{of}"


def _away(bound: float, slope: Estimate) -> float:
    return bound if slope.value > 0 else -bound


def _scaled(slope: Estimate, unit: float) -> Estimate:
    return Estimate(slope.value * unit, slope.low * unit, slope.high * unit)


def category_sentence(name: str, levels: Sequence[Level], target: Target) -> str:
    """ "income is highest where sector is tech (52.1) and lowest where it is public (38)"."""
    first, last = levels[0], levels[-1]
    said = (
        f"{subject(target)} is highest where {name} is {first.name} ({value(first.value, target)}; "
        f"{_against(first.difference, target)}) and lowest where it is {last.name} ({value(last.value, target)}; "
        f"{_against(last.difference, target)})"
    )
    between = [f"{one.name} {value(one.value, target)}" for one in levels[1:-1]]
    return said + (f"; between them {', '.join(between)}" if between else "")


def _against(difference: Estimate, target: Target) -> str:
    low, high = _text(difference.low, target), _text(difference.high, target)
    return f"{_text(difference.value, target, sign=True)} against the mean, {low} to {high}"


def importance_text(lost: Estimate, metric: str) -> str:
    """ "without it, R² falls by 0.31 (0.25 to 0.38)"."""
    return f"without it, held-out {metric} falls by {lost.value:.2f} ({lost.low:.2f} to {lost.high:.2f})"


def subject(target: Target) -> str:
    """What is spoken of: the number, or the probability of A."""
    return target.name if target.kind == "number" else f"the share of {target.a}"


def value(number: float, target: Target) -> str:
    return short(number) if target.kind == "number" else f"{100 * number:.0f} %"


def amount(size: Estimate, target: Target) -> str:
    """A change with its interval: in units of the number, or in percentage points."""
    if target.kind == "number":
        return f"{short(size.value)} ({short(size.low)} to {short(size.high)})"
    return f"{short(100 * size.value, 2)} points ({short(100 * size.low, 2)} to {short(100 * size.high, 2)})"


def _text(number: float, target: Target, *, sign: bool = False) -> str:
    plus = "+" if sign and number > 0 else ""
    return plus + (short(number) if target.kind == "number" else f"{short(100 * number, 2)} points")


def unit_of(span: float) -> float:
    """A round step of a feature: the power of ten that fits in its range at least twice."""
    return float(10 ** math.floor(math.log10(span / 2))) if span > 0 else 1.0


def short(number: float, digits: int = 3) -> str:
    """A number to a few significant digits, never in powers of ten where it is of common size."""
    if number == 0 or not math.isfinite(number):
        return "0" if number == 0 else str(number)
    size = math.floor(math.log10(abs(number)))
    if size >= 9 or size < -5:
        return f"{number:.{digits}g}"
    rounded = round(number, digits - 1 - size)
    if size >= digits - 1:
        return f"{rounded:,.0f}"
    return f"{rounded:.{max(0, digits - 1 - size)}f}".rstrip("0").rstrip(".")
