"""The texts that the modules are measured on: as many as wanted, drawn by a seed, of all kinds mixed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .vocabulary import (
    ASIDES,
    FOREIGN,
    NAMES,
    NUMBERED,
    OPENERS,
    ORDERS,
    QUESTIONS,
    QUOTED,
    SENTENCES,
    TAGS,
    WORDS,
)

TOPICS = tuple(WORDS)


def texts(many: int, seed: int, more: Sequence[str] = ()) -> list[str]:
    """`many` different texts of one to five sentences; `more` sentences of elsewhere are mixed in."""
    rng = np.random.default_rng(seed)
    found: dict[str, None] = {}
    while len(found) < many:
        found.setdefault(_text(rng, more))
    return list(found)


def _text(rng: np.random.Generator, more: Sequence[str]) -> str:
    if rng.random() < 0.12:
        language = _pick(rng, tuple(FOREIGN))
        return " ".join(_pick(rng, FOREIGN[language]) for _ in range(rng.integers(1, 4)))
    parts = [_sentence(rng) for _ in range(rng.integers(1, 5))]
    makers: tuple[tuple[float, Callable[[], str]], ...] = (
        (0.22, lambda: _pick(rng, QUESTIONS).format(x=_thing(rng), name=_pick(rng, NAMES))),
        (0.30, lambda: _pick(rng, NUMBERED).format(n=rng.integers(2, 2000))),
        (0.12, lambda: _pick(rng, NUMBERED).format(n=rng.integers(2, 60))),
        (0.15, lambda: _pick(rng, QUOTED).format(name=_pick(rng, NAMES))),
        (0.12, lambda: _pick(rng, ORDERS)),
    )
    for chance, make in makers:
        if rng.random() < chance:
            parts.insert(int(rng.integers(0, len(parts) + 1)), make())
    if len(more) and rng.random() < 0.1:
        parts.append(_pick(rng, more))
    return _dressed(" ".join(parts), rng)


def _dressed(text: str, rng: np.random.Generator) -> str:
    """The text with marks changed here and there."""
    if rng.random() < 0.15:
        text = _pick(rng, OPENERS) + text[0].lower() + text[1:]
    if rng.random() < 0.18 and text.endswith("."):
        text = text[:-1] + _pick(rng, ("!", "!", "…", ""))
    if rng.random() < 0.15:
        text = text.replace(". ", "; ", 1)
    if rng.random() < 0.12:
        text = text.replace(" ", f" {_pick(rng, ASIDES)} ", 1)
    if rng.random() < 0.14:
        text = f"{text} {_pick(rng, TAGS).format(low=_pick(rng, NAMES).lower())}"
    case = rng.random()
    return text.upper() if case < 0.05 else text.lower() if case < 0.12 else text


def _sentence(rng: np.random.Generator) -> str:
    topic = _pick(rng, TOPICS)
    sentence = _pick(rng, SENTENCES[topic]).format(x=_pick(rng, WORDS[topic]), name=_pick(rng, NAMES))
    return sentence[0].upper() + sentence[1:]


def _thing(rng: np.random.Generator) -> str:
    return _pick(rng, WORDS[_pick(rng, TOPICS)])


def _pick(rng: np.random.Generator, things: Sequence[str]) -> str:
    return things[int(rng.integers(0, len(things)))]
