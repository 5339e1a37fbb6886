"""Words of texts, and which of them carry content."""

from __future__ import annotations

import re
from functools import cache

MOST_LETTERS = 40
"""Longer runs of letters are no words: addresses, keys, scripts written without spaces."""

_WORD = re.compile(r"[^\W_]+(?:['’\-‐‑][^\W_]+)*")
_PIECE = re.compile(r"[^\W_]+(?:['’\-‐‑][^\W_]+)*|[.,;:!?()\[\]{}<>\"“”«»|/\\…–—\n]+")

_STOP_WORDS = """
a about above across after afterwards again against ago all almost along already also although always am among an and
another any anybody anyone anything anyway anywhere are aren't around as at away back be became because become becomes
been before being below beside besides between both but by came can can't cannot come comes could couldn't did didn't do
does doesn't doing don't done down during each either else enough etc even ever every everybody everyone everything
everywhere few fewer first for from further gave get gets getting give given gives go goes going gone got had hadn't has
hasn't have haven't having he he'd he'll he's hence her here here's hers herself him himself his how however i i'd i'll
i'm i've if in indeed instead into is isn't it it'd it'll it's its itself just keep kept last least less let let's like
likely made mainly make makes making many may maybe me might mine more most mostly much must mustn't my myself near
nearly neither never nevertheless next no nobody none nor not nothing now nowhere of off often oh ok okay on once one
ones only onto or other others otherwise ought our ours ourselves out over own part per perhaps please put quite rather
really s said same saw say saying says see seem seemed seems seen several shall shan't she she'd she'll she's should
shouldn't since so some somebody somehow someone something sometimes somewhere still such t take taken takes taking tell
than that that'll that's the their theirs them themselves then thence there there's therefore these they they'd they'll
they're they've thing things this those though through throughout thus till to together too took toward towards under
unless until up upon us use used uses using usually various very via want wants was wasn't way we we'd we'll we're we've
well went were weren't what what's whatever when when's whenever where where's whereas wherever whether which whichever
while who who's whoever whole whom whose why will with within without won't would wouldn't yes yet you you'd you'll
you're you've your yours yourself yourselves im dont ive didnt doesnt cant wont isnt youre thats whats lets
n't 's 're 've 'll 'd 'm also else upon amid
"""


@cache
def stop_words() -> frozenset[str]:
    """English words, in lower case, that say how a sentence is built rather than what it is about."""
    return frozenset(_STOP_WORDS.split())


def words(text: str) -> list[str]:
    """The words of `text` as written, in order. Apostrophes and hyphens inside a word belong to it."""
    return [word for word in _WORD.findall(text) if len(word) <= MOST_LETTERS]


def clauses(text: str) -> list[list[str]]:
    """The words of `text` between punctuation marks."""
    found: list[list[str]] = [[]]
    for piece in _PIECE.findall(text):
        if not (piece[0].isalnum() and len(piece) <= MOST_LETTERS):
            found.append([])
        else:
            found[-1].append(piece)
    return [clause for clause in found if clause]


def folded(word: str) -> str:
    """`word` in lower case with a plain apostrophe and hyphen, as words are compared."""
    return word.casefold().translate(_PLAIN)


_PLAIN = str.maketrans({"’": "'", "‐": "-", "‑": "-"})


def is_content(word: str) -> bool:
    """Whether `word` says what a text is about: no stop word, no number, no single letter."""
    plain = folded(word)
    return len(plain) > 1 and any(c.isalpha() for c in plain) and plain not in stop_words()


def content_words(text: str) -> list[str]:
    """The content words of `text` in lower case, in order, repeats included.

    >>> content_words("The old dog's bone wasn't there.")
    ['old', "dog's", 'bone']
    """
    return [folded(word) for word in words(text) if is_content(word)]
