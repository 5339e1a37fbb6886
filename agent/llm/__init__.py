"""The LLM scientist: any chat model, our tools, one journal.

Names are handed out when they are asked for, so that importing this loads no LangChain.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .accounts import Price, Prices, count_tokens
    from .scientist import LLMScientist
    from .workbench import Mistake, Workbench

_HOMES = {
    "LLMScientist": "scientist",
    "Mistake": "workbench",
    "Price": "accounts",
    "Prices": "accounts",
    "Workbench": "workbench",
    "count_tokens": "accounts",
}

__all__ = ["LLMScientist", "Mistake", "Price", "Prices", "Workbench", "count_tokens"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"zetetic.agent.llm has no name {name!r}; its names are {', '.join(__all__)}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
