"""The bank of topics, and the sentences against which likeness in meaning is measured."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def topic_bank() -> tuple[str, ...]:
    """Several hundred short noun phrases: topics, feelings, intents, kinds of text, styles, abstract relations."""
    return _lines("topics.txt")


@lru_cache(maxsize=1)
def background_texts() -> tuple[str, ...]:
    """Sentences on everything and nothing."""
    return _lines("background.txt")


def _lines(name: str) -> tuple[str, ...]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line.strip() and not line.startswith("#"))
