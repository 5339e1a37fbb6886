"""The Python that this process runs on: where its standard library and packages lie."""

from __future__ import annotations

import os
import sysconfig
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

VARIABLES = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "LC_ALL": "C.UTF-8",
}
"""All of the environment that a fork server starts with."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Folders that guests may read, but for the `masked` ones, and where `packages` are imported from."""

    packages: tuple[str, ...]
    paths: tuple[str, ...]
    readable: tuple[str, ...]
    masked: tuple[str, ...]


def find(packages: tuple[str, ...]) -> Surroundings:
    """The standard library and `packages`, wherever they are installed. `LookupError` if one is missing."""
    library = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]
    readable = [os.path.realpath(p) for p in dict.fromkeys(library)]
    masked = [os.path.join(folder, name) for folder in readable for name in ("site-packages", "dist-packages")]
    paths: list[str] = []
    for name in packages:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise LookupError(f"guests are to have {name}, but it is not installed: pip install {name}")
        place = Path(spec.origin).parent if spec.submodule_search_locations else Path(spec.origin)
        paths.append(str(place.parent))
        readable += [str(p) for p in (place, place.parent / f"{name}.libs") if p.exists()]
    return Surroundings(
        packages,
        tuple(dict.fromkeys(paths)),
        tuple(dict.fromkeys(readable)),
        tuple(m for m in masked if os.path.isdir(m)),
    )
