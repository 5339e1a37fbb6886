"""The models that are compared: transparent ones, the mean as a floor and a full boosted model as a ceiling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from ..types import Feature, Floats, Kind
from .breakpoints import fewest, settled
from .design import CategoryTerm, Design, NumericTerm, Term, fit_design

_STRENGTHS = tuple(float(s) for s in np.logspace(-2, 4, 13))


class Model(Protocol):
    """Fitted: the target's mean (the probability of A for groups) for each row."""

    def predict(self, features: Sequence[Feature]) -> Floats: ...


@dataclass(frozen=True)
class MeanModel:
    """The same for every row."""

    mean: float

    def predict(self, features: Sequence[Feature]) -> Floats:
        return np.full(_rows(features), self.mean)


@dataclass(frozen=True)
class Additive:
    """A sum of one function a feature; of log-odds where the target is groups. `weights` are on raw columns."""

    design: Design
    weights: Floats
    intercept: float
    kind: Kind
    strength: float

    def predict(self, features: Sequence[Feature]) -> Floats:
        return self.finish(self.design.matrix(features) @ self.weights + self.intercept)

    def finish(self, scores: Floats) -> Floats:
        """From sums to the target's scale."""
        if self.kind == "number":
            return scores
        return np.asarray(1 / (1 + np.exp(-np.clip(scores, -40, 40))))


@dataclass(frozen=True)
class Wrapped:
    """A scikit-learn model on the plain columns of a design."""

    design: Design
    model: Any
    kind: Kind

    def predict(self, features: Sequence[Feature]) -> Floats:
        matrix = self.design.matrix(features)
        if self.kind == "groups":
            return np.asarray(self.model.predict_proba(matrix)[:, 1])
        return np.asarray(self.model.predict(matrix))


def fit_mean(features: Sequence[Feature], y: Floats, kind: Kind) -> MeanModel:
    return MeanModel(float(y.mean()))


def fit_additive(features: Sequence[Feature], y: Floats, kind: Kind) -> Additive:
    """A sum of functions of straight pieces: fitted with many breakpoints, then with the few that matter."""
    many = fit_terms(features, y, kind, fit_design(features, hinges=True))
    spread = float((many.design.matrix(features) @ many.weights).std())
    terms: list[Term] = []
    for term, part, feature in zip(many.design.terms, many.design.slices, features):
        if isinstance(term, NumericTerm) and term.knots and feature.numbers is not None:
            there = feature.numbers[np.isfinite(feature.numbers)]
            curve = term.columns(Feature(term.name, numbers=there)) @ many.weights[part]
            term = replace(term, knots=fewest(there, curve, term.knots, spread))
        terms.append(term)
    return refit(fit_terms(features, y, kind, Design.of(terms)), features, y)


def refit(model: Additive, features: Sequence[Feature], y: Floats) -> Additive:
    """`model` on these rows: as many breakpoints, moved to where they fit best (for a number), and all weights anew."""
    first = fit_terms(features, y, model.kind, model.design, strength=model.strength)
    if model.kind == "groups" or not any(isinstance(t, NumericTerm) and t.knots for t in model.design.terms):
        return first
    left = y - first.predict(features)
    terms: list[Term] = []
    for term, part, feature in zip(first.design.terms, first.design.slices, features):
        if isinstance(term, NumericTerm) and term.knots and feature.numbers is not None:
            known = np.isfinite(feature.numbers)
            there = feature.numbers[known]
            own = term.columns(Feature(term.name, numbers=there)) @ first.weights[part]
            term = replace(term, knots=settled(there, left[known] + own, term.knots))
        terms.append(term)
    return fit_terms(features, y, model.kind, Design.of(terms), strength=model.strength)


def fit_terms(
    features: Sequence[Feature], y: Floats, kind: Kind, design: Design, *, strength: float | None = None
) -> Additive:
    """Ridge (or logistic) regression on a design's columns, the ridge penalty chosen by cross-validation if not given.

    Columns are scaled to the same spread first; the penalty of logistic regression is 1.
    """
    from sklearn.linear_model import LogisticRegression, Ridge, RidgeCV

    matrix = design.matrix(features)
    centre, spread = matrix.mean(axis=0), matrix.std(axis=0)
    spread = np.where(spread > 1e-12 * (1 + np.abs(centre)), spread, np.inf)
    scaled = (matrix - centre) / spread
    model: Any
    if kind == "number":
        model = RidgeCV(alphas=_STRENGTHS) if strength is None else Ridge(alpha=strength)
    else:
        strength = 1.0
        model = LogisticRegression(C=1 / strength, max_iter=2000)
    model.fit(scaled, y)
    if strength is None:
        strength = float(model.alpha_)
    weights = np.ravel(model.coef_) / spread
    intercept = float(np.ravel(model.intercept_)[0]) - float(weights @ centre)
    return Additive(design, weights, intercept, kind, strength)


def fit_linear(features: Sequence[Feature], y: Floats, kind: Kind) -> Additive:
    """One slope a numeric feature, one step a category."""
    return fit_terms(features, y, kind, fit_design(features, hinges=False))


def fit_tree(features: Sequence[Feature], y: Floats, kind: Kind, *, leaves: int = 6) -> Wrapped:
    """A decision tree of few leaves, none with less than 3 % of the rows."""
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    design = fit_design(features, hinges=False)
    least = max(5, len(y) * 3 // 100)
    kinds = DecisionTreeRegressor if kind == "number" else DecisionTreeClassifier
    model = kinds(max_leaf_nodes=leaves, min_samples_leaf=least, random_state=0)
    return Wrapped(design, model.fit(design.matrix(features), y), kind)


def fit_boosted(features: Sequence[Feature], y: Floats, kind: Kind) -> Wrapped:
    """Gradient boosting with every interaction: what can be had at all, but not read."""
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    design = fit_design(features, hinges=False)
    kinds = HistGradientBoostingRegressor if kind == "number" else HistGradientBoostingClassifier
    least = max(2, min(20, len(y) // 10))
    model = kinds(max_iter=150, learning_rate=0.08, min_samples_leaf=least, early_stopping=False, random_state=0)
    return Wrapped(design, model.fit(design.matrix(features), y), kind)


def column_names(design: Design) -> list[tuple[str, str | None]]:
    """(feature, level or None) of each column of a design without hinges."""
    found: list[tuple[str, str | None]] = []
    for term in design.terms:
        if isinstance(term, CategoryTerm):
            found += [(term.name, level) for level in term.levels]
        else:
            found += [(term.name, None)] + ([(term.name, "missing")] if term.marks_missing else [])
    return found


def _rows(features: Sequence[Feature]) -> int:
    first = features[0]
    return len(first.numbers if first.numbers is not None else first.categories or ())
