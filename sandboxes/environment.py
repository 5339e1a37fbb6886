"""The Python that guests on this machine see."""

from __future__ import annotations

import os
import sysconfig
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from .types import SandboxError


@dataclass(frozen=True, slots=True)
class Environment:
    """The Python that guests see: folders they may read, packages that are imported at start."""

    packages: tuple[str, ...]
    paths: tuple[str, ...]
    readable: tuple[str, ...]
    masked: tuple[str, ...]


def find_environment(packages: tuple[str, ...] = ("numpy",)) -> Environment:
    """The standard library and `packages`, wherever they are installed. `SandboxError` if one is missing."""
    library = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]
    readable = [os.path.realpath(p) for p in dict.fromkeys(library)]
    masked = [os.path.join(folder, name) for folder in readable for name in ("site-packages", "dist-packages")]
    paths: list[str] = []
    for name in packages:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise SandboxError(f"guests are to have {name}, but it is not installed: pip install {name}")
        place = Path(spec.origin).parent if spec.submodule_search_locations else Path(spec.origin)
        paths.append(str(place.parent))
        readable += [str(p) for p in (place, place.parent / f"{name}.libs") if p.exists()]
    return Environment(
        packages,
        tuple(dict.fromkeys(paths)),
        tuple(dict.fromkeys(readable)),
        tuple(m for m in masked if os.path.isdir(m)),
    )
