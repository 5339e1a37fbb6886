"""A function drawn with Braille dots: the hypothesis as a line, observations as dots, exceptions below the axis."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.text import Text

HEIGHT = 14
LEAST_WIDTH = 24
MOST_WIDTH = 100
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_LABEL = 10
_MOST = 1e150
"""Values beyond this are not drawn: their differences would overflow."""
FIT, SEEN, OFF = "cyan", "green", "bold red"


@dataclass(frozen=True)
class Picture:
    """What is drawn. `fit`: x → value or None. `points`: (x, value, whether the fit is wrong there). `marked`:
    intervals in which another rule holds.
    """

    low: float
    high: float
    points: tuple[tuple[float, float, bool], ...]
    fit: Callable[[Sequence[float]], Sequence[float | None]] | None = None
    marked: tuple[tuple[float, float], ...] = ()
    name: str = "x"


def draw(picture: Picture, width: int, height: int = HEIGHT) -> Text:
    """The picture in `width` columns, axis labels included."""
    columns = max(LEAST_WIDTH, min(width, MOST_WIDTH)) - _LABEL - 1
    curve = _curve(picture, columns)
    low, high = _span([v for _, v in curve] + [v for _, v, _ in picture.points])
    canvas = _Canvas(columns, height)
    to_row = height * 4 - 1
    previous: tuple[int, int] | None = None
    for column, value in curve:
        if not low <= value <= high:
            previous = None
            continue
        row = round((high - value) / (high - low) * to_row)
        start = previous[1] if previous is not None and previous[0] == column - 1 else row
        for between in range(min(start, row), max(start, row) + 1) if abs(start - row) < to_row // 2 else (row,):
            canvas.dot(column, between, FIT)
        previous = (column, row)
    for x, value, wrong in picture.points:
        if low <= value <= high:
            column = round((x - picture.low) / (picture.high - picture.low) * (columns * 2 - 1))
            canvas.dot(column, round((high - value) / (high - low) * to_row), OFF if wrong else SEEN)
    return _framed(canvas, picture, low, high)


def _curve(picture: Picture, columns: int) -> list[tuple[int, float]]:
    if picture.fit is None:
        return []
    across = columns * 2
    xs = [picture.low + (picture.high - picture.low) * k / (across - 1) for k in range(across)]
    return [(k, v) for k, v in enumerate(picture.fit(xs)) if v is not None and math.isfinite(v)]


def _span(values: Sequence[float]) -> tuple[float, float]:
    """The values to draw between: all, unless a few lie so far out that the rest would be flat."""
    known = sorted(v for v in values if abs(v) < _MOST)
    if not known:
        return -1.0, 1.0
    low, high = known[0], known[-1]
    inner_low, inner_high = known[len(known) // 50], known[-1 - len(known) // 50]
    if inner_high > inner_low and high - low > 20 * (inner_high - inner_low):
        margin = inner_high - inner_low
        low, high = max(low, inner_low - margin), min(high, inner_high + margin)
    if low == high:
        margin = max(1.0, 0.1 * abs(low))
        low, high = low - margin, high + margin
    return low, high


class _Canvas:
    """Braille cells of 2 by 4 dots; the last style set in a cell wins, except that `OFF` stays."""

    def __init__(self, columns: int, rows: int) -> None:
        self.cells = [[0] * columns for _ in range(rows)]
        self.styles = [[""] * columns for _ in range(rows)]

    def dot(self, x: int, y: int, style: str) -> None:
        row, column = y // 4, x // 2
        if 0 <= row < len(self.cells) and 0 <= column < len(self.cells[0]):
            self.cells[row][column] |= _DOTS[y % 4][x % 2]
            if self.styles[row][column] != OFF:
                self.styles[row][column] = style


def _framed(canvas: _Canvas, picture: Picture, low: float, high: float) -> Text:
    text = Text()
    rows = len(canvas.cells)
    for row, (cells, styles) in enumerate(zip(canvas.cells, canvas.styles)):
        label = f"{high:.5g}" if row == 0 else f"{low:.5g}" if row == rows - 1 else ""
        text.append(f"{label:>{_LABEL}}", style="dim").append("│", style="dim")
        for cell, style in zip(cells, styles):
            text.append(chr(0x2800 + cell) if cell else " ", style=style)
        text.append("\n")
    columns = len(canvas.cells[0])
    text.append(" " * _LABEL + "└", style="dim")
    for column in range(columns):
        x = picture.low + (picture.high - picture.low) * (column + 0.5) / columns
        half = (picture.high - picture.low) / columns / 2
        marked = any(a - half <= x <= b + half for a, b in picture.marked)
        text.append("▀" if marked else "─", style="yellow" if marked else "dim")
    left, right = f"{picture.low:g}", f"{picture.high:g}"
    middle = picture.name
    gap = columns - len(left) - len(right) - len(middle)
    text.append("\n" + " " * (_LABEL + 1))
    text.append(left + " " * (gap // 2) + middle + " " * max(0, gap - gap // 2) + right, style="dim")
    return text
