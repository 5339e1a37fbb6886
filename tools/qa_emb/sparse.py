"""A few questions that predict a target, with coefficients a person can read, and intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .selection import L1_RATIO, Method, check_table, penalty_of, select_questions, standardized
from .types import Floats, QAError

Kind = Literal["regression", "classification"]
RESAMPLES = 200
CONFIDENCE = 0.95
RIDGE = 1e-3
"""Keeps the refit on the chosen columns finite where two of them say the same; per row."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One chosen question. `value`: the change of the target (regression) or of its log-odds (classification) for one
    standard deviation of the answer; [low, high] over bootstrap resamples in which the choosing was done again, so
    that 0 lies in it wherever the question is often left out. `kept`: in which share of them it was chosen.
    `deviation`: one standard deviation of the answer, as a probability.
    """

    question: str
    value: float
    low: float
    high: float
    kept: float
    deviation: float

    @property
    def known(self) -> bool:
        """Whether its sign is known: the interval leaves 0 out."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class SparseFit:
    """A linear model on a few columns; every other column has the coefficient 0.

    `weights` (columns,) and `intercept` act on the raw probabilities. `coefficients`: the chosen, strongest first.
    """

    kind: Kind
    intercept: float
    weights: tuple[float, ...]
    coefficients: tuple[Coefficient, ...]
    method: Method
    false_at_most: float | None
    resamples: int

    def decision(self, table: Floats) -> Floats:
        """(texts,): the predicted target, or its log-odds."""
        return np.asarray(np.asarray(table, dtype=np.float64) @ np.array(self.weights) + self.intercept)


def fit_sparse(
    X: Floats,
    y: Floats,
    questions: Sequence[str],
    *,
    kind: Kind = "regression",
    method: Method = "elastic_net",
    most: int | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> SparseFit:
    """Choose questions, refit on them alone, and resample texts to see how sure the coefficients are."""
    table, target = check_table(X, y)
    if resamples < 0 or (most is not None and most < 1):
        raise QAError(f"expected 0 or more resamples and 1 or more questions, got {resamples} and {most}")
    scaled, means, deviations = standardized(table)
    selection = select_questions(table, target, questions=questions, method=method, most=most, seed=seed)
    chosen = list(selection.columns)
    fitted, intercept = _refit(scaled, target, chosen, kind)
    drawn = _resampled(scaled, target, chosen, kind, method, most, resamples, seed)
    weights = np.zeros(table.shape[1])
    weights[chosen] = fitted / deviations[chosen]
    coefficients = [
        _coefficient(questions[column], float(fitted[place]), drawn[:, place], float(deviations[column]))
        for place, column in enumerate(chosen)
    ]
    return SparseFit(
        kind,
        float(intercept - means @ weights),
        tuple(map(float, weights)),
        tuple(sorted(coefficients, key=lambda c: -abs(c.value))),
        method,
        selection.false_at_most,
        resamples,
    )


def _coefficient(question: str, value: float, drawn: Floats, deviation: float) -> Coefficient:
    if not len(drawn):
        return Coefficient(question, value, -np.inf, np.inf, np.nan, deviation)
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(drawn, [tail, 100 - tail])
    return Coefficient(question, value, float(low), float(high), float((drawn != 0).mean()), deviation)


def _refit(scaled: Floats, target: Floats, chosen: Sequence[int], kind: Kind) -> tuple[Floats, float]:
    """(coefficients of the chosen columns, intercept), hardly penalized."""
    rows = scaled[:, list(chosen)]
    if kind == "classification":
        from sklearn.linear_model import LogisticRegression

        if not len(chosen):
            share = target.mean()
            return np.zeros(0), float(np.log(share / (1 - share)))
        model = LogisticRegression(C=1.0, max_iter=500).fit(rows, target.astype(int))
        return np.asarray(model.coef_[0], dtype=np.float64), float(model.intercept_[0])
    centre, own = rows.mean(axis=0), float(target.mean())
    moved = rows - centre
    gram = moved.T @ moved + RIDGE * len(rows) * np.eye(len(chosen))
    found = np.linalg.solve(gram, moved.T @ (target - own))
    return np.asarray(found, dtype=np.float64), own - float(centre @ found)


def _resampled(
    scaled: Floats,
    target: Floats,
    chosen: Sequence[int],
    kind: Kind,
    method: Method,
    most: int | None,
    resamples: int,
    seed: int,
) -> Floats:
    """(resamples, chosen): the coefficients where texts are drawn anew and the choosing done again; 0 if not chosen.

    The choosing is the elastic net at the penalty of the whole sample, whichever method chose at first: stability
    selection has resampled already. Both keep as many columns as `most` allows.
    """
    from sklearn.linear_model import ElasticNet

    drawn = np.zeros((resamples, len(chosen)))
    if not len(chosen) or not resamples:
        return drawn
    rng = np.random.default_rng(seed + 1)
    penalty = penalty_of(scaled, target, seed)
    place = {column: i for i, column in enumerate(chosen)}
    for number in range(resamples):
        rows = rng.integers(0, len(target), len(target))
        if np.ptp(target[rows]) == 0:
            continue
        net = ElasticNet(alpha=penalty, l1_ratio=L1_RATIO, max_iter=2000, tol=1e-3).fit(scaled[rows], target[rows])
        kept = [int(i) for i in np.argsort(-np.abs(net.coef_))[:most] if net.coef_[i]]
        values, _ = _refit(scaled[rows], target[rows], kept, kind)
        for column, value in zip(kept, values):
            if column in place:
                drawn[number, place[column]] = value
    return drawn
