"""What language models cost: tokens counted, and priced by a table that users can edit."""

from __future__ import annotations

import contextlib
import fnmatch
import json
import os
import threading
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, NonNegativeFloat, ValidationError

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, BaseMessage

CACHED_REPLY = "zetetic_cached_reply"
"""The mark in a reply's metadata that `models.chat.ReplyCache` gave it."""
PRICES_VARIABLE = "ZETETIC_PRICES"
"""The environment variable that names a TOML file whose prices win over ours."""
_PER = 1e6
_MESSAGE_TOKENS = 4
_TABLE_SECONDS = 3.0


class PriceError(ValueError):
    """A price table that cannot be read. The message says where."""


class Price(BaseModel):
    """US dollars for a million tokens. `cached`: for input tokens that the provider had in its cache."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    input: NonNegativeFloat
    output: NonNegativeFloat
    cached: NonNegativeFloat | None = None


@dataclass(frozen=True)
class Prices:
    """Prices by the patterns of models' names, the first that matches counts. A model without one costs nothing here,
    and `of` says so by None.
    """

    table: tuple[tuple[str, Price], ...] = ()

    @classmethod
    def load(cls, path: Path | None = None) -> Prices:
        """The user's table (`path`, else `$ZETETIC_PRICES`), then ours. Raises `PriceError`."""
        named = os.environ.get(PRICES_VARIABLE, "").strip()
        own = path or (Path(named).expanduser() if named else None)
        ours = _read(files(__package__).joinpath("prices.toml").read_text(encoding="utf-8"), "our own table")
        if own is None:
            return cls(ours)
        try:
            text = own.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise PriceError(f"expected a table of prices at {own}, got: {error}; mend {PRICES_VARIABLE}") from error
        return cls((*_read(text, str(own)), *ours))

    def of(self, model: str) -> Price | None:
        """The price of `model` (with or without its provider); None if nobody said."""
        bare = model.rpartition(":")[2].lower()
        return next((price for pattern, price in self.table if fnmatch.fnmatch(bare, pattern.lower())), None)


def _read(text: str, place: str) -> tuple[tuple[str, Price], ...]:
    try:
        rows = tomllib.loads(text)
        return tuple((name, Price.model_validate(row)) for name, row in rows.items())
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        said = " ".join(str(error).split())
        raise PriceError(f'expected ["model-pattern"] with input and output in {place}, got: {said}') from error


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one reply. `counted` is false where they are an estimate, for want of the provider's own figures."""

    input: int
    output: int
    cached: int = 0
    counted: bool = True

    @property
    def tokens(self) -> int:
        return self.input + self.output

    def dollars(self, price: Price | None) -> float:
        """What it cost; 0 without a price."""
        if price is None:
            return 0.0
        saved = price.input if price.cached is None else price.cached
        return ((self.input - self.cached) * price.input + self.cached * saved + self.output * price.output) / _PER


def usage_of(reply: AIMessage, prompt: Sequence[BaseMessage], tools: Sequence[Any], model: Any) -> Usage:
    """What `reply` cost in tokens: the provider's figures, else a count of `prompt`, `tools` and reply.

    A reply out of a cache cost nothing.
    """
    if reply.response_metadata.get(CACHED_REPLY):
        return Usage(0, 0)
    said = reply.usage_metadata
    if said is not None and said.get("total_tokens", 0) > 0:
        cached = int((said.get("input_token_details") or {}).get("cache_read", 0) or 0)
        read = int(said.get("input_tokens", 0))
        return Usage(read, int(said.get("output_tokens", 0)), min(cached, read))
    read = count_tokens(prompt, model) + _text_tokens(json.dumps(list(tools), default=str), model)
    return Usage(read, count_tokens([reply], model), counted=False)


def count_tokens(messages: Iterable[BaseMessage], model: Any = None) -> int:
    """An estimate of the tokens of `messages`: by tiktoken where its tables are at hand, else by the model's tokenizer,
    else by length (3.5 characters a token).
    """
    total = 0
    for message in messages:
        calls = getattr(message, "tool_calls", None) or []
        written = "".join(call["name"] + json.dumps(call["args"], default=str) for call in calls)
        total += _text_tokens(str(message.text) + written, model) + _MESSAGE_TOKENS
    return total


def _text_tokens(text: str, model: Any) -> int:
    encoding = _encoding(str(getattr(model, "model_name", "") or getattr(model, "model", "") or ""))
    if encoding is not None:
        return len(encoding.encode(text, disallowed_special=()))
    language_model = getattr(model, "language_model", None)
    tokenizer = getattr(language_model, "tokenizer", None)
    if tokenizer is not None:
        return len(tokenizer(text, add_special_tokens=False)["input_ids"])
    return round(len(text) / 3.5)


@lru_cache(maxsize=16)
def _encoding(model: str) -> Any:
    """tiktoken's encoding for `model`; None where its tables are not at hand and do not come within seconds.

    tiktoken keeps tables in `$TIKTOKEN_CACHE_DIR`. It waits for the network without end, so that is asked aside.
    """
    found: list[Any] = []

    def look() -> None:
        import tiktoken

        with contextlib.suppress(Exception):  # requests' errors, of many kinds
            try:
                found.append(tiktoken.encoding_for_model(model))
            except KeyError:
                found.append(tiktoken.get_encoding("o200k_base"))

    aside = threading.Thread(target=look, daemon=True)
    aside.start()
    aside.join(_TABLE_SECONDS)
    return found[0] if found else None
