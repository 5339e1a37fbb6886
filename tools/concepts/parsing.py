"""From English to a concept: what the surface decides is counted and checked, the rest is left to meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...models.embedding import Embedder
from . import places
from .meaning import Meaning, topic_vector
from .naming import unquoted
from .nodes import Joined, Not, Place
from .phrasing import ABOUT, HAS, IS, SAYS, bare, is_predicate, lift_quotes, normal, verb_of, without_verb
from .quantities import quantity
from .traits import EDGES, beginning, ending, trait
from .types import Concept


class ConceptError(ValueError):
    """A description that says nothing. The message says what was expected and what came."""


_AND = re.compile(r",? (?:and also|and yet|but also|and|but|yet|while also|while|as well as|although|though) |, ")
_OR = re.compile(r",? or (?:else )?")
_WITHOUT = re.compile(r",? (?:and |but )?(?:without|with no|lacking|that lacks?|free of|except|unless it) (?:any )?")
_RELATIVE = re.compile(
    r",? (?:that|which|who) |,? (?=(?:about|mentioning|containing|with|including|related to|concerning|in) )"
)
_NEGATIONS = (
    re.compile(r"^(?P<verb>(?:begin|start|end|finish|close)(?:s|es|ning|ing)?) without (?:any |an? )?(?P<rest>.+)$"),
    re.compile(
        r"^(?:(?:does|do|did|is|are|was|were|has|have|can|should|may) )?(?:not|never) (?:ever |even |"
        r"at all )?(?P<rest>.+)$"
    ),
    re.compile(
        r"^(?:without|lack(?:s|ing)?|free (?:of|from)|omit(?:s|ting)?|avoid(?:s|ing)?|exclud(?:es|ing)|devoid of|"
        r"is missing|misses|fails? to|is free (?:of|from)|is devoid of|is without|anything but|unrelated to|"
        r"is unrelated to|refrains? from|steers? clear of)(?: (?:having|using|containing|mentioning))? "
        r"(?:any |an? )?(?P<rest>.+)$"
    ),
    re.compile(
        rf"^(?P<verb>{HAS}|{SAYS}) (?:no|zero|none of(?: the)?|not (?:any|an?|one)|nothing (?:about|on|to do with)|"
        r"neither) (?:mentions? of |references? to |trace of |sign of |kind of )?(?P<rest>.+)$"
    ),
    re.compile(r"^(?:no|nothing about|non-)(?: mentions? of| references? to| trace of)? ?(?P<rest>.+)$"),
)
_PLACES = {
    "first half": places.first_half,
    "second half": places.second_half,
    "last half": places.second_half,
    "latter half": places.second_half,
    "beginning": places.first_third,
    "start": places.first_third,
    "opening": places.first_third,
    "first part": places.first_third,
    "front": places.first_third,
    "first third": places.first_third,
    "middle": places.middle_third,
    "end": places.last_third,
    "ending": places.last_third,
    "close": places.last_third,
    "conclusion": places.last_third,
    "last part": places.last_third,
    "final part": places.last_third,
    "last third": places.last_third,
    "first sentence": places.first_sentence,
    "opening sentence": places.first_sentence,
    "last sentence": places.last_sentence,
    "final sentence": places.last_sentence,
    "closing sentence": places.last_sentence,
    "second part": places.second_half,
    "final third": places.last_third,
}
_NAMES = {
    places.first_half: "in the first half",
    places.second_half: "in the second half",
    places.first_third: "at the beginning",
    places.middle_third: "in the middle",
    places.last_third: "at the end",
    places.first_sentence: "in the first sentence",
    places.last_sentence: "in the last sentence",
}
_OF_TEXT = r"(?: of (?:it|the \w+|its text|a \w+|each \w+))?"
_PLACE = (
    "|".join(sorted(_PLACES, key=len, reverse=True))
    + r"|(?:first|last|final|opening|closing) (?:(?:\d+|two|three|four|five|few) )?words?"
)
_AFTER = re.compile(
    rf"^(?P<inner>.+?),? (?:somewhere |only |right |already |early |late )?(?:in|at|within|near|towards?|by|on|as|"
    rf"during) (?:the |its )?(?:very )?(?P<place>{_PLACE}){_OF_TEXT}$"
)
_BEFORE = re.compile(
    rf"^(?:in |at |within |near |towards? )?(?:the |its )(?:very )?(?P<place>{_PLACE}){_OF_TEXT},? (?:it |the text )?"
    r"(?P<inner>.+)$"
)
_FLUFF = re.compile(
    r"^(?!(?:something|anything|things?) to )"
    r"(?:(?:the |an? |some |any )?(?:words?|terms?|phrases?|things?|language|vocabulary|statements?|ideas?|"
    r"mentions?|references?|discussions?|descriptions?|topics?|subjects?|themes?|concepts?|something|anything|"
    r"details?|information|content) (?:that (?:is|are) |which (?:is|are) )?(?:related to|relating to|about|of|"
    r"to|concerning|associated with|having to do with|on|to do with|like|for) |the topic |the notion of |any )"
)
DIFFERENT = 0.35
"""Likeness of two topics below which "X and Y" names two things rather than one."""


def parse(description: str, embedder: Embedder) -> Concept:
    """The concept that `description` means: a phrase that completes "The text …", or a bare noun phrase.

    Read are counts, marks, words, places, grammar, languages, and their negations and conjunctions, in many phrasings;
    what remains is a topic, decided by meaning. Raises `ConceptError` for a description that says nothing.

    >>> parse("contains at least two numbers but no question mark", load_embedder()).description
    'contains at least two numbers and contains no question marks'
    """
    lifted, quotes = lift_quotes(description)
    phrase = normal(lifted)
    if not re.search(r"\w", phrase) and not quotes:
        raise ConceptError(
            f"expected a description such as 'mentions food', got {description!r}; say what the text is like"
        )
    return _Reader(embedder, quotes).read(phrase)


@dataclass(frozen=True, slots=True)
class _Reader:
    embedder: Embedder
    quotes: tuple[str, ...]

    def read(self, phrase: str) -> Concept:
        phrase = bare(phrase.strip(" ,;:"))
        found = self._surface(phrase)
        for attempt in (
            self._paired,
            self._predicates,
            self._negated,
            self._placed,
            self._edge,
            self._related,
            self._shared,
        ):
            if found is not None:
                return found
            found = attempt(phrase)
        return found if found is not None else self._meaning(phrase)

    def _surface(self, phrase: str) -> Concept | None:
        for pattern, edge in zip(EDGES, (beginning, ending)):
            match = pattern.match(phrase)
            if match:
                return edge(match["what"], self.quotes)
        return trait(phrase) or quantity(phrase, self.quotes)

    def _paired(self, phrase: str) -> Concept | None:
        """Both … and …, either … or …, neither … nor …."""
        match = re.match(
            r"^(?P<verb>.*?)\b(?P<word>both|either|neither) (?P<one>.+?),? (?:and|or|nor) (?P<two>.+)$", phrase
        )
        if not match or (match["verb"] and verb_of(match["verb"].strip()) is None and not is_predicate(match["verb"])):
            return None
        verb = match["verb"]
        parts = tuple(self.read(p if is_predicate(p) else verb + p) for p in (match["one"], match["two"]))
        if match["word"] == "neither":
            return Joined(tuple(Not(p) for p in parts), every=True)
        return Joined(parts, every=match["word"] == "both")

    def _predicates(self, phrase: str) -> Concept | None:
        """X and Y, X or Y, X without Y, where each says something by itself."""
        for pattern, every in ((_OR, False), (_AND, True)):
            for match in pattern.finditer(phrase):
                left, right = phrase[: match.start()], phrase[match.end() :]
                if is_predicate(right) and (is_predicate(left) or self._surface(left) is not None):
                    return Joined((self.read(left), self._right(left, right)), every)
        return self._without(phrase) or self._with(phrase)

    def _without(self, phrase: str) -> Concept | None:
        match = _WITHOUT.search(phrase, 1)
        if match is None:
            return None
        left, right = phrase[: match.start()], phrase[match.end() :]
        if not is_predicate(phrase) and self._surface(left) is None:
            return None
        return Joined((self.read(left), Not(self._itself(right))), every=True)

    def _itself(self, phrase: str) -> Concept:
        """A thing that has no verb is mentioned."""
        known = is_predicate(phrase) or self._surface(phrase) is not None
        return self.read(phrase if known else f"mentions {phrase}")

    def _with(self, phrase: str) -> Concept | None:
        """A complaint with an exclamation mark: what the surface decides after "with" is said of the text as well."""
        for match in re.finditer(r",? with ", phrase):
            left, right = phrase[: match.start()], phrase[match.end() :]
            verb = verb_of(phrase) or ""
            if len(verb) > len(left) or re.search(
                r"\b(?:deal\w*|associated|connected|begin\w*|end\w*|start\w*)$", left
            ):
                continue
            second = quantity(f"contains {right}", self.quotes)
            if left and second is not None:
                return Joined((self.read(left), second), every=True)
        return None

    def _right(self, left: str, right: str) -> Concept:
        """The second of two: "not Y" after "mentions X" means that it does not mention Y."""
        match = re.match(r"^(?:not|never|no) (?P<rest>.+)$", right)
        verb = verb_of(left)
        if match and verb is not None and not is_predicate(match["rest"]) and self._surface(match["rest"]) is None:
            return Not(self.read(f"{verb} {match['rest']}"))
        if match and right.startswith("no ") and self._surface(f"contains {match['rest']}") is not None:
            return Not(self.read(f"contains {match['rest']}"))
        return self.read(right)

    def _negated(self, phrase: str) -> Concept | None:
        for pattern in _NEGATIONS:
            match = pattern.match(phrase)
            if match:
                verb = match.groupdict().get("verb")
                if verb and re.match("(?:begin|start|end|finish|close)", verb):
                    verb += " with"
                rest = f"{verb} {match['rest']}" if verb else match["rest"]
                if not verb and not is_predicate(rest) and self._surface(rest) is None:
                    rest = rest if self._surface(f"contains {rest}") is None else f"contains {rest}"
                rest = re.sub(r"\b(?:any|at all|whatsoever)\b ?", "", rest).strip()
                return Not(self.read(rest)) if re.search(r"\w", rest) else None
        return None

    def _placed(self, phrase: str) -> Concept | None:
        match = _AFTER.match(phrase) or _BEFORE.match(phrase)
        if not match:
            return None
        name = match["place"]
        inner = match["inner"]
        if name in _PLACES:
            cut = _PLACES[name]
            return Place(self.read(inner), _NAMES[cut], cut)
        counts = {"two": 2, "three": 3, "four": 4, "five": 5, "few": 3, "word": 1}
        said = re.search(r"\d+|two|three|four|five|few", name)
        many = 1 if not said else int(said[0]) if said[0].isdigit() else counts[said[0]]
        first = name.startswith(("first", "opening"))
        equal = re.match(r"^(?:is|are|being) (?:the word )?(?P<what>⟦\d+⟧|\w+)$", inner)
        if equal and many == 1:
            word = unquoted(equal["what"], self.quotes)
            return (beginning if first else ending)(f"the word {word}", self.quotes) or self._meaning(phrase)
        cut_words = places.first_words if first else places.last_words
        return Place(
            self.read(inner), f"in the {'first' if first else 'last'} {many} word{'s' * (many > 1)}", cut_words, (many,)
        )

    def _edge(self, phrase: str) -> Concept | None:
        """Begins or ends with something that only meaning knows, or that may be meant as the very word."""
        for pattern, edge, cut in zip(EDGES, (beginning, ending), (places.first_sentence, places.last_sentence)):
            match = pattern.match(phrase)
            if match is None:
                continue
            what = re.sub(r"^(?:an?|the) (?=\w+ ?\w*$)", "", match["what"])
            topic = Place(self.read(what if is_predicate(what) else f"mentions {what}"), _NAMES[cut], cut)
            words = edge(f"the word {what}", self.quotes) if re.fullmatch(r"[\w'-]+", match["what"]) else None
            return topic if words is None else Joined((words, topic), every=False) if len(what) > 4 else words
        return None

    def _related(self, phrase: str) -> Concept | None:
        """ "Short questions about food": a surface noun, and what is said of it."""
        for match in _RELATIVE.finditer(phrase):
            left, right = phrase[: match.start()], phrase[match.end() :]
            first = self._surface(left) if left else None
            if first is not None and right:
                return Joined((first, self.read(right)), every=True)
        kind = re.match(r"^(?:an? )?(?P<kind>short|long|brief|lengthy|polite) (?P<rest>\w.*)$", phrase)
        if kind and (first := self._surface(kind["kind"])) and (second := self._surface(kind["rest"])):
            return Joined((first, second), every=True)
        return None

    def _shared(self, phrase: str) -> Concept | None:
        """ "Mentions X and Y": one verb for both."""
        verb = verb_of(phrase)
        if verb is None:
            return None
        rest = phrase[len(verb) :].strip()
        for pattern, every in (
            (re.compile(r",? or "), False),
            (re.compile(r",? (?:and|but|as well as|, and) |, "), True),
        ):
            match = pattern.search(rest)
            if not match or not rest[match.end() :] or not rest[: match.start()]:
                continue
            one, two = rest[: match.start()], rest[match.end() :]
            left = self.read(f"{verb} {one}")
            negative = re.match(r"^(?:not|no) (?P<rest>.+)$", two)
            if negative:
                return Joined((left, Not(self.read(f"{verb} {negative['rest']}"))), every=True)
            surface = not isinstance(left, Meaning)
            if surface or not every or self._differ(one, two):
                return Joined((left, self.read(f"{verb} {two}")), every)
        return None

    def _differ(self, one: str, two: str) -> bool:
        if max(len(one.split()), len(two.split())) > 4:
            return False
        return bool(topic_vector(one, self.embedder) @ topic_vector(two, self.embedder) < DIFFERENT)

    def _meaning(self, phrase: str) -> Concept:
        says, has = without_verb(phrase, SAYS), without_verb(phrase, HAS)
        says = says if says is not None else has
        about = None if says is not None else without_verb(phrase, ABOUT)
        topic = next(t for t in (says, about, without_verb(phrase, IS), phrase) if t is not None)
        for _ in range(2):
            topic = _FLUFF.sub("", topic)
        said = unquoted(topic, self.quotes)
        topic = re.sub(r"^(?:an?|the|some|any) (?=\w)", "", said).strip() or said
        if has is not None:
            description = f"contains {said}"
        elif says is not None:
            description = f"mentions {said}"
        elif about is None and (is_predicate(phrase) or verb_of(phrase)):
            description = unquoted(phrase, self.quotes)
        else:
            description = f"is about {said}"
        return Meaning(description, topic, self.embedder, said=about is None)
