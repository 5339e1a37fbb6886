"""Patchscopes: put a hidden state into another prompt and let the model say what it holds (arXiv:2401.06102).

Names are handed out when they are asked for, so that importing this loads no torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .attributes import extract
    from .comparison import Comparison, Estimate
    from .crossing import fit_cross_model
    from .errors import MappingError, PatchscopeError, TaskFileError
    from .lenses import TunedLens, fit_tuned_lens, logit_lens, tuned_lens
    from .mappings import Affine, fit_affine, identity
    from .multihop import self_correct
    from .outcomes import Cell, Patchscope, Reading, Reference
    from .places import AtCharacter, LastTokenOf, Source, Target
    from .probes import probe
    from .scope import describe, grid, patchscope, pooled
    from .targets import entity_description, token_identity
    from .tool import patchscope_tool

_HOMES = {
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
    "TunedLens": "lenses",
    "describe": "scope",
    "entity_description": "targets",
    "extract": "attributes",
    "fit_affine": "mappings",
    "fit_cross_model": "crossing",
    "fit_tuned_lens": "lenses",
    "grid": "scope",
    "identity": "mappings",
    "logit_lens": "lenses",
    "patchscope": "scope",
    "patchscope_tool": "tool",
    "pooled": "scope",
    "probe": "probes",
    "self_correct": "multihop",
    "token_identity": "targets",
    "tuned_lens": "lenses",
}

__all__ = [
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
    "TunedLens",
    "describe",
    "entity_description",
    "extract",
    "fit_affine",
    "fit_cross_model",
    "fit_tuned_lens",
    "grid",
    "identity",
    "logit_lens",
    "patchscope",
    "patchscope_tool",
    "pooled",
    "probe",
    "self_correct",
    "token_identity",
    "tuned_lens",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"zetetic.tools.patchscope has no name {name!r}; its names are {', '.join(__all__)}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
