"""The docker command, and the engine behind it: what it offers, the image, containers that are to go."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from .processes import Finished, last_line, run
from .types import SandboxError

IMAGE_VARIABLE = "ZETETIC_SANDBOX_IMAGE"
"""Names an image of the user's own: it needs Python 3.11 or later as `python3`, and the packages that guests have."""
LABEL = "zetetic"
BUILD_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Offer:
    """What an engine says of itself. `memory_bytes` is 0 if it does not say."""

    runtimes: tuple[str, ...]
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine that the command `program` talks to."""

    program: str = "docker"
    patience_seconds: float = 30.0

    def offer(self) -> Offer:
        """What this engine offers. `SandboxError` if there is none, or it does not run Linux."""
        finished = self._run("info", "--format", "{{json .}}")
        said = _mapping(finished.stdout)
        troubles = said.get("ServerErrors")
        if finished.status or troubles:
            why = str(troubles[0]) if isinstance(troubles, list) and troubles else finished.last_error_line
            raise SandboxError(
                f"the docker engine cannot be used: {_short(why) or f'status {finished.status}'}; start it, and see "
                f"that `docker info` works for this user, or use another sandbox"
            )
        system = said.get("OSType", "linux")
        if system != "linux":
            raise SandboxError(
                f"expected a docker engine that runs Linux containers, and this one runs {system}; switch it to Linux "
                f"containers, or use another sandbox"
            )
        runtimes, memory = said.get("Runtimes"), said.get("MemTotal")
        return Offer(
            tuple(sorted(runtimes)) if isinstance(runtimes, dict) else (),
            memory if isinstance(memory, int) else 0,
        )

    def image(self, packages: tuple[str, ...]) -> str:
        """The user's own image, or ours with `packages` as they are installed here, built at its first use."""
        own = os.environ.get(IMAGE_VARIABLE, "").strip()
        if own:
            if not self._has(own):
                raise SandboxError(
                    f"{IMAGE_VARIABLE} names the image {own}, which the docker engine does not have; get it with "
                    f"`docker pull {own}` or unset the variable"
                )
            return own
        recipe = dockerfile(packages)
        tag = f"zetetic-sandbox:{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"
        if not self._has(tag):
            self._build(tag, recipe)
        return tag

    def remove(self, name: str) -> None:
        """Remove the container `name`, running or not; nothing happens if there is none."""
        run([self.program, "rm", "--force", "--volumes", name], timeout_seconds=self.patience_seconds)

    def _has(self, image: str) -> bool:
        return self._run("image", "inspect", "--format", "{{.Id}}", image).status == 0

    def _build(self, tag: str, recipe: str) -> None:
        with tempfile.TemporaryDirectory(prefix="zetetic-image-") as folder:
            Path(folder, "Dockerfile").write_text(recipe, encoding="utf-8")
            finished = self._run("build", "--tag", tag, "--label", LABEL, folder, seconds=BUILD_SECONDS)
        if finished.status:
            raise SandboxError(
                f"the image for the docker sandbox could not be built ({quoted(finished.stderr)}); see that the engine "
                f"reaches its registry and PyPI, or set {IMAGE_VARIABLE} to an image with Python 3.11 or later "
                f"as python3, and numpy"
            )

    def _run(self, *arguments: str, seconds: float = 0.0) -> Finished:
        seconds = seconds or self.patience_seconds
        try:
            finished = run([self.program, *arguments], timeout_seconds=seconds)
        except OSError as error:
            raise SandboxError(
                f"the docker sandbox needs the command {self.program}, and it cannot be started ({error}); install "
                f"Docker (https://docs.docker.com/engine/install), or use another sandbox"
            ) from None
        if finished.timed_out:
            raise SandboxError(
                f"`{self.program} {arguments[0]}` did not end within {seconds:g} s; see that the docker engine is well "
                f"(`docker info`), or use another sandbox"
            )
        return finished


def dockerfile(packages: tuple[str, ...]) -> str:
    """An image with the Python of this process and `packages` in the versions installed here."""
    lines = [f"FROM python:{sys.version_info.major}.{sys.version_info.minor}-slim"]
    if packages:
        pins = " ".join(f"{name}=={_installed(name)}" for name in packages)
        lines.append(f"RUN pip install --no-cache-dir --only-binary :all: {pins}")
    return "".join(f"{line}\n" for line in lines)


def quoted(words: str) -> str:
    """Of what the docker command wrote on stderr, the last line that says something."""
    return last_line("\n".join(line for line in words.splitlines() if "--help'" not in line))


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        raise SandboxError(f"guests are to have {package}, but it is not installed: pip install {package}") from None


def _mapping(text: str) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _short(text: str) -> str:
    return " ".join(text.split())[:300].rstrip(".")
