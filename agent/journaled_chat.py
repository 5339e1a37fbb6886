"""A chat model whose answers are in the journal: a resumed run hears what it was told, and pays once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ..tools.chat import Chat

if TYPE_CHECKING:
    from .inquiry import JournaledInquiry


class JournaledChat(Chat):
    """`chat`, asked within an inquiry. Raises BudgetError once what it costs is beyond the budget."""

    def __init__(self, chat: Chat, inquiry: JournaledInquiry) -> None:
        super().__init__(chat.model, chat.name)
        self._chat = chat
        self._inquiry = inquiry
        self._times: dict[str, int] = {}

    def ask(self, prompt: str) -> str:
        """The answer: from the journal where the run had it before, else from the model, and kept."""
        key = hashlib.sha256(prompt.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._times[key] = self._times.get(key, 0) + 1
        before = self._chat.usage
        answer = str(
            self._inquiry.remember(f"chat/{self.name}/{key}/{self._times[key]}", lambda: self._chat.ask(prompt))
        )
        after = self._chat.usage
        tokens = after.input_tokens + after.output_tokens - before.input_tokens - before.output_tokens
        if after.calls > before.calls:
            self._inquiry.charge(tokens=tokens, what=f"asked {self.name}")
        return answer
