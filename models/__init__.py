"""The language-model runtime: hidden states, patches and words of a transformer.

Names are handed out when they are asked for, so that importing this loads neither torch nor transformers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .activations import Activations
    from .addresses import Address, parse_address, residual
    from .blocks import Blocks
    from .embedding import Embedder, SentenceEmbedder, load_embedder
    from .errors import (
        AddressError,
        ArchitectureError,
        DownloadError,
        LayerError,
        LoadError,
        ModelError,
        PatchError,
        PositionError,
        PromptError,
    )
    from .generation import Generation
    from .language_model import LanguageModel, NextToken
    from .loading import load
    from .patching import Patch
    from .prompt import Prompt
    from .target import PatchedTarget, TopTokens
    from .targets import PatchedTargets

_HOMES = {
    "Activations": "activations",
    "Address": "addresses",
    "AddressError": "errors",
    "ArchitectureError": "errors",
    "Blocks": "blocks",
    "DownloadError": "errors",
    "Embedder": "embedding",
    "Generation": "generation",
    "LanguageModel": "language_model",
    "LayerError": "errors",
    "LoadError": "errors",
    "ModelError": "errors",
    "NextToken": "language_model",
    "Patch": "patching",
    "PatchError": "errors",
    "PatchedTarget": "target",
    "PatchedTargets": "targets",
    "PositionError": "errors",
    "Prompt": "prompt",
    "PromptError": "errors",
    "SentenceEmbedder": "embedding",
    "TopTokens": "target",
    "load": "loading",
    "load_embedder": "embedding",
    "parse_address": "addresses",
    "residual": "addresses",
}

__all__ = [
    "Activations",
    "Address",
    "AddressError",
    "ArchitectureError",
    "Blocks",
    "DownloadError",
    "Embedder",
    "Generation",
    "LanguageModel",
    "LayerError",
    "LoadError",
    "ModelError",
    "NextToken",
    "Patch",
    "PatchError",
    "PatchedTarget",
    "PatchedTargets",
    "PositionError",
    "Prompt",
    "PromptError",
    "SentenceEmbedder",
    "TopTokens",
    "load",
    "load_embedder",
    "parse_address",
    "residual",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"zetetic.models has no name {name!r}; its names are {', '.join(__all__)}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
