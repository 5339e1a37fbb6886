"""Patchscopes: put a hidden state into another prompt and let the model say what it holds (arXiv:2401.06102).

Names are handed out when they are asked for, so that importing this loads no torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .comparison import Comparison, Estimate
    from .errors import MappingError, PatchscopeError, TaskFileError
    from .mappings import Affine, fit_affine, identity
    from .outcomes import Cell, Patchscope, Reading, Reference
    from .places import PLACEHOLDER, AtCharacter, LastTokenOf, Source, Target
    from .scope import describe, grid, patchscope, pooled
    from .targets import CONTROLS, entity_description, token_identity

_HOMES = {
    "CONTROLS": "targets",
    "PLACEHOLDER": "places",
    "Affine": "mappings",
    "AtCharacter": "places",
    "Cell": "outcomes",
    "Comparison": "comparison",
    "Estimate": "comparison",
    "LastTokenOf": "places",
    "MappingError": "errors",
    "Patchscope": "outcomes",
    "PatchscopeError": "errors",
    "Reading": "outcomes",
    "Reference": "outcomes",
    "Source": "places",
    "Target": "places",
    "TaskFileError": "errors",
    "describe": "scope",
    "entity_description": "targets",
    "fit_affine": "mappings",
    "grid": "scope",
    "identity": "mappings",
    "patchscope": "scope",
    "pooled": "scope",
    "token_identity": "targets",
}

__all__ = [
    "CONTROLS",
    "PLACEHOLDER",
    "Affine",
    "AtCharacter",
    "Cell",
    "Comparison",
    "Estimate",
    "LastTokenOf",
    "MappingError",
    "Patchscope",
    "PatchscopeError",
    "Reading",
    "Reference",
    "Source",
    "Target",
    "TaskFileError",
    "describe",
    "entity_description",
    "fit_affine",
    "grid",
    "identity",
    "patchscope",
    "pooled",
    "token_identity",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"zetetic.tools.patchscope has no name {name!r}; its names are {', '.join(__all__)}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
