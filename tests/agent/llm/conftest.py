from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from zetetic.agent import Store
from zetetic.sandboxes import open_sandbox

from .desk import Desk, Shared


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Callable[[], Any]]:
    with open_sandbox() as opened:
        shared = Shared(opened)
        yield lambda: shared


@pytest.fixture
def desk(tmp_path: Path, sandbox: Callable[[], Any]) -> Iterator[Desk]:
    with Store.open(tmp_path / "store.sqlite") as store:
        yield Desk(store, sandbox)
