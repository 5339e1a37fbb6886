"""From columns to features that a model can use, and words for those that it cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from ..columns import ColumnFacts, as_number, as_text, missing
from ..types import Feature, Floats

MOST_LEVELS = 12
"""Categories a feature keeps; rarer ones become `other`."""
OTHER, MISSING = "other", "missing"
_YEAR_DAYS = 365.25


def features_of(columns: Sequence[ColumnFacts], kept: Sequence[int]) -> tuple[list[Feature], list[str]]:
    """(features over the rows `kept`, what was left out or changed and why)."""
    found: list[Feature] = []
    said: list[str] = []
    for column in columns:
        cells = [column.values[i] for i in kept]
        there = [as_text(v) for v in cells if not missing(v)]
        distinct = len(set(there))
        if distinct < 2:
            said.append(f"{column.name!r} was left out: {'always the same' if distinct else 'empty'}")
        elif column.role == "identifier":
            said.append(f"{column.name!r} was left out: it looks like an identifier, different on (nearly) every row")
        elif column.role == "text":
            said.append(f"{column.name!r} was left out: it holds texts")
        elif column.role == "date":
            numbers = np.array([_years(v) for v in cells])
            if np.isfinite(numbers).sum() < len(there):
                said.append(f"{column.name!r} was left out: its dates are not all as YYYY-MM-DD")
            else:
                found.append(Feature(f"{column.name} (year)", numbers=numbers))
        elif column.role == "number" and distinct > 2:
            found.append(Feature(column.name, numbers=_numbers(cells)))
        else:
            categories, merged = _categories(cells)
            found.append(Feature(column.name, categories=categories))
            if merged:
                said.append(f"{merged} rare categories of {column.name!r} are taken together as {OTHER!r}")
    return found, said


def _numbers(cells: Sequence[object]) -> Floats:
    return np.array([np.nan if missing(v) else _number(v) for v in cells], dtype=np.float64)


def _number(value: object) -> float:
    number = as_number(value)
    return np.nan if number is None else number


def _years(value: object) -> float:
    """A date as a year with decimals; NaN where it is missing or written otherwise."""
    if missing(value):
        return float("nan")
    try:
        day = datetime.fromisoformat(as_text(value).replace("/", "-").replace("Z", "+00:00"))
    except ValueError:
        return float("nan")
    return day.year + (day.timetuple().tm_yday - 1 + day.hour / 24) / _YEAR_DAYS


def _categories(cells: Sequence[object]) -> tuple[tuple[str | None, ...], int]:
    names = [None if missing(v) else as_text(v) for v in cells]
    counts = Counter(name for name in names if name is not None)
    if len(counts) <= MOST_LEVELS:
        return tuple(names), 0
    common = {name for name, _ in counts.most_common(MOST_LEVELS - 1)}
    merged = tuple(name if name is None or name in common else OTHER for name in names)
    return merged, len(counts) - len(common)
