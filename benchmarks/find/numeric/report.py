"""Rows of results added up: the figures of the benchmark, whole and by family and variant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from ..category import Report
from ..figures import Share, Spread
from .measure import RowResult
from .official import PUBLISHED


class Figures(BaseModel):
    """The benchmark's figures over some functions.

    `exact_clean` is over clean functions whose signal is visible; `within_noise` over noised ones; `found` over
    corruptions that stand out; `false_claims` over functions without corruption. See `RowResult` for each.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    functions: int
    failed: int
    official: Share
    fresh: Share
    exact: Share
    exact_clean: Share
    within_noise: Share
    found: Share
    found_or_complement: Share
    false_claims: Share
    close: float | None
    queries: Spread
    seconds: Spread
    cpu_seconds: Spread


class PredictorFigures(BaseModel):
    """What a baseline or the oracle reaches on the same functions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    official: Share
    fresh: Share
    exact: Share


class FindReport(Report):
    """What came of the numeric functions."""

    category: Literal["numeric"] = "numeric"
    total: Figures
    by_variant: dict[str, Figures]
    by_family: dict[str, Figures]
    predictors: tuple[PredictorFigures, ...]
    published: dict[str, float]
    rows: tuple[RowResult, ...]


def report_on(
    rows: Sequence[RowResult],
    *,
    data: str,
    engine: str,
    seed: int,
    budget_queries: int,
    missing: int,
    scientist: str = "inductive",
) -> FindReport:
    """Add up `rows`."""
    rows = sorted(rows, key=lambda r: r.id)
    return FindReport(
        scientist=scientist,
        data=data,
        engine=engine,
        seed=seed,
        budget_queries=budget_queries,
        missing=missing,
        total=figures(rows),
        by_variant=_split(rows, lambda r: r.variant),
        by_family=_split(rows, lambda r: family_group(r.family)),
        predictors=_predictors(rows),
        published=dict(PUBLISHED),
        rows=tuple(rows),
    )


def family_group(family: str) -> str:
    """The family itself, or `sum of two` / `product of two` for FIND's compositions."""
    *_, how = family.split(";")
    return {"sum_two": "sum of two", "multiply_two": "product of two"}.get(how, family) if ";" in family else family


def figures(rows: Sequence[RowResult]) -> Figures:
    """The figures over `rows`."""
    standing_out = [r for r in rows if r.stands_out]
    timed = [r for r in rows if r.error is None]
    close = [r.mark.close for r in rows if np.isfinite(r.mark.close)]
    return Figures(
        functions=len(rows),
        failed=sum(r.error is not None for r in rows),
        official=Share.of(r.mark.official for r in rows),
        fresh=Share.of(r.mark.fresh for r in rows),
        exact=Share.of(r.mark.exact for r in rows),
        exact_clean=Share.of(r.mark.exact for r in rows if r.variant == "clean" and r.visible),
        within_noise=Share.of(r.within_noise for r in rows if r.within_noise is not None),
        found=Share.of(r.found for r in standing_out),
        found_or_complement=Share.of(r.found or r.found_by_complement for r in standing_out),
        false_claims=Share.of(bool(r.claims) for r in rows if not r.corrupted),
        close=float(np.mean(close)) if close else None,
        queries=Spread.of([float(r.queries) for r in timed]),
        seconds=Spread.of([r.seconds for r in timed]),
        cpu_seconds=Spread.of([r.cpu_seconds for r in timed]),
    )


def _predictors(rows: Sequence[RowResult]) -> tuple[PredictorFigures, ...]:
    names = list(dict.fromkeys(name for r in rows for name in r.baselines))
    return tuple(
        PredictorFigures(
            name=name,
            official=Share.of(r.baselines[name].official for r in rows),
            fresh=Share.of(r.baselines[name].fresh for r in rows),
            exact=Share.of(r.baselines[name].exact for r in rows),
        )
        for name in names
    )


def _split(rows: Sequence[RowResult], group: Callable[[RowResult], str]) -> dict[str, Figures]:
    groups: dict[str, list[RowResult]] = {}
    for row in rows:
        groups.setdefault(group(row), []).append(row)
    return {name: figures(groups[name]) for name in sorted(groups)}
