"""The journal of one run: append-only, one committed event at a time, the only state there is."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from ..tools.black_boxes.types import Input
from .brief import Brief
from .codec import plain, restore
from .errors import StoreError
from .store import Store
from .types import Event, EventKind, Listener, Observation, Purpose

if TYPE_CHECKING:
    from .record import RunRecord


class Journal:
    """What happened in run `run_id`. Anyone may read it at any time; one live process at a time drives it."""

    def __init__(self, store: Store, run_id: str, brief: Brief) -> None:
        self.store = store
        self.run_id = run_id
        self.brief = brief
        self._listeners: list[Listener] = []
        self._lock = store.lock(run_id)

    def append(self, kind: EventKind, data: dict[str, Any]) -> Event:
        """Commit one event, then tell the listeners. An observation that is there already is refused."""
        event = Event(sequence=0, at=time.time(), kind=kind, data=plain(data))
        name = _address_of(kind, data)
        with self.store.writing() as connection:
            (last,) = connection.execute("SELECT max(sequence) FROM events WHERE run = ?", (self.run_id,)).fetchone()
            if last is None:
                raise StoreError(f"run {self.run_id} is no longer in {self.store.path}; start it anew")
            event = Event(int(last) + 1, event.at, kind, event.data)
            connection.execute(
                "INSERT INTO events (run, sequence, at, kind, address, data) VALUES (?, ?, ?, ?, ?, ?)",
                (self.run_id, event.sequence, event.at, kind, name, json.dumps(event.data, allow_nan=False)),
            )
        for listener in tuple(self._listeners):
            listener(event)
        return event

    def events(self, after: int = 0) -> Iterator[Event]:
        """Events with a sequence number above `after`, in order. A live follower asks again for more."""
        rows = self.store.query(
            "SELECT sequence, at, kind, data FROM events WHERE run = ? AND sequence > ? ORDER BY sequence",
            self.run_id,
            after,
        )
        for sequence, at, kind, data in rows:
            try:
                yield Event(sequence, at, kind, json.loads(data))
            except ValueError as error:
                raise self._damaged(sequence) from error

    def observations(self) -> list[Observation]:
        """Every answered input in order of asking, held-out ones included."""
        return [self.read(Observation, e, "observation") for e in self.events() if e.kind == "observation"]

    def record(self) -> RunRecord:
        """Everything that happened so far, folded together."""
        from .record import replay_state

        return replay_state(self.events(), run_id=self.run_id)

    def read(self, kind: type[Any], event: Event, key: str) -> Any:
        """The `kind` that `event` holds under `key`. Raises StoreError when the event is damaged."""
        try:
            return restore(kind, event.data[key])
        except (KeyError, ValueError, TypeError) as error:
            raise self._damaged(event.sequence) from error

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every event that this object appends from now on; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def export_jsonl(self, target: Path | str | TextIO) -> int:
        """Write one JSON object a line (`run`, `sequence`, `at`, `kind`, `data`); returns how many."""
        if isinstance(target, (str, Path)):
            try:
                with open(target, "w", encoding="utf-8", newline="\n") as stream:
                    return self.export_jsonl(stream)
            except OSError as error:
                raise StoreError(
                    f"cannot write {target} ({error}); pass a file in a folder you may write to"
                ) from error
        lines = 0
        for e in self.events():
            row = {"run": self.run_id, "sequence": e.sequence, "at": e.at, "kind": e.kind, "data": e.data}
            target.write(json.dumps(row, allow_nan=False) + "\n")
            lines += 1
        return lines

    @contextmanager
    def driving(self) -> Iterator[None]:
        """Be the one process that drives this run. Raises RunBusyError when another lives."""
        self._lock.acquire()
        try:
            yield
        finally:
            self._lock.release()

    @property
    def is_driven(self) -> bool:
        """Whether a live process drives this run now."""
        return self._lock.is_held()

    def _damaged(self, sequence: int) -> StoreError:
        return StoreError(
            f"event {sequence} of run {self.run_id} in {self.store.path} is damaged; restore a copy of the store"
        )


def address(purpose: Purpose, input: Input, repeat: int) -> str:
    """What names an observation by content: the same asking has the same address in every process."""
    content = input if isinstance(input, str) else ",".join(float(v).hex() for v in input)
    return f"{purpose}/{repeat}/{json.dumps(content)}"


def _address_of(kind: EventKind, data: dict[str, Any]) -> str | None:
    if kind != "observation":
        return None
    held = data["observation"]
    o: Observation = held if isinstance(held, Observation) else restore(Observation, held)
    return address(o.purpose, o.input, o.repeat)
