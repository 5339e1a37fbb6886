"""Functions to run benchmarks on, written by the tests."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

ROWS: list[dict[str, Any]] = [
    {"id": "f1", "family": "constant", "variant": "clean", "expression": "7.5 * np.ones_like(x)"},
    {"id": "f2", "family": "linear", "variant": "clean", "expression": "2.5*x + -4.0"},
    {
        "id": "f3",
        "family": "linear;constant;sum_two",
        "variant": "noised",
        "expression": "0.5*x + 3.0 + 2 * np.ones_like(x)",
        "noise": {"kind": "poisson", "rate": 1},
    },
    {
        "id": "f4",
        "family": "linear",
        "variant": "corrupted",
        "expression": "1.5*x + 2.0",
        "corruption": {"region": [20.5, None], "mean": -60.0, "scale": 0.1},
    },
]


@pytest.fixture
def rows_file(tmp_path: Path) -> Path:
    """A small jsonl in the layout of the FIND metadata."""
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps({"domain": [-100, 100], **row}) + "\n" for row in ROWS))
    return path


@pytest.fixture(scope="session")
def find_data() -> Path:
    """The development rows of FIND, where they are at hand."""
    folder = Path(os.environ.get("ZETETIC_DATA") or ROOT.parent / "shared" / "data")
    path = folder / "find" / "numeric_dev.jsonl"
    if not path.is_file():
        pytest.skip(f"needs find/numeric_dev.jsonl below $ZETETIC_DATA (looked in {folder})")
    return path
