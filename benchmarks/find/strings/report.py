"""Rows of functions of texts added up: whole, by how they are made, and by family."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from ..category import Facts, Report
from ..figures import Share, Spread
from .measure import StringMark, StringRow

PUBLISHED_CODE, PUBLISHED_LANGUAGE = {"GPT-4": 0.23}, {"GPT-4": 0.82}
"""FIND's string indicator and unit test of language over all 1,000 functions, as the paper reports them."""


class StringFigures(BaseModel):
    """The figures over some functions.

    `official`: the mean of FIND's string indicator; `all_ten`: functions with every test input right; `fresh`: the mean
    share of fresh texts; `exact`: functions with all fresh texts right; `certain`: the same of those that always answer
    alike; `language`: the mean share of the unit test of language; None where nothing was tested.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    functions: int
    failed: int
    official: float | None
    all_ten: Share
    fresh: float | None
    exact: Share
    certain: Share
    language: float | None
    queries: Spread
    seconds: Spread
    cpu_seconds: Spread


class StringPredictor(BaseModel):
    """What a trivial explanation reaches on the same functions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    official: float | None
    all_ten: Share
    fresh: float | None
    exact: Share


class StringReport(Report):
    """What came of the functions of texts. A function counts in `by_family` under each of its steps."""

    category: Literal["strings"] = "strings"
    total: StringFigures
    groups: dict[str, StringFigures]
    by_family: dict[str, Share]
    predictors: tuple[StringPredictor, ...]
    published_code: dict[str, float]
    published_language: dict[str, float]
    rows: tuple[StringRow, ...]


_GROUPS: dict[str, Callable[[StringRow], bool]] = {
    "single": lambda row: not row.composed,
    "composed": lambda row: row.composed,
    "two steps": lambda row: len(row.families) == 2,
    "three steps": lambda row: len(row.families) == 3,
    "without exception": lambda row: row.exception is None,
    "with an exception": lambda row: row.exception is not None,
    "stochastic": lambda row: row.stochastic,
}


def report_on(rows: Sequence[StringRow], facts: Facts) -> StringReport:
    """Add up `rows`."""
    rows = sorted(rows, key=lambda row: row.id)
    groups = {name: [row for row in rows if belongs(row)] for name, belongs in _GROUPS.items()}
    families = sorted({family for row in rows for family in row.families})
    return StringReport(
        **facts.about(),
        total=figures(rows),
        groups={name: figures(group) for name, group in groups.items() if 0 < len(group) < len(rows)},
        by_family={name: Share.of(row.mark.exact for row in rows if name in row.families) for name in families},
        predictors=_predictors(rows),
        published_code=PUBLISHED_CODE,
        published_language=PUBLISHED_LANGUAGE,
        rows=tuple(rows),
    )


def figures(rows: Sequence[StringRow]) -> StringFigures:
    """The figures over `rows`."""
    timed = [row for row in rows if row.error is None]
    marks = [row.mark for row in rows]
    return StringFigures(
        functions=len(rows),
        failed=sum(row.error is not None for row in rows),
        official=_mean([mark.official for mark in marks]),
        all_ten=_all_ten(marks),
        fresh=_mean([mark.fresh for mark in marks]),
        exact=Share.of(mark.exact for mark in marks),
        certain=Share.of(row.mark.exact for row in rows if not row.stochastic),
        language=_mean([row.language for row in rows]),
        queries=Spread.of([float(row.queries) for row in timed]),
        seconds=Spread.of([row.seconds for row in timed]),
        cpu_seconds=Spread.of([row.cpu_seconds for row in timed]),
    )


def _predictors(rows: Sequence[StringRow]) -> tuple[StringPredictor, ...]:
    found = []
    for name in dict.fromkeys(name for row in rows for name in row.baselines):
        marks = [row.baselines[name] for row in rows if name in row.baselines]
        found.append(
            StringPredictor(
                name=name,
                official=_mean([mark.official for mark in marks]),
                all_ten=_all_ten(marks),
                fresh=_mean([mark.fresh for mark in marks]),
                exact=Share.of(mark.exact for mark in marks),
            )
        )
    return tuple(found)


def _all_ten(marks: Sequence[StringMark]) -> Share:
    return Share.of(mark.official == 1.0 for mark in marks if mark.official is not None)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None and np.isfinite(value)]
    return float(np.mean(known)) if known else None
