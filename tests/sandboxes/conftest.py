"""Makes the folder `attacks` importable by the tests beside it, and keeps hosts under attack for a whole run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))


@pytest.fixture(scope="session")
def hosts() -> Iterator[Callable[[Any], Any]]:
    """A host per backend, started when first asked for."""
    from attacks.client import Host

    kept: dict[str, Host] = {}

    def get(backend: Any) -> Host:
        return kept.setdefault(backend.name, Host(backend))

    yield get
    for host in kept.values():
        host.close()
