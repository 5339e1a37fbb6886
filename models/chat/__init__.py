"""Chat models for LangChain: a local one on our runtime, a scripted one and a stub server for tests.

Names are handed out when they are asked for, so that importing this loads neither torch nor LangChain.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .local import LocalChatModel
    from .parsing import parse_tool_calls
    from .reply_cache import ReplyCache
    from .scripted import Call, Fail, Say, ScriptedChatModel
    from .stub_server import StubServer

_HOMES = {
    "Call": "scripted",
    "Fail": "scripted",
    "LocalChatModel": "local",
    "ReplyCache": "reply_cache",
    "Say": "scripted",
    "ScriptedChatModel": "scripted",
    "StubServer": "stub_server",
    "parse_tool_calls": "parsing",
}

__all__ = ["Call", "Fail", "LocalChatModel", "ReplyCache", "Say", "ScriptedChatModel", "StubServer", "parse_tool_calls"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"zetetic.models.chat has no name {name!r}; its names are {', '.join(__all__)}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
