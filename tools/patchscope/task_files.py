"""The attribute-extraction tasks published with Patchscopes (arXiv:2401.06102, section 4.2), read for any tokenizer.

A row of their tab-separated files is a text that names a subject, a prompt that asks for an attribute of `x`, and the
attribute. Positions there are those of another model's tokenizer and are not used: the subject is found again by its
characters. Whether a model knows the attribute is measured again too.
"""

from __future__ import annotations

import ast
import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import TaskFileError

DATA_VARIABLE = "ZETETIC_DATA"
COLUMNS = ("prompt_source", "source_cropped_toks", "prompt_target", "target_baseline", "subject", "object")


@dataclass(frozen=True, slots=True)
class Example:
    """`subject` ends at character `subject_end` of `text` (exclusive); `target` asks for its attribute with an `x`.

    `direct` is the same question with the subject spelt out, `answer` the attribute.
    """

    task: str
    number: int
    text: str
    subject: str
    subject_end: int
    target: str
    direct: str
    answer: str


def data_folder() -> Path | None:
    """Where benchmark data lies: `$ZETETIC_DATA`, else `../shared/data` beside the repository; None if neither."""
    named = os.environ.get(DATA_VARIABLE, "").strip()
    folder = Path(named).expanduser() if named else Path(__file__).resolve().parents[2].parent / "shared" / "data"
    return folder if folder.is_dir() else None


def task_files(folder: Path | None = None) -> dict[str, Path]:
    """The task files by the tasks' names. `folder` holds `patchscopes/GROUP/TASK.tsv`, or is the inner folder."""
    place = data_folder() if folder is None else folder
    if place is None:
        raise TaskFileError(
            "expected the attribute-extraction tasks of Patchscopes, got no folder; set ZETETIC_DATA to a folder that "
            "holds patchscopes/*/*.tsv, or pass one"
        )
    inner = place / "patchscopes" if (place / "patchscopes").is_dir() else place
    found = {path.stem: path for path in sorted(inner.glob("*/*.tsv"))}
    if not found:
        raise TaskFileError(f"expected task files GROUP/TASK.tsv in {inner}, got none; pass the folder that holds them")
    return found


def read_task(path: Path) -> list[Example]:
    """The examples of one file; rows whose subject is not in their text are left out."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TaskFileError(f"the task file {path} cannot be read ({error}); pass a tab-separated file") from error
    missing = [c for c in COLUMNS if not rows or c not in rows[0]]
    if missing:
        raise TaskFileError(f"expected the columns {', '.join(COLUMNS)} in {path}, got no {', '.join(missing)}")
    return list(_examples(path.stem, rows))


def _examples(task: str, rows: list[dict[str, str]]) -> Iterator[Example]:
    for number, row in enumerate(rows):
        text, subject = row["prompt_source"], row["subject"]
        end = _subject_end(text, subject, row["source_cropped_toks"])
        if end is not None and row["object"].strip():
            yield Example(
                task, number, text, subject, end, row["prompt_target"], row["target_baseline"], row["object"].strip()
            )


def _subject_end(text: str, subject: str, cropped: str) -> int | None:
    """Where the subject ends: of its occurrences, the one nearest to the end of the published cut of the text."""
    starts = [i for i in range(len(text)) if text.startswith(subject, i)] if subject else []
    if not starts:
        return None
    wanted = _cut(cropped)
    ends = [i + len(subject) for i in starts]
    return ends[0] if wanted is None else min(ends, key=lambda end: abs(end - wanted))


def _cut(cropped: str) -> int | None:
    """Characters of the published cut, a printed list of tokens; one printed without commas reads as one string."""
    try:
        pieces = ast.literal_eval(cropped)
    except (ValueError, SyntaxError):
        return None
    return sum(len(str(piece)) for piece in pieces) if isinstance(pieces, list | tuple) else None
