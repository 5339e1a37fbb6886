"""A chat model that follows a script: for tests, and for authors of tools and agents."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ConfigDict, PrivateAttr


@dataclass(frozen=True)
class Call:
    """One tool call. `raw` in place of `arguments` is sent as an invalid call, as providers hand over broken JSON."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    raw: str | None = None


@dataclass(frozen=True)
class Say:
    """A whole reply: words, tool calls, and how long it takes."""

    text: str = ""
    calls: tuple[Call, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True)
class Fail:
    """Raise `error` so many `times`, then go on with `then`. The count lives as long as the model object."""

    error: Exception
    times: int = 1
    then: Reply = ""


Reply: TypeAlias = str | Call | Sequence[Call] | Say | Fail | Exception
Script: TypeAlias = Callable[[Sequence[BaseMessage]], Reply] | Sequence[Reply]


class ScriptedChatModel(BaseChatModel):
    """Replies chosen from the transcript: by a function of the messages, or the next of a list.

    A list's reply is the one whose place is the number of the assistant's messages so far, so that a conversation that
    is taken up again goes on where it was; after the end of the list the last reply is repeated.

    >>> model = ScriptedChatModel(script=[Call("query", {"inputs": [[1.0]]}), "It doubles its input."])
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)
    script: Any
    """A `Script`."""
    model_name: str = "scripted"
    _failures: Counter[int] = PrivateAttr(default_factory=Counter)
    _calls: int = PrivateAttr(default=0)
    _seen: list[list[BaseMessage]] = PrivateAttr(default_factory=list)
    _tools: list[list[dict[str, Any]]] = PrivateAttr(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "zetetic-scripted"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model_name": self.model_name}

    @property
    def seen(self) -> list[list[BaseMessage]]:
        """The messages of each call, in order; calls that failed among them."""
        return self._seen

    @property
    def tools_seen(self) -> list[list[dict[str, Any]]]:
        """The tools that each call was given, as OpenAI's protocol writes them."""
        return self._tools

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._reply(messages, kwargs.get("tools") or []))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        whole = self._reply(messages, kwargs.get("tools") or [])
        for piece in re.findall(r"\S+\s*|\s+", str(whole.text)):
            chunk = ChatGenerationChunk(message=AIMessageChunk(content=piece, id=whole.id))
            if run_manager is not None:
                run_manager.on_llm_new_token(piece, chunk=chunk)
            yield chunk
        yield ChatGenerationChunk(
            message=AIMessageChunk(
                content="",
                id=whole.id,
                tool_call_chunks=[
                    {"name": c["name"], "args": c["args"], "id": c["id"], "index": i, "type": "tool_call_chunk"}
                    for i, c in enumerate(_in_text(whole))
                ],
                usage_metadata=whole.usage_metadata,
                chunk_position="last",
            )
        )

    def _reply(self, messages: Sequence[BaseMessage], tools: list[dict[str, Any]]) -> AIMessage:
        self._seen.append(list(messages))
        self._tools.append(tools)
        turn = sum(isinstance(message, AIMessage) for message in messages)
        if callable(self.script):
            reply: Reply = self.script(messages)
        elif len(self.script) == 0:
            raise ValueError("expected a script of at least one reply, got none")
        else:
            reply = self.script[min(turn, len(self.script) - 1)]
        return self._message(self._settle(reply, turn), messages, turn)

    def _settle(self, reply: Reply, turn: int) -> Say:
        """What is said, after failures on cue."""
        if isinstance(reply, Fail):
            self._failures[turn] += 1
            if self._failures[turn] <= reply.times:
                raise reply.error
            return self._settle(reply.then, turn)
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, str):
            return Say(reply)
        if isinstance(reply, Call):
            return Say(calls=(reply,))
        return reply if isinstance(reply, Say) else Say(calls=tuple(reply))

    def _message(self, said: Say, messages: Sequence[BaseMessage], turn: int) -> AIMessage:
        if said.seconds:
            time.sleep(said.seconds)
        named = [(f"call_{turn}_{number}", call) for number, call in enumerate(said.calls)]
        read = sum(_tokens(str(message.text)) for message in messages)
        written = _tokens(said.text) + sum(_tokens(str(call.arguments)) + 4 for call in said.calls)
        return AIMessage(
            content=said.text,
            tool_calls=[
                {"name": call.name, "args": call.arguments, "id": id, "type": "tool_call"}
                for id, call in named
                if call.raw is None
            ],
            invalid_tool_calls=[
                {"name": call.name, "args": call.raw, "id": id, "error": "not JSON", "type": "invalid_tool_call"}
                for id, call in named
                if call.raw is not None
            ],
            usage_metadata={"input_tokens": read, "output_tokens": written, "total_tokens": read + written},
        )


def _in_text(message: AIMessage) -> list[dict[str, Any]]:
    """The calls of `message`, good and bad, with their arguments as text: the way in which providers stream them."""
    good = [{**call, "args": json.dumps(call["args"])} for call in message.tool_calls]
    return good + [dict(call) for call in message.invalid_tool_calls]


def _tokens(text: str) -> int:
    """A count that stands in for a tokenizer's: four characters a token."""
    return (len(text) + 3) // 4
