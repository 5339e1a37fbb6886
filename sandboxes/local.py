"""The sandbox of this machine: a warm fork server, Linux only, no root, no daemon, no image."""

from __future__ import annotations

import sys

from .forkserver import ForkServer
from .served import ServedSandbox
from .types import Level, Limits, SandboxError


def open_sandbox(
    limits: Limits | None = None,
    *,
    level: Level = "confined",
    strongest: Level = "isolated",
    packages: tuple[str, ...] = ("numpy",),
    spares: int = 1,
) -> ServedSandbox:
    """A sandbox on this machine, of at least `level`; `SandboxError` where there is none.

    `strongest` is the most that is tried. `packages` are imported once and then at every guest's hand, beside the
    standard library. `spares` guests wait ready-made (about 2 MB each).
    """
    if not sys.platform.startswith("linux"):
        raise SandboxError(
            f"the local sandbox needs Linux, and this is {sys.platform}; use --sandbox wasm "
            f"(pip install 'zetetic[wasm]') or --sandbox docker"
        )
    return ServedSandbox(ForkServer(wanted=strongest, least=level, packages=packages), limits, spares=spares)
