"""Importing the runtime loads nothing heavy, and its names are there when they are asked for."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import zetetic.models


def test_importing_loads_neither_torch_nor_transformers():
    heavy = "[m for m in ('torch', 'transformers') if m in sys.modules]"
    code = f"import zetetic.models, json, sys; print(json.dumps({heavy}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(run.stdout) == []


def test_its_names_are_there_and_a_wrong_one_says_which_exist():
    for name in zetetic.models.__all__:
        assert getattr(zetetic.models, name).__name__ == name
    assert dir(zetetic.models) == list(zetetic.models.__all__)
    with pytest.raises(AttributeError, match=r"no name 'nothing'; its names are .*LanguageModel"):
        _ = zetetic.models.nothing
