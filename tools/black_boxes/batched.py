"""Functions that take many texts in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from .types import Reply

DEFAULT_BATCH = 64


class TextsCaller:
    """Calls a function of a list of texts, a batch at a time.

    A batch that fails as a whole is asked again one text at a time, so only the guilty text fails; after a time-out
    the batches are smaller.
    """

    def __init__(self, call_texts: Callable[[Sequence[str]], list[Reply]], batch_size: int | None = None) -> None:
        self._call_texts = call_texts
        self._size = batch_size or DEFAULT_BATCH

    def call(self, texts: Sequence[str]) -> Iterator[Reply]:
        """A reply per text, in order."""
        done = 0
        while done < len(texts):
            batch = texts[done : done + self._size]
            done += len(batch)
            replies = self._call_texts(batch)
            if len(batch) == 1 or not _failed_together(replies):
                yield from replies
                continue
            if _timed_out(replies[0]):
                self._size = max(1, self._size // 2)
            for text in batch:
                yield self._call_texts([text])[0]


def _failed_together(replies: Sequence[Reply]) -> bool:
    """Whether the call failed, rather than each text in it."""
    first = replies[0].failure
    return first is not None and first.kind != "not_finite" and all(reply.failure == first for reply in replies)


def _timed_out(reply: Reply) -> bool:
    return reply.failure is not None and reply.failure.kind == "timed_out"
