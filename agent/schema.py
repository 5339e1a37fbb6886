"""How a store lies in its SQLite file, and how that file is opened."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

from .errors import StoreError, explained

APPLICATION_ID = 0x7A657465
"""`zete` in ASCII: how a store is told from other programs' SQLite files."""
SCHEMA_VERSION = 1
_TABLES = """
CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    created_at REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE events (
    run TEXT NOT NULL REFERENCES runs (id),
    sequence INTEGER NOT NULL,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    address TEXT,
    data TEXT NOT NULL,
    PRIMARY KEY (run, sequence)
) WITHOUT ROWID;
CREATE UNIQUE INDEX observations ON events (run, address) WHERE address IS NOT NULL;
"""


def connect(path: Path, *, read_only: bool, busy_seconds: float) -> sqlite3.Connection:
    """An open store; a file that does not exist yet becomes one unless `read_only`. Raises StoreError."""
    with explained(path):
        if read_only:
            return _connect_to_read(path, busy_seconds)
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
        try:
            if _is_blank(connection, path):
                _create(connection, path, busy_seconds)
            _check(connection, path)
            _try_to_write(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def _try_to_write(connection: sqlite3.Connection) -> None:
    """Find out now, not at the first answer, that a place cannot be written."""
    connection.execute("BEGIN IMMEDIATE")  # succeeds on a read-only file; the statement after it does not
    try:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    finally:
        connection.execute("ROLLBACK")


def _connect_to_read(path: Path, busy_seconds: float) -> sqlite3.Connection:
    if not path.is_file():
        raise StoreError(f"there is no store at {path}; run `zetetic explain` first, or pass the path of a store")
    uri = path.absolute().as_uri()
    # WAL readers write a shared-memory file beside the store; where they cannot, no writer can be alive either.
    mode = "mode=ro" if os.access(path.parent, os.W_OK) else "mode=ro&immutable=1"
    connection = sqlite3.connect(
        f"{uri}?{mode}", uri=True, timeout=busy_seconds, isolation_level=None, check_same_thread=False
    )
    try:
        _check(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _is_blank(connection: sqlite3.Connection, path: Path) -> bool:
    if path.stat().st_size == 0:
        return True
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return int(tables) == 0 and _pragma(connection, "application_id") == 0


def _create(connection: sqlite3.Connection, path: Path, busy_seconds: float) -> None:
    _switch_to_wal(connection, busy_seconds)
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _is_blank(connection, path) or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            for statement in _TABLES.strip().split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _switch_to_wal(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """Set WAL mode, waiting for others ourselves: SQLite does not, for this one statement."""
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that is not a store, or is one that this version does not know."""
    owner = _pragma(connection, "application_id")
    if owner != APPLICATION_ID:
        raise StoreError(
            f"{path} is an SQLite file of another program (application id {owner:#x}, expected {APPLICATION_ID:#x}); "
            "pass the path of a zetetic store, or of a file that does not exist yet"
        )
    version = _pragma(connection, "user_version")
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"the store {path} was written by a newer zetetic (schema {version}, this one knows {SCHEMA_VERSION}); "
            "upgrade zetetic or pass another store"
        )
    if version < 1:
        raise StoreError(f"the store {path} has schema {version}, expected 1 to {SCHEMA_VERSION}; restore a copy of it")
