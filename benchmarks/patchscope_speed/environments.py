"""Virtual environments of the libraries that are measured beside ours, kept in the user's cache."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from ...models.storage import cache_folder, locked
from ..errors import BenchmarkError

_STAMP = "complete"


@dataclass(frozen=True, slots=True)
class Peer:
    """A library: its title, the package and version that pip installs, and its program in `benchmarks/peers`."""

    title: str
    package: str
    version: str
    program: str


PEERS = {
    "nnsight": Peer("nnsight", "nnsight", "0.8.1", "nnsight_traces"),
    "transformer_lens": Peer("TransformerLens", "transformer-lens", "4.3.0", "transformer_lens_hooks"),
}


def shared_versions() -> dict[str, str]:
    """What all programs have in common, so that nothing but their own code makes a difference."""
    return {name: version(name).partition("+")[0] for name in ("torch", "transformers", "accelerate")}


def peer_python(peer: Peer, say: Callable[[str], None]) -> Path:
    """The interpreter of the peer's environment; made first, over the network, if it is not there."""
    shared = shared_versions()
    tag = "-".join([peer.package, peer.version, *shared.values()])
    folder = cache_folder().parent / "peers" / tag
    folder.parent.mkdir(parents=True, exist_ok=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not (folder / _STAMP).exists():
        with locked(folder, lambda: say(f"waiting for another process that is installing {peer.title}")):
            if not (folder / _STAMP).exists():
                say(f"installing {peer.title} {peer.version} into an environment of its own")
                _make(folder, python, peer, shared)
    return python


def _make(folder: Path, python: Path, peer: Peer, shared: dict[str, str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(folder)], f"make an environment for {peer.title}")
    constraints = folder / "constraints.txt"
    constraints.write_text("".join(f"{name}=={number}\n" for name, number in shared.items()), encoding="utf-8")
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", str(constraints)]
    _run([*install, *shared, f"{peer.package}=={peer.version}"], f"install {peer.title} {peer.version}")
    (folder / _STAMP).touch()


def _run(command: list[str], what: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        words = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        said = next((line for line in words if line.startswith("ERROR")), words[-1] if words else "it said nothing")
        raise BenchmarkError(f"could not {what}: {said}; look at the network, or leave out --peers")
