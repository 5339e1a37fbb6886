"""What text modules have in common: sound texts, answers in order, and a memory by content."""

from __future__ import annotations

import hashlib
import string
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, final

import numpy as np
from numpy.typing import NDArray

from ...models.errors import ModelError
from .guest import encode
from .types import BlackBox, BlackBoxError, Failure, Input, Reply, Signature, TextDomain
from .wire import decode

if TYPE_CHECKING:
    from ..chat import ChatUsage

LONGEST_TEXT = 1000
"""Characters of the longest text that a domain nobody stated allows."""
PRINTABLE = string.printable[:95]
ANY_TEXT = TextDomain(PRINTABLE, LONGEST_TEXT)
"""Where the input of a text module lives when nobody says."""
INPUT_NAMES = ("text",)
REMEMBERED_TEXTS = 200_000
"""Replies that a box keeps, the least recently used ones forgotten first."""
_LASTING = ("raised", "not_finite", "wrong_kind")


@dataclass(frozen=True, slots=True)
class Window:
    """Texts that are computed together, and then handed over: at most so many, at most so long in all; or one."""

    texts: int = 512
    characters: int = 8_192


WINDOW, WINDOW_ON_ACCELERATOR = Window(), Window(8_192, 524_288)
"""A few seconds' work for a small language model on one core; the like for an accelerator."""
Measure = Callable[[Sequence[str]], Sequence[float | Failure]]
"""From different texts to a number for each, or why there is none. Takes care of batches by itself."""


@final
class TextBox:
    """A text module made of a function of many texts. It is deterministic, so each text is computed once.

    >>> box = TextBox("length:", lambda texts: [float(len(text)) for text in texts])
    >>> [reply.value for reply in box.ask(["one", "three"])]
    [3.0, 5.0]

    A `window` of texts is computed at once, and then handed over. `usage` says what a chat model behind it has spent,
    None where there is none.
    """

    def __init__(
        self,
        spec: str,
        measure: Measure,
        *,
        domain: TextDomain | None = None,
        usage: Callable[[], ChatUsage] | None = None,
        window: Window = WINDOW,
    ) -> None:
        self._spec = spec
        self._measure = measure
        self._signature = Signature(INPUT_NAMES, domain or ANY_TEXT)
        self._memory = Memory()
        self._usage = usage
        self._window = window

    @property
    def spec(self) -> str:
        return self._spec

    @property
    def signature(self) -> Signature:
        return self._signature

    @property
    def usage(self) -> ChatUsage | None:
        return self._usage() if self._usage else None

    def ask(self, inputs: Sequence[Input]) -> Iterator[Reply]:
        """See `BlackBox.ask`. Texts are computed window by window, and each window is handed over when it is done."""
        return answer_texts(inputs, self._replies)

    def close(self) -> None:
        """Nothing to let go of: what it computes with may be in use elsewhere."""

    def _replies(self, texts: Sequence[str]) -> Iterator[Reply]:
        for window in windows(texts, self._window):
            fresh = self._memory.fresh(window)
            found = dict(zip(fresh, self._computed(fresh), strict=True))
            for text, reply in found.items():
                self._memory.keep(text, reply)
            for text in window:
                if text in found:
                    yield found.pop(text)
                else:
                    yield self._memory.recall(text) or self._computed([text])[0]

    def _computed(self, texts: Sequence[str]) -> list[Reply]:
        if not texts:
            return []
        begin = time.perf_counter()
        try:
            outcomes = self._measure(texts)
        except (ModelError, RuntimeError, MemoryError) as error:  # out of memory, a device that is gone
            said = str(error) or type(error).__name__
            raise BlackBoxError(f"{self._spec} could not be computed: {said}") from error
        seconds = (time.perf_counter() - begin) / len(texts)
        return [
            Reply(None, outcome, seconds)
            if isinstance(outcome, Failure)
            else decode(encode(outcome, "number", seconds))
            for outcome in outcomes
        ]


@final
class RememberingBox:
    """Wraps a text module that always answers alike: a text that was asked before is not asked again.

    Only lasting failures are remembered, not a time-out or a broken connection. Do not wrap a noisy box: repeats,
    by which noise is measured, would all agree.
    """

    def __init__(self, box: BlackBox) -> None:
        self._box = box
        self._memory = Memory()

    @property
    def spec(self) -> str:
        return self._box.spec

    @property
    def signature(self) -> Signature:
        return self._box.signature

    @property
    def standing(self) -> object:
        """What keeps the code of the wrapped box in; None where nothing does."""
        return getattr(self._box, "standing", None)

    def ask(self, inputs: Sequence[Input]) -> Iterator[Reply]:
        """See `BlackBox.ask`."""
        return answer_texts(inputs, self._replies)

    def close(self) -> None:
        self._box.close()

    def _replies(self, texts: Sequence[str]) -> Iterator[Reply]:
        asked = dict.fromkeys(self._memory.fresh(texts))
        replies = iter(self._box.ask(list(asked))) if asked else iter(())
        found: dict[str, Reply] = {}
        for text in texts:
            if text in asked and text not in found:
                found[text] = next_reply(replies, self.spec)
                self._memory.keep(text, found[text])
            known = found.get(text) or self._memory.recall(text)
            yield known or next_reply(iter(self._box.ask([text])), self.spec)


