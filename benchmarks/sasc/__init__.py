"""SASC measured on synthetic text modules: is the keyword found that a module was made of?"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .options import SascOptions
    from .report import SascReport
    from .run import run_sasc
    from .table import render

_HOMES = {"SascOptions": "options", "SascReport": "report", "render": "table", "run_sasc": "run"}

__all__ = ["SascOptions", "SascReport", "render", "run_sasc"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"zetetic.benchmarks.sasc has no name {name!r}; its names are {', '.join(__all__)}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
