"""Replies of chat models kept on disk over runs: the same question under the same settings is paid for once."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from langchain_core.caches import RETURN_VAL_TYPE, BaseCache
from langchain_core.messages import AIMessage, message_to_dict, messages_from_dict
from langchain_core.outputs import ChatGeneration, Generation

CACHED_REPLY = "zetetic_cached_reply"
"""The mark in a reply's `response_metadata` that it came from the cache: it cost nothing."""
FOLDER_VARIABLE = "ZETETIC_CACHE"
_FREE = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}
_SAID = ("type", "content", "tool_calls", "invalid_tool_calls", "tool_call_id", "name", "status")
"""What of a message a model is told. The rest (ids, what it cost, who served it) differs between runs."""


class ReplyCache(BaseCache):
    """A folder with a file for each reply, for one model under one set of settings.

    `settings` is everything beside messages, tools and the model's own parameters that answers may depend on, such as
    provider, name and server: a reply is never given under other ones. A hit counts no tokens. Empty replies are not
    kept. Several processes may share a folder.

    >>> ChatOpenAI(model="gpt-5-mini", cache=ReplyCache(cache_folder(), {"model": "openai:gpt-5-mini"}))
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        self._folder = folder
        self._settings = json.dumps(dict(settings), sort_keys=True, default=str)

    def lookup(self, prompt: str, llm_string: str) -> RETURN_VAL_TYPE | None:
        """The reply to `prompt` (LangChain's writing of the messages), free of charge; None if it is not there."""
        try:
            kept = json.loads(self._path(prompt, llm_string).read_text(encoding="utf-8"))
            [message] = messages_from_dict([kept["reply"]])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not isinstance(message, AIMessage):
            return None
        marked = {**message.response_metadata, CACHED_REPLY: True}
        free = {"response_metadata": marked, "usage_metadata": _FREE}
        return [ChatGeneration(message=message.model_copy(update=free))]

    def update(self, prompt: str, llm_string: str, return_val: Sequence[Generation]) -> None:
        """Keep a reply that says something. A folder that cannot be written to costs nobody the run."""
        if len(return_val) != 1 or not isinstance(return_val[0], ChatGeneration):
            return
        message = return_val[0].message
        if not isinstance(message, AIMessage) or not (str(message.text).strip() or message.tool_calls):
            return
        path = self._path(prompt, llm_string)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps({"reply": message_to_dict(message)}, default=str), encoding="utf-8")
            draft.replace(path)

    def clear(self, **_: Any) -> None:
        """Forget every reply in the folder, of other settings too."""
        for path in self._folder.glob("??/*.json"):
            path.unlink(missing_ok=True)

    def _path(self, prompt: str, llm_string: str) -> Path:
        parts = [self._settings, llm_string, json.dumps(_said(json.loads(prompt)), sort_keys=True)]
        digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / digest[:2] / f"{digest}.json"


def cache_folder() -> Path:
    """Where replies are kept unless somebody says otherwise: below `$ZETETIC_CACHE`, else the user's cache folder."""
    import platformdirs

    named = os.environ.get(FOLDER_VARIABLE, "").strip()
    return (Path(named).expanduser() if named else platformdirs.user_cache_path("zetetic")) / "replies"


def _said(messages: Any) -> list[dict[str, Any]]:
    """The messages by who said what."""
    return [
        {"class": m.get("id", [""])[-1], **{k: v for k, v in m.get("kwargs", {}).items() if k in _SAID}}
        for m in messages
    ]
