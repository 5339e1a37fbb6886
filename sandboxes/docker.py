"""The sandbox in a container: the fork server behind the docker command, host and network out of sight."""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
import threading
from collections.abc import Sequence

from .engine import LABEL, Engine, Offer, quoted
from .relayed import Launch, RelayedServer
from .served import ServedSandbox
from .serving import Guest, Profile
from .types import MIB, Level, Limits, SandboxError, Standing

USER = "65534:65534"
PROCESSES = 1024
GVISOR = "runsc"
_BASE_BYTES = 512 * MIB
_LEAST_SCRATCH_BYTES = 64 * MIB
_PROXIES = [f"{name}_PROXY" for name in ("HTTP", "HTTPS", "FTP", "NO", "ALL")]
_DEFAULT = ""
"""The engine's own choice of a runtime."""


def open_sandbox(
    limits: Limits | None = None,
    *,
    level: Level = "confined",
    packages: tuple[str, ...] = ("numpy",),
    spares: int = 1,
    engine: Engine | None = None,
) -> ServedSandbox:
    """A sandbox in one long-lived container, which starts at first use; `SandboxError` where there is none.

    The image is built once, from `python:3.x-slim` and `packages` in the versions installed here, or is the one that
    the environment variable ZETETIC_SANDBOX_IMAGE names.
    """
    limits = limits or Limits()
    server = ContainerServer(engine or Engine(), limits, least=level, packages=packages)
    return ServedSandbox(server, limits, spares=spares)


class ContainerServer:
    """A `GuestServer` in a container. Under gVisor where the engine has it and guests' own walls hold in it."""

    def __init__(self, engine: Engine, limits: Limits, *, least: Level, packages: tuple[str, ...]) -> None:
        self._engine, self._limits, self._least, self._packages = engine, limits, least, packages
        self._lock = threading.RLock()
        self._server: RelayedServer | None = None
        self._closed = False

    @property
    def standing(self) -> Standing:
        return self._found().standing

    def spawn(self, profile: Profile, limits: Limits, *, spare: bool = False) -> Guest:
        return self._found().spawn(profile, limits, spare=spare)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._server is not None:
                self._server.close()

    def _found(self) -> RelayedServer:
        with self._lock:
            if self._closed:
                raise SandboxError("this sandbox is closed; open another")
            if self._server is None:
                self._server = self._find()
            return self._server

    def _find(self) -> RelayedServer:
        offer = self._engine.offer()
        image = self._engine.image(self._packages)
        notes: tuple[str, ...] = ()
        if GVISOR in offer.runtimes:
            server = self._under(GVISOR, offer, image, "confined", notes)
            try:
                _ = server.standing
                return server
            except SandboxError as error:
                server.close()
                notes = (f"not under gVisor: {error}",)
        return self._under(_DEFAULT, offer, image, self._least, notes)

    def _under(self, runtime: str, offer: Offer, image: str, least: Level, notes: tuple[str, ...]) -> RelayedServer:
        def launch() -> Launch:
            name = f"zetetic-{secrets.token_hex(8)}"

            def remove() -> None:
                with contextlib.suppress(OSError):  # no docker command any more: nothing to remove it with
                    self._engine.remove(name)

            command = run_command(self._engine.program, name, image, runtime, offer, self._limits)
            return Launch(command, remove=remove, quoted=quoted)

        return RelayedServer(
            launch,
            least=least,
            packages=self._packages,
            name="docker container",
            judged=lambda inner: judged(inner, runtime, notes),
        )


def run_command(program: str, name: str, image: str, runtime: str, offer: Offer, limits: Limits) -> Sequence[str]:
    """The command that runs Python in a fresh container.

    It keeps no logs, which would be everything that guests say. Variables that the docker command would pass on from
    its own configuration (a proxy's address may hold a password) are emptied.
    """
    memory = max(offer.memory_bytes // 2, 2 * limits.memory_bytes + _BASE_BYTES)
    scratch = max(_LEAST_SCRATCH_BYTES, 4 * limits.file_bytes)
    options = {
        "--pull": "never",
        "--network": "none",
        "--ipc": "none",
        "--cap-drop": "ALL",
        "--security-opt": "no-new-privileges",
        "--pids-limit": PROCESSES,
        "--memory": memory,
        "--memory-swap": memory,
        "--tmpfs": f"/tmp:rw,noexec,nosuid,nodev,size={scratch},mode=1777",
        "--user": USER,
        "--workdir": "/",
        "--hostname": "sandbox",
        "--log-driver": "none",
        "--ulimit": "core=0",
        "--name": name,
        "--label": LABEL,
        "--entrypoint": "python3",
    } | ({"--runtime": runtime} if runtime else {})
    proxies = [f"--env={variable}=" for proxy in _PROXIES for variable in (proxy, proxy.lower())]
    given = [text for option, value in options.items() for text in (option, str(value))]
    return [program, "run", "--interactive", "--rm", "--read-only", *given, *proxies, image]


def judged(inner: Standing, runtime: str, notes: tuple[str, ...]) -> Standing:
    """What the container promises, given the walls that every guest in it has of its own.

    The container hides the host. Guests of one sandbox share it, so where they have no walls of their own, one
    could meddle with another, and nothing is promised.
    """
    return dataclasses.replace(
        inner,
        backend="docker",
        level="unsafe" if inner.level == "unsafe" else "isolated",
        layers=("container", *(("gvisor",) if runtime == GVISOR else ()), *inner.layers),
        notes=(*notes, *(note for note in inner.notes if not note.startswith("no namespaces"))),
    )
