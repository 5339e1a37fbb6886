"""Conditions on the first character that name several: read off the texts that something simple explains."""

from __future__ import annotations

from collections.abc import Sequence

from .known import Repertoire, mask_of
from .lists import Side
from .predicates import Predicate

_FEWEST, _MOST = 2, 8
_SET_BITS, _LETTER_BITS = 4.0, 3.0


def first_letters(repertoire: Repertoire, bodies: Sequence[int], wanted: int) -> list[Side]:
    """For each of `bodies`, given as the pairs that it is right on, the first characters all of whose texts it is
    right on, of those that some of the pairs `wanted` begin with.
    """
    texts = [text for text, _ in repertoire.pairs]
    starts: dict[str, int] = {}
    for k, text in enumerate(texts):
        if text:
            starts[text[0]] = starts.get(text[0], 0) | 1 << k
    found: dict[str, Side] = {}
    for right in bodies:
        letters = "".join(sorted(c for c, those in starts.items() if those & wanted and not those & ~right))
        if _FEWEST <= len(letters) <= _MOST:
            condition = begins_with_one_of(letters)
            found[letters] = (condition, mask_of(k for k, text in enumerate(texts) if condition(text)))
    return list(found.values())


def begins_with_one_of(letters: str) -> Predicate:
    return Predicate(
        f"text and text[0] in {letters!r}",
        f'begin with one of "{letters}"',
        f'do not begin with one of "{letters}"',
        _SET_BITS + _LETTER_BITS * len(letters),
    )
