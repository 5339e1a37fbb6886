"""Opposites: likeness sees what a text is about, hardly in which tone. Between two poles the nearer one counts."""

from __future__ import annotations

import re
from collections.abc import Callable

_PAIRS: tuple[tuple[str, str, str, str], ...] = (
    (
        r"positive|favou?rable|praise|praises|approving|optimis\w*|enthusias\w*|satisf\w+|good review",
        "praise, delight and a positive opinion",
        r"negative|unfavou?rable|critical|criticism|criticizes|disapproving|pessimis\w*|"
        r"dissatisf\w+|complain\w*|bad review",
        "criticism, disappointment and a negative opinion",
    ),
    (
        r"formal|official|legal(?:istic)?|bureaucratic",
        "hereby, pursuant to the regulations, the undersigned wishes to inform you",
        r"informal|casual|colloquial|slang|chatty|conversational",
        "hey dude, gonna hang out lol, that's so cool",
    ),
    (
        r"objective|factual|neutral|impersonal|unbiased",
        "according to the report, the event took place on this date at this place",
        r"subjective|opinionated|opinions?|personal opinion|biased|emotional language",
        "I feel that this is wonderful, awful, touching or boring",
    ),
    (
        r"polite|courteous|respectful",
        "would you please be so kind, thank you very much",
        r"rude|impolite|insulting|insults?|offensive|disrespectful|profan\w+|swear\w*",
        "shut up, you stupid idiot",
    ),
    (
        r"certain|confident|sure of itself|certainty",
        "this is definitely and undoubtedly so, without question",
        r"uncertain|uncertainty|doubtful|hesitant|tentative|unsure",
        "perhaps it might possibly be so, I am not sure",
    ),
    (
        r"simple language|childlike|simple words",
        "the cat sat on the mat and the boy ran home",
        r"technical|technical jargon|jargon|scientific(?: writing| language)?|academic",
        "the results of the measurement show a significant difference between the samples",
    ),
)


def poles(topic: str) -> tuple[str, str] | None:
    """(what the topic is like, what its opposite is like), for a topic that has a known opposite."""
    said = re.sub(r"^(?:very |more |rather |a |an |the )+", "", topic.lower())
    said = re.sub(r" (?:sentiment|tone|attitude|mood|style|register|language|statement|description|writing|feelings?|"
                  r"in tone|text|wording)s?$", "", said)  # fmt: skip
    said = re.sub(r" (?:about|towards?|of) (?:something|someone|what happened|it)$", "", said)
    for first, like_first, second, like_second in _PAIRS:
        if _whole(first)(said):
            return like_first, like_second
        if _whole(second)(said):
            return like_second, like_first
    return None


def _whole(pattern: str) -> Callable[[str], object]:
    """Matches a phrase that is the word, or the word with more words like it ("sarcasm and irony")."""
    return re.compile(rf"(?:{pattern})(?: (?:and|or) \w+| description| opinion| language| sentiment)*").fullmatch
