"""Answerers of yes/no questions measured: accuracy and AUC on labelled texts, students, pairs a second."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .options import QAEmbOptions
    from .report import QAEmbReport
    from .run import run_qa_emb
    from .table import render

_HOMES = {"QAEmbOptions": "options", "QAEmbReport": "report", "render": "table", "run_qa_emb": "run"}

__all__ = ["QAEmbOptions", "QAEmbReport", "render", "run_qa_emb"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"zetetic.benchmarks.qa_emb has no name {name!r}; its names are {', '.join(__all__)}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
