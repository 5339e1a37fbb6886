"""SASC: explain a text module in words by the phrases it responds to, and score what was said (arXiv:2305.09863).

Names are handed out when they are asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .pipeline import HeldOutTexts, SascResult, Scored, sasc, score
    from .ranking import responses, top_phrases
    from .rivals import baselines
    from .summarizing import summarize
    from .synthesizing import synthesize
    from .tool import SascTools, sasc_tools
    from .types import Candidate, Module, RankedPhrases, SascError, Synthetic

_HOMES = {
    "Candidate": "types",
    "HeldOutTexts": "pipeline",
    "Module": "types",
    "RankedPhrases": "types",
    "SascError": "types",
    "SascResult": "pipeline",
    "SascTools": "tool",
    "Scored": "pipeline",
    "Synthetic": "types",
    "baselines": "rivals",
    "responses": "ranking",
    "sasc": "pipeline",
    "sasc_tools": "tool",
    "score": "pipeline",
    "summarize": "summarizing",
    "synthesize": "synthesizing",
    "top_phrases": "ranking",
}

__all__ = [
    "Candidate",
    "HeldOutTexts",
    "Module",
    "RankedPhrases",
    "SascError",
    "SascResult",
    "SascTools",
    "Scored",
    "Synthetic",
    "baselines",
    "responses",
    "sasc",
    "sasc_tools",
    "score",
    "summarize",
    "synthesize",
    "top_phrases",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"zetetic.tools.sasc has no name {name!r}; its names are {', '.join(__all__)}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
