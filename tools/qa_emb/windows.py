"""A text cut into windows of a sentence or a few, so that one telling sentence is not drowned by the rest."""

from __future__ import annotations

import re
from itertools import pairwise

MOST_WINDOWS = 8
"""A longer text's sentences are put together until no more are left."""
LEAST_WORDS = 4
"""A shorter piece goes with the one before it."""
MOST_WORDS = 40
"""A longer piece without an end of a sentence is cut."""
READ_CHARACTERS = 6000
"""What lies behind is read as part of the whole text alone, never as a window."""
_ENDS = re.compile(r"(?<=[.!?…])\s+|\s*[\r\n]+\s*")


def windows(text: str) -> list[str]:
    """At most `MOST_WINDOWS` pieces that together are the text, in order; a short text is its only window.

    >>> windows("I called. Nobody came to the door. What now?")
    ['I called.', 'Nobody came to the door. What now?']
    """
    pieces: list[str] = []
    for sentence in _ENDS.split(text[:READ_CHARACTERS]):
        words = sentence.split()
        for start in range(0, len(words), MOST_WORDS):
            piece = words[start : start + MOST_WORDS]
            if pieces and len(piece) < LEAST_WORDS:
                pieces[-1] += " " + " ".join(piece)
            else:
                pieces.append(" ".join(piece))
    if len(pieces) <= MOST_WINDOWS:
        return pieces or [text]
    borders = [round(i * len(pieces) / MOST_WINDOWS) for i in range(MOST_WINDOWS + 1)]
    return [" ".join(pieces[a:b]) for a, b in pairwise(borders)]
