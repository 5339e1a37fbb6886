"""What a synthetic module is, and the predicates that they are made of. None of this uses the project's concepts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .vocabulary import SENTENCES, WORDS

Respond = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Module:
    """A text module whose truth is known: `correct` says it in words, `wrong` are five that a person might think."""

    name: str
    kind: str
    respond: Respond
    correct: str
    wrong: tuple[str, str, str, str, str]


_ARTICLES = {"a", "an", "the", "my", "his", "her", "our", "their", "some", "two"}
_MARKERS = {
    "food": "cooked dinner tasted ate kitchen salt serve restaurant bake boil",
    "animals": "barn vet farm fed",
    "weather": "forecast sky",
    "sport": "coach club champion stadium pitch",
    "music": "concert orchestra tuned song band",
    "travel": "flew hotel tourists guidebook suitcase",
    "money": "bank interest accountant cash pay cost",
    "health": "doctor nurse clinic hospital pills physician",
    "war": "siege general truce battle shelled",
    "school": "exam teacher pupils homework textbook class",
    "computers": "update hackers debugged virus restarted",
    "family": "birthday wedding baby",
}
"""Words that speak for a topic in its sentences besides the thing itself."""


def about(topic: str) -> Callable[[str], int]:
    """How many of the topic's words the text holds."""
    things = {" ".join(w for w in thing.lower().split() if w not in _ARTICLES) for thing in WORDS[topic]}
    known = things | set(_MARKERS[topic].split())
    pattern = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, known), key=len, reverse=True)) + r")\b")
    return lambda text: len(pattern.findall(text.lower()))


def halves(text: str) -> tuple[str, str]:
    found = text.split()
    return " ".join(found[: len(found) // 2]), " ".join(found[len(found) // 2 :])


def has(pattern: str) -> Respond:
    compiled = re.compile(pattern)
    return lambda text: float(compiled.search(text) is not None)


def count(pattern: str) -> Respond:
    compiled = re.compile(pattern)
    return lambda text: float(len(compiled.findall(text)))


assert set(_MARKERS) == set(WORDS) == set(SENTENCES)
