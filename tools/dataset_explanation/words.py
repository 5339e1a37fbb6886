"""Words and short phrases that one group uses more: log-odds with an informative Dirichlet prior (Monroe, Colaresi and
Quinn, "Fightin' Words", Political Analysis 2008), counted by texts rather than by tokens.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from ..texts import stop_words
from .candidates import RULE, Candidate, contains
from .types import Floats, Target

TOKEN = re.compile(r"[#@]?\w+(?:['’\-]\w+)*|\n")
MOST_WORDS = 3
PRIOR_TEXTS = 25.0
"""The weight of the prior: both groups are first taken to use a word alike, on the strength of this many texts."""
LEAST_Z = 1.9
LEAST_TEXTS = 3
_EDGES = re.compile(r"[.!?;:()\[\]\"“”…|]+")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or short phrase with its z score; positive where A uses it more."""

    term: str
    z: float
    texts: int


def terms(text: str, most_words: int = MOST_WORDS) -> set[str]:
    """The words and phrases of a text in lower case, hashtags and mentions with their sign.

    Phrases begin and end with a content word; a word alone may be any.
    """
    found: set[str] = set()
    stops = stop_words()
    for part in _EDGES.split(text):
        tokens = [t.casefold().replace("’", "'") for t in TOKEN.findall(part)]
        for size in range(1, most_words + 1):
            for start in range(len(tokens) - size + 1):
                run = tokens[start : start + size]
                if size == 1 or (run[0] not in stops and run[-1] not in stops):
                    found.add(" ".join(run))
    return found


def telling_terms(texts: Sequence[str], target: Target, *, most: int) -> list[Term]:
    """The terms that part the target most, |z| highest first, up to `most`; the texts are weighed as one each.

    Of a number, the texts above the median are compared with the others. A phrase that says no more than a word in it
    is left out.
    """
    high = target.high
    own = [terms(text) for text in texts]
    inside = Counter(term for row, found in enumerate(own) if high[row] for term in found)
    outside = Counter(term for row, found in enumerate(own) if not high[row] for term in found)
    counts = inside + outside
    kept = [term for term, count in counts.items() if count >= LEAST_TEXTS and count < len(texts)]
    if not kept:
        return []
    z = log_odds(
        np.array([inside[t] for t in kept], float),
        np.array([outside[t] for t in kept], float),
        int(high.sum()),
        int((~high).sum()),
    )
    ranked = sorted((Term(t, float(v), counts[t]) for t, v in zip(kept, z) if abs(v) >= LEAST_Z), key=_strength)
    chosen: list[Term] = []
    for term in ranked:
        if not any(_within(term, other) for other in chosen):
            chosen.append(term)
        if len(chosen) == most:
            break
    return chosen


def _strength(term: Term) -> tuple[float, int, str]:
    return -abs(term.z), -len(term.term), term.term


def _within(one: Term, other: Term) -> bool:
    """Whether one of both contains the other and both go the same way."""
    a, b = f" {one.term} ", f" {other.term} "
    return one.z * other.z > 0 and (a in b or b in a)


def log_odds(inside: Floats, outside: Floats, n_inside: int, n_outside: int) -> Floats:
    """z scores of the log-odds ratio of each term, `inside` and `outside` the texts of either group that have it."""
    share = (inside + outside) / (n_inside + n_outside)
    yes, no = PRIOR_TEXTS * share, PRIOR_TEXTS * (1 - share)
    a, b = inside + yes, n_inside - inside + no
    c, d = outside + yes, n_outside - outside + no
    delta = np.log(a / b) - np.log(c / d)
    return np.asarray(delta / np.sqrt(1 / a + 1 / b + 1 / c + 1 / d))


def word_candidates(texts: Sequence[str], target: Target, *, most: int) -> list[Candidate]:
    """Telling words as candidates: each by itself, and those of one kind (the hashtags, words of one stem) together."""
    found = telling_terms(texts, target, most=most)
    candidates = [word_candidate([term.term]) for term in found]
    for side in (1, -1):
        families: dict[str, list[str]] = {}
        for term in found:
            if term.z * side > 0:
                families.setdefault(_family(term.term), []).append(term.term)
        candidates += [word_candidate(sorted(members)[:4]) for members in families.values() if len(members) > 1]
    return candidates


def _family(term: str) -> str:
    """What terms share that belong together: the hashtag sign, or the first letters of a long word."""
    if term.startswith(("#", "@")):
        return term[0]
    word = re.sub(r"(?:ies|es|s|ed|ing|'s)$", "", term)
    return word[: max(5, len(word) - 2)] if len(word) >= 5 else term


def word_candidate(members: Sequence[str]) -> Candidate:
    """The candidate "contains the word …" for one term, or for any of several."""
    spans = partial(find_terms, tuple(members))
    return Candidate(_phrase(members), "words", RULE, contains(spans), spans=spans)


def _phrase(members: Sequence[str]) -> str:
    quoted = [f"“{term}”" for term in members]
    listed = quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]
    if all(term.startswith("#") for term in members):
        kind = "hashtag"
    elif all(term.startswith("@") for term in members):
        kind = "mention"
    else:
        kind = "phrase" if any(" " in term for term in members) else "word"
    return f"contains the {kind} {listed}"


def find_terms(members: Sequence[str], text: str) -> tuple[tuple[int, int], ...]:
    """Where any of the terms stands in `text` as a whole word, in any case."""
    return tuple((m.start(), m.end()) for member in members for m in _pattern(member).finditer(text))


def _pattern(term: str) -> re.Pattern[str]:
    pieces = [re.escape(word).replace("'", "['’]") for word in term.split()]
    return re.compile(r"(?<![\w#@'’\-])" + r"[\s,]+".join(pieces) + r"(?![\w]|['’\-]\w)", re.IGNORECASE)
