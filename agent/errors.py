"""What goes wrong with a store: every message says what was expected, what came, and the remedy.

StoreError
├── RunBusyError      another live process drives the run
└── UnknownRunError   no run, or more than one, has that id
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StoreError(Exception):
    """A store that cannot be opened, read or written."""


class RunBusyError(StoreError):
    """Another live process drives this run."""


class UnknownRunError(StoreError):
    """No run, or more than one, has that id."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system raise about the store at `path` into a StoreError."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(_sentence(path, error)) from error


def _sentence(path: Path, error: Exception) -> str:
    text = str(error).lower()
    if "locked" in text or "busy" in text:
        return f"the store {path} is locked by another program; close that program or pass another store"
    if "full" in text or "no space" in text:
        return f"no space left for the store {path}; free some space, then resume the run (all its answers are kept)"
    if "readonly" in text or "read-only" in text or isinstance(error, PermissionError):
        return f"the store {path} cannot be written; pass a store in a folder that you may write to"
    if "not a database" in text:
        return f"{path} is not a zetetic store; pass the path of a store, or of a file that does not exist yet"
    if "malformed" in text or "corrupt" in text:
        return f"the store {path} is damaged ({error}); restore a copy or pass another store"
    if "unable to open" in text or isinstance(error, OSError):
        return f"the store {path} cannot be opened ({error}); pass the path of a file in a folder that you may write to"
    return f"the store {path} failed: {error}; pass another store if this happens again"
