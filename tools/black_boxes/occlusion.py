"""What each word of a text does to the response of a text module: leave it out and see."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal, get_args

from .texts import responses
from .types import BlackBox, TokenValue

Unit = Literal["word", "sentence"]
_UNITS: dict[str, str] = {"word": r"\w+(?:['’-]\w+)*|[^\w\s]+", "sentence": r"[^\s.!?][^.!?]*[.!?]*|[.!?]+"}


def occlusion(
    box: BlackBox | Callable[[Sequence[str]], Sequence[float]],
    text: str,
    unit: Unit = "word",
    *,
    most_queries: int = 128,
) -> list[TokenValue]:
    """For each word (or sentence) the response to `text` minus the response to `text` without it.

    Spends at most `most_queries` queries, the text itself included: in a long text, neighbours are left out together.
    Pieces without which the box fails are missing. Empty where the text itself gets no number, or `most_queries` is
    below 2. Leave-one-out (occlusion, arXiv:1311.2901, here of words).
    """
    if unit not in _UNITS:
        raise ValueError(f"expected unit to be one of {', '.join(get_args(Unit))}, got {unit!r}")
    spans = [match.span() for match in re.finditer(_UNITS[unit], text)]
    if not spans or most_queries < 2:
        return []
    pieces = _joined(spans, most_queries - 1)
    texts = [text, *(without(text, start, end) for start, end in pieces)]
    values = responses(box, texts) if isinstance(box, BlackBox) else [float(v) for v in box(texts)]
    whole = float(values[0])
    effects = [TokenValue(start, end, whole - float(v)) for (start, end), v in zip(pieces, values[1:])]
    return [effect for effect in effects if effect.value == effect.value]


def without(text: str, start: int, end: int) -> str:
    """`text` without the characters `start:end`, and without the double space that this would leave."""
    before, after = text[:start], text[end:]
    if not before or before[-1].isspace():
        after = after.lstrip(" ")
    return before + after if after else before.rstrip(" ")


def _joined(spans: Sequence[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """At most `most` pieces, each of as many neighbours as it takes."""
    size = -(-len(spans) // most)
    groups = [spans[i : i + size] for i in range(0, len(spans), size)]
    return [(group[0][0], group[-1][1]) for group in groups]
