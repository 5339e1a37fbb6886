"""What tells two lots of texts apart, or what a column of a table goes with: in words, measured on held-out data.

Names are handed out when they are asked for, so that importing this loads nothing heavy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import DatasetError
    from .explaining import Setup, explain_texts
    from .front import explain_dataset, prepare
    from .reading import Options, read_dataset
    from .tables import TableExplanation, explain_table
    from .tool import explain_dataset_tool
    from .types import DatasetExplanation, Difference, Example, Feature, Rejected, TableData, Target, TextData, Together

_HOMES = {
    "DatasetError": "errors",
    "DatasetExplanation": "types",
    "Difference": "types",
    "Example": "types",
    "Feature": "types",
    "Options": "reading",
    "Rejected": "types",
    "Setup": "explaining",
    "TableData": "types",
    "TableExplanation": "tables",
    "Target": "types",
    "TextData": "types",
    "Together": "types",
    "explain_dataset": "front",
    "explain_dataset_tool": "tool",
    "explain_table": "tables",
    "explain_texts": "explaining",
    "prepare": "front",
    "read_dataset": "reading",
}

__all__ = [
    "DatasetError",
    "DatasetExplanation",
    "Difference",
    "Example",
    "Feature",
    "Options",
    "Rejected",
    "Setup",
    "TableData",
    "TableExplanation",
    "Target",
    "TextData",
    "Together",
    "explain_dataset",
    "explain_dataset_tool",
    "explain_table",
    "explain_texts",
    "prepare",
    "read_dataset",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"zetetic.tools.dataset_explanation has no name {name!r}; see __all__")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