class Memory:
    """Replies by the content of their text. The same reply again took no time."""

    def __init__(self, most: int = REMEMBERED_TEXTS) -> None:
        self._most = most
        self._replies: OrderedDict[str | bytes, Reply] = OrderedDict()

    def fresh(self, texts: Sequence[str]) -> list[str]:
        """Those that are not known, each once, in order."""
        return [text for text in dict.fromkeys(texts) if _key(text) not in self._replies]

    def recall(self, text: str) -> Reply | None:
        key = _key(text)
        known = self._replies.get(key)
        if known is None:
            return None
        self._replies.move_to_end(key)
        return Reply(known.value, known.failure)

    def keep(self, text: str, reply: Reply) -> None:
        """Remember a reply, unless asking again may end otherwise."""
        if reply.failure is not None and reply.failure.kind not in _LASTING:
            return
        self._replies[_key(text)] = reply
        while len(self._replies) > self._most:
            self._replies.popitem(last=False)


def _key(text: str) -> str | bytes:
    return text if len(text) <= 64 else hashlib.blake2b(text.encode(), digest_size=20).digest()


def windows(texts: Sequence[str], most: Window = WINDOW) -> Iterator[list[str]]:
    """`texts` in order, cut into windows."""
    window: list[str] = []
    size = 0
    for text in texts:
        if window and (len(window) == most.texts or size + len(text) > most.characters):
            yield window
            window, size = [], 0
        window.append(text)
        size += len(text)
    if window:
        yield window


def batches_by_length(lengths: Sequence[int], *, most_tokens: int, most_rows: int | None = None) -> Iterator[list[int]]:
    """The indices of `lengths` in batches, like with like, the longest first, so that what does not fit fails early.

    A batch has at most `most_rows` rows and, padded to its longest, `most_tokens` tokens; or a single row.
    """
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batch and (len(batch) == most_rows or (len(batch) + 1) * max(1, lengths[batch[0]]) > most_tokens):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def answer_texts(inputs: Sequence[Input], ask: Callable[[Sequence[str]], Iterator[Reply]]) -> Iterator[Reply]:
    """Replies to `inputs` in order. What is no sound text fails by itself; `ask` gets the others."""
    troubles = [trouble_with(x) for x in inputs]
    replies = ask([x for x, trouble in zip(inputs, troubles) if trouble is None and isinstance(x, str)])
    try:
        for trouble in troubles:
            yield next_reply(replies, "the black box") if trouble is None else Reply(None, trouble)
    finally:
        close = getattr(replies, "close", None)
        if close is not None:
            close()


def next_reply(replies: Iterator[Reply], spec: str) -> Reply:
    """The next reply; `BlackBoxError` where a box owes one and gives none."""
    reply = next(replies, None)
    if reply is None:
        raise BlackBoxError(f"{spec} answered fewer texts than it was asked; it should answer all")
    return reply


def trouble_with(x: Input) -> Failure | None:
    """Why `x` cannot be asked of a text module; None if it can."""
    if not isinstance(x, str):
        return Failure("wrong_kind", f"expected a text, got {x!r}")
    try:
        x.encode()
    except UnicodeEncodeError as error:
        return Failure("wrong_kind", f"expected a text, got one with half a surrogate pair at character {error.start}")
    return None


def responses(box: BlackBox, texts: Sequence[str]) -> NDArray[np.float64]:
    """(texts,) the numbers that `box` answers, NaN where it fails."""
    return np.fromiter((reply.number for reply in box.ask(texts)), np.float64, len(texts))


def with_words(measure: Measure) -> Measure:
    """`measure` for texts that say something. To a blank one an embedder or a grader has no answer that means anything,
    though it would give one.
    """

    def measure_words(texts: Sequence[str]) -> list[float | Failure]:
        said = [text for text in texts if text.strip()]
        values = iter(measure(said) if said else ())
        blank = Failure("raised", "expected a text with a word in it, got a blank one")
        return [next(values) if text.strip() else blank for text in texts]

    return measure_words


def fail_all(kind_and_message: Failure, texts: Sequence[str]) -> list[float | Failure]:
    """The same failure for each of `texts`."""
    return list(repeat(kind_and_message, len(texts)))
