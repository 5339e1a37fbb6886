"""Reading a user's corpus from a file, with errors that say what to do."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .corpus import Corpus, CorpusError, same_text

TEXT_COLUMNS = ("text", "input", "sentence", "document", "content")
ORIGIN_COLUMNS = ("origin", "source")
LONGEST_FIELD = 10_000_000
"""Characters of a field of a table; Python's own limit is far below what a text may have."""
_TABLES = {".csv": ",", ".tsv": "\t"}


def read_corpus(path: str | Path, *, column: str | None = None) -> Corpus:
    """Texts from a file: a text a line, or a column of a `.csv`, `.tsv` or `.jsonl` (objects, or bare strings).

    `column` names the texts' column (default: `text`, `input` …, or the only one). A column `origin` or `source` says
    which texts belong together. Empty texts are left out. Raises `CorpusError` for what gives fewer than two different
    texts.
    """
    path = Path(path).expanduser()
    content = _content(path)
    suffix = path.suffix.lower()
    try:
        if suffix in _TABLES:
            pairs = _from_rows(_csv_rows(content, _TABLES[suffix]), column, path)
        elif suffix in (".jsonl", ".ndjson"):
            pairs = _from_rows(_json_rows(content, path), column, path)
        else:
            pairs = [(line.strip(), None) for line in content.splitlines()]
    except csv.Error as error:
        raise CorpusError(f"{path} is no valid table: {error}; write it as csv with quoted texts") from error
    pairs = [(text, origin) for text, origin in pairs if text.strip()]
    if len({same_text(text) for text, _ in pairs}) < 2:
        raise CorpusError(
            f"expected at least two different texts in {path}, got {len(pairs)}; "
            "put one text on each line, or leave the corpus out to use the default one"
        )
    origins = tuple(str(origin) for _, origin in pairs)
    known = all(origin is not None for _, origin in pairs)
    return Corpus(path.stem, tuple(text for text, _ in pairs), origins if known else None)


def _content(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"cannot read the corpus {path}: {error.strerror or error}; check the path") from error
    if not raw.strip():
        raise CorpusError(f"expected texts in {path}, got an empty file; put one text on each line")
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(f"expected text in UTF-8 in {path}, got other bytes at {error.start}; convert it") from error
    if "\0" in content:
        raise CorpusError(f"expected text in {path}, got a binary file; pass a .txt, .csv, .tsv or .jsonl file")
    return content


def _csv_rows(content: str, delimiter: str) -> Iterator[Any]:
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_FIELD))
    return iter(csv.DictReader(io.StringIO(content, newline=""), delimiter=delimiter))


def _json_rows(content: str, path: Path) -> Iterator[Any]:
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                raise CorpusError(f"line {number} of {path} is no JSON: {error}; write one object a line") from error


def _from_rows(rows: Iterator[Any], column: str | None, path: Path) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for number, row in enumerate(rows, 1):
        if isinstance(row, str) and column is None:
            found.append((row, None))
            continue
        if not isinstance(row, dict):
            raise CorpusError(f"row {number} of {path} is {type(row).__name__}; expected an object or a text")
        name = column if column is not None else _text_column([key for key in row if key is not None], path)
        text = row.get(name)
        if not isinstance(text, str):
            columns = ", ".join(repr(key) for key in row if key is not None)
            raise CorpusError(f"row {number} of {path} has no text {name!r}; its columns are {columns}")
        origin = next((row[key] for key in ORIGIN_COLUMNS if key in row and key != name), None)
        found.append((text.strip(), None if origin in (None, "") else str(origin)))
    return found


def _text_column(columns: Sequence[str], path: Path) -> str:
    for name in columns:
        if name.strip().lower() in TEXT_COLUMNS:
            return name
    if len(columns) == 1:
        return columns[0]
    raise CorpusError(
        f"expected a column named text in {path}, got {', '.join(map(repr, columns))}; rename it, or name the column"
    )
