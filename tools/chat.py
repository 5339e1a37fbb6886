"""A chat model as the tools use it: one prompt in, one text out, every call counted."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


class ChatError(Exception):
    """A chat model that cannot be opened, or whose answers cannot be used. The message says the remedy."""


@dataclass(frozen=True, slots=True)
class ChatUsage:
    """What was spent so far. Tokens are the provider's own count, 0 where it gives none."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


class Chat:
    """Any LangChain chat model, asked with plain prompts.

    >>> Chat(open_chat_model("openai:gpt-5-mini")).ask("Say yes.")
    """

    def __init__(self, model: BaseChatModel, name: str | None = None) -> None:
        self._model = model
        self._usage = ChatUsage()
        self.name = name or _name_of(model)

    @property
    def model(self) -> BaseChatModel:
        return self._model

    @property
    def usage(self) -> ChatUsage:
        return self._usage

    def ask(self, prompt: str) -> str:
        """The model's answer. Raises `ChatError` when it gives none."""
        return str(self.message(prompt).text).strip()

    def message(self, prompt: str) -> Any:
        """The model's answer as LangChain's message, with what the provider says beside it. Raises `ChatError`."""
        try:
            message = self._model.invoke(prompt)
        except Exception as error:  # every provider has its own errors
            raise ChatError(f"{self.name} did not answer: {type(error).__name__}: {error}") from error
        self._count(message)
        return message

    def ask_list(self, prompt: str, *, most: int | None = None) -> list[str]:
        """The answer as a list: one item a line, numbers, bullets and quotation marks taken off."""
        lines = [_item(line) for line in self.ask(prompt).splitlines()]
        return list(dict.fromkeys(line for line in lines if line))[:most]

    def _count(self, message: Any) -> None:
        said = getattr(message, "usage_metadata", None) or {}
        before = self._usage
        self._usage = ChatUsage(
            before.calls + 1,
            before.input_tokens + int(said.get("input_tokens", 0)),
            before.output_tokens + int(said.get("output_tokens", 0)),
        )


def open_chat_model(name: str, **options: Any) -> BaseChatModel:
    """The chat model `provider:model` (`openai:…`, `anthropic:…`, `ollama:…`), or `local:NAME`, a model of transformers
    by whatever name `zetetic.models.load` takes. Raises `ChatError`.

    `options` go to LangChain as they are: `base_url` for a server that speaks OpenAI's protocol, `temperature`.
    """
    from langchain.chat_models import init_chat_model

    provider, colon, model = name.partition(":")
    if not (provider and colon and model):
        raise ChatError(f"a chat model is named PROVIDER:MODEL, such as openai:gpt-5-mini, got {name!r}")
    if provider == "local":
        return _open_local(model, options)
    if provider == "openai" and "base_url" in options and not os.environ.get("OPENAI_API_KEY"):
        options = {"api_key": "none", **options}  # a server of one's own asks for none, but the client insists on one
    try:
        opened: BaseChatModel = init_chat_model(model, model_provider=provider, **options)
    except ImportError as error:
        raise ChatError(f"{name} needs a package that is not installed: {error}") from error
    except Exception as error:
        raise ChatError(f"{name} could not be opened: {error}") from error
    return opened


def _open_local(name: str, options: dict[str, Any]) -> BaseChatModel:
    from ..models import ModelError, load
    from ..models.chat import LocalChatModel

    unknown = options.keys() - LocalChatModel.model_fields.keys()
    if unknown:
        raise ChatError(f"a local model takes no {', '.join(sorted(unknown))}; leave it out")
    try:
        return LocalChatModel(language_model=load(name), **options)
    except ModelError as error:
        raise ChatError(str(error)) from error


def _item(line: str) -> str:
    return re.sub(r"^\s*(?:[-*•]|\(?\d+[.):])\s*", "", line).strip().strip("\"“”'").strip()


def _name_of(model: Any) -> str:
    for attribute in ("model_name", "model"):
        named = getattr(model, attribute, None)
        if isinstance(named, str) and named:
            return named
    return type(model).__name__
