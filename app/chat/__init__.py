"""A conversation with an investigation while it runs, and about it afterwards.

Names are handed out when they are asked for, so that importing this loads no LangChain and no terminal.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .desk import Desk
    from .session import ChatSession
    from .showing import Line
    from .work import Opening

_HOMES = {"ChatSession": "session", "Desk": "desk", "Line": "showing", "Opening": "work"}

__all__ = ["ChatSession", "Desk", "Line", "Opening"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"zetetic.app.chat has no name {name!r}; its names are {', '.join(__all__)}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
