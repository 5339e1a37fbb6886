"""A table of features as a file, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..files import write_whole
from .reading import ReadingError

KINDS = (".csv", ".npz", ".jsonl")


def check_out(path: Path) -> None:
    """Refuse a file of another kind before any work is done."""
    if path.suffix.lower() not in KINDS:
        raise ReadingError(f"expected a file that ends with {', '.join(KINDS)} for --out, got {path}; rename it")


def write_features(
    path: Path, texts: Sequence[str], questions: Sequence[str], table: NDArray[np.float64]
) -> None:  # fmt: skip
    """Write (texts, questions) probabilities: csv with a header, npz (features, questions, texts), or jsonl.

    Raises `OSError` and leaves nothing behind where it cannot.
    """
    check_out(path)
    suffix = path.suffix.lower()
    if suffix == ".npz":
        _write_npz(path, texts, questions, table)
    elif suffix == ".csv":
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["text", *questions])
        writer.writerows([text, *(f"{v:.6g}" for v in row)] for text, row in zip(texts, table))
        write_whole(stream.getvalue(), path)
    else:
        rows = (
            {"text": text, "features": {q: float(f"{v:.6g}") for q, v in zip(questions, row)}}
            for text, row in zip(texts, table)
        )
        write_whole("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), path)


def _write_npz(path: Path, texts: Sequence[str], questions: Sequence[str], table: NDArray[np.float64]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, features=table, questions=np.array(questions), texts=np.array(texts))
        os.chmod(name, 0o644)
        os.replace(name, path)
    except OSError:
        with suppress(OSError):
            os.unlink(name)
        raise
