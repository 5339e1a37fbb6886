"""How many texts a function of texts is asked, by its budget and by how fast it answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from .types import Inquiry

MOST_QUERIES = 150
"""Queries of the scientist in the usual budget, what is held out to verify not counted."""
_BUDGET_SHARE = 3 / 8
_OPENING = 58
_TIME_SHARE = 0.6
REPEATED = ("hello", "banana", "The quick brown fox", "a1b2c3")
"""Probes that are asked again, to see whether answers differ."""


@dataclass(frozen=True)
class StringPlan:
    """At most `queries` in all, `opening` of them before anything is supposed."""

    queries: int
    opening: int

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def plan_for(inquiry: Inquiry, seconds_each: float) -> StringPlan:
    """The plan for a box that takes so long for an answer. Slow boxes are asked less, but at least a little."""
    asked = len([*inquiry.observations()])
    most = min(asked + inquiry.queries_left, max(MOST_QUERIES, int(_BUDGET_SHARE * inquiry.budget.queries)))
    if seconds_each > 0.0:
        most = min(most, max(12, int(_TIME_SHARE * inquiry.seconds_left / seconds_each)))
    return StringPlan(most, max(4, min(_OPENING, most // 2)))
