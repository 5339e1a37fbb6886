"""Which column is what: text, label, number, category, date, identifier, constant. By name where a name says it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any, Literal

from .errors import DatasetError
from .files import Row

Role = Literal["text", "number", "category", "date", "identifier", "constant", "empty"]

TEXT_NAMES = ("text", "input", "sentence", "document", "content", "review", "comment", "message", "body", "headline")
LABEL_NAMES = ("label", "class", "category", "group", "target", "y", "outcome", "sentiment", "stance")
NUMBER_NAMES = ("target", "y", "score", "rating", "stars", "response", "value", "price", "outcome", "label")
MOST_CLASSES = 20
_MISSING = {"", "na", "n/a", "nan", "null", "none", "?", "-"}
_IDENTIFIER = re.compile(r"(?i)^(id|uuid|guid|index|row|key|unnamed: ?\d+)$|[_\s-](id|uuid|key)$|(?<=[a-z])I[Dd]$")
_DATE = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column and what it looks like. `distinct` counts values that are not missing."""

    name: str
    values: tuple[Any, ...]
    role: Role
    distinct: int
    missing: int


def missing(value: Any) -> bool:
    """Whether a cell says nothing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    return isinstance(value, str) and value.strip().casefold() in _MISSING


def as_number(value: Any) -> float | None:
    """A cell as a finite number; None for anything else."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        value = value.strip().replace("\u2212", "-")
        if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", value):
            value = value.replace(",", "")
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def as_text(value: Any) -> str:
    """A cell as its text: whole numbers without a point, truth values as words."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def look_at(rows: Sequence[Row]) -> dict[str, ColumnFacts]:
    """Every column by name, in order of appearance."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return {name: _facts(name, tuple(row.get(name) for row in rows)) for name in names}


def _facts(name: str, values: tuple[Any, ...]) -> ColumnFacts:
    there = [v for v in values if not missing(v)]
    distinct = len({as_text(v) for v in there})
    return ColumnFacts(name, values, _role(name, there, distinct), distinct, len(values) - len(there))


def _role(name: str, there: list[Any], distinct: int) -> Role:
    if not there:
        return "empty"
    if distinct == 1:
        return "constant"
    numbers = [as_number(v) for v in there]
    numeric = all(n is not None for n in numbers)
    if _IDENTIFIER.search(name) and distinct > 0.9 * len(there):
        return "identifier"
    if numeric:
        return "number"
    texts = [as_text(v) for v in there]
    if sum(_is_date(t) for t in texts) > 0.9 * len(texts):
        return "date"
    words = median(len(t.split()) for t in texts)
    if words >= 3 and (name.strip().casefold() in TEXT_NAMES or distinct > 0.3 * len(texts)):
        return "text"
    if distinct <= MOST_CLASSES or distinct <= 0.2 * len(texts):
        return "category"
    return "text" if words >= 2 else "identifier"


def _is_date(text: str) -> bool:
    if not _DATE.match(text):
        return False
    try:
        datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return bool(_DATE.fullmatch(text))
    return True


def pick_text(columns: dict[str, ColumnFacts], asked: str | None) -> str | None:
    """The column of texts: the one asked for, the one so named, the one with the longest texts; None where none is."""
    if asked is not None:
        return named(columns, asked, "text").name
    texts = [c for c in columns.values() if c.role == "text"]
    by_name = [c for c in texts if c.name.strip().casefold() in TEXT_NAMES]
    pool = by_name or texts
    if not pool:
        return None
    return max(pool, key=lambda c: sum(len(as_text(v)) for v in c.values if not missing(v))).name


def pick_target(
    columns: dict[str, ColumnFacts], label: str | None, number: str | None, text: str | None
) -> tuple[str, Literal["groups", "number"]]:
    """(column, kind) of what is to be told apart: the one asked for, the one so named, or the only one there is."""
    if label is not None and number is not None:
        raise DatasetError(f"expected a label or a number, got both {label!r} and {number!r}; leave one out")
    if label is not None:
        return named(columns, label, "label").name, "groups"
    if number is not None:
        return named(columns, number, "target").name, "number"
    possible = [c for c in columns.values() if c.name != text and c.role in ("number", "category")]
    for names in (LABEL_NAMES, NUMBER_NAMES):
        for name in names:
            for column in possible:
                if column.name.strip().casefold() == name:
                    return column.name, _kind(column)
    if len(possible) == 1 and text is not None:
        return possible[0].name, _kind(possible[0])
    listed = ", ".join(repr(c.name) for c in possible) or "none that could be one"
    raise DatasetError(
        f"expected a column that says the group (label) or the number (target) of each row, got {listed}; name it with "
        "label or target"
    )


def _kind(column: ColumnFacts) -> Literal["groups", "number"]:
    return "number" if column.role == "number" and column.distinct > 2 else "groups"


def named(columns: dict[str, ColumnFacts], asked: str, what: str) -> ColumnFacts:
    """The column called `asked`. Raises `DatasetError` naming what there is."""
    if asked not in columns:
        close = [name for name in columns if name.casefold().strip() == asked.casefold().strip()]
        if len(close) == 1:
            return columns[close[0]]
        there = ", ".join(map(repr, columns))
        raise DatasetError(f"expected the {what} column {asked!r}, got columns {there}; name one of them")
    return columns[asked]
