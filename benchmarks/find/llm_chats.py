"""Chat models that play boxes and judges in the benchmark: each answer is paid for once, whatever is cut short."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ...tools.black_boxes import BlackBoxError
from ...tools.chat import Chat, ChatError, open_chat_model
from ..errors import BenchmarkError, Unfinished
from ..ledger import Ledger
from .options import FindOptions

if TYPE_CHECKING:
    from ...agent.llm.faults import Waiting

EMBEDDER = "embedder"
"""What is named in the place of a judge where the embedder judges."""
EVEN: dict[str, Any] = {"temperature": 0}
"""How boxes and judges are asked: so that they answer alike each time."""
_CONNECT_SECONDS = 5.0


class Silent(BlackBoxError):
    """A chat model behind a box that gives no answer: the box as a whole is gone for now."""


class KeptChat(Chat):
    """`chat` asked with patience, its answers kept in `file` by their prompts. It is asked at an even temperature, so
    the same prompt has the same answer.

    `ask` raises `Silent` where a box stands on it (`plays_box`), else `Unfinished`, once it does not answer.
    """

    def __init__(self, chat: Chat, file: Path, *, plays_box: bool = False, waiting: Waiting | None = None) -> None:
        super().__init__(chat.model, chat.name)
        self._kept = Ledger(file)
        self._plays_box = plays_box
        self._waiting = waiting

    def ask(self, prompt: str) -> str:
        key = hashlib.sha256(f"{self.name}\0{prompt}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
        known = self._kept.get(key)
        if known is None:
            message = self._message(prompt)
            said: dict[str, Any] = getattr(message, "usage_metadata", None) or {}
            self._count(message)
            spent = {"input": int(said.get("input_tokens", 0)), "output": int(said.get("output_tokens", 0))}
            known = {"answer": str(message.text).strip(), **spent}
            self._kept.append(key, known)
        return str(known["answer"])

    def _message(self, prompt: str) -> Any:
        from ...agent.llm.faults import Waiting

        try:
            return (self._waiting or Waiting()).call(lambda: self.model.invoke(prompt))
        except ChatError as error:
            said = f"{self.name}: {error}"
            raise (Silent if self._plays_box else Unfinished)(said) from error


def kept_spending(folder: Path, who: str) -> Iterator[tuple[int, int]]:
    """Tokens read and written in each answer of the box's or the judge's chat model."""
    file = chat_file(folder, who)
    for record in Ledger(file).records() if file.is_file() else ():
        yield int(record.get("input", 0)), int(record.get("output", 0))


def chat_file(folder: Path, who: str) -> Path:
    """Where the answers of the chat model in the part of `who` (box, judge) are kept."""
    return folder / f"{who}.jsonl"


def open_kept(options: FindOptions, folder: Path, who: str) -> KeptChat:
    """The chat model in the part of `who`, its answers kept in `folder`. Raises BenchmarkError."""
    name, url = (options.box_model, options.box_url) if who == "box" else (options.judge, options.judge_url)
    assert name is not None
    option = "--box-model" if who == "box" else "--judge"
    chat = _opened(name, url, option, cached=options.cache_replies, **EVEN)
    return KeptChat(chat, chat_file(folder, who), plays_box=who == "box")


def open_scientist(options: FindOptions) -> Chat:
    """The chat model that investigates. Raises BenchmarkError."""
    by = options.investigator
    assert by.model is not None
    return _opened(by.model, by.base_url, "--model", cached=options.cache_replies)


def check_models(options: FindOptions) -> None:
    """Refuse chat models that cannot be opened, servers where nobody listens, and tables of prices that cannot be read.

    Raises BenchmarkError.
    """
    by = options.investigator
    judge = None if options.judge == EMBEDDER else options.judge
    for option, name, url in (
        ("--model", by.model, by.base_url),
        ("--box-model", options.box_model, options.box_url),
        ("--judge", judge, options.judge_url),
    ):
        if name is not None:
            _opened(name, url, option, **({} if option == "--model" else EVEN))
            _check_prices()
        elif url is not None:
            raise BenchmarkError(f"expected {option} PROVIDER:MODEL with the server {url}, got none")


def _check_prices() -> None:
    from ...agent.llm import Prices
    from ...agent.llm.accounts import PriceError

    try:
        Prices.load()
    except PriceError as error:
        raise BenchmarkError(str(error)) from error


def _opened(name: str, url: str | None, option: str, *, cached: bool = False, **parameters: Any) -> Chat:
    """The chat model `name`; with `cached`, one that remembers over runs what it said under these very settings."""
    if url is not None:
        _check_listening(url, option)
        parameters["base_url"] = url
    if cached:
        from ...models.chat.reply_cache import ReplyCache, cache_folder

        parameters["cache"] = ReplyCache(cache_folder(), {"model": name, **parameters})
    try:
        return Chat(open_chat_model(name, **parameters), name)
    except ChatError as error:
        raise BenchmarkError(f"{option}: {' '.join(str(error).split())}") from error


def _check_listening(url: str, option: str) -> None:
    """Whether a server is there at all; nothing is asked of it."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BenchmarkError(f"expected a server for {option} such as http://127.0.0.1:8000/v1, got {url!r}")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        socket.create_connection((parts.hostname, port), timeout=_CONNECT_SECONDS).close()
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise BenchmarkError(f"nobody answers at {url} ({said}), the server for {option}; start it first") from error
