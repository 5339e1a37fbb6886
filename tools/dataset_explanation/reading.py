"""From what a person has (two files, one table, lists, rows) to texts or a table with something to tell apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from .columns import ColumnFacts, as_number, as_text, look_at, missing, pick_target, pick_text
from .errors import DatasetError
from .files import Row, is_table, read_lines, read_rows
from .types import Kind, TableData, Target, TextData

Source: TypeAlias = str | Path | Sequence[Any]
LEAST_PER_GROUP = 8
"""Texts a group must have: half of them are held out, and four against four can just be told from chance."""
LEAST_ROWS = 20
_YES = ("1", "yes", "true", "positive", "pos", "y", "t")


@dataclass(frozen=True, slots=True)
class Options:
    """What a person says about the data, where the guess is wrong. `table`: use the features, not the texts."""

    text: str | None = None
    label: str | None = None
    target: str | None = None
    a: str | None = None
    b: str | None = None
    table: bool = False
    encoding: str | None = None


def read_dataset(source: Source, other: Source | None = None, options: Options | None = None) -> TextData | TableData:
    """Two lots of texts (`source` is A), or one table with a label or a number. Raises `DatasetError`.

    A source is a path (`.txt`: a text a line; `.csv`, `.tsv`, `.jsonl`: rows), a list of texts, or a list of rows as
    mappings; anything with `to_dict("records")`, such as a data frame, is rows too.
    """
    options = options or Options()
    if other is not None:
        return _two(source, other, options)
    if _holds_texts(source):
        raise DatasetError("expected a second lot of texts to compare with, got one; pass two, or rows with a label")
    if isinstance(source, str | Path) and not is_table(Path(source)):
        raise DatasetError(
            f"expected two files of texts, or one .csv, .tsv or .jsonl with a label or a number, got {source} alone; "
            "pass a second file"
        )
    rows = _rows(source, options)
    return _from_rows(rows, options)


def _two(first: Source, second: Source, options: Options) -> TextData:
    asked = [f"--{name}" for name in ("label", "target") if getattr(options, name)]
    if asked or options.table:
        raise DatasetError(
            f"expected one table with {asked[0] if asked else '--table'}, got two lots of texts; pass the table alone, "
            "or leave that out"
        )
    lots = [_texts(first, options), _texts(second, options)]
    names = _names(first, second, options)
    for name, texts in zip(names, lots):
        if not texts:
            raise DatasetError(f"expected texts in {name}, got none; put one text a line")
    values = np.concatenate([np.ones(len(lots[0])), np.zeros(len(lots[1]))])
    return _checked_texts([*lots[0], *lots[1]], Target("groups", "group", values, *names), ())


def _names(first: Source, second: Source, options: Options) -> tuple[str, str]:
    stems = [Path(s).stem if isinstance(s, str | Path) else d for s, d in ((first, "A"), (second, "B"))]
    if stems[0] == stems[1]:
        stems = ["A", "B"]
    return options.a or stems[0], options.b or stems[1]


def _texts(source: Source, options: Options) -> list[str]:
    if isinstance(source, str | Path):
        path = Path(source).expanduser()
        if not is_table(path):
            return read_lines(path, options.encoding)
        rows = read_rows(path, options.encoding)
        column = pick_text(look_at(rows), options.text)
        if column is None:
            raise DatasetError(f"expected a column of texts in {path}, got none; name it with text")
        return [as_text(row[column]) for row in rows if not missing(row.get(column))]
    if not _holds_texts(source):
        raise DatasetError(f"expected a path or a list of texts, got {_what(source)}; pass texts as strings")
    return [text.strip() for text in source if text.strip()]


def _holds_texts(source: Any) -> bool:
    return isinstance(source, Sequence) and not isinstance(source, str) and all(isinstance(t, str) for t in source)


def _what(source: Any) -> str:
    if isinstance(source, Sequence) and source:
        odd = next((t for t in source if not isinstance(t, str)), source[0])
        return f"{type(source).__name__} with {type(odd).__name__}"
    return type(source).__name__


def _rows(source: Any, options: Options) -> list[Row]:
    if isinstance(source, str | Path):
        return read_rows(Path(source).expanduser(), options.encoding)
    if hasattr(source, "to_dict"):
        source = source.to_dict("records")
    if not isinstance(source, Iterable):
        raise DatasetError(f"expected a path or rows, got {type(source).__name__}; pass rows as mappings")
    rows = list(source)
    if len(rows) < 2 or not all(isinstance(row, Mapping) for row in rows):
        raise DatasetError(
            f"expected at least two rows as mappings, got {len(rows)} {_what(rows)}; pass {{column: value}} rows"
        )
    return rows


def _from_rows(rows: list[Row], options: Options) -> TextData | TableData:
    columns = look_at(rows)
    text = None if options.table else pick_text(columns, options.text)
    if text is not None and text in (options.label, options.target):
        text = None
    name, kind = pick_target(columns, options.label, options.target, text)
    target, kept, notes = _target(columns[name], kind, options)
    if text is None:
        return _table(columns, name, target, kept, notes)
    cells = columns[text].values
    there = np.array([not missing(cells[i]) for i in kept])
    others = [c.name for c in columns.values() if c.name not in (text, name)]
    if others:
        notes.append(f"texts are in {text!r}, compared by {name!r}; not looked at: {', '.join(map(repr, others))}")
    empty = int((~there).sum())
    if empty:
        notes.append(f"{empty} rows without a text were left out")
    texts = [as_text(cells[i]) for i, full in zip(kept, there) if full]
    return _checked_texts(texts, target.at(np.flatnonzero(there)), tuple(notes))


def _target(column: ColumnFacts, kind: Kind, options: Options) -> tuple[Target, list[int], list[str]]:
    """The target over the rows that have one, which rows those are, and what was decided."""
    there = [i for i, v in enumerate(column.values) if not missing(v)]
    notes = []
    if len(there) < len(column.values):
        notes.append(f"{len(column.values) - len(there)} rows without a value in {column.name!r} were left out")
    if kind == "number":
        numbers = [as_number(column.values[i]) for i in there]
        wrong = next((column.values[i] for i, n in zip(there, numbers) if n is None), None)
        if wrong is not None:
            raise DatasetError(
                f"expected numbers in {column.name!r}, got {wrong!r}; if it names groups, pass it as the label"
            )
        values = np.array(numbers, dtype=np.float64)
        if len(values) < 2 or np.ptp(values) == 0:
            raise DatasetError(f"expected numbers that differ in {column.name!r}, got one value; nothing to explain")
        return Target("number", column.name, values, "high", "low"), there, notes
    return _groups(column, there, options, notes)


def _groups(
    column: ColumnFacts, there: list[int], options: Options, notes: list[str]
) -> tuple[Target, list[int], list[str]]:
    labels = [as_text(column.values[i]) for i in there]
    counts = Counter(labels)
    for asked in (options.a, options.b):
        if asked is not None and asked not in counts:
            listed = ", ".join(map(repr, list(counts)[:12]))
            raise DatasetError(f"expected a group of {column.name!r}, got {asked!r}; its groups are {listed}")
    if len(counts) < 2:
        raise DatasetError(
            f"expected two groups in {column.name!r}, got only {next(iter(counts), 'none')!r}; add rows of another one"
        )
    if options.a is None and options.b is None and len(counts) > 2:
        listed = ", ".join(f"{name!r} ({n})" for name, n in counts.most_common(12))
        raise DatasetError(
            f"expected two groups in {column.name!r}, got {len(counts)}: {listed}; pick one as a (against all others, "
            "or against b), or pass the column as the target if it is a number"
        )
    a = options.a or next(name for name in _by_truth(counts) if name != options.b)
    rest = [name for name in counts if name != a]
    b = options.b or (rest[0] if len(rest) == 1 else f"not {a}")
    if a == b:
        raise DatasetError(f"expected two different groups, got {a!r} twice; name another one")
    picked = [k for k, label in enumerate(labels) if options.b is None or label in (a, b)]
    if len(picked) < len(labels):
        notes.append(f"{len(labels) - len(picked)} rows of other groups were left out")
    values = np.array([float(labels[k] == a) for k in picked])
    return Target("groups", column.name, values, *_told(column.name, a, b)), [there[k] for k in picked], notes


def _by_truth(counts: Counter[str]) -> list[str]:
    """Labels, the one that says yes first."""
    return sorted(counts, key=lambda name: name.casefold() not in _YES)


def _told(column: str, a: str, b: str) -> tuple[str, str]:
    """Names that can stand in a sentence: a bare 1 or 0 says nothing without its column."""
    bare = all(as_number(x) is not None or x.casefold() in (*_YES, "no", "false", "n", "f") for x in (a, b))
    return (f"{column} {a}", f"{column} {b}") if bare else (a, b)


def _checked_texts(texts: Sequence[str], target: Target, notes: tuple[str, ...]) -> TextData:
    check_sizes(target, "texts")
    if len(set(texts)) == 1:
        raise DatasetError(f"expected texts that differ, got {len(texts)} times the same; nothing to explain")
    return TextData(tuple(texts), target, notes)


def check_sizes(target: Target, what: str) -> None:
    """Raises `DatasetError` where there is too little to learn from and to hold out."""
    if target.kind == "number":
        if len(target) < LEAST_ROWS:
            raise DatasetError(f"expected at least {LEAST_ROWS} {what} with a number, got {len(target)}; add some")
        return
    for name, count in ((target.a, int(target.high.sum())), (target.b, int((~target.high).sum()))):
        if count < LEAST_PER_GROUP:
            raise DatasetError(
                f"expected at least {LEAST_PER_GROUP} {what} of {name}, got {count}; half are held out, add some"
            )


def _table(columns: dict[str, ColumnFacts], name: str, target: Target, kept: list[int], notes: list[str]) -> TableData:
    from .tables.features import features_of

    check_sizes(target, "rows")
    features, said = features_of([c for c in columns.values() if c.name != name], kept)
    if not features:
        raise DatasetError(
            f"expected columns that {name!r} may depend on, got none of use ({'; '.join(said) or 'no column'})"
        )
    return TableData(tuple(features), target, (*notes, *said))
