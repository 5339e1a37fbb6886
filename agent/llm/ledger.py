"""What a model said and what tools answered it, kept in the journal: paid for once, whatever dies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from langchain_core.messages import AIMessage, BaseMessage, message_to_dict, messages_from_dict

from .accounts import Usage

if TYPE_CHECKING:
    from ..inquiry import JournaledInquiry
    from ..journal import Journal


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool said. `failed`: it was a mistake of the model's, told with its remedy."""

    text: str
    failed: bool = False


class Ledger:
    """The notes of one run that belong to its conversation, read once and then kept up."""

    def __init__(self, inquiry: JournaledInquiry) -> None:
        self._inquiry = inquiry
        self._replies: dict[str, AIMessage] = {}
        self._answers: dict[str, Answer] = {}
        self._written: dict[str, tuple[int, dict[str, Any]]] = {}
        self._open: tuple[str, int] | None = None
        self._last = 0
        for event in inquiry.journal.events():
            self._last = event.sequence
            if event.kind == "note":
                self._take(event.data, event.sequence)

    @property
    def journal(self) -> Journal:
        return self._inquiry.journal

    @property
    def lived_until(self) -> int:
        """The sequence number of the first event that is to be lived again: that of a tool which was cut short, else
        one beyond the last.
        """
        return self._open[1] if self._open is not None else self._last + 1

    @property
    def written(self) -> dict[str, dict[str, Any]]:
        """The hypotheses that were written down before `lived_until`, by id, as `keep_hypothesis` was told of them."""
        return {id: fields for id, (sequence, fields) in self._written.items() if sequence < self.lived_until}

    def reply(self, key: str) -> AIMessage | None:
        """What the model said to the conversation `key` (see `conversation_key`), if it was asked before."""
        return self._replies.get(key)

    def keep_reply(self, key: str | None, reply: AIMessage, usage: Usage, dollars: float, **more: Any) -> None:
        """Commit a reply with what it cost, in one event. Without a `key` only the cost counts.

        Raises BudgetError once the cost is beyond the budget; the reply is kept before that.
        """
        note: dict[str, Any] = {"counted": usage.counted, **more}
        if key is not None:
            note |= {"key": key, "reply": message_to_dict(reply)}
            self._replies[key] = reply
        self._inquiry.charge(tokens=usage.tokens, money=dollars, what="model", more=note)

    def answer(self, call_id: str) -> Answer | None:
        """What the tool call said, if it came to its end before."""
        return self._answers.get(call_id)

    def begin(self, call_id: str, name: str, arguments: dict[str, Any]) -> None:
        """A tool call starts; what follows in the journal belongs to it."""
        if self._open is None or self._open[0] != call_id:
            event = self._note({"tool": {"id": call_id, "name": name, "arguments": _as_json(arguments)}})
            self._open = (call_id, event.sequence)

    def finish(self, call_id: str, answer: Answer) -> None:
        """The tool call has answered."""
        self._answers[call_id] = answer
        self._open = None
        self._note({"answered": {"id": call_id, "text": answer.text, "failed": answer.failed}})

    def keep_hypothesis(self, id: str, fields: dict[str, Any]) -> None:
        """What the journal does not know of hypothesis `id` by itself."""
        event = self._note({"written": {"id": id, **fields}})
        self._written[id] = (event.sequence, fields)

    def say(self, text: str) -> None:
        """A remark on the run, for people."""
        self._note({"text": text})

    def _note(self, data: dict[str, Any]) -> Any:
        return self.journal.append("note", {**data, "elapsed": self._inquiry.elapsed})

    def _take(self, data: dict[str, Any], sequence: int) -> None:
        if "key" in data and "reply" in data:
            self._replies[data["key"]] = _loaded(data["reply"])
        elif "tool" in data:
            self._open = (str(data["tool"]["id"]), sequence)
        elif "answered" in data:
            said = data["answered"]
            self._answers[said["id"]] = Answer(str(said["text"]), bool(said["failed"]))
            self._open = None
        elif "written" in data:
            fields = dict(data["written"])
            self._written[str(fields.pop("id"))] = (sequence, fields)


def conversation_key(messages: Sequence[BaseMessage]) -> str:
    """What names a state of the conversation: a hash of who said what, of tool calls and their answers, in order."""
    said = [
        [m.type, str(m.text), getattr(m, "tool_calls", None) or [], getattr(m, "tool_call_id", None)] for m in messages
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _loaded(data: Any) -> AIMessage:
    [message] = messages_from_dict([data])
    assert isinstance(message, AIMessage)
    return message


def _as_json(value: Any) -> Any:
    """`value` as a journal takes it."""
    return json.loads(json.dumps(value, default=str))
