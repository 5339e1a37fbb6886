"""A LangChain chat model over a model of transformers: tools go into its chat template, calls come out of its text."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, ChatMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ConfigDict

from ..errors import PromptError
from ..language_model import LanguageModel
from .parsing import parse_tool_calls

_ROLES = ((SystemMessage, "system"), (HumanMessage, "user"), (AIMessage, "assistant"), (ToolMessage, "tool"))


class LocalChatModel(BaseChatModel):
    """Chat with a local model, its tools and all.

    >>> model = LocalChatModel(language_model=load("smollm2"))
    >>> model.bind_tools([a_tool]).invoke("What is 3 + 4?").tool_calls

    A call that the model writes badly becomes an invalid tool call of the message, never an exception. A prompt longer
    than the model's context raises `PromptError`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)
    language_model: LanguageModel
    max_new_tokens: int = 256
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0

    @property
    def _llm_type(self) -> str:
        return "zetetic-local"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        settings = ("max_new_tokens", "temperature", "top_p", "seed")
        return {"model_name": self.language_model.name} | {name: getattr(self, name) for name in settings}

    @property
    def model_name(self) -> str:
        return self.language_model.name

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The model with these tools in its prompt. A `tool_choice` other than "auto" cannot be enforced on it."""
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **kwargs)

    def get_num_tokens_from_messages(
        self, messages: list[BaseMessage], tools: Sequence[Any] | None = None, **kwargs: Any
    ) -> int:
        """Tokens of the whole prompt, as the model's own tokenizer and chat template make it."""
        shown = [convert_to_openai_tool(tool) for tool in tools] if tools else None
        return len(self._ids(messages, shown))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        ids = self._ids(messages, kwargs.get("tools"))
        model = self.language_model
        limit = model.context_length
        room = self.max_new_tokens if limit is None else min(self.max_new_tokens, limit - len(ids))
        if room < 1:
            raise PromptError(
                f"expected a conversation shorter than {limit} tokens (the context of {model.name}), got {len(ids)}; "
                "shorten it"
            )
        [written] = model.generate(
            [model.prompt(ids)],
            max_new_tokens=room,
            temperature=self.temperature,
            top_p=self.top_p,
            seed=self.seed,
            stop=tuple(stop or ()),
        )
        message = self._message(written.text, prompt=len(ids), new=len(written.ids))
        message.response_metadata = {"finish_reason": written.finish, "model_name": model.name}
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _message(self, text: str, *, prompt: int, new: int) -> AIMessage:
        parsed = parse_tool_calls(text)
        return AIMessage(
            content=parsed.text,
            tool_calls=[
                {"name": name, "args": arguments, "id": _call_id(), "type": "tool_call"}
                for name, arguments in parsed.calls
            ],
            invalid_tool_calls=[
                {"name": name, "args": said, "id": _call_id(), "error": error, "type": "invalid_tool_call"}
                for name, said, error in parsed.invalid
            ],
            usage_metadata={"input_tokens": prompt, "output_tokens": new, "total_tokens": prompt + new},
        )

    def _ids(self, messages: Sequence[BaseMessage], tools: Sequence[dict[str, Any]] | None) -> list[int]:
        """The token ids of the conversation up to where the assistant's answer begins."""
        tokenizer = self.language_model.tokenizer
        if not getattr(tokenizer, "chat_template", None):
            raise PromptError(
                f"expected a model with a chat template, got {self.language_model.name}; load an instruct model"
            )
        knows_calls = "tool_calls" in str(tokenizer.chat_template)
        said = [_as_template(message, knows_calls) for message in messages]
        if tools and "tools" not in str(tokenizer.chat_template):
            said = [{"role": "system", "content": _tools_in_words(tools)}, *said]
        text = tokenizer.apply_chat_template(said, tools=tools or None, tokenize=False, add_generation_prompt=True)
        return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def _as_template(message: BaseMessage, knows_calls: bool) -> dict[str, Any]:
    """`message` as templates take it; its tool calls as text for a template that does not know them."""
    role = next((name for kind, name in _ROLES if isinstance(message, kind)), None)
    if role is None:
        role = message.role if isinstance(message, ChatMessage) else "user"
    said: dict[str, Any] = {"role": role, "content": str(message.text)}
    if isinstance(message, AIMessage) and message.tool_calls:
        calls = [{"name": call["name"], "arguments": call["args"]} for call in message.tool_calls]
        if knows_calls:
            said["tool_calls"] = [{"type": "function", "function": call} for call in calls]
        else:
            written = "\n".join(f"<tool_call>\n{json.dumps(call)}\n</tool_call>" for call in calls)
            said["content"] = f"{said['content']}\n{written}".strip()
    if isinstance(message, ToolMessage) and message.name:
        said["name"] = message.name
    return said


def _tools_in_words(tools: Sequence[dict[str, Any]]) -> str:
    """What a template that knows no tools is told instead, in the words that most open models were trained on."""
    listed = "\n".join(json.dumps(tool) for tool in tools)
    return (
        "You may call functions. Their signatures are within <tools></tools>:\n"
        f"<tools>\n{listed}\n</tools>\n"
        "For each call write a JSON object with its name and arguments within <tool_call></tool_call>:\n"
        '<tool_call>\n{"name": "NAME", "arguments": {}}\n</tool_call>'
    )


def _call_id() -> str:
    return f"call_{uuid.uuid4().hex[:12]}"
