"""Reading FIND's synthetic neurons: the published folders, or the same two files under other names.

Published (arXiv:2309.03886): `neurons_entities/data.json` (a row a function) beside `unit_test_data.json` (ten items a
function), `neurons_relations/` likewise. Also read: `entities_data….json` beside `entities_unit_tests….json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from ...errors import BenchmarkError

M = TypeVar("M")
CHOICES = 3
"""How many there are to choose from in an item of a unit test."""
_PARENTS = (".", "find_dataset", "find-dataset", "src/find-dataset")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a unit test: texts, for relations with the output of each, and which of them (from 0) is right."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...] | None
    correct: int


@dataclass(frozen=True, slots=True)
class ConceptFunction:
    """One synthetic neuron. An entity neuron responds to `concept1`, or to `concept2` as well; a relation maps
    `concept1` to `concept2`, save where `exception` holds. `initial` are words that come with it as hints.
    """

    id: str
    concept1: str
    concept2: str | None
    exception: str | None
    initial: tuple[str, ...]
    items: tuple[Item, ...]


def load_functions(path: Path, category: str) -> dict[str, ConceptFunction]:
    """The functions of `category` (entities, relations) under `path`, by id, in order. Raises BenchmarkError."""
    data, tests = _files(path, category)
    return _loaded(data, tests, category)


def data_file(path: Path, category: str) -> Path:
    """The file with the functions' concepts. Raises BenchmarkError."""
    return _files(path, category)[0]


class _Row(BaseModel):
    # Not `forbid`: the authors' rows carry bookkeeping that grows from release to release.
    model_config = ConfigDict(extra="ignore")

    dir: str = Field(min_length=1)
    concept1: str = Field(min_length=1)
    concept2: str | None = None
    exeption: str | None = None  # the published spelling
    exception: str | None = None
    initial: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Some releases name the whole path of the function's folder."""
        return PurePosixPath(self.dir).name


class _Test(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str
    test_vec: tuple[tuple[str, str, str], ...] | tuple[tuple[tuple[str, str, str], tuple[str, str, str]], ...]
    correct_inx: tuple[int, ...]

    def items(self) -> Iterator[Item]:
        """Each item; the published places count from 1."""
        if len(self.test_vec) != len(self.correct_inx) or not all(1 <= c <= CHOICES for c in self.correct_inx):
            raise BenchmarkError(
                f"the unit test of {self.name} names no right answer from 1 to {CHOICES} for each item"
            )
        for vector, correct in zip(self.test_vec, self.correct_inx):
            if len(vector) == CHOICES:
                yield Item(tuple(str(v) for v in vector), None, correct - 1)
            else:
                inputs, outputs = vector
                yield Item(tuple(inputs), tuple(o.strip() for o in outputs), correct - 1)


@lru_cache(maxsize=8)
def _loaded(data: Path, tests: Path, category: str) -> dict[str, ConceptFunction]:
    rows = _read(data, TypeAdapter(list[_Row]))
    items = {test.name: tuple(test.items()) for test in _read(tests, TypeAdapter(list[_Test]))}
    found = {}
    for row in rows:
        if category == "relations" and not row.concept2:
            raise BenchmarkError(f"{data}: {row.id} is no relation: it has no concept2; pass the data of relations")
        exception = (row.exeption or row.exception or "").strip() or None
        second = (row.concept2 or "").strip() or None
        found[row.id] = ConceptFunction(
            row.id, row.concept1.strip(), second, exception, row.initial, items.get(row.id, ())
        )
    if not found:
        raise BenchmarkError(f"{data} holds no function")
    return found


def _read(path: Path, shape: TypeAdapter[M]) -> M:
    try:
        return shape.validate_python(json.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first: Any = error.errors()[0]
        raise BenchmarkError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except (OSError, ValueError) as error:
        raise BenchmarkError(f"{path} cannot be read: {error}") from None


def _files(path: Path, category: str) -> tuple[Path, Path]:
    """The functions' file, and that of their unit tests."""
    for data, tests in _candidates(path, category):
        if data.is_file():
            if not tests.is_file():
                raise BenchmarkError(f"{data} has no unit tests beside it; expected them in {tests.name}")
            return data, tests
    raise BenchmarkError(
        f"{path} holds no {category} of FIND; expected neurons_{category}/data.json with unit_test_data.json beside "
        f"it, or {category}_data.json with {category}_unit_tests.json"
    )


def _candidates(path: Path, category: str) -> Iterator[tuple[Path, Path]]:
    if path.is_file():
        other = path.name.replace("_data", "_unit_tests")
        yield path, path.with_name("unit_test_data.json" if path.name == "data.json" else other)
        return
    if path.name in (category, f"neurons_{category}"):
        yield path / "data.json", path / "unit_test_data.json"
    for parent in _PARENTS:
        for name in (f"neurons_{category}", category):
            yield path / parent / name / "data.json", path / parent / name / "unit_test_data.json"
    for data in sorted(path.glob(f"{category}_data*.json")):
        yield data, data.with_name(data.name.replace("_data", "_unit_tests"))
