"""From files to lines of text or to rows with named columns."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .errors import DatasetError

Row = Mapping[str, Any]
TABLES = {".csv": ",", ".tsv": "\t"}
JSON_LINES = (".jsonl", ".ndjson")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def is_table(path: Path) -> bool:
    """Whether a file has columns, by its name's ending."""
    return path.suffix.lower() in (*TABLES, *JSON_LINES)


def read_lines(path: Path, encoding: str | None = None) -> list[str]:
    """The texts of a file: one a line, empty ones left out. Raises `DatasetError`."""
    found = [line.strip() for line in content(path, encoding).splitlines()]
    found = [line for line in found if line]
    if len(found) == 1:
        raise DatasetError(
            f"expected one text a line in {path}, got a single line; put each text on a line of its own, or pass a csv"
        )
    return found


def read_rows(path: Path, encoding: str | None = None) -> list[Row]:
    """The rows of a csv, tsv or jsonl file as mappings from column to value. Raises `DatasetError`."""
    text = content(path, encoding)
    suffix = path.suffix.lower()
    if suffix in JSON_LINES:
        return _json_rows(text, path)
    return _csv_rows(text, path, TABLES.get(suffix, ","))


def content(path: Path, encoding: str | None = None) -> str:
    """The whole file as text: UTF-8 or UTF-16 by its mark, else UTF-8, unless `encoding` says otherwise."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {(error.strerror or str(error)).lower()}; check the path") from error
    if not raw.strip():
        raise DatasetError(f"expected texts in {path}, got an empty file; put one text a line, or rows with a header")
    chosen = encoding or next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(chosen)
    except LookupError as error:
        raise DatasetError(f"expected an encoding such as latin-1 or utf-16, got {chosen!r}; check its name") from error
    except UnicodeDecodeError as error:
        raise DatasetError(
            f"expected {path} in {chosen}, got other bytes at {error.start}; name its encoding (such as latin-1), or "
            "convert it to UTF-8"
        ) from error
    if "\0" in text:
        raise DatasetError(f"expected text in {path}, got a binary file; pass a .txt, .csv, .tsv or .jsonl file")
    return text


def _csv_rows(text: str, path: Path, delimiter: str) -> list[Row]:
    if delimiter == "," and ";" in text.split("\n", 1)[0] and "," not in text.split("\n", 1)[0]:
        delimiter = ";"
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="", strict=False)
    try:
        names: Sequence[str] = reader.fieldnames or ()
        rows: list[Row] = list(reader)
    except csv.Error as error:
        raise DatasetError(f"{path} is no valid table: {error}; write it with quoted texts") from error
    repeated = sorted({name for name in names if list(names).count(name) > 1})
    if repeated:
        raise DatasetError(f"expected column names that differ in {path}, got {repeated[0]!r} twice; rename one")
    for number, row in enumerate(rows, 2):
        if "" in row and "" not in names:
            raise DatasetError(
                f"expected {len(names)} columns in row {number} of {path}, got more; put texts with commas in quotes"
            )
    return _some(rows, path)


def _json_rows(text: str, path: Path) -> list[Row]:
    rows: list[Row] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise DatasetError(f"line {number} of {path} is no JSON: {error}; write one object a line") from error
        if not isinstance(row, dict):
            raise DatasetError(
                f"expected an object on line {number} of {path}, got {type(row).__name__}; write "
                '{"text": …, "label": …} on each line'
            )
        rows.append(row)
    return _some(rows, path)


def _some(rows: list[Row], path: Path) -> list[Row]:
    if len(rows) < 2:
        raise DatasetError(f"expected rows below the header in {path}, got {len(rows)}; add rows")
    return rows
