"""Patchscopes measured: next tokens from every layer, and attributes of subjects, beside controls and baselines."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .options import PatchscopesOptions
    from .report import PatchscopesReport
    from .run import run_patchscopes
    from .table import render

_HOMES = {
    "PatchscopesOptions": "options",
    "PatchscopesReport": "report",
    "render": "table",
    "run_patchscopes": "run",
}

__all__ = ["PatchscopesOptions", "PatchscopesReport", "render", "run_patchscopes"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"zetetic.benchmarks.patchscopes has no name {name!r}; its names are {', '.join(__all__)}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
