"""Fixtures for the agent's tests: a fresh store, a box that records, and a small scientist."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from zetetic.agent import Brief, Budget, Store
from zetetic.tools.black_boxes import Interval, NumericDomain
from zetetic.tools.black_boxes.function import FunctionBox, RecordingBox

TEN = NumericDomain((Interval(-10.0, 10.0),))
HERE = Path(__file__).parent


def _beside(name):
    spec = importlib.util.spec_from_file_location(f"{name}_for_tests", HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def polynomials():
    """The module beside this file with `PolynomialScientist`."""
    return _beside("polynomials")


@pytest.fixture(scope="session")
def toy():
    """The module beside this file with a corpus and a text module."""
    return _beside("toy_texts")


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "journal.sqlite") as opened:
        yield opened


@pytest.fixture
def make_box():
    """A recording box around a function of one number on [-10, 10], unless another domain is given."""

    def make(function=lambda x: x**3 - 2.0 * x, domain=TEN, **cues):
        return RecordingBox(FunctionBox(function, domain), **cues)

    return make


@pytest.fixture
def begin(store):
    """A journal for an investigation of a box."""

    def make(box, *, queries=150, seconds=30.0, seed=0, **more):
        budget = Budget(queries=queries, seconds=seconds, **more)
        return store.create(Brief.of(box, scientist="test", budget=budget, seed=seed))

    return make
