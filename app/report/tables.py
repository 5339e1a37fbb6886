"""Tables as plain cells, for the template to lay out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    numeric: bool = False
    wide: bool = False


def numeric(name: str) -> Column:
    return Column(name, numeric=True)


def wide(name: str) -> Column:
    return Column(name, wide=True)


@dataclass(frozen=True, slots=True)
class Row:
    """Cells in the order of the columns; `mark` is a CSS class."""

    cells: tuple[str, ...]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def table(caption: str, columns: list[Column], rows: Sequence[tuple[str, ...] | Row]) -> Table | None:
    """A table, or nothing where there are no rows."""
    if not rows:
        return None
    return Table(caption, tuple(columns), tuple(r if isinstance(r, Row) else Row(r) for r in rows))
