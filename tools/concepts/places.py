"""Parts of a text, and how it begins and ends. Plain functions on `re` alone, as in `measures`."""

from __future__ import annotations

import re

from .measures import sentences

FINAL_MARKS = "\"'”’»)] \t\n"


def first_half(text: str) -> str:
    """The first half by words; of an odd number, the middle one belongs to the second half."""
    found = text.split()
    return " ".join(found[: len(found) // 2])


def second_half(text: str) -> str:
    found = text.split()
    return " ".join(found[len(found) // 2 :])


def first_third(text: str) -> str:
    found = text.split()
    return " ".join(found[: -(-len(found) // 3)])


def middle_third(text: str) -> str:
    found = text.split()
    return " ".join(found[-(-len(found) // 3) : len(found) - -(-len(found) // 3)])


def last_third(text: str) -> str:
    found = text.split()
    return " ".join(found[len(found) - -(-len(found) // 3) :])


def first_sentence(text: str) -> str:
    return (sentences(text) or [""])[0]


def last_sentence(text: str) -> str:
    return (sentences(text) or [""])[-1]


def first_words(text: str, many: int) -> str:
    return " ".join(text.split()[:many])


def last_words(text: str, many: int) -> str:
    return " ".join(text.split()[-many:])


def begins_with_word(text: str, word: str) -> float:
    """Whether the text begins with `word` (or words), whatever its case, marks before it aside."""
    return float(re.match(r"\W*" + re.escape(word.lower()) + r"(?!\w)", text.lower()) is not None)


def ends_with_word(text: str, word: str) -> float:
    return float(re.search(r"(?<!\w)" + re.escape(word.lower()) + r"\W*$", text.lower()) is not None)


def begins_with(text: str, beginning: str) -> float:
    """Whether the text begins with these very characters, whatever their case."""
    return float(text.lstrip().lower().startswith(beginning.lower()))


def ends_with(text: str, ending: str) -> float:
    """Whether the text ends with these very characters, closing quotation marks and brackets aside."""
    end = text.rstrip().lower()
    return float(end.endswith(ending.lower()) or end.rstrip(FINAL_MARKS).endswith(ending.lower()))


def begins_like(text: str, pattern: str) -> float:
    """Whether the text begins with a match of the regular expression, opening marks aside."""
    return float(re.match(r"[\s\"'“‘«(\[]*(?:" + pattern + ")", text) is not None)


def ends_like(text: str, pattern: str) -> float:
    return float(re.search("(?:" + pattern + r")[\s\"'”’»)\]]*$", text) is not None)


def wholly(text: str, pattern: str) -> float:
    """Whether the whole text matches the regular expression."""
    return float(re.fullmatch(pattern, text.strip()) is not None)
