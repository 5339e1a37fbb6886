"""Rows of synthetic neurons added up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from ..category import Facts, Report
from ..figures import Share, Spread
from .measure import ConceptRow


class ConceptFigures(BaseModel):
    """The figures over some functions.

    `language`: the mean share of unit-test items right, over functions that have items; `perfect`: functions with all
    of them right; `oracle`: the mean for the true descriptions; `score`: the mean of the run's own held-out scores,
    over those that have one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    functions: int
    failed: int
    language: float | None
    perfect: Share
    oracle: float | None
    score: float | None
    stands: Share
    queries: Spread
    seconds: Spread


class ConceptReport(Report):
    """What came of entities or relations. `groups`: functions of one concept and of two; without an exception and with
    one.
    """

    category: Literal["entities", "relations"]
    box: str
    judge: str
    metric: str
    total: ConceptFigures
    groups: dict[str, ConceptFigures]
    rows: tuple[ConceptRow, ...]


def report_on(rows: Sequence[ConceptRow], category: str, facts: Facts) -> ConceptReport:
    """Add up `rows`."""
    rows = sorted(rows, key=lambda row: row.id)
    kinds = sorted({_kind(row, category) for row in rows})
    return ConceptReport.model_validate(
        {
            **facts.about(),
            "category": category,
            "box": ", ".join(sorted({row.box for row in rows})) or "nobody",
            "judge": ", ".join(sorted({row.judge for row in rows})) or "nobody",
            "metric": next((row.metric for row in rows if row.metric), ""),
            "total": figures(rows),
            "groups": {kind: figures([row for row in rows if _kind(row, category) == kind]) for kind in kinds},
            "rows": tuple(rows),
        }
    )


def figures(rows: Sequence[ConceptRow]) -> ConceptFigures:
    """The figures over `rows`."""
    tested = [row for row in rows if row.language is not None]
    return ConceptFigures(
        functions=len(rows),
        failed=sum(row.error is not None for row in rows),
        language=_mean([row.language for row in tested]),
        perfect=Share.of(row.language == 1.0 for row in tested),
        oracle=_mean([row.oracle for row in rows]),
        score=_mean([row.score for row in rows]),
        stands=Share.of(row.stands for row in rows),
        queries=Spread.of([float(row.queries) for row in rows if row.error is None]),
        seconds=Spread.of([row.seconds for row in rows if row.error is None]),
    )


def _kind(row: ConceptRow, category: str) -> str:
    if category == "entities":
        return "one concept" if row.concept2 is None else "two concepts"
    return "no exception" if row.exception is None else "with an exception"


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None and np.isfinite(value)]
    return float(np.mean(known)) if known else None
