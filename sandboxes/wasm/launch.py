"""Processes that run a part of this package, and nothing else of the framework."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..types import SandboxError

INSTALL = "pip install 'zetetic[wasm]'"
_MOST_THREADS = 8
"""Of a compilation: each takes memory of its own."""
_START = "import sys; sys.path += {path!r}; from {package} import {module}; {module}.main({config!r})"


def start(module: str, config: Mapping[str, Any], descriptors: Sequence[int]) -> subprocess.Popen[bytes]:
    """Run `main` of a module of this package, with `config`, in a process with a session of its own.

    Its environment is clean, and of our descriptors it gets these alone. What it writes on stderr is kept.
    """
    own = __package__.partition(".")[0]
    path = [_parent_of(own), _parent_of("wasmtime")]
    code = _START.format(path=path, package=__package__, module=module, config=json.dumps(config))
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", "-c", code],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={"LC_ALL": "C.UTF-8", "RAYON_NUM_THREADS": str(min(_MOST_THREADS, os.cpu_count() or 1))},
        pass_fds=tuple(descriptors),
        start_new_session=True,
        cwd="/",
    )


def _parent_of(package: str) -> str:
    """The folder from which `package` is imported."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SandboxError(f"the wasm sandbox needs the package {package}: {INSTALL}")
    return str(Path(next(iter(spec.submodule_search_locations))).parent.absolute())
