"""The call of a chat model, seen from the terminal: its words as they come, and no waiting for it after Ctrl-C."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from langchain.agents.middleware import AgentMiddleware
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.runnables.config import merge_configs, var_child_runnable_config

from .desk import Desk

T = TypeVar("T")
Hear: TypeAlias = Callable[[str | None], None]
"""Gets the words of a reply as they come; None where a reply begins."""
GRACE_SECONDS = 0.7
"""How long a reply may still take after Ctrl-C: one that is nearly there is paid for, and worth keeping."""
_LOOK_SECONDS = 0.05


class Calling(AgentMiddleware[Any, Any]):
    """Stands next to the model: `hear` gets its words as they come, and a call that hangs is left when the person says.

    A call that was left may still end, unheard, in a thread of its own. The next one asks the same again.
    """

    def __init__(self, desk: Desk, hear: Hear | None = None) -> None:
        super().__init__()
        self.tools = []
        self._desk, self._hear = desk, hear

    def wrap_model_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
        context = contextvars.copy_context()
        words = None if self._hear is None else _Words(self._hear)
        if words is not None and self._hear is not None:
            self._hear(None)
            context.run(_listen, words)
        try:
            return leavable(lambda: context.run(handler, request), self._desk)
        finally:
            if words is not None:
                words.mute()


def leavable(work: Callable[[], T], desk: Desk) -> T:
    """What `work` gives; once the person has stopped or left it, wait no longer than `GRACE_SECONDS` for it.

    Raises what `desk.check` does where it is left behind.
    """
    outcome: list[T] = []
    trouble: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:
            trouble.append(error)

    thread = threading.Thread(target=run, name="model call", daemon=True)
    thread.start()
    stopped_at: float | None = None
    while thread.is_alive():
        thread.join(_LOOK_SECONDS)
        if not desk.is_stopping:
            stopped_at = None
            continue
        stopped_at = stopped_at or time.monotonic()
        if thread.is_alive() and time.monotonic() - stopped_at >= GRACE_SECONDS:
            desk.check()
    if trouble:
        raise trouble[0]
    return outcome[0]


class _Words(BaseCallbackHandler):
    """Hands on what a model says while it says it."""

    def __init__(self, hear: Hear) -> None:
        self._hear: Hear | None = hear

    def mute(self) -> None:
        """What comes now comes too late."""
        self._hear = None

    def on_llm_new_token(self, token: Any, *, chunk: Any = None, **more: Any) -> None:
        text = str(chunk.message.text) if chunk is not None else token
        if self._hear is not None and isinstance(text, str) and text:
            self._hear(text)

    def tap_output_iter(self, run_id: Any, output: Any) -> Any:
        """LangChain streams for handlers that have this."""
        return output

    def tap_output_aiter(self, run_id: Any, output: Any) -> Any:
        """LangChain streams for handlers that have this."""
        return output


def _listen(words: _Words) -> None:
    """Let the models called in this context stream to `words`."""
    config = merge_configs(var_child_runnable_config.get() or {}, {"callbacks": [words]})
    var_child_runnable_config.set(config)
