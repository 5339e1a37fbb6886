"""FIND's numeric functions as their authors publish them (arXiv:2309.03886).

`find_dataset/numeric/fNNNNN/function_code.py` beside `data.json` (metadata, a row a function) and
`func_name_dict.json` (which file of each folder is the function that is asked: plain, noised, corrupted or a
network). The folder may also be called `find-dataset`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from .types import SpecError

FunctionKind = Literal["clean", "noised", "corrupted", "network", "unknown"]
PLAIN_FILE = "function_code.py"
FUNCTION_NAME = "function"
_KINDS: dict[str, FunctionKind] = {
    "function_code.py": "clean",
    "noised_function_code.py": "noised",
    "corrupted_function_code.py": "corrupted",
    "load_mlp.py": "network",
}
_FOLDER = re.compile(r"^f\d+$")


@dataclass(frozen=True, slots=True)
class FindFunction:
    """A function of a published folder: its file, and what `data.json` says of it (empty fields if nothing).

    `noise` and `corruption` are the metadata's, which describes every function's noised and corrupted siblings
    too: they apply only if `kind` says so. `corruption_boundary` holds one or two ends.
    """

    id: str
    file: Path
    kind: FunctionKind
    family: str = ""
    domain: tuple[float, float] | None = None
    noise: str | None = None
    noise_scale: float | None = None
    corruption: str | None = None
    corruption_mean: float | None = None
    corruption_boundary: tuple[float, ...] = ()


def find_layout(path: str | Path) -> list[FindFunction]:
    """The numeric functions under `path`, sorted by id; `path` may be the data set, its parent or `numeric/`."""
    folder = _numeric_folder(Path(path).expanduser())
    files, rows = _file_names(folder), _metadata(folder)
    try:
        ids = sorted(child.name for child in folder.iterdir() if child.is_dir() and _FOLDER.match(child.name))
    except OSError as error:
        raise SpecError(f"{folder} cannot be listed: {error.strerror or error}") from None
    found = [_function(folder / name, files, rows) for name in ids]
    functions = [function for function in found if function is not None]
    if not functions:
        raise SpecError(f"{folder} holds no function folders such as f00000/{PLAIN_FILE}")
    return functions


def find_function(folder: str | Path) -> FindFunction:
    """The function of one folder `…/numeric/fNNNNN`."""
    path = Path(folder).expanduser()
    if not path.is_dir():
        raise SpecError(f"there is no folder {folder}; a FIND function is named find:PATH/numeric/f00000")
    function = _function(path, _file_names(path.parent), _metadata(path.parent))
    if function is None:
        raise SpecError(f"{folder} holds none of {', '.join(_KINDS)}")
    return function


class _Row(BaseModel):
    # Not `forbid`: the authors' rows carry bookkeeping that grows from release to release.
    model_config = ConfigDict(extra="ignore")

    dir: str
    name: str = ""
    domain: tuple[float, float] | None = None
    noise_type: str | None = None
    noise_params: float | None = None
    corruption_type: str | None = None
    corruption_params: dict[str, Any] | None = None


def _numeric_folder(path: Path) -> Path:
    for candidate in (path, *(path / name for name in ("numeric", "find_dataset/numeric", "find-dataset/numeric"))):
        if candidate.is_dir() and any(_FOLDER.match(child.name) for child in candidate.iterdir()):
            return candidate
    raise SpecError(f"{path} is no FIND folder; expected find_dataset/numeric/f00000/{PLAIN_FILE} below it")


def _function(folder: Path, files: dict[str, str], rows: dict[str, _Row]) -> FindFunction | None:
    named = files.get(folder.name, PLAIN_FILE)
    # Some releases hold a network's loader under the plain name.
    name = next((n for n in (named, PLAIN_FILE) if (folder / n).is_file()), None)
    if name is None:
        return None
    kind = _KINDS.get(named, "unknown")
    row = rows.get(folder.name)
    if row is None:
        return FindFunction(folder.name, folder / name, kind)
    parameters = row.corruption_params or {}
    boundary = parameters.get("boundary")
    mean = parameters.get("std")  # the published key; the published code uses it as the mean
    return FindFunction(
        folder.name,
        folder / name,
        kind,
        family=row.name.partition("(")[0],
        domain=row.domain,
        noise=row.noise_type,
        noise_scale=row.noise_params,
        corruption=row.corruption_type,
        corruption_mean=float(mean) if isinstance(mean, (int, float)) else None,
        corruption_boundary=tuple(float(v) for v in boundary) if isinstance(boundary, list) else (),
    )


def _file_names(folder: Path) -> dict[str, str]:
    path = folder / "func_name_dict.json"
    names = _validated(path, TypeAdapter(dict[str, str])) if path.is_file() else {}
    for name, file in names.items():
        if Path(file).name != file:
            raise SpecError(f"{path}: the file of {name} must be a plain name, got {file!r}")
    return names


def _metadata(folder: Path) -> dict[str, _Row]:
    path = folder / "data.json"
    rows = _validated(path, TypeAdapter(list[_Row])) if path.is_file() else []
    return {row.dir: row for row in rows}


def _validated(path: Path, shape: TypeAdapter[Any]) -> Any:
    try:
        return shape.validate_python(json.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        raise SpecError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except (OSError, ValueError) as error:
        raise SpecError(f"{path} cannot be read: {error}") from None
