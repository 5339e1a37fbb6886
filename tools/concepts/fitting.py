"""Surface concepts as candidates: all of them without data, and those whose thresholds fit data best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from . import grammar, traits
from .languages import FUNCTION_WORDS, SCRIPTS
from .names import COUNTABLE, MEASURES
from .nodes import Check, Counted, Measure, Not
from .quantities import counted, much
from .traits import InLanguage
from .types import Concept, Floats

_GRADED = {"word", "character", "sentence"}


@dataclass(frozen=True, slots=True)
class FittedConcept:
    """A surface concept with its correlation (Pearson's) of degree with response on the texts it was fitted to."""

    concept: Concept
    correlation: float


def surface_bank() -> list[Concept]:
    """Every surface concept that needs no data: each mark, word class and trait present or not, each language."""
    bank: list[Concept] = [counted(m, 1, None) for m in COUNTABLE if m.one not in (*_GRADED, "line")]
    bank += [much(m) for m in COUNTABLE if m.one not in ("word", "line")]
    bank += [traits.long(), traits.short(), traits.question(), Check("is a command", grammar.is_imperative)]
    bank += [counted(MEASURES["sentence"], 2, None), counted(MEASURES["sentence"], 1, 1)]
    for phrase in (
        "in capital letters",
        "in lower case",
        "in the past tense",
        "in the present tense",
        "in the future tense",
    ):
        found = traits.trait(phrase)
        assert found is not None, phrase
        bank.append(found)
    for edge, things in (
        (
            traits.beginning,
            ("a capital letter", "a lower-case letter", "a number", "a vowel", "a quotation mark", "a question word"),
        ),
        (
            traits.ending,
            (
                "a question mark",
                "an exclamation mark",
                "a full stop",
                "an ellipsis",
                "a number",
                "punctuation",
                "a hashtag",
                "a url",
            ),
        ),
    ):
        bank += [concept for thing in things if (concept := edge(thing, ())) is not None]
    bank += [traits.in_language(name) for name in (*FUNCTION_WORDS, *SCRIPTS)]
    return list({concept.description: concept for concept in bank}.values())


def fit_surface(texts: Sequence[str], responses: Sequence[float] | Floats, *, most: int = 10) -> list[FittedConcept]:
    """The surface concepts whose degrees go best with `responses`, best first; thresholds are chosen on these texts.

    Tried are the bank, its negations, and for everything countable a bound from below and from above at each count that
    occurs (forty quantiles at most). Of like descriptions of one count the best is kept. What was fitted here is to be
    tested on other texts.
    """
    answers = np.asarray(responses, dtype=np.float64)
    kept = np.isfinite(answers)
    texts, answers = [t for t, k in zip(texts, kept) if k], answers[kept]
    if len(texts) < 4 or np.ptp(answers) == 0:
        return []
    found: dict[object, FittedConcept] = {}

    def consider(family: object, concept: Concept, degrees: Floats) -> None:
        value = _correlation(degrees, answers)
        if value < 0 and isinstance(concept, Check | InLanguage):
            concept, value = Not(concept), -value
        if value > 0 and (family not in found or value > found[family].correlation + 1e-9):
            found[family] = FittedConcept(concept, value)

    for concept in surface_bank():
        if not isinstance(concept, Counted):
            consider(concept.description, concept, concept.degrees(texts))
    for measure in COUNTABLE:
        counts = np.array([measure(text) for text in texts])
        for least, most_ in _bounds(counts):
            degrees = ((counts >= (least or 0)) & (counts <= (np.inf if most_ is None else most_))).astype(np.float64)
            consider(("count", measure.many), _bounded(measure, least, most_), degrees)
    return sorted(found.values(), key=lambda f: -f.correlation)[:most]


def _bounded(measure: Measure, least: float | None, most: float | None) -> Concept:
    return counted(measure, least, most)


def _bounds(counts: Floats) -> list[tuple[float | None, float | None]]:
    """The bounds worth trying: between any two counts that occur, from below and from above."""
    values = np.unique(counts)
    if len(values) > 41:
        values = np.unique(np.quantile(counts, np.linspace(0, 1, 41), method="nearest"))
    lower = [(float(value), None) for value in values[1:]]
    upper = [(None, float(value)) for value in values[:-1]]
    return [*lower, *upper]


def _correlation(degrees: Floats, responses: Floats) -> float:
    if np.ptp(degrees) < 1e-12:
        return 0.0
    return float(np.corrcoef(degrees, responses)[0, 1])
