"""A store: the SQLite file that holds the journals of many runs."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal

from .brief import Brief
from .codec import plain, restore
from .errors import StoreError, UnknownRunError, explained
from .locks import RunLock
from .schema import connect

if TYPE_CHECKING:
    import sqlite3

    from .journal import Journal

RunStatus = Literal["running", "interrupted", "concluded"]
STORE_VARIABLE = "ZETETIC_STORE"
SYNC_SECONDS = 0.25
"""A killed process loses nothing that was committed; a power failure loses at most this long a stretch of commits."""
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
LATEST = "latest"


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One line about a run. `outcome`, `description` and `score` (the value alone) are there once it has concluded."""

    id: str
    spec: str
    scientist: str
    seed: int
    status: RunStatus
    created_at: float
    last_at: float
    queries: int
    outcome: str | None
    description: str
    score: float | None


def default_path() -> Path:
    """Where the store lies unless somebody says otherwise: `$ZETETIC_STORE`, else the user's data folder."""
    import platformdirs

    named = os.environ.get(STORE_VARIABLE)
    return Path(named).expanduser() if named else platformdirs.user_data_path("zetetic") / "journal.sqlite"


class Store:
    """Journals in one SQLite file (WAL), each event committed on its own. Several processes may use it at once."""

    def __init__(self, path: Path, connection: sqlite3.Connection, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self._connection = connection
        self._guard = RLock()
        self._synced_at = -SYNC_SECONDS

    @classmethod
    def open(cls, path: Path | str | None = None, *, read_only: bool = False, busy_seconds: float = 5.0) -> Store:
        """The store at `path` (None: `default_path()`), made if need be. Raises StoreError.

        `busy_seconds`: how long to wait for another program that holds the file before giving up.
        """
        place = Path(path).expanduser() if path is not None else default_path()
        return cls(place, connect(place, read_only=read_only, busy_seconds=busy_seconds), read_only=read_only)

    def create(self, brief: Brief) -> Journal:
        """Begin a run: its id and its `started` event are committed together."""
        from .journal import Journal

        now = time.time()
        with self.writing() as connection:
            run_id = _new_id(now)
            connection.execute("INSERT INTO runs (id, created_at) VALUES (?, ?)", (run_id, now))
            connection.execute(
                "INSERT INTO events (run, sequence, at, kind, data) VALUES (?, 1, ?, 'started', ?)",
                (run_id, now, json.dumps({"brief": plain(brief)})),
            )
        return Journal(self, run_id, brief)

    def journal(self, run: str) -> Journal:
        """The journal of the run whose id is or begins with `run`; `latest` is the run begun last."""
        from .journal import Journal

        run_id = self._find(run)
        return Journal(self, run_id, self._brief(run_id))

    def runs(self) -> list[RunSummary]:
        """Every run, the latest first."""
        rows = self.query("SELECT id, created_at FROM runs ORDER BY id DESC")
        return [self._summary(run_id, created_at) for run_id, created_at in rows]

    def delete(self, run: str) -> str:
        """Remove a run that no live process drives; returns its whole id."""
        run_id = self._find(run)
        lock = self.lock(run_id)
        lock.acquire()
        try:
            with self.writing() as connection:
                connection.execute("DELETE FROM events WHERE run = ?", (run_id,))
                connection.execute("DELETE FROM runs WHERE id = ?", (run_id,))
        finally:
            lock.release()
        return run_id

    def lock(self, run_id: str) -> RunLock:
        """The lock that whoever drives `run_id` holds."""
        return RunLock(self.path.with_name(self.path.name + ".locks") / run_id, run_id)

    def close(self) -> None:
        with self._guard:
            self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed at the end, rolled back on any exception."""
        if self.read_only:
            raise StoreError(f"the store {self.path} was opened for reading only; open it for writing")
        with self._guard, explained(self.path):
            self._choose_sync()
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _choose_sync(self) -> None:
        """Wait for the disk now and then, not for every commit: that would cost more than most boxes do."""
        now = time.monotonic()
        due = now - self._synced_at >= SYNC_SECONDS
        self._connection.execute(f"PRAGMA synchronous = {'FULL' if due else 'NORMAL'}")
        if due:
            self._synced_at = now

    def query(self, sql: str, *values: object) -> list[Any]:
        """All rows of a SELECT."""
        with self._guard, explained(self.path):
            return self._connection.execute(sql, values).fetchall()

    def _find(self, run: str) -> str:
        if run == LATEST:
            rows = self.query("SELECT id FROM runs ORDER BY id DESC LIMIT 1")
        else:
            rows = self.query("SELECT id FROM runs WHERE substr(id, 1, ?) = ? ORDER BY id", len(run), run)
        found = [str(row[0]) for row in rows]
        if run in found:
            return run
        if len(found) == 1 and run:
            return found[0]
        if not found:
            raise UnknownRunError(f"no run {run!r} in {self.path}; `zetetic runs list` shows the runs there are")
        shown = ", ".join(found[:5]) + (", …" if len(found) > 5 else "")
        raise UnknownRunError(f"{len(found)} runs begin with {run!r} ({shown}); give more of the id")

    def _brief(self, run_id: str) -> Brief:
        rows = self.query("SELECT data FROM events WHERE run = ? AND sequence = 1", run_id)
        try:
            return restore(Brief, json.loads(rows[0][0])["brief"])
        except (IndexError, KeyError, ValueError) as error:
            raise StoreError(
                f"the first event of run {run_id} in {self.path} is damaged; delete that run or restore a copy"
            ) from error

    def _summary(self, run_id: str, created_at: float) -> RunSummary:
        brief = self._brief(run_id)
        ((queries, last_at),) = self.query("SELECT count(address), max(at) FROM events WHERE run = ?", run_id)
        ended = self.query(
            "SELECT data FROM events WHERE run = ? AND kind = 'concluded' ORDER BY sequence DESC LIMIT 1", run_id
        )
        explanation = json.loads(ended[0][0])["explanation"] if ended else {}
        score = explanation.get("score")
        return RunSummary(
            id=run_id,
            spec=brief.spec,
            scientist=brief.scientist,
            seed=brief.seed,
            status="concluded" if ended else "running" if self.lock(run_id).is_held() else "interrupted",
            created_at=created_at,
            last_at=last_at,
            queries=queries,
            outcome=explanation.get("outcome"),
            description=explanation.get("description", ""),
            score=score["value"] if score else None,
        )


def _new_id(now: float) -> str:
    """13 characters that sort by time: milliseconds in base 32 (no i, l, o, u), then 4 random ones."""
    milliseconds = int(now * 1000)
    digits = [_DIGITS[(milliseconds >> shift) & 31] for shift in range(40, -1, -5)]
    return "".join(digits) + "".join(secrets.choice(_DIGITS) for _ in range(4))
