"""A search small enough that tests of what is built on it are fast."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def toy():
    """The module beside this file with `toy_search`."""
    path = Path(__file__).parent / "toy_search.py"
    spec = importlib.util.spec_from_file_location("toy_search_for_tests", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
