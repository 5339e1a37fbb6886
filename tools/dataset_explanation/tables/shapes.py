"""The shape of each feature's effect: the target's mean along it, in few straight segments, with bootstrap bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...scoring.texts import Estimate
from ..types import Feature, Floats
from .design import CategoryTerm, Design, NumericTerm, take_all
from .models import Additive, refit
from .types import Curve, Level, Segment

REFITS = 60
"""Bootstrap refits that bands and slopes rest on."""
FLAT = 0.1
"""A segment that moves the target by less than this share of the curve's whole range is flat."""
_POINTS = 200


@dataclass(frozen=True)
class Refits:
    """The model fitted on all training rows first, then on resamples; `matrices` are the training rows in each one's
    design.
    """

    models: tuple[Additive, ...]
    matrices: tuple[Floats, ...]

    def means(self, number: int, values: Feature) -> Floats:
        """(models, values): the target's mean if all rows had each of `values` of one feature."""
        found = []
        for model, matrix in zip(self.models, self.matrices):
            part = model.design.slices[number]
            others = matrix @ model.weights + model.intercept - matrix[:, part] @ model.weights[part]
            added = model.design.terms[number].columns(values) @ model.weights[part]
            if model.kind == "number":
                found.append(float(others.mean()) + added)
            else:
                found.append(np.array([model.finish(others + a).mean() for a in added]))
        return np.array(found)


def refits(
    model: Additive, features: Sequence[Feature], y: Floats, rng: np.random.Generator, count: int = REFITS
) -> Refits:
    """`model` with `count` refits on resampled rows, its breakpoints moved to where they fit those best."""
    found = [model]
    while len(found) <= count:
        rows = rng.integers(0, len(y), len(y))
        if model.kind == "groups" and len(np.unique(y[rows])) < 2:
            continue
        again = take_all(features, rows)
        found.append(refit(model, again, y[rows]))
    return Refits(tuple(found), tuple(one.design.matrix(features) for one in found))


def numeric_shape(term: NumericTerm, number: int, feature: Feature, found: Refits) -> tuple[tuple[Segment, ...], Curve]:
    """(segments, curve) of a numeric feature over the middle 98 % of its values."""
    assert feature.numbers is not None
    there = feature.numbers[np.isfinite(feature.numbers)]
    low, high = (float(v) for v in np.quantile(there, [0.01, 0.99]))
    if low == high:
        low, high = float(there.min()), float(there.max())
    x = np.unique(np.quantile(np.clip(there, low, high), np.linspace(0, 1, _POINTS)))
    y = found.means(number, Feature(term.name, numbers=x))
    nodes = np.array([low, *(k for k in term.knots if low < k < high), high])
    ends = found.means(number, Feature(term.name, numbers=nodes))
    lowest, highest = np.quantile(y[1:], [0.025, 0.975], axis=0)
    curve = Curve(*(tuple(float(v) for v in values) for values in (x, y[0], lowest, highest)))
    return _segments(nodes, ends), curve


def _segments(nodes: Floats, ends: Floats) -> tuple[Segment, ...]:
    """`ends` (models, nodes): the target at the nodes, by the fit and by the refits."""
    slopes = np.diff(ends, axis=1) / np.diff(nodes)
    span = float(np.ptp(ends[0]))
    found = []
    for k in range(len(nodes) - 1):
        low, high = (float(v) for v in np.quantile(slopes[1:, k], [0.025, 0.975]))
        rise = float(ends[0, k + 1] - ends[0, k])
        flat = low <= 0 <= high or abs(rise) < FLAT * span
        slope = Estimate(float(slopes[0, k]), low, high)
        found.append(
            Segment(float(nodes[k]), float(nodes[k + 1]), float(ends[0, k]), float(ends[0, k + 1]), slope, flat)
        )
    return tuple(found)


def category_shape(term: CategoryTerm, number: int, feature: Feature, found: Refits) -> tuple[Level, ...]:
    """Levels, the highest first, each against the mean over all rows."""
    assert feature.categories is not None
    means = found.means(number, Feature(term.name, categories=term.levels))
    names = ["missing" if c is None else c for c in feature.categories]
    rows = np.array([names.count(level) for level in term.levels])
    overall = means @ (rows / rows.sum())
    apart = means - overall[:, None]
    low, high = np.quantile(apart[1:], [0.025, 0.975], axis=0)
    levels = [
        Level(level, float(means[0, k]), Estimate(float(apart[0, k]), float(low[k]), float(high[k])), int(rows[k]))
        for k, level in enumerate(term.levels)
    ]
    return tuple(sorted(levels, key=lambda one: -one.value))


def shapes(
    design: Design, features: Sequence[Feature], found: Refits
) -> list[tuple[tuple[Segment, ...], tuple[Level, ...], Curve | None]]:
    """(segments, levels, curve) of every feature, of which one kind is empty."""
    result: list[tuple[tuple[Segment, ...], tuple[Level, ...], Curve | None]] = []
    for number, (term, feature) in enumerate(zip(design.terms, features)):
        if isinstance(term, NumericTerm):
            segments, curve = numeric_shape(term, number, feature, found)
            result.append((segments, (), curve))
        else:
            result.append(((), category_shape(term, number, feature, found), None))
    return result
