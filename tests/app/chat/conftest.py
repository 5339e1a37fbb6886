from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from zetetic.agent import Store
from zetetic.sandboxes import open_sandbox

from .room import Room, Shared


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Callable[[], Any]]:
    with open_sandbox() as opened:
        shared = Shared(opened)
        yield lambda: shared


@pytest.fixture
def room(tmp_path: Path, sandbox: Callable[[], Any]) -> Iterator[Room]:
    with Store.open(tmp_path / "store.sqlite") as store:
        made = Room(store, sandbox)
        yield made
        for session in made.open_sessions:
            session.desk.leave()
            session._thread.join(10) if session._thread.is_alive() else None
