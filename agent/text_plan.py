"""How much of a text module a run asks, by how fast it answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from .types import Inquiry

DEFAULT_QUERIES = 4000
"""The most queries of a run on a text module whose user gave no budget; a slow module gets fewer."""
DEFAULT_SECONDS = 120.0
MOST_PHRASES, MOST_TEXTS, MOST_POOL = 2500, 160, 6000
PHRASES_TIME, TEXTS_TIME = 0.3, 0.15
"""Shares of the budget of seconds: for the search of top phrases, for testing candidates on texts."""
_PHRASES_SHARE, _TEXTS_SHARE, _REFINING_SHARE = 0.6, 0.25, 0.08
_CHARACTERS_OF_A_PHRASE, _CHARACTERS_OF_A_TEXT = 35.0, 140.0
"""As `TextGround.seconds_each` counts them: with the cost of starting."""
_PHRASES_FOR_A_TEXT = 4.0
"""Phrases that a judge or embedder reads in the time of one text."""
_SEARCH_READING, _TEXTS_READING = 0.12, 0.08
"""Shares of the budget of seconds: for reading the pool of phrases, and the pool of texts."""
_LEAST_POOL, _MOST_TEXT_POOL = 40, 400


@dataclass(frozen=True, slots=True)
class Plan:
    """`phrases` to ask of a `pool`, `texts` to test on of a `text_pool`, phrases for `refining`. `seconds_each`: what a
    phrase takes the module, as measured in the first look; `judge_seconds_each`: what a text takes the judge.
    """

    phrases: int
    pool: int
    texts: int
    refining: int
    queries: int
    seconds_each: float
    text_pool: int
    judge_seconds_each: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def plan_for(inquiry: Inquiry, judge_seconds_each: float) -> Plan:
    """What the measured speeds of module and judge allow within the budget of seconds, and the queries left."""
    asked = list(inquiry.observations())
    each = float(np.mean([o.reply.seconds for o in asked])) if asked else 0.0
    left, seconds = inquiry.queries_left, min(inquiry.seconds_left, inquiry.budget.seconds, 1e6)
    slow = max(each, 1e-6)
    per_text = slow * _CHARACTERS_OF_A_TEXT / _CHARACTERS_OF_A_PHRASE
    phrases = int(min(MOST_PHRASES, _PHRASES_SHARE * left, PHRASES_TIME * seconds / slow))
    texts = int(min(MOST_TEXTS, max(4.0, _TEXTS_SHARE * left), max(12.0, TEXTS_TIME * seconds / per_text)))
    texts = max(0, min(texts, left - phrases))
    refining = max(0, min(int(_REFINING_SHARE * left), left - phrases - texts, max(4, phrases // 5), 160))
    reading = max(judge_seconds_each, 1e-6)
    readable = _SEARCH_READING * seconds * _PHRASES_FOR_A_TEXT / reading
    pool = int(min(MOST_POOL, 4 * phrases, max(100.0, readable)))
    text_pool = int(min(_MOST_TEXT_POOL, max(_LEAST_POOL, _TEXTS_READING * seconds / reading)))
    set_aside = inquiry.budget.queries - len(asked) - left
    total = len(asked) + phrases + texts + refining + max(0, set_aside)
    return Plan(phrases, max(pool, phrases), texts, refining, total, each, text_pool, judge_seconds_each)
