"""Where models are kept: folders in the user's cache that are either whole or not there, with a list of checksums."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from .errors import LoadError

CACHE_VARIABLE = "ZETETIC_CACHE"
MANIFEST = "manifest.json"
FULL_HASH_BYTES = 8 << 20
"""Files up to this size are hashed whole on every load; larger ones at their ends and at samples in between."""
SAMPLES, SAMPLE_BYTES = 32, 1 << 16
Progress = Callable[[str, float | None], None]
"""Told what is being done, and which share of it is done (None: nobody knows)."""


class StoredFile(BaseModel):
    """Size in bytes, the sha256 of the whole file, and of the samples that are looked at on every load."""

    model_config = ConfigDict(extra="forbid")
    size: int
    sha256: str
    sample_sha256: str


class Manifest(BaseModel):
    """What lies in a stored model's folder and where it came from."""

    model_config = ConfigDict(extra="forbid")
    name: str
    source: str
    files: dict[str, StoredFile]


def cache_folder() -> Path:
    """The folder for models: `$ZETETIC_CACHE/models`, else in the user's cache."""
    import platformdirs

    named = os.environ.get(CACHE_VARIABLE, "").strip()
    return (Path(named).expanduser() if named else platformdirs.user_cache_path("zetetic")) / "models"


def quiet(_: str, __: float | None) -> None:
    """A `Progress` that tells nobody."""


def damage(folder: Path, *, full: bool = False) -> str | None:
    """What is wrong with the stored model in `folder`; None if nothing is.

    Every load looks at all sizes, at small files whole and at samples of large ones: a file cut short or swapped is
    noticed, a few changed bytes in the middle of the weights are not. `full` hashes every byte (1 to 2 s a GB).
    """
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValidationError, ValueError) as error:
        return f"{MANIFEST} cannot be read ({type(error).__name__})"
    for name, expected in manifest.files.items():
        path = folder / name
        size = path.stat().st_size if path.is_file() else None
        if size != expected.size:
            return f"expected {expected.size} bytes in {name}, got {'none' if size is None else size}"
        wrong = _sha256(path) != expected.sha256 if full else _sample_sha256(path) != expected.sample_sha256
        if wrong:
            return f"the contents of {name} have changed since it was stored"
    return None


@contextmanager
def building(target: Path, name: str, source: str) -> Iterator[Path]:
    """A fresh folder to build a stored model in. When the block ends well it becomes `target`, whole, at once.

    When the block fails, or the process dies in it, `target` is as it was. Call it under `locked(target)`: what
    earlier builds that were killed have left behind is removed.
    """
    prefix = partial_prefix(target)
    for leftover in target.parent.glob(f"{prefix}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    folder = target.parent / f"{prefix}{secrets.token_hex(4)}"
    folder.mkdir()
    try:
        yield folder
        _write_manifest(folder, name, source)
        if target.exists():
            target.rename(target.parent / f"{prefix}old-{secrets.token_hex(4)}")
        folder.rename(target)
    except OSError as error:
        raise LoadError(f"{name} could not be written to {target.parent}: {error}; free some space there") from error
    finally:
        for leftover in target.parent.glob(f"{prefix}*"):
            shutil.rmtree(leftover, ignore_errors=True)


def partial_prefix(target: Path) -> str:
    """How the names of folders begin that only exist while `target` is being built."""
    return f".{target.name}.partial-"


@contextmanager
def locked(target: Path, wait: Callable[[], None] | None = None) -> Iterator[None]:
    """Alone with `target` among all processes. `wait` is called once if another one has to finish first."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(target.parent / f".{target.name}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise LoadError(
            f"expected a folder for models that can be written to, got {target.parent} ({error.strerror}); "
            f"name another one with the environment variable {CACHE_VARIABLE}"
        ) from error
    try:
        if not _try_lock(handle):
            if wait is not None:
                wait()
            while not _try_lock(handle):
                time.sleep(0.2)
        yield
    finally:
        os.close(handle)  # which lets go of the lock, as the death of the process does


def check_space(folder: Path, needed_bytes: int) -> None:
    """Raises `LoadError` where the disk of `folder` has no room for `needed_bytes`."""
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise LoadError(
            f"expected {needed_bytes / 1e9:.1f} GB of free disk space at {folder}, got {free / 1e9:.1f} GB; "
            f"free some, or name another folder with the environment variable {CACHE_VARIABLE}"
        )


def _write_manifest(folder: Path, name: str, source: str) -> None:
    files = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        with path.open("rb") as handle, contextlib.suppress(OSError):
            os.fsync(handle.fileno())
        digest = _sha256(path)
        files[path.relative_to(folder).as_posix()] = StoredFile(
            size=path.stat().st_size, sha256=digest, sample_sha256=_sample_sha256(path)
        )
    manifest = Manifest(name=name, source=source, files=files)
    (folder / MANIFEST).write_text(json.dumps(manifest.model_dump(), indent=2) + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sample_sha256(path: Path) -> str:
    size = path.stat().st_size
    if size <= FULL_HASH_BYTES:
        return _sha256(path)
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for i in range(SAMPLES):
            file.seek((size - SAMPLE_BYTES) * i // (SAMPLES - 1))
            digest.update(file.read(SAMPLE_BYTES))
    return digest.hexdigest()


def _try_lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
