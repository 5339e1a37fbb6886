"""The tools of text modules put into a scientist's hands: describe, fit, combine, write code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..tools.judging.types import Judge
from ..tools.sasc.types import Candidate, RankedPhrases
from .baseline_wordings import thinned
from .text_candidates import Bench, TextCandidate, rounded_auc
from .text_code import word_list_code
from .text_scientist import TextTools

if TYPE_CHECKING:
    from ..models import Embedder

_DESCRIBED = 8
_TOPICS = 6
_LEAST_AUC = 0.58
_COMBINED = 5
_BETTER_BY = 0.04
_LEAST_TEXTS = 20
_ALIKE = 0.8
_JOINED = re.compile(r"\b(and|or|nor|but)\b")
"""Descriptions that are joined already: nobody reads three clauses."""


def text_tools(embedder: Embedder, judge: Judge) -> TextTools:
    """What `TextScientist` works with, all of it embedded: no language model is needed."""
    return TextTools(
        judge=judge,
        describe=lambda ranked, chat: describe(ranked, embedder, chat),
        fit=lambda texts, responses: fit(texts, responses, embedder),
        combine=lambda candidates, bench: combine(candidates, bench, embedder),
        code=lambda description, bench: code(description, bench, embedder),
        embedder=embedder,
    )


def describe(ranked: RankedPhrases, embedder: Embedder, chat: Any = None) -> list[Candidate]:
    """SASC's second step: by the embedded generator, and by a chat model too where there is one. Raises ChatError."""
    from ..tools.sasc import summarize

    ranked = thinned(ranked)
    found = summarize(ranked, embedder=embedder, n=_DESCRIBED)
    if chat is not None:
        found = [*summarize(ranked, embedder=embedder, chat=chat, n=_DESCRIBED), *found]
    return found


def fit(texts: Sequence[str], responses: Sequence[float], embedder: Embedder) -> list[tuple[str, str]]:
    """Descriptions that tell where responses to `texts` are high: rules that can be checked without meaning, and topics
    of the bank and of the top texts, each with its origin.
    """
    from ..tools.concepts import fit_surface

    answers = np.asarray(responses, dtype=np.float64)
    found = [(fitted.concept.description, "surface rule") for fitted in fit_surface(texts, answers)]
    order = np.argsort(-answers, kind="stable")
    keep = max(2, len(texts) // 5)
    ranked = RankedPhrases(tuple(texts[k] for k in order), answers[order], keep, len(texts))
    found += [(candidate.text, "top texts") for candidate in describe(ranked, embedder)]
    return [*found, *((topic, "topic bank") for topic in _likely_topics(texts, answers, embedder))]


def _likely_topics(texts: Sequence[str], answers: Any, embedder: Embedder) -> list[str]:
    """Topics of the bank that are most like the texts with high responses, by cosine alone: a first sieve."""
    from ..tools.concepts import topic_bank

    topics = topic_bank()
    alike = embedder.encode(topics) @ embedder.encode(texts).T
    scored = [(rounded_auc(row, answers), topic) for row, topic in zip(alike - alike.mean(axis=0), topics)]
    scored.sort(key=lambda item: (-item[0], item[1]))
    return [topic for value, topic in scored[:_TOPICS] if value >= _LEAST_AUC]


def combine(candidates: Sequence[TextCandidate], bench: Bench, embedder: Embedder) -> list[tuple[str, str]]:
    """Pairs of good candidates, joined by *or* and by *and*, that do better on what was asked than the best alone."""
    from ..tools.concepts import parse
    from ..tools.concepts.nodes import Joined

    single = [c for c in candidates if not _JOINED.search(c.description)]
    best, texts = single[:_COMBINED], list(bench.texts)
    if not best or len(texts) < _LEAST_TEXTS:
        return []
    answers = np.array([bench.texts[t] for t in texts])
    told = [np.array([c.told.get(t, 0.0) for t in texts]) for c in best]
    found = []
    for i in range(len(best)):
        for j in range(i + 1, len(best)):
            if _correlation(told[i], told[j]) >= _ALIKE:
                continue
            for every in (False, True):
                joined = np.minimum(told[i], told[j]) if every else np.maximum(told[i], told[j])
                value = rounded_auc(joined, answers)
                if value >= candidates[0].auc + _BETTER_BY:
                    parts = (parse(best[i].description, embedder), parse(best[j].description, embedder))
                    found.append((value, Joined(parts, every).description))
    found.sort(key=lambda item: (-item[0], item[1]))
    return [(said, "combined") for _, said in found[:_COMBINED]]


def _correlation(one: Any, other: Any) -> float:
    if np.ptp(one) == 0.0 or np.ptp(other) == 0.0:
        return 1.0
    return float(np.corrcoef(one, other)[0, 1])


def code(description: str, bench: Bench, embedder: Embedder) -> str:
    """Code for the description: the rule itself where it is one, else a list of words; empty where none is any good."""
    from ..tools.concepts import code as code_of
    from ..tools.concepts import parse

    return code_of(parse(description, embedder)) or word_list_code(bench.texts, bench.all_phrases)
