"""From features to columns of numbers: hinges for numeric features, indicators for categories, one for what is missing.

Fitted on training rows alone, so that nothing of the held-out rows leaks in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..types import Feature, Floats
from .features import MISSING

MOST_KNOTS = 7
_LEAST_MISSING = 5


@dataclass(frozen=True, slots=True)
class NumericTerm:
    """x itself and a hinge max(0, x - knot) for each inner knot; missing values become the median, with an indicator
    where there are several.
    """

    name: str
    median: float
    knots: tuple[float, ...]
    low: float
    high: float
    marks_missing: bool

    def columns(self, feature: Feature) -> Floats:
        assert feature.numbers is not None
        gone = ~np.isfinite(feature.numbers)
        x = np.where(gone, self.median, feature.numbers)
        parts = [x, *(np.maximum(0.0, x - knot) for knot in self.knots)]
        return np.column_stack([*parts, gone.astype(float)] if self.marks_missing else parts)


@dataclass(frozen=True, slots=True)
class CategoryTerm:
    """An indicator for each level; a level not seen in training is none of them."""

    name: str
    levels: tuple[str, ...]

    def columns(self, feature: Feature) -> Floats:
        assert feature.categories is not None
        names = [MISSING if c is None else c for c in feature.categories]
        return np.array([[float(name == level) for level in self.levels] for name in names])


Term = NumericTerm | CategoryTerm


@dataclass(frozen=True, slots=True)
class Design:
    """Terms in the order of the features, and where each one's columns are."""

    terms: tuple[Term, ...]
    slices: tuple[slice, ...]

    @classmethod
    def of(cls, terms: Sequence[Term]) -> Design:
        """The design of these terms, their columns side by side."""
        slices, start = [], 0
        for term in terms:
            width = len(term.levels) if isinstance(term, CategoryTerm) else 1 + len(term.knots) + term.marks_missing
            slices.append(slice(start, start + width))
            start += width
        return cls(tuple(terms), tuple(slices))

    def matrix(self, features: Sequence[Feature]) -> Floats:
        return np.hstack([term.columns(feature) for term, feature in zip(self.terms, features)])


def fit_design(features: Sequence[Feature], *, hinges: bool) -> Design:
    """Terms for these (training) rows; without `hinges`, numeric features are straight lines."""
    terms: list[Term] = []
    for feature in features:
        if feature.numbers is not None:
            terms.append(_numeric(feature.name, feature.numbers, hinges))
        else:
            assert feature.categories is not None
            levels = sorted({MISSING if c is None else c for c in feature.categories})
            terms.append(CategoryTerm(feature.name, tuple(levels)))
    return Design.of(terms)


def _numeric(name: str, numbers: Floats, hinges: bool) -> NumericTerm:
    there = numbers[np.isfinite(numbers)]
    gone = len(numbers) - len(there)
    if not len(there):
        there = np.zeros(1)
    knots: tuple[float, ...] = ()
    if hinges and len(np.unique(there)) > 2:
        count = int(min(MOST_KNOTS, len(np.unique(there)) - 2, max(1, len(there) // 25)))
        quantiles = np.quantile(there, np.linspace(0, 1, count + 2)[1:-1])
        inner = np.unique(quantiles)
        knots = tuple(float(k) for k in inner if there.min() < k < there.max())
    return NumericTerm(
        name, float(np.median(there)), knots, float(there.min()), float(there.max()), gone >= _LEAST_MISSING
    )


def take(feature: Feature, rows: NDArray[np.intp]) -> Feature:
    """The feature at some rows."""
    if feature.numbers is not None:
        return Feature(feature.name, numbers=feature.numbers[rows])
    assert feature.categories is not None
    return Feature(feature.name, categories=tuple(feature.categories[i] for i in rows))


def take_all(features: Sequence[Feature], rows: NDArray[np.intp]) -> list[Feature]:
    return [take(feature, rows) for feature in features]
