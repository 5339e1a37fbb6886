"""From a `.csv`, `.tsv` or `.jsonl` file to pairs of input and output."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ..black_boxes.types import Input
from .types import Answer, Examples, ExamplesError, ExamplesKind

OUTPUT_NAMES = ("output", "y", "value")
"""Columns that are the output without anybody saying so, the first that there is."""
LEAST_PAIRS = 2
MOST_PAIRS = 10_000
_LINES = (".jsonl", ".ndjson")
_MOSTLY, _ENOUGH = 0.9, 10
"""A column of at least so many cells, such a share of them numbers, is meant to be one of numbers."""
_TABLES = {".csv": ",", ".tsv": "\t"}
Cell: TypeAlias = float | str


@dataclass(frozen=True)
class _Row:
    """One line of the file: its number from 1 and its cells by column."""

    line: int
    cells: dict[str, Cell]


def read_examples(
    path: Path | str, *, output_column: str | None = None, texts: bool = False, gives_text: bool = False
) -> Examples:
    """The pairs in `path`. Raises `ExamplesError`.

    A table has a header; a line of JSON is an object, or a list of inputs and output. The output is `output_column`,
    else a column called output, y or value, else the last; all others are inputs. `texts`: the input is a text though
    it looks like a number; `gives_text`: so is the output.

    >>> read_examples("pairs.csv").kind
    'texts'
    """
    place = Path(path).expanduser()
    rows, columns = _rows(place)
    output = _output_of(columns, output_column, place)
    names = tuple(name for name in columns if name != output)
    if not names:
        raise ExamplesError(f"expected an input column beside {output!r} in {place}, got that one alone; add one")
    if not rows:
        raise ExamplesError(f"expected pairs of input and output in {place}, got none; add a line for each pair")
    kind = _kind(rows, names, output, texts=texts, gives_text=gives_text, typed=place.suffix.lower() in _LINES)
    if kind != "numbers" and len(names) > 1:
        raise ExamplesError(
            f"expected one input column for texts in {place}, got {len(names)} ({', '.join(names)}); keep one of them"
            + _first_text(rows, names)
        )
    pairs = [(_input(row, names, kind), _answer(row, output, kind)) for row in rows]
    different = list(dict.fromkeys(pairs))
    if len({given for given, _ in different}) < LEAST_PAIRS:
        raise ExamplesError(
            f"expected at least {LEAST_PAIRS} different inputs in {place}, got 1; anything would explain it: add more"
        )
    if len(different) > MOST_PAIRS:
        raise ExamplesError(f"expected at most {MOST_PAIRS} pairs in {place}, got {len(different)}; pass a sample")
    where = str(place.resolve())
    return Examples(where, kind, names, output, tuple(different), len(pairs) - len(different))


def _rows(place: Path) -> tuple[list[_Row], tuple[str, ...]]:
    """The lines of the file and its columns in order."""
    suffix = place.suffix.lower()
    if suffix not in (*_TABLES, *_LINES):
        raise ExamplesError(f"expected a .csv, .tsv or .jsonl file of examples, got {place}; rename or convert it")
    try:
        text = place.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ExamplesError(f"there is no file {place}; pass the path of a .csv or .jsonl with examples") from None
    except IsADirectoryError:
        raise ExamplesError(f"expected a file of examples, got the folder {place}; pass a file in it") from None
    except UnicodeDecodeError as error:
        raise ExamplesError(f"expected UTF-8 in {place}, got another encoding ({error.reason}); convert it") from error
    except OSError as error:
        raise ExamplesError(f"{place} cannot be read ({error.strerror}); pass another file") from error
    if not text.strip():
        raise ExamplesError(f"expected pairs of input and output in {place}, got an empty file; add some")
    return _table(text, _TABLES[suffix], place) if suffix in _TABLES else _objects(text, place)


def _table(text: str, delimiter: str, place: Path) -> tuple[list[_Row], tuple[str, ...]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(reader)]
        body = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        raise ExamplesError(f"line {reader.line_num} of {place} is no line of a table ({error}); mend it") from error
    if all(as_number(name) is not None for name in header):
        raise ExamplesError(
            f"expected a header in the first line of {place}, such as input,output, got {delimiter.join(header)!r}; "
            "add one"
        )
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None or "" in header:
        raise ExamplesError(f"expected columns with different names in {place}, got {', '.join(header)!r}; rename them")
    rows = []
    for line, cells in body:
        if len(cells) != len(header):
            raise ExamplesError(
                f"expected {len(header)} cells ({', '.join(header)}) in line {line} of {place}, got {len(cells)}; "
                "put cells that hold the delimiter into double quotes"
            )
        rows.append(_Row(line, dict(zip(header, cells))))
    return rows, tuple(header)


def _objects(text: str, place: Path) -> tuple[list[_Row], tuple[str, ...]]:
    rows: list[_Row] = []
    columns: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        cells = _cells(line, f"line {number} of {place}")
        columns = columns or tuple(cells)
        if set(cells) != set(columns):
            raise ExamplesError(
                f"expected {', '.join(columns)} in line {number} of {place}, as in the first, got {', '.join(cells)}"
            )
        rows.append(_Row(number, cells))
    return rows, columns


def _cells(line: str, where: str) -> dict[str, Cell]:
    """An object's cells; a list `[input, …, output]` or `[[input, …], output]` as if it were an object."""
    try:
        value = json.loads(line)
    except ValueError as error:
        raise ExamplesError(f"{where} is not JSON ({error}); mend it") from error
    if isinstance(value, list):
        flat = [*value[0], *value[1:]] if value and isinstance(value[0], list) else value
        if len(flat) < 2:
            raise ExamplesError(f"expected a list [input, output] in {where}, got {line.strip()[:60]}; add what lacks")
        inputs = ["input"] if len(flat) == 2 else [f"x{k}" for k in range(1, len(flat))]
        value = dict(zip([*inputs, "output"], flat))
    if not isinstance(value, dict) or not value:
        raise ExamplesError(f'expected an object such as {{"input": …, "output": …}} in {where}, got {line[:60]!r}')
    nested = value.get("input")
    if isinstance(nested, list):
        names = ["input"] if len(nested) == 1 else [f"x{k}" for k in range(1, len(nested) + 1)]
        value = dict(zip(names, nested)) | {name: cell for name, cell in value.items() if name != "input"}
    return {str(name): _cell(cell, str(name), where) for name, cell in value.items()}


