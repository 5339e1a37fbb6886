"""What a text is as a whole, and how it begins and ends: "is a question", "is in French", "starts with a capital"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from . import grammar, languages, measures, places
from .names import MEASURES
from .naming import measure_named, unquoted
from .nodes import Check, Counted, Measure, Much, Not, Place, Surface
from .phrasing import BEGINS, ENDS, HAS, IS
from .quantities import counted, quantity
from .types import Concept

_LANGUAGES = {name.lower(): name for name in (*languages.FUNCTION_WORDS, *languages.SCRIPTS)} | {"mandarin": "Chinese"}
_LANGUAGE = "|".join(_LANGUAGES)
_PERSPECTIVE = r"(?: (?:person|perspective|point of view|voice|narration|pov|form|plural|singular|narrator|view))*"
_WRITTEN = (
    rf"(?:(?:{IS}|{HAS}) )?(?:(?:written|phrased|told|composed|expressed|stated|worded|narrated|entirely|posed) )*"
)


def question() -> Concept:
    return Check("is a question", grammar.is_question)


@dataclass(frozen=True, slots=True)
class InLanguage(Surface):
    """The language of a text. What speaks for each language is remembered: one look at a text serves for all."""

    name: str

    @property
    def description(self) -> str:
        return f"is in {self.name}"

    def value(self, text: str) -> float:
        return languages.language(_evidence(text), self.name)

    def expression(self, variable: str) -> str:
        return f"language(evidence({variable}), {self.name!r})"

    def functions(self) -> tuple[Callable[..., object], ...]:
        return (languages.evidence, languages.language)


_evidence = lru_cache(maxsize=4096)(languages.evidence)


def in_language(name: str) -> Concept:
    return InLanguage(name)


def long() -> Concept:
    return Much("is long", MEASURES["word"], 20.0)


def short() -> Concept:
    return Much("is short", MEASURES["word"], 12.0, little=True)


def at_least_one(name: str) -> Concept:
    return counted(MEASURES[name], 1, None)


def _whole(description: str, pattern: str) -> Concept:
    return Check(description, places.wholly, (pattern,))


def _begin(description: str, pattern: str) -> Concept:
    return Check(f"begins with {description}", places.begins_like, (pattern,))


def _end(description: str, pattern: str) -> Concept:
    return Check(f"ends with {description}", places.ends_like, (pattern,))


CAPITALS = r"[^a-zß-öø-ÿ]*[A-ZÀ-Þ][^a-zß-öø-ÿ]*"
LOWER = r"[^A-ZÀ-Þ]*[a-zß-ÿ][^A-ZÀ-Þ]*"
_ALL = r"(?:in |(?:in )?(?:all|only|entirely|fully|completely|wholly)[ -])"
_TRAITS: tuple[tuple[str, Callable[[], Concept]], ...] = (
    (
        r"(?:(?:in |of )?the form of )?(?:as )?(?:an? |one )?(?:rhetorical |direct )?(?:question|"
        r"questions|interrogatives?"
        r"(?: sentences?)?)|ask(?:s|ing)? (?:for )?(?:an? |some |any )?(?:questions?|something)|"
        r"questioning|asks? the reader something",
        question,
    ),
    (r"(?:an? )?(?:exclamations?|exclamatory(?: sentence)?)", lambda: _end("an exclamation mark", "[!！]")),
    (
        r"(?:an? )?(?:commands?|orders?|imperatives?(?: sentences?)?|imperative form)|"
        r"(?:in )?(?:the )?imperative(?: mood)?|"
        r"(?:gives? )?(?:an? )?(?:command|order|direct instruction)s?|tells? (?:the reader|someone|you) (?:what )?to do"
        r"(?: something)?",
        lambda: Check("is a command", grammar.is_imperative),
    ),
    (
        _ALL + r"(?:caps|capitals|capital letters|upper[- ]?case(?: letters)?|capitalized letters)|shout(?:s|"
        r"ing|ed) in capitals",
        lambda: _whole("is in capital letters", CAPITALS),
    ),
    (
        _ALL + r"(?:lower[- ]?case(?: letters)?|small letters|uncapitalized)|(?:no|"
        r"without)(?: any)? (?:capital|upper[- ]?case)"
        r" letters",
        lambda: _whole("is in lower case", LOWER),
    ),
    (
        r"(?:in )?(?:the )?(?:simple )?past(?: tense)?|about past events in the past tense",
        lambda: Check("is in the past tense", grammar.past_tense),
    ),
    (
        r"(?:in )?(?:the )?(?:simple )?present(?: tense)",
        lambda: Check("is in the present tense", grammar.present_tense),
    ),
    (r"(?:in )?(?:the )?future(?: tense)", lambda: Check("is in the future tense", grammar.future_tense)),
    (
        r"(?:(?:in|from|using|speaks in|speaking in|uses) )?(?:an? |the )?first[- ]person" + _PERSPECTIVE,
        lambda: Counted("is in the first person", MEASURES["first person"], 1),
    ),
    (
        r"(?:(?:in|from|using) )?(?:an? |the )?second[- ]person"
        + _PERSPECTIVE
        + r"|(?:directly )?(?:address(?:es|ing|ed)?|speaks?(?: directly)? to|"
        r"talks? to)(?: to)? (?:the )?(?:reader|listener|"
        r"audience|you|someone|somebody|person)s?(?: directly)?(?: as “?you”?)?",
        lambda: Counted("addresses the reader", MEASURES["second person"], 1),
    ),
    (
        r"(?:(?:in|from|using) )?(?:an? |the )?third[- ]person" + _PERSPECTIVE,
        lambda: Counted("is in the third person", MEASURES["third person"], 1),
    ),
    (r"(?:in )?(?:the )?passive(?: voice| form| construction)?", lambda: at_least_one("passive")),
    (
        r"(?:very |quite |rather |relatively )?(?:long|lengthy|wordy|verbose)(?: (?:texts?|sentences?|"
        r"in length|passages?))?",
        long,
    ),
    (
        r"(?:very |quite |rather |relatively )?(?:short|brief|terse|concise)(?: (?:texts?|sentences?|"
        r"in length|passages?))?",
        short,
    ),
    (
        r"(?:just |only |exactly )?(?:a single|one|a one|single)[- ]word(?: long)?",
        lambda: counted(MEASURES["word"], 1, 1),
    ),
    (
        r"(?:just |only |exactly )?(?:a single|one|single)[- ]sentence(?: long)?",
        lambda: counted(MEASURES["sentence"], 1, 1),
    ),
    (
        r"(?:more than (?:one|a single)|several|multiple|many) sentences|multi-sentence",
        lambda: counted(MEASURES["sentence"], 2, None),
    ),
    (r"empty|blank|no text", lambda: counted(MEASURES["word"], None, 0)),
    (
        r"(?:not in english|non-english|(?:in )?(?:an? )?(?:foreign language|(?:other|"
        r"different) language|language other than "
        r"english)|foreign[- ]language)(?: text)?",
        lambda: Not(in_language("English")),
    ),
    (r"(?:in )?(?:the )?cyrillic(?: script| letters| alphabet| characters)?", lambda: in_language("Russian")),
    (
        r"quot(?:es?|ing) (?:someone|somebody|a person|another person|what someone said)(?: directly)?",
        lambda: at_least_one("quotation"),
    ),
    (
        r"repeats? (?:a word|words|itself|some words?)|(?:a |some )?words? (?:is |are )?repeated",
        lambda: at_least_one("repeated word"),
    ),
    (r"negated|(?:in the )?negative form|(?:a )?negated (?:sentence|statement)", lambda: at_least_one("negation")),
    (r"hypothetical|conditional", lambda: at_least_one("condition")),
    (r"polite", lambda: at_least_one("polite word")),
)
_COMPILED = tuple((re.compile(f"^{_WRITTEN}(?:{pattern})$"), build) for pattern, build in _TRAITS)
_IN_LANGUAGE = re.compile(
    rf"^{_WRITTEN}(?:an? )?(?:in )?(?:the )?(?P<language>{_LANGUAGE})(?: language| text| words| characters| script)?$"
)
_NOT_PLAIN_LANGUAGE = re.compile(r"^(?:about|mention|latin$|english$)")

_BEGINNINGS: tuple[tuple[str, Callable[[], Concept]], ...] = (
    (
        r"(?:an? )?(?:capital|upper[- ]?case)(?: letter)?|(?:an? )?capitali[sz]ed word",
        lambda: _begin("a capital letter", "[A-ZÀ-Þ]"),
    ),
    (r"(?:an? )?(?:small|lower[- ]?case)(?: letter)?", lambda: _begin("a lower-case letter", "[a-zß-ÿ]")),
    (r"(?:an? )?(?:digit|number|numeral|figure)", lambda: _begin("a number", r"[-+$€£#]?\d")),
    (r"(?:an? )?vowel", lambda: _begin("a vowel", "[aeiouAEIOU]")),
    (r"(?:an? )?consonant", lambda: _begin("a consonant", "[b-df-hj-np-tv-zB-DF-HJ-NP-TV-Z]")),
    (
        r"(?:an? )?(?:quotation(?: mark)?|quote|quotation marks|direct speech)",
        lambda: (
            _begin("a quotation mark", "")
            if False
            else Check("begins with a quotation mark", places.begins_with, ('"',))
        ),
    ),
    (
        r"(?:an? )?(?:question word|wh-word|interrogative(?: word)?)",
        lambda: Place(at_least_one("question word"), "as the first word", places.first_words, (1,)),
    ),
    (
        r"(?:an? )?(?:verb|imperative(?: verb)?|command)",
        lambda: Place(Check("is a command", grammar.is_imperative), "in the first sentence", places.first_sentence),
    ),
    (r"(?:an? )?question", lambda: Place(question(), "in the first sentence", places.first_sentence)),
    (r"(?:an? )?(?:first[- ]person )?pronoun i|i", lambda: Check("begins with “i”", places.begins_with_word, ("i",))),
)
_ENDINGS: tuple[tuple[str, Callable[[], Concept]], ...] = (
    (r"(?:an? )?(?:question mark|question|interrogation mark|\?)", lambda: _end("a question mark", "[?？؟]")),
    (r"(?:an? )?(?:exclamation(?: mark| point)?|!)", lambda: _end("an exclamation mark", "[!！]")),
    (r"(?:an? )?(?:period|full stop|\.)", lambda: _end("a full stop", r"(?<!\.)[.。]")),
    (r"(?:an? )?(?:ellipsis|three dots|dots|\.\.\.)", lambda: _end("an ellipsis", r"(?:…|\.{3,})")),
    (r"(?:an? )?comma", lambda: _end("a comma", ",")),
    (r"(?:an? )?colon", lambda: _end("a colon", ":")),
    (
        r"(?:an? )?(?:quotation(?: mark)?|quote|quotation marks|direct speech)",
        lambda: Check("ends with a quotation mark", places.ends_like, ("[\"”’»']",)),
    ),
    (r"(?:an? )?(?:digit|number|numeral|figure)", lambda: _end("a number", r"\d[%.]?")),
    (r"(?:an? |any |some )?punctuation(?: mark)?", lambda: _end("a punctuation mark", "[.,;:!?…]")),
    (r"(?:an? )?(?:hashtag)", lambda: _end("a hashtag", r"#\w+")),
    (r"(?:an? )?(?:url|link|web address)", lambda: _end("a URL", r"(?:https?://|www\.)\S+")),
    (r"(?:an? )?vowel", lambda: _end("a vowel", "[aeiouAEIOU][.!?]*")),
)


def trait(phrase: str) -> Concept | None:
    """The concept of the text as a whole that the phrase means, or None."""
    match = _IN_LANGUAGE.match(phrase)
    if match and (" in " in f" {phrase}" or match["language"] != "latin") and not phrase.startswith("mentions"):
        return in_language(_LANGUAGES[match["language"]])
    for pattern, build in _COMPILED:
        if pattern.match(phrase):
            return build()
    return None


def beginning(what: str, quotes: tuple[str, ...]) -> Concept | None:
    """The concept of a text that begins with `what`, where the surface decides."""
    return _at_edge(what, quotes, _BEGINNINGS, "begins")


def ending(what: str, quotes: tuple[str, ...]) -> Concept | None:
    """The concept of a text that ends with `what`, where the surface decides."""
    return _at_edge(what, quotes, _ENDINGS, "ends")


def _at_edge(
    what: str, quotes: tuple[str, ...], table: tuple[tuple[str, Callable[[], Concept]], ...], verb: str
) -> Concept | None:
    for pattern, build in table:
        if re.fullmatch(pattern, what):
            return build()
    first = verb == "begins"
    quoted = re.fullmatch(
        r"(?:the )?(?:exact )?(?:(?P<kind>words?|phrase|letters?|characters?|string|name|expression|prefix|"
        r"suffix|article|pronoun|conjunction) )?(?P<what>⟦\d+⟧|\S+)",
        what,
    )
    if quoted and (quoted["kind"] or quoted["what"].startswith("⟦")):
        literal = unquoted(quoted["what"], quotes)
        kind = quoted["kind"] or ("character" if not literal[:1].isalnum() else "word")
        exact = kind.startswith(("letter", "char", "string", "prefix", "suffix")) or not literal[-1:].isalnum()
        functions = (
            (places.begins_with, places.begins_with_word) if first else (places.ends_with, places.ends_with_word)
        )
        label = f"the {kind.rstrip('s')} “{literal}”"
        return Check(f"{verb} with {label}", functions[0] if exact else functions[1], (literal,))
    measure = measure_named(what, quotes)
    if measure is not None and measure not in (MEASURES["word"], MEASURES["character"]):
        return _near_edge(measure, first)
    inner = quantity(what, quotes)
    if inner is not None and "sentence" not in inner.description:
        cut, name = (places.first_third, "at the beginning") if first else (places.last_third, "at the end")
        return Place(inner, name, cut)
    return None


def _near_edge(measure: Measure, first: bool) -> Concept:
    many = 2 if measure.function in (measures.numerals, measures.hashtags, measures.mentions, measures.urls) else 3
    if first:
        return Place(counted(measure, 1, None), f"in the first {many} words", places.first_words, (many,))
    return Place(counted(measure, 1, None), f"in the last {many} words", places.last_words, (many,))


EDGES = (re.compile(f"^(?:{BEGINS}) (?P<what>.+)$"), re.compile(f"^(?:{ENDS}) (?P<what>.+)$"))
