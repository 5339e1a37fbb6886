"""A few pairs that stand for all: a search looks at these first, and at the rest to make sure."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

_LONG = 40
_TIDIED = 6.0
"""What a text costs whose spaces are lost: steps undone cannot bring them back."""


def choose_core(inputs: Sequence[str], outputs: Sequence[str], size: int) -> list[int]:
    """The numbers of at most `size` pairs that differ as much as possible in what steps look at."""
    chosen: list[int] = []
    seen: set[Hashable] = set()
    features = [set(_features(text, made)) for text, made in zip(inputs, outputs)]
    costs = [_cost(text) + _TIDIED * (_is_untidy(text) > _is_untidy(made)) for text, made in zip(inputs, outputs)]
    rest = list(range(len(inputs)))
    while rest and len(chosen) < size:
        best = max(rest, key=lambda i: (len(features[i] - seen) - costs[i], -i))
        rest.remove(best)
        chosen.append(best)
        seen |= features[best]
    return chosen


def _is_untidy(text: str) -> bool:
    """Whether there is white space other than single spaces between words."""
    return text != " ".join(text.split())


def _cost(text: str) -> float:
    """Long texts are slow, strange characters have rules of their own."""
    strange = not text.isascii() or any(c < " " for c in text)
    return max(0, len(text) - 16) / 8 + (100 if len(text) > _LONG else 0) + (20 if strange else 0) + (not text) * 3


def _features(text: str, made: str) -> Iterator[Hashable]:
    yield "length", min(len(text), 12)
    yield "odd", len(text) % 2, len(text) > 2
    yield "changed", text == made, len(text) == len(made)
    yield "made", made[:8]
    yield "mostly", "changes", len(text) > 4 and text != made
    for name, test in (("upper", str.isupper), ("lower", str.islower), ("digit", str.isdigit), ("space", str.isspace)):
        yield name, any(map(test, text))
    if text:
        yield "first", text[0].lower()
        yield "last", text[-1].lower()
        yield "middle", text[len(text) // 2].lower()
    yield "repeats", len(set(text)) < len(text)
    yield "words", min(len(text.split()), 3)
    yield from (("has", c) for c in set(text.lower()) if c.isalpha())
