"""FIND's functions of texts as their authors publish them (arXiv:2309.03886).

`find_dataset/strings/fNNNNN/function_code.py` defines `function(string)`; beside the folders lie `test_data.json` (a
description and test inputs by name) and `unit_test_data.json` (ten items, each of three inputs with three outputs, and
which of the three pairs is the function's own, counted from 1). Both may also lie in a function's own folder. Sets that
`zetetic bench generate` writes have `data.json` as well: families, and whether there is an exception.
"""

from __future__ import annotations

import ast
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from ...sandboxes.types import Standing
from .find_layout import FUNCTION_NAME, PLAIN_FILE
from .options import OpenOptions
from .python import PythonBox, runner_of
from .texts import LONGEST_TEXT
from .types import Input, Reply, Signature, SpecError, TextDomain
from .worker import Target

STRINGS = "strings"
STRING_DOMAIN = TextDomain("", LONGEST_TEXT)
"""Texts of any characters."""
_FOLDER = re.compile(r"^f\d+$")
_AS_TEXT = "published_as_text"
_QUOTES = "\"“”'"


@dataclass(frozen=True, slots=True)
class LanguageItem:
    """Three inputs with an output each; `correct` (from 0) is the pair that belongs to the function."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    correct: int

    @property
    def pair(self) -> tuple[str, str]:
        """The function's own input and output."""
        return self.inputs[self.correct], self.outputs[self.correct]


@dataclass(frozen=True, slots=True)
class StringFunction:
    """A function of a published folder, and what the files beside it say: empty where they say nothing.

    `families`, `exception` and `stochastic` are known of generated sets only.
    """

    id: str
    file: Path
    description: str = ""
    test_inputs: tuple[str, ...] = ()
    items: tuple[LanguageItem, ...] = ()
    families: tuple[str, ...] = ()
    exception: str | None = None
    stochastic: bool | None = None


def is_strings_folder(folder: Path) -> bool:
    """Whether `…/fNNNNN` lies among functions of texts."""
    return folder.absolute().parent.name == STRINGS


def string_layout(path: str | Path) -> list[StringFunction]:
    """The functions of texts under `path`, sorted by id; `path` may be the data set, its parent or `strings/`."""
    folder = _strings_folder(Path(path).expanduser())
    try:
        ids = sorted(child.name for child in folder.iterdir() if _FOLDER.match(child.name))
    except OSError as error:
        raise SpecError(f"{folder} cannot be listed: {error.strerror or error}") from None
    found = [name for name in ids if (folder / name / PLAIN_FILE).is_file()]
    if not found:
        raise SpecError(f"{folder} holds no function folders such as f00000/{PLAIN_FILE}")
    said, items, rows = _descriptions(folder, found), _items(folder, found), _metadata(folder)
    nothing = _Row(dir="")
    return [
        StringFunction(
            id=name,
            file=folder / name / PLAIN_FILE,
            description=said[name].description.strip(" :\n") if name in said else "",
            test_inputs=_inputs(said[name].test_inputs) if name in said else (),
            items=items.get(name, ()),
            families=tuple(part for part in rows.get(name, nothing).name.split(";") if part),
            exception=rows.get(name, nothing).exception,
            stochastic=rows.get(name, nothing).stochastic,
        )
        for name in found
    ]


class PublishedStrings:
    """The function of one folder as a box of texts: what it gives is written as a text, as the published program does.

    Imports that the file makes and never uses are left out: the published files name packages that they do not need
    and a sandbox does not have. `close()` it.
    """

    def __init__(self, folder: Path, options: OpenOptions) -> None:
        file = folder / PLAIN_FILE
        if not file.is_file():
            raise SpecError(f"{folder} holds no {PLAIN_FILE}")
        self._copy = tempfile.TemporaryDirectory(prefix="zetetic-find-")
        try:
            copy = Path(self._copy.name) / f"{folder.name}.py"
            copy.write_text(as_text_function(_read(file), str(file)), encoding="utf-8")
            target = Target(str(copy), None, _AS_TEXT, options.seed, "text")
            settled = replace(options, domain=options.domain or STRING_DOMAIN, output="text", vectorized=False)
            spec = f"find:{folder.resolve()}"
            self._box = PythonBox(spec, target, settled, runner_of(settled, untrusted=True))
        except BaseException:
            self._copy.cleanup()
            raise

    @property
    def spec(self) -> str:
        return self._box.spec

    @property
    def signature(self) -> Signature:
        return self._box.signature

    @property
    def standing(self) -> Standing | None:
        """What the sandbox around the function guarantees; None where it runs with the user's own rights."""
        return self._box.standing

    def ask(self, inputs: Sequence[Input]) -> Iterator[Reply]:
        """See `BlackBox.ask`."""
        return self._box.ask(inputs)

    def close(self) -> None:
        self._box.close()
        self._copy.cleanup()


