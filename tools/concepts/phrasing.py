"""Phrases as people write them, brought into one form before they are read."""

from __future__ import annotations

import re

NOUN = (
    r"(?:texts?|sentences?|passages?|inputs?|documents?|articles?|tweets?|messages?|posts?|phrases?|strings?|examples?|"
    r"snippets?|paragraphs?|statements?|utterances?|content|ones?|samples?|responses?|replies|writings?|"
    r"pieces? of text)"
)
_SUBJECT = rf"(?:(?:the|this|these|those|a|an|any|all|some|every|each)\s+)?(?:given\s+|input\s+)?{NOUN}"
HAS = (
    r"has|have|having|contains?|containing|includes?|including|uses?|using|features?|featuring|with|there (?:is|are)|"
    r"makes? use of|making use of|carries|carry|carrying|employs?|employing|holds?|consists? of|"
    r"consisting of|comprises?|"
    r"gives?|giving|states?|stating|cites?|citing|lists?|listing|provides?|providing|shows?|showing|displays?|says?"
)
SAYS = (
    r"mentions?|mentioning|mention of|mentions of|makes? mention of|references?(?: to)?|referencing|refers? to|"
    r"referring to|names?|naming|talks? of|brings? up"
)
ABOUT = (
    r"(?:is |are |being )?(?:all |mainly |mostly |primarily )?(?:about|on the (?:topic|subject) of|"
    r"on the subject|regarding|"
    r"concerning|related to|relating to|concerned with|dealing with|devoted to|connected (?:with|to)|"
    r"associated with|focus(?:ed|ing) on|centred on|centered on)|"
    r"relates? to|concerns?|deals? with|talks? about|talking about|speaks? (?:of|about)|discuss(?:es|ing)?|"
    r"describ(?:es?|ing)|covers?|covering|touch(?:es)? (?:on|upon)|focus(?:es)? on|revolves? around|addresses|"
    r"has to do with|have to do with|involves?|involving|expresses|express|expressing|conveys?|conveying|reports? on|"
    r"depicts?|depicting|tells? (?:of|about)|centers? on|centres? on|pertains? to|pertaining to|evokes?|evoking"
)
IS = r"is|are|be|being|was|were|sounds?|sounding|reads? like|looks? like|seems?|takes? the form of|appears? to be"
BEGINS = r"(?:begin|start|open)(?:s|ning|ing)?(?: out| off)? (?:with|by)|begun with|started with|opened with"
ENDS = r"(?:end|finish|close|conclude|terminate)(?:s|es|ing|ding|d|ed)? (?:with|in|on|by)"
_WRITTEN = (
    r"written|phrased|told|composed|expressed|stated|worded|narrated|posed|asked|asks?|repeats?|quotes|longer|shorter"
)
_VERB = re.compile(rf"^(?:{HAS}|{SAYS}|{ABOUT}|{IS}|{BEGINS}|{ENDS}|{_WRITTEN})(?= |$)")
_AUXILIARY = re.compile(r"^(?:does|do|did|is|are|has|have|can|should|must|not|never|no|without|lacks?|lacking|it)(?= )")

_OPENINGS = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?:whether(?: or not)?|if|when(?:ever)?|where|because|that)\s+",
        rf"^(?:does|do|did)\s+(?:{_SUBJECT}|it|they)\s+",
        rf"^(?:is|are|has|have|was|were)\s+(?P<keep>(?:{_SUBJECT}|it|they)\s+)",
        rf"^(?:{_SUBJECT}|it|they)\s+(?:that|which|who|where)\s+(?:it\s+|the text\s+|they\s+)?",
        rf"^(?:{_SUBJECT}|it|they)\s+(?={HAS}|{SAYS}|{ABOUT}|{IS}|{BEGINS}|{ENDS}|{_WRITTEN}|does|do |did|not|never|"
        r"without|lacks?|lacking|in |of |at |from |fails|omits?|avoids?)",
        r"^(?:the )?(?:module|model|neuron|function|feature|unit|it) (?:responds?|activates?|fires?|reacts?|is active|"
        r"is high)(?: (?:strongly|most|more|highly))? (?:to|on|for|when|if|where|in|with)\s+",
        r"^(?:it|they) (?=\w)",
        r"^(?:probably|clearly|explicitly|directly|also|always|often|usually|generally|simply|actually)\s+",
    )
)
_CONTRACTED = (
    (r"\bcan['’]t\b", "can not"),
    (r"\bwon['’]t\b", "will not"),
    (r"n['’]t\b", " not"),
    (r"\bcannot\b", "can not"),
)
_QUOTED = re.compile(
    r"\"([^\"]+)\"|“([^”]+)”|`([^`]+)`|(?<![\w])['‘]([^'’]+(?:['’]\w[^'’]*)*)['’](?!\w)|(?<!\w)'(\W)'(?!\w)"
)


def lift_quotes(description: str) -> tuple[str, tuple[str, ...]]:
    """The description with ⟦0⟧, ⟦1⟧ … for what it quotes, and the quoted strings."""
    quotes: list[str] = []

    def lift(match: re.Match[str]) -> str:
        quotes.append(next(group for group in match.groups() if group is not None))
        return f"⟦{len(quotes) - 1}⟧"

    return _QUOTED.sub(lift, description), tuple(quotes)


def normal(description: str) -> str:
    """Lower case, one space between words, contractions written out, no full stop, without "the text …" before it."""
    text = description.lower().strip()
    for pattern, plain in _CONTRACTED:
        text = re.sub(pattern, plain, text)
    text = re.sub(r"\s+", " ", text)
    if len(text) > 1 and text[-1] in ".?!" and (text[-2].isalnum() or text[-2] in "⟧)"):
        text = text[:-1]
    return bare(text)


def bare(text: str) -> str:
    """What is said of the text, the text itself left unmentioned: "the texts that mention food" → "mention food"."""
    for _ in range(4):
        before = text
        for pattern in _OPENINGS:
            match = pattern.match(text)
            if match and match.end() < len(text):
                text = text[match.end() :].strip(" ,:")
        if text == before:
            break
    return text


def verb_of(text: str) -> str | None:
    """The verb that the phrase begins with, or None for a bare noun phrase."""
    match = _VERB.match(text)
    return match[0] if match else None


def is_predicate(text: str) -> bool:
    """Whether the phrase says something by itself, rather than only naming a thing."""
    return _VERB.match(text) is not None or _AUXILIARY.match(text) is not None


def without_verb(text: str, *kinds: str) -> str | None:
    """What follows the verb, if the phrase begins with one of these kinds; None if it does not."""
    match = re.match(rf"^(?:{'|'.join(kinds)}) +", text)
    return text[match.end() :] if match else None
