"""One driver a run: a lock that the operating system lets go of when its process dies."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path

from .errors import RunBusyError, StoreError

_PATIENCE_SECONDS = 0.2
"""Longer than somebody who only looks whether the lock is held (`is_held`) holds it."""


class RunLock:
    """An exclusive lock on the file at `path`, which exists only while somebody holds it."""

    def __init__(self, path: Path, run_id: str) -> None:
        self._path = path
        self._run_id = run_id
        self._handle: int | None = None

    def acquire(self) -> None:
        """Take the lock. Raises RunBusyError when a live process, this one included, holds it."""
        if self._handle is not None:
            raise RunBusyError(self._busy())
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            while True:
                handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
                if not _lock_within(handle, _PATIENCE_SECONDS):
                    os.close(handle)
                    raise RunBusyError(self._busy())
                if _same_file(handle, self._path):
                    self._handle = handle
                    return
                os.close(handle)  # its last owner removed the file between our open and our lock
        except OSError as error:
            raise StoreError(
                f"cannot lock run {self._run_id} ({error}); pass a store in a folder that you may write to"
            ) from error

    def release(self) -> None:
        """Let go; without effect when nothing is held."""
        if self._handle is None:
            return
        if sys.platform == "win32":
            os.close(self._handle)
            with contextlib.suppress(OSError):
                self._path.unlink()
        else:
            with contextlib.suppress(OSError):
                self._path.unlink()
            os.close(self._handle)
        self._handle = None
        with contextlib.suppress(OSError):
            self._path.parent.rmdir()

    def is_held(self) -> bool:
        """Whether a live process, this one included, drives the run."""
        if self._handle is not None:
            return True
        try:
            handle = os.open(self._path, os.O_RDWR)
        except OSError:
            return False
        try:
            return not _try_lock(handle)
        finally:
            os.close(handle)

    def _busy(self) -> str:
        return f"run {self._run_id} is already being driven by a live process; wait for it to end, or stop it"


def _lock_within(handle: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not _try_lock(handle):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def _try_lock(handle: int) -> bool:
    """Lock the open file without waiting. The lock ends with the process, however it dies."""
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


def _same_file(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except FileNotFoundError:
        return False