def as_text_function(source: str, where: str = PLAIN_FILE) -> str:
    """`source` without its unused imports, and with a function that writes as a text what `function` gives."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise SpecError(f"{where} is not Python: {error}") from None
    if not any(isinstance(node, ast.FunctionDef) and node.name == FUNCTION_NAME for node in tree.body):
        raise SpecError(f"{where} defines no function called {FUNCTION_NAME!r}")
    lines = source.splitlines()
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)) and not any(_bound(alias) in used for alias in node.names):
            for number in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[number] = ""
    return "\n".join(lines) + f"\n\n\ndef {_AS_TEXT}(string):\n    return str({FUNCTION_NAME}(string))\n"


def _bound(alias: ast.alias) -> str:
    """The name that an import binds."""
    return alias.asname or alias.name.partition(".")[0]


class _Described(BaseModel):
    # Not `forbid` in these three: the authors' rows may carry more from release to release.
    model_config = ConfigDict(extra="ignore")

    name: str = ""
    description: str = ""
    test_inputs: str | list[str] = ""


class _Tested(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str = ""
    test_vec: list[tuple[list[str], list[str]]]
    correct_inx: list[int] = Field(default_factory=list)


Said = TypeVar("Said", _Described, _Tested)


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore")

    dir: str
    name: str = ""
    exception: str | None = None
    stochastic: bool | None = None


def _strings_folder(path: Path) -> Path:
    for candidate in (path, *(path / name for name in (STRINGS, f"find_dataset/{STRINGS}", f"find-dataset/{STRINGS}"))):
        if candidate.name == STRINGS and candidate.is_dir():
            return candidate
    raise SpecError(f"{path} is no FIND folder; expected find_dataset/{STRINGS}/f00000/{PLAIN_FILE} below it")


def _descriptions(folder: Path, ids: Sequence[str]) -> dict[str, _Described]:
    return {row.name: row for row in _rows(folder, ids, "test_data.json", _Described)}


def _items(folder: Path, ids: Sequence[str]) -> dict[str, tuple[LanguageItem, ...]]:
    found: dict[str, tuple[LanguageItem, ...]] = {}
    for row in _rows(folder, ids, "unit_test_data.json", _Tested):
        items = [
            LanguageItem(tuple(inputs), tuple(outputs), correct - 1)
            for (inputs, outputs), correct in zip(row.test_vec, row.correct_inx)
        ]
        if any(len(i.inputs) != len(i.outputs) or not 0 <= i.correct < len(i.inputs) for i in items):
            raise SpecError(f"{folder}: an item of {row.name} has no pair of the number that correct_inx names")
        found[row.name] = tuple(items)
    return found


def _rows(folder: Path, ids: Sequence[str], file: str, shape: type[Said]) -> list[Said]:
    """The rows of the file beside the functions, then those of the functions' own files, which win."""
    rows = _validated(folder / file, TypeAdapter(list[shape]))  # type: ignore[valid-type]
    own = TypeAdapter(shape)
    for name in ids:
        rows += [row.model_copy(update={"name": name}) for row in _validated(folder / name / file, own)]
    return rows


def _metadata(folder: Path) -> dict[str, _Row]:
    return {row.dir: row for row in _validated(folder / "data.json", TypeAdapter(list[_Row]))}


def _validated(path: Path, shape: TypeAdapter[Any]) -> list[Any]:
    """The rows of a file, or its only one; none where there is no such file."""
    if not path.is_file():
        return []
    try:
        found = shape.validate_python(json.loads(path.read_text(encoding="utf-8")))
        return found if isinstance(found, list) else [found]
    except ValidationError as error:
        first = error.errors()[0]
        raise SpecError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except (OSError, ValueError) as error:
        raise SpecError(f"{path} cannot be read: {error}") from None


def _inputs(said: str | list[str]) -> tuple[str, ...]:
    """A list as it is; a line such as `: "hello", "a b"` taken apart at its commas."""
    if isinstance(said, list):
        return tuple(said)
    parts = (part.strip().strip(_QUOTES) for part in said.strip(" :\n").split(","))
    return tuple(part for part in parts if part)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise SpecError(f"{file} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise SpecError(f"{file} is not a text file in UTF-8") from None
