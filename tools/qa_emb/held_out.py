"""How well a sparse model predicts texts that it was not fitted to, beside baselines on the same texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .fitting import auc
from .selection import Method, check_table, standardized
from .sparse import Kind, fit_sparse
from .types import Floats, QAError

FOLDS = 5
RESAMPLES = 500
LEAST_SCORED = 10


@dataclass(frozen=True, slots=True)
class HeldOutScore:
    """`value` of `metric` with its 95 % bootstrap interval over `texts` different texts, each predicted by a model
    whose questions were chosen and fitted without it. `baselines`: the same metric on the same texts."""

    metric: str
    value: float
    low: float
    high: float
    texts: int
    baselines: dict[str, float] = field(default_factory=dict)

    @property
    def beats_baselines(self) -> bool:
        """Whether the interval lies above what needs no questions and can be read: no text at all, its length."""
        return all(self.low > value for name, value in self.baselines.items() if name != EMBEDDING)


EMBEDDING = "sentence embedding (cannot be read)"


def held_out_score(
    table: Floats,
    target: Floats,
    texts: Sequence[str],
    questions: Sequence[str],
    *,
    kind: Kind,
    method: Method = "elastic_net",
    most: int | None = 12,
    seen: Sequence[int] = (),
    embeddings: Floats | None = None,
    seed: int = 0,
) -> HeldOutScore:
    """Cross-validated over texts: equal texts stay together, and choosing is done again in each fold.

    `seen`: rows that questions were proposed from; they help to fit and are never scored. Raises `QAError` for fewer
    than ten different texts.
    """
    table, target = check_table(table, target)
    _, groups = np.unique(np.array([" ".join(t.split()) for t in texts]), return_inverse=True)
    unseen = np.setdiff1d(np.unique(groups), groups[list(seen)]) if len(seen) else np.unique(groups)
    if len(unseen) < LEAST_SCORED:
        raise QAError(f"expected at least {LEAST_SCORED} different texts to score on, got {len(unseen)}; add some")
    folds = np.array_split(np.random.default_rng(seed).permutation(unseen), FOLDS)

    def predict(make: Callable[[NDArray[np.intp], NDArray[np.intp]], Floats]) -> Floats:
        said = np.full(len(target), np.nan)
        for fold in folds:
            held = np.flatnonzero(np.isin(groups, fold))
            rest = np.flatnonzero(~np.isin(groups, fold))
            if np.ptp(target[rest]) == 0:
                said[held] = target[rest][0]
            else:
                said[held] = make(rest, held)
        return said

    def ours(rest: NDArray[np.intp], held: NDArray[np.intp]) -> Floats:
        fit = fit_sparse(
            table[rest], target[rest], questions, kind=kind, method=method, most=most, resamples=0, seed=seed
        )
        return fit.decision(table[held])

    lengths = np.log1p([[len(t.split())] for t in texts]).astype(np.float64)
    others: dict[str, Floats] = {"length of the text": predict(lambda a, b: _ridge(lengths, target, a, b))}
    if embeddings is not None:
        others[EMBEDDING] = predict(lambda a, b: _ridge(np.asarray(embeddings, dtype=np.float64), target, a, b))
    scored = np.flatnonzero(np.isin(groups, unseen))
    metric = "R²" if kind == "regression" else "AUC"
    measure = r_squared if kind == "regression" else auc
    said = predict(ours)
    low, high = _interval(measure, said[scored], target[scored], groups[scored], seed)
    baselines = {"the same for every text": 0.0 if kind == "regression" else 0.5}
    baselines |= {name: measure(values[scored], target[scored]) for name, values in others.items()}
    return HeldOutScore(metric, measure(said[scored], target[scored]), low, high, len(unseen), baselines)


def r_squared(said: Floats, target: Floats) -> float:
    """The share of the target's variance that the predictions explain; negative where the mean does better."""
    return float(1 - ((target - said) ** 2).sum() / max(float(((target - target.mean()) ** 2).sum()), 1e-12))


def _ridge(features: Floats, target: Floats, rest: NDArray[np.intp], held: NDArray[np.intp]) -> Floats:
    """Ridge regression whose penalty leave-one-out chooses; for two classes its order of texts is what counts."""
    from sklearn.linear_model import RidgeCV

    rows, means, deviations = standardized(features[rest])
    model = RidgeCV(np.logspace(-1, 5, 13)).fit(rows, target[rest])
    return np.asarray(model.predict((features[held] - means) / deviations), dtype=np.float64)


def _interval(
    measure: Callable[[Floats, Floats], float], said: Floats, target: Floats, groups: NDArray[np.intp], seed: int
) -> tuple[float, float]:
    """The 95 % percentile interval over texts drawn anew, equal ones together."""
    rng = np.random.default_rng(seed)
    names = np.unique(groups)
    members = {name: np.flatnonzero(groups == name) for name in names}
    found = []
    for _ in range(RESAMPLES):
        rows = np.concatenate([members[name] for name in rng.choice(names, len(names))])
        if np.ptp(target[rows]) > 0:
            found.append(measure(said[rows], target[rows]))
    if not found:
        return float("nan"), float("nan")
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)
