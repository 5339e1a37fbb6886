"""Answers kept by content: a pair of question and text is asked once, in memory or in a file that outlives the run."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from .types import Answerer, Floats, QAError

Pair = tuple[str, str]
_SCHEMA = (
    "create table if not exists answers (answerer text, question text, text text, yes real, "
    "primary key (answerer, question, text)) without rowid"
)


class CachedAnswerer:
    """`answerer`, asked only what it was not asked before. `path`: an SQLite file that keeps the answers.

    What is kept is named by the answerer's `fingerprint` where it has one, else by its name.
    """

    def __init__(self, answerer: Answerer, path: Path | str | None = None) -> None:
        self.answerer = answerer
        self._known: dict[Pair, float] = {}
        self._file = None if path is None else _open(Path(path).expanduser())
        self.asked = 0
        """Pairs that the answerer was asked so far."""

    @property
    def name(self) -> str:
        return self.answerer.name

    def answer(self, questions: Sequence[str], texts: Sequence[str]) -> Floats:
        """(texts, questions): the probability of yes."""
        questions, texts = list(questions), list(texts)
        self._recall(questions, texts)
        groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for text in dict.fromkeys(texts):
            missing = tuple(q for q in dict.fromkeys(questions) if (q, text) not in self._known)
            if missing:
                groups[missing].append(text)
        for missing, some in groups.items():
            found = np.asarray(self.answerer.answer(missing, some), dtype=np.float64)
            if found.shape != (len(some), len(missing)):
                raise QAError(
                    f"expected {len(some)} × {len(missing)} answers (texts × questions) from {self.name}, got "
                    f"{' × '.join(map(str, found.shape))}; mend the answerer"
                )
            self.asked += found.size
            self._keep([((q, t), float(v)) for t, row in zip(some, found) for q, v in zip(missing, row)])
        known = [self._known[q, t] for t in texts for q in questions]
        return np.array(known, dtype=np.float64).reshape(len(texts), len(questions))

    def _recall(self, questions: Sequence[str], texts: Sequence[str]) -> None:
        if self._file is None:
            return
        for text in dict.fromkeys(texts):
            if all((q, text) in self._known for q in questions):
                continue
            rows = self._file.execute(
                "select question, yes from answers where answerer = ? and text = ?", (self._key(), _hash(text))
            )
            self._known.update(((question, text), yes) for question, yes in rows)

    def _keep(self, found: Iterable[tuple[Pair, float]]) -> None:
        found = list(found)
        self._known.update(found)
        if self._file is not None:
            key = self._key()
            rows = [(key, question, _hash(text), value) for (question, text), value in found]
            with self._file:
                self._file.executemany("insert or replace into answers values (?, ?, ?, ?)", rows)

    def _key(self) -> str:
        return str(getattr(self.answerer, "fingerprint", self.answerer.name))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _open(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        opened = sqlite3.connect(path)
        opened.execute(_SCHEMA)
    except (OSError, sqlite3.Error) as error:
        raise QAError(f"cannot keep answers in {path}: {error}; name another file") from error
    return opened
