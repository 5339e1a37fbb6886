"""The D3 tasks as text modules (arXiv:2305.09863, section 4; texts of arXiv:2302.14233)."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...tools.texts import Corpus
from ..errors import BenchmarkError
from ..front import data_path

SOURCE_GROUPS = ((0,), (1, 2), tuple(range(5, 16)), (16, 17), (20, 21), (26, 27), tuple(range(30, 34)), (41,), tuple(range(47, 54)))  # fmt: skip  # noqa: E501
"""Numbers of tasks whose texts have one source."""


@dataclass(frozen=True, slots=True)
class Task:
    """A module to explain: similarity to `keyword`. An explanation is right where `accept`, a pattern, is found in it.

    `other` is the number of a task of another source, whose texts the restricted setting has in the place of its own.
    """

    number: int
    keyword: str
    accept: str
    other: int

    @property
    def group(self) -> int:
        return next((i for i, numbers in enumerate(SOURCE_GROUPS) if self.number in numbers), -1 - self.number)

    def accepts(self, explanation: str) -> bool:
        return re.search(self.accept, explanation, re.IGNORECASE) is not None


def folder(given: Path | None) -> Path:
    """Where the tasks lie. Raises `BenchmarkError`."""
    found = data_path("d3/tasks.json") if given is None else given.expanduser() / "d3" / "tasks.json"
    if not found.is_file():
        raise BenchmarkError(f"there is no {found}; pass --data the folder that holds d3/tasks.json")
    return found.parent


def read_tasks(path: Path, wanted: Sequence[str] = ()) -> list[Task]:
    """All tasks, or those `wanted` by number or keyword. Raises `BenchmarkError` for one that there is not."""
    try:
        rows = json.loads((path / "tasks.json").read_text(encoding="utf-8"))
        numbers = [int(str(row["task"]).split("_")[1]) for row in rows]
        bare = [Task(n, str(row["keyword"]), str(row["accept"]), n) for n, row in zip(numbers, rows)]
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise BenchmarkError(f"{path / 'tasks.json'} does not hold D3 tasks: {error!r}") from error
    tasks = [Task(t.number, t.keyword, t.accept, other.number) for t, other in zip(bare, _elsewhere(bare))]
    unknown = [name for name in wanted if not any(name in (str(t.number), t.keyword) for t in tasks)]
    if unknown:
        known = ", ".join(f"{t.number} {t.keyword}" for t in tasks)
        raise BenchmarkError(f"expected tasks among {known}, got {', '.join(unknown)}; pass --tasks of those")
    return [t for t in tasks if not wanted or str(t.number) in wanted or t.keyword in wanted]


def _elsewhere(tasks: Sequence[Task]) -> list[Task]:
    """For each task one of another source: the nearest rotation of the list that gives every task one, if there is."""
    for shift in range(1, len(tasks)):
        rotated = [*tasks[shift:], *tasks[:shift]]
        if all(a.group != b.group for a, b in zip(tasks, rotated)):
            return rotated
    return [next((b for b in tasks if b.group != a.group), a) for a in tasks]


def read_texts(path: Path, number: int) -> Corpus:
    """The texts of a task, of both labels."""
    file = path / f"d3_{number}.csv"
    try:
        with file.open(encoding="utf-8", newline="") as opened:
            texts = tuple(row["input"].strip() for row in csv.DictReader(opened) if row["input"].strip())
    except (OSError, csv.Error, KeyError) as error:
        raise BenchmarkError(f"cannot read the texts {file}: {error!r}") from error
    return Corpus(f"d3_{number}", texts)
