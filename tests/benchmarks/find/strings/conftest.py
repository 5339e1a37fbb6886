"""A small data set of functions of texts, written by the tests in FIND's layout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

FUNCTIONS = {
    "f00000": "def function(string):\n    return string[::-1]\n",
    "f00001": "def function1(string):\n    return string.upper()\n\ndef function2(string):\n    return string[1:]\n\n"
    "def function(string):\n    return function1(function2(string))\n",
    "f00002": "import random\n\n\ndef function(string):\n    return string + random.choice('abcdefghijklm')\n",
    "f00003": "def function(string):\n    return string[4]\n",
}
ROWS = [
    {"dir": "f00000", "name": "reverse", "exception": None, "stochastic": False},
    {"dir": "f00001", "name": "drop;upper", "exception": None, "stochastic": False},
]
INPUTS = ["hello", "Big Cat", "ab12", "radar", "x", "one two", "Zebra!", "level", "QUIET", "a b"]
TRUTH = {"f00000": lambda text: text[::-1], "f00001": lambda text: text[1:].upper()}


@pytest.fixture
def strings_set(tmp_path: Path) -> Path:
    """reverse; drop the first and turn into capitals; one that throws dice; one that fails on short texts."""
    folder = tmp_path / "find_dataset" / "strings"
    items = []
    for name, code in FUNCTIONS.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "function_code.py").write_text(code)
        if name in TRUTH:
            vectors = [[[f"no{k}", text, f"not{k}"], ["yes", TRUTH[name](text), "?"]] for k, text in enumerate(INPUTS)]
            items.append({"name": name, "test_vec": vectors, "correct_inx": [2] * len(INPUTS)})
    (folder / "unit_test_data.json").write_text(json.dumps(items))
    (folder / "data.json").write_text(json.dumps(ROWS))
    return folder.parent