def _cell(cell: Any, name: str, where: str) -> Cell:
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
        said = json.dumps(cell) if cell is None or isinstance(cell, bool) else f"a {type(cell).__name__}"
        raise ExamplesError(f"expected a number or a text as {name} in {where}, got {said}; drop the line, or mend it")
    try:
        return cell if isinstance(cell, str) else float(cell)
    except OverflowError:
        raise ExamplesError(f"{name} in {where} is too large a number; write it as a text") from None


def _output_of(columns: Sequence[str], wanted: str | None, place: Path) -> str:
    if wanted is not None:
        if wanted not in columns:
            raise ExamplesError(f"expected a column {wanted!r} in {place}, got {', '.join(columns)}; name one of these")
        return wanted
    lower = {name.lower(): name for name in reversed(columns)}
    return next((lower[name] for name in OUTPUT_NAMES if name in lower), columns[-1])


def as_number(cell: Cell) -> float | None:
    """The number that a cell writes (NaN and infinities too); None for a text, such as one with a leading zero."""
    if isinstance(cell, float):
        return cell
    bare = cell.strip()
    digits = bare.lstrip("+-")
    if (len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()) or "_" in bare:
        return None
    try:
        return float(bare)
    except ValueError:
        return None


def _kind(
    rows: Sequence[_Row], names: Sequence[str], output: str, *, texts: bool, gives_text: bool, typed: bool
) -> ExamplesKind:
    """What the cells are. A column of numbers with a few other cells is one of numbers: those are told as mistakes."""

    def share(column: str) -> float:
        cells = [row.cells[column] for row in rows]
        return sum(isinstance(c, float) or (not typed and as_number(c) is not None) for c in cells) / len(cells)

    def numeric(column: str) -> bool:
        return share(column) == 1.0 or (len(rows) >= _ENOUGH and share(column) >= _MOSTLY)

    if texts or not all(numeric(name) for name in names):
        return "counts" if share(output) == 1.0 and not gives_text else "texts"
    blank = sum(isinstance(c, str) and not c.strip() for c in (row.cells[output] for row in rows)) / len(rows)
    told = numeric(output) or (0.0 < blank < 1.0 and share(output) + blank == 1.0)
    return "numbers" if told and not gives_text else "texts"


def _first_text(rows: Sequence[_Row], names: Sequence[str]) -> str:
    for row in rows:
        for name in names:
            if as_number(row.cells[name]) is None:
                return f" (line {row.line} has {row.cells[name]!r} as {name}, which is no number)"
    return ""


def _input(row: _Row, names: Sequence[str], kind: ExamplesKind) -> Input:
    if kind != "numbers":
        return _text(row.cells[names[0]])
    return tuple(_finite(row, name) for name in names)


def _answer(row: _Row, output: str, kind: ExamplesKind) -> Answer:
    return _text(row.cells[output]) if kind == "texts" else _finite(row, output)


def _finite(row: _Row, name: str) -> float:
    cell = row.cells[name]
    number = as_number(cell)
    if number is None or not math.isfinite(number):
        said = "nothing" if isinstance(cell, str) and not cell.strip() else repr(cell)
        raise ExamplesError(
            f"expected a finite number as {name} in line {row.line}, got {said}; drop the line, or mend it"
        )
    return number


def _text(cell: Cell) -> str:
    """A cell as a text; a number of JSON as Python would write it, whole ones without a point."""
    if isinstance(cell, str):
        return cell
    return str(int(cell)) if cell.is_integer() else repr(cell)


def lines_of(examples: Examples) -> Iterator[str]:
    """The pairs as lines of JSON, which `read_examples` reads again."""
    for given, answer in examples.pairs:
        cells = dict(zip(examples.names, given if isinstance(given, tuple) else (given,)))
        yield json.dumps({**cells, examples.output: answer}, ensure_ascii=False)
