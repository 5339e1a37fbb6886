"""The sandboxes that are attacked. To add one, add a line to `BACKENDS`."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from zetetic.sandboxes.types import MIB, Level, Limits, Sandbox

LIMITS = Limits(cpu_seconds=1.0, wall_seconds=0.5, memory_bytes=256 * MIB, file_bytes=16 * MIB)


@dataclass(frozen=True, slots=True)
class Backend:
    """A way to open a sandbox. `as_user`: from an ordinary user's process. `slow`: not among the quick tests."""

    name: str
    open: Callable[[Limits], Sandbox]
    as_user: bool = False
    slow: bool = True
    limits: Limits = LIMITS
    profiles: tuple[str, ...] = ("function", "script")


def _local(level: Level) -> Callable[[Limits], Sandbox]:
    def open_it(limits: Limits) -> Sandbox:
        from zetetic.sandboxes.local import open_sandbox

        return open_sandbox(limits, level=level, strongest=level)

    return open_it


def _wasm(limits: Limits) -> Sandbox:
    from zetetic.sandboxes.wasm import open_sandbox

    return open_sandbox(limits, level="isolated")


def _control(limits: Limits) -> Sandbox:
    from .control import PlainSubprocess

    return PlainSubprocess(limits)


CONTROL = Backend("control", _control, as_user=os.name == "posix" and os.getuid() == 0, profiles=("function",))
"""No sandbox at all: what it lets through, the suite must see."""

BACKENDS = (
    Backend("local-isolated", _local("isolated"), slow=False),
    Backend("local-isolated-user", _local("isolated"), as_user=True),
    Backend("local-confined", _local("confined")),
    Backend("local-confined-user", _local("confined"), as_user=True),
    Backend("wasm", _wasm),
)


def find(name: str) -> Backend:
    return {backend.name: backend for backend in (*BACKENDS, CONTROL)}[name]
