"""Yes/no questions: what counts as one, and what each asks of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from .types import QAError

_AUXILIARIES = re.compile(
    r"(?:do|does|did|is|are|was|were|has|have|had|could|would|should)(?:n't)?|can|can't|will|won't|may|might|must", re.I
)
_SUBJECT = re.compile(
    r"^(?:the|this|that|these|any|any of the|most of the)\s+(?:(?:above|given|following|whole|entire)\s+)?"
    r"(?:(?:input|inputs|text|texts|sentence|sentences|passage|paragraph|excerpt|snippet|message|tweet|post|comment|"
    r"document|article|story|review|headline|input text|text snippet|content|writing|statement|author|writer|narrator|"
    r"speaker|narrative|person|language|tone|style|main topic|topic|subject)(?:'s)?)\b\s*",
    re.IGNORECASE,
)
_THERE = re.compile(r"^(?:there|it|someone|somebody|anyone)\b\s*", re.IGNORECASE)
_SAYING = re.compile(
    r"^(?:(?:explicitly|mainly|primarily|also|clearly|mostly|directly|generally)\s+)?"
    r"(?:contains?|mentions?|describes?|discuss(?:es)?|involves?|includes?|express(?:es)?|talks? about|refers? to|"
    r"relates? to|conveys?|portrays?|depicts?|reports?(?: on)?|concerns?|features?|has|have|uses?|shows?|"
    r"deals? with|focus(?:es)? on|touch(?:es)? on|"
    r"(?:is|are|be|being)?\s*(?:mainly |primarily |mostly |all )?(?:about|related to|connected to|concerned with))\s+",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"\b(?:(?:an?|the|any|some) )?(?:explicit |direct |clear |specific )?(?:expression|mention|description|discussion|"
    r"reference|depiction|portrayal)s? (?:of|to) (?=\w)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s+(?:described|mentioned|discussed|expressed|portrayed|present|referred to|shown)?"
    r"(?:\s*\b(?:in|by|within) the (?:input|text|sentence|passage))?$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:an?|the|any|some|something|someone)\s+", re.IGNORECASE)
_IS_FORMS = {"is", "are", "was", "were", "isn't", "aren't", "wasn't", "weren't"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks: `predicate` completes "The text …", `core` is what it is about in as few words as can be.

    >>> asked("Does the input mention a body of water?")
    Asked(predicate='mention a body of water', core='body of water', negated=False)
    """

    predicate: str
    core: str
    negated: bool = False


@lru_cache(maxsize=4096)
def asked(question: str) -> Asked:
    """What `question` asks, or what a phrase that completes "The text …" says. Never fails on a text."""
    text = " ".join(question.strip().rstrip("?.! ").split())
    first, _, rest = text.partition(" ")
    negated = False
    if _AUXILIARIES.fullmatch(first) and rest:
        negated = first.lower().endswith("n't")
        found = _SUBJECT.match(rest) or _THERE.match(rest)
        text = rest[found.end() :] if found and rest[found.end() :].strip() else rest
        tail = _TAIL.search(text)
        if found is None and tail and tail[0].strip() and text[: tail.start()].strip():
            text = text[: tail.start()]
        elif first.lower() in _IS_FORMS and not _THERE.match(rest):
            text = f"is {text}"
    else:
        found = _SUBJECT.match(text)
        text = text[found.end() :] if found and text[found.end() :].strip() else text
    match = re.match(r"(?:does|do|is|are)?\s*not\s+|(?:doesn't|isn't|never|lacks?)\s+", text, re.IGNORECASE)
    if match and text[match.end() :]:
        negated, text = not negated, text[match.end() :]
    shorter = _NOUN.sub("", text).strip()
    text = shorter or text
    return Asked(text, _core(text), negated)


def _core(predicate: str) -> str:
    core = predicate
    for pattern in (_SAYING, _ARTICLE):
        found = pattern.match(core)
        if found and core[found.end() :].strip():
            core = core[found.end() :]
    if core.lower().startswith("is ") and len(core) > 3:
        core = core[3:]
        found = _ARTICLE.match(core)
        core = core[found.end() :] if found and core[found.end() :].strip() else core
    return core


def check_questions(questions: Iterable[object]) -> list[str]:
    """`questions` as a list of different yes/no questions. Raises `QAError` for whatever is none."""
    if isinstance(questions, str | bytes):
        raise QAError("expected a list of questions, got a single one; pass it as [question]")
    found: list[str] = []
    for number, question in enumerate(questions):
        if not isinstance(question, str):
            raise QAError(f"expected questions, got {type(question).__name__} at number {number}; pass strings")
        text = " ".join(question.split())
        fault = _fault(text)
        if fault:
            raise QAError(
                f"expected a yes/no question such as 'Does the text mention food?', got {_short(text)!r} at number "
                f"{number}, which {fault}; mend it or leave it out"
            )
        found.append(text)
    if not found:
        raise QAError("expected at least one question, got none; pass some such as 'Does the text mention food?'")
    twice = next((q for i, q in enumerate(found) if q in found[:i]), None)
    if twice is not None:
        raise QAError(f"expected different questions, got {twice!r} twice; leave one out")
    return found


def is_question(text: str) -> bool:
    """Whether `text` is a question that yes or no answers."""
    return not _fault(" ".join(text.split()))


def _fault(text: str) -> str:
    if not text:
        return "is empty"
    if not text.endswith("?"):
        return "does not end with a question mark"
    words = text.rstrip("? ").split()
    if not words or len(words) < 3:
        return "is too short to ask anything of a text"
    starts = [words[0], *(word for before, word in pairwise(words) if before.endswith(","))]
    if not any(map(_AUXILIARIES.fullmatch, starts)):
        return "cannot be answered with yes or no"
    return ""


def _short(text: str, size: int = 80) -> str:
    return text if len(text) <= size else text[: size - 1] + "…"


@lru_cache(maxsize=1)
def question_bank() -> tuple[str, ...]:
    """The questions that come with zetetic: content, form, style, stance and person of general texts."""
    text = files(__package__).joinpath("data/questions.txt").read_text(encoding="utf-8")
    return tuple(line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#"))


def question_about(topic: str) -> str:
    """The question whether a text is about `topic`, a noun phrase."""
    return f"Is the text about {topic.strip().rstrip('.?')}?"
