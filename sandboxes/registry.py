"""From a name to an open sandbox, through one door: entry points."""

from __future__ import annotations

from typing import Protocol

from ..plugins import PluginGroup
from .types import LEVELS, Level, Limits, Sandbox, SandboxError

GROUP = "zetetic.sandboxes"
"""The entry-point group. An entry `name = "package.module:open_sandbox"` is a backend called `name`."""
AUTOMATIC = "auto"
PREFERRED = ("local", "wasm", "docker")
"""The order in which `auto` tries ours."""
_BACKENDS = PluginGroup(GROUP, "sandbox", SandboxError)


class Opener(Protocol):
    """What an entry point of `zetetic.sandboxes` names."""

    def __call__(self, limits: Limits, *, level: Level) -> Sandbox:
        """A sandbox that guarantees at least `level`; `SandboxError`, with the remedy, where that cannot be."""
        ...


def open_sandbox(name: str = AUTOMATIC, limits: Limits | None = None, *, level: Level = "confined") -> Sandbox:
    """The sandbox called `name`, guaranteeing at least `level`; `auto` takes the first of ours that works here.

    >>> with open_sandbox() as sandbox, sandbox.load("def double(x): return 2 * x", "double") as function:
    ...     function.call([(1.0,), (21.0,)])
    [Returned(value=2.0), Returned(value=42.0)]

    Raises `SandboxError` where there is none: code is never run with less than was asked for.
    """
    if level not in LEVELS:
        raise SandboxError(f"expected one of the sandbox levels {', '.join(LEVELS)}, got {level!r}")
    limits = limits or Limits()
    if name != AUTOMATIC:
        return _open(name, limits, level)
    refusals = []
    for candidate in PREFERRED:
        try:
            return _open(candidate, limits, level)
        except SandboxError as error:
            refusals.append(f"{candidate}: {error}")
    raise SandboxError("no sandbox works here. " + " ".join(f"{r}." for r in refusals))


def known_sandboxes() -> list[str]:
    """The backends that installed packages offer, sorted."""
    return _BACKENDS.names()


def _open(name: str, limits: Limits, level: Level) -> Sandbox:
    opener: Opener = _BACKENDS.load(name)
    sandbox = opener(limits, level=level)
    try:
        _ = sandbox.standing  # starts it: what cannot be had is said now, not at the first job
    except BaseException:
        sandbox.close()
        raise
    return sandbox
