"""Labelled texts to fit and to test answerers on: a folder in the layout of D3 (arXiv:2302.14233, published subset)."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from .types import QAError

SOURCES: tuple[tuple[int, ...], ...] = (
    (0,), (1, 2), tuple(range(5, 16)), (16, 17), (20, 21), (26, 27), (30, 31, 32, 33), (41,), tuple(range(47, 54)),
)  # fmt: skip
"""Numbers of the tasks whose texts come from one source: never fit and test across one of these."""


class _Described(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    task: str
    keyword: str
    description: str
    accept: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a language model was published to have answered about one row of a task."""

    row: int
    yes: bool
    model: str


@dataclass(frozen=True, eq=False)
class LabelledTask:
    """A question, texts, and whether the answer is yes (1) or no (0); `source`: which group its texts come from."""

    name: str
    question: str
    texts: tuple[str, ...]
    labels: NDArray[np.int64]
    source: int
    said: tuple[Said, ...] = ()


def read_tasks(folder: Path) -> list[LabelledTask]:
    """Every task of `folder`: `tasks.json`, `d3_N.csv`, `llm_answers.csv` where there is one. Raises `QAError`.

    Published answers are taken where a task's file holds all the rows that they number.
    """
    try:
        described = [_Described.model_validate(row) for row in json.loads((folder / "tasks.json").read_text("utf-8"))]
        said = _read_answers(folder / "llm_answers.csv")
        return [_read_task(folder, one, said.get(one.task, [])) for one in described]
    except (OSError, ValidationError, ValueError, KeyError, StopIteration) as error:
        raise QAError(
            f"expected labelled texts in {folder} (tasks.json and d3_N.csv with input and label), got: {error}; name "
            "the folder with --data"
        ) from error


def question_of(description: str) -> str:
    """A description that completes "The text …" as a question.

    >>> question_of("involves crime")
    'Does the text involve crime?'
    """
    first, _, rest = description.strip().rstrip(".").partition(" ")
    if first == "is":
        return f"Is the text {rest}?"
    if not re.fullmatch(r"[a-z]+[^s]s|[a-z]+sses", first) or not rest:
        return f"Is the text {first} {rest}".rstrip() + "?"
    verb = first[:-2] if first.endswith(("sses", "shes", "ches")) else first[:-1]
    return f"Does the text {verb} {rest}?"


def _read_task(folder: Path, described: _Described, said: list[tuple[Said, int]]) -> LabelledTask:
    number = int(described.task.split("_")[1])
    source = next(i for i, group in enumerate(SOURCES) if number in group)
    with (folder / f"d3_{number}.csv").open(newline="", encoding="utf-8") as file:
        rows = [(row["input"], int(row["label"])) for row in csv.DictReader(file)]
    labels = np.array([label for _, label in rows])
    whole = all(one.row < len(rows) and labels[one.row] == label for one, label in said)
    texts = tuple(text for text, _ in rows)
    kept = tuple(one for one, _ in said) if whole else ()
    return LabelledTask(described.task, question_of(described.description), texts, labels, source, kept)


def _read_answers(path: Path) -> dict[str, list[tuple[Said, int]]]:
    found: dict[str, list[tuple[Said, int]]] = defaultdict(list)
    if path.is_file():
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["answer"].strip() in ("yes", "no"):
                    said = Said(int(row["idx"]), row["answer"].strip() == "yes", row["model"])
                    found[row["task"]].append((said, int(row["label"])))
    return dict(found)


def cross_negatives(tasks: Sequence[LabelledTask]) -> dict[int, list[tuple[int, int]]]:
    """Task → (other task, row): texts of other tasks known to be no here, for they are yes there.

    Only within a source whose texts never carry two yeses though many are in several tasks: its labels exclude each
    other.
    """
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for source in {task.source for task in tasks}:
        own = [i for i, task in enumerate(tasks) if task.source == source]
        yeses = Counter(t for i in own for t, label in set(zip(tasks[i].texts, tasks[i].labels.tolist())) if label)
        if len(own) < 3 or any(count > 1 for count in yeses.values()):
            continue
        for here in own:
            present = set(tasks[here].texts)
            for there in own:
                if there != here:
                    rows = np.flatnonzero(tasks[there].labels == 1)
                    found[here] += [(there, int(r)) for r in rows if tasks[there].texts[r] not in present]
    return dict(found)
