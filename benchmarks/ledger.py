"""An append-only file of results, one JSON object a line, that survives being killed in the middle of one."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from .errors import BenchmarkError

_SOURCES = ("tools/induction", "tools/scoring", "agent")


class Ledger:
    """Results by key. A line that is torn or not ours is skipped; appending after a torn one starts a new line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.skipped_lines = 0
        self._ends_mid_line = False
        self._records: dict[str, dict[str, Any]] = {}
        if path.exists():
            self._read()

    def _read(self) -> None:
        try:
            text = self.path.read_bytes()
        except OSError as error:
            raise _trouble(self.path, error) from error
        self._ends_mid_line = bool(text) and not text.endswith(b"\n")
        for line in text.splitlines():
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                key, result = record["key"], record["result"]
            except (ValueError, KeyError, TypeError):
                self.skipped_lines += 1
                continue
            if isinstance(key, str) and isinstance(result, dict):
                self._records[key] = result

    def __len__(self) -> int:
        return len(self._records)

    def get(self, key: str) -> dict[str, Any] | None:
        return self._records.get(key)

    def records(self) -> list[dict[str, Any]]:
        """Every result, in the order in which they came."""
        return [*self._records.values()]

    def append(self, key: str, result: dict[str, Any]) -> None:
        """Add one result and hand it to the operating system before returning."""
        line = json.dumps({"key": key, "result": result}, allow_nan=False) + "\n"
        if self._ends_mid_line:
            line = "\n" + line
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as file:
                file.write(line.encode())
        except OSError as error:
            raise _trouble(self.path, error) from error
        self._ends_mid_line = False
        self._records[key] = result

    def clear(self) -> None:
        """Forget everything, in memory and on disk."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise _trouble(self.path, error) from error
        self._records.clear()
        self._ends_mid_line = False


def _trouble(path: Path, error: OSError) -> BenchmarkError:
    return BenchmarkError(f"cannot use the results file {path}: {error.strerror or error}; pass another --out")


def engine_fingerprint(*more: str) -> str:
    """A short hash of the source code that explanations come from: results of another engine are not reused.

    `more` names further folders that count.
    """
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for folder in (*_SOURCES, *more):
        for path in sorted((root / folder).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def content_key(**parts: Any) -> str:
    """A short key that changes when any of `parts` (plain data) does."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:24]


@cache
def content_hash(path: Path) -> str:
    """A short hash of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
