"""Texts, targets and questions out of a user's files."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TEXT_COLUMNS = ("text", "input", "sentence", "document", "content")
TABLES = {".csv": ",", ".tsv": "\t"}


class ReadingError(ValueError):
    """A file that cannot be used. The message says expected, got, remedy."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Texts, and the target of each where one was asked for: numbers, or the names of two classes as 0 and 1.

    `classes`: their names (the second is 1); empty for numbers. `left_out`: rows without a text or without a target.
    """

    texts: tuple[str, ...]
    target: tuple[float, ...] | None
    classes: tuple[str, ...]
    left_out: int


def read_rows(path: Path, *, column: str | None = None, target: str | None = None) -> Rows:
    """Texts of `path`: a line each, or a column of a `.csv`, `.tsv` or `.jsonl`. Raises `ReadingError`."""
    suffix = path.suffix.lower()
    content = _content(path)
    if suffix not in (*TABLES, ".jsonl", ".ndjson"):
        if target is not None or column is not None:
            named = "--target" if target is not None else "--column"
            raise ReadingError(f"expected a .csv, .tsv or .jsonl file for {named}, got {path}; name one with columns")
        lines = content.splitlines()
        texts = tuple(line.strip() for line in lines if line.strip())
        return Rows(_some(texts, path), None, (), 0)
    rows = _table_rows(content, suffix, path)
    name = _text_column(rows, column, path)
    for wanted in (name, *([] if target is None else [target])):
        if wanted not in rows[0]:
            raise ReadingError(f"{path} has no column {wanted!r}; its columns are {', '.join(map(str, rows[0]))}")
    kept = [row for row in rows if _said(row.get(name)) and (target is None or _said(row.get(target)))]
    texts = tuple(str(row[name]).strip() for row in kept)
    values, classes = (None, ()) if target is None else _target([row[target] for row in kept], target, path)
    return Rows(_some(texts, path), values, classes, len(rows) - len(kept))


def read_questions(path: Path) -> list[str]:
    """Questions of a text file, one a line (lines that begin with # are left out), or of a JSON list."""
    content = _content(path, what="questions")
    if path.suffix.lower() == ".json":
        try:
            found = json.loads(content)
        except ValueError as error:
            raise ReadingError(f"expected a JSON list of questions in {path}, got: {error}; mend it") from error
        if not isinstance(found, list):
            raise ReadingError(f"expected a JSON list of questions in {path}, got {type(found).__name__}; mend it")
    else:
        found = [line.strip() for line in content.splitlines() if line.strip() and not line.startswith("#")]
    if not found:
        raise ReadingError(_empty("questions", path))
    return found


def _content(path: Path, *, what: str = "texts") -> str:
    """The file's text. `what`: what is expected in it."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ReadingError(f"cannot read {path}: {(error.strerror or str(error)).lower()}; check the path") from error
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadingError(f"expected text in UTF-8 in {path}, got other bytes at {error.start}; convert it") from error
    if not content.strip():
        raise ReadingError(_empty(what, path))
    return content


def _empty(what: str, path: Path) -> str:
    if what == "questions":
        return f"expected questions in {path}, got no questions; put one on each line: Does the text mention food?"
    return f"expected {what} in {path}, got an empty file; put one on each line"


def _table_rows(content: str, suffix: str, path: Path) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    try:
        if suffix in TABLES:
            csv.field_size_limit(10_000_000)
            found = list(csv.DictReader(io.StringIO(content, newline=""), delimiter=TABLES[suffix], strict=True))
        else:
            for line in content.splitlines():
                row = json.loads(line) if line.strip() else None
                if row is not None:
                    found.append(row if isinstance(row, dict) else {"text": row})
    except (csv.Error, ValueError) as error:
        raise ReadingError(f"{path} is no valid {suffix[1:]} file: {error}; mend it") from error
    if not found:
        raise ReadingError(f"expected rows in {path}, got a header alone; add some")
    return found


def _text_column(rows: Sequence[Mapping[str, Any]], column: str | None, path: Path) -> str:
    if column is not None:
        return column
    found = next((name for name in TEXT_COLUMNS if name in rows[0]), None)
    if found is None and len(rows[0]) == 1:
        found = next(iter(rows[0]))
    if found is None:
        raise ReadingError(
            f"expected a column {', '.join(TEXT_COLUMNS)} in {path}, got {', '.join(map(str, rows[0]))}; pass --column"
        )
    return found


def _said(value: Any) -> bool:
    return value is not None and bool(str(value).strip())


def _target(values: Sequence[Any], name: str, path: Path) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """(numbers, ()) or (0 and 1, the names of the two classes)."""
    different = sorted({str(v).strip() for v in values})
    if len(different) < 2:
        said = different[0] if different else "nothing"
        raise ReadingError(f"expected a column {name!r} that varies in {path}, got {said!r} in every row; name another")
    if len(different) == 2:
        return tuple(float(str(v).strip() == different[1]) for v in values), tuple(different)
    try:
        numbers = tuple(float(v) for v in values)
    except (TypeError, ValueError) as error:
        raise ReadingError(
            f"expected numbers or two classes in the column {name!r} of {path}, got {len(different)} different values "
            f"such as {different[0][:40]!r}; name another column, or keep two classes"
        ) from error
    if not all(map(math.isfinite, numbers)):
        raise ReadingError(f"expected finite numbers in the column {name!r} of {path}, got NaN or infinity; mend it")
    return numbers, ()


def _some(texts: tuple[str, ...], path: Path) -> tuple[str, ...]:
    if not texts:
        raise ReadingError(f"expected texts in {path}, got none that say anything; put one on each line")
    return texts
