"""zetetic: point it at a black box, get a description in words, code that reproduces it, and a held-out score.

Nothing is imported here until a name is asked for, so `import zetetic` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "Budget": ".agent",
    "Explanation": ".agent",
    "Hypothesis": ".agent",
    "InductiveScientist": ".agent",
    "Interval": ".tools.black_boxes",
    "Investigation": ".agent",
    "Journal": ".agent",
    "NumericDomain": ".tools.black_boxes",
    "Observation": ".agent",
    "Score": ".tools.scoring",
    "explain": ".agent",
    "open_box": ".tools.black_boxes",
}

__all__ = sorted([*_HOMES, "__version__"])


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"zetetic has no name {name!r}; its names are {', '.join(__all__)}")
    return getattr(import_module(_HOMES[name], __name__), name)


def __dir__() -> list[str]:
    return __all__
