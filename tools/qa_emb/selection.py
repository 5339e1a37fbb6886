"""Which questions matter for a target: elastic net, or stability selection with a bound on false finds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from .types import Floats, QAError

Method = Literal["stability", "elastic_net"]
METHODS: tuple[Method, ...] = ("stability", "elastic_net")
THRESHOLD = 0.75
"""The share of half samples in which a stable question is chosen."""
HALF_SAMPLES = 60
L1_RATIO = 0.9
LEAST_TEXTS = 8
_SOLVER = {"max_iter": 3000, "tol": 1e-3}


@dataclass(frozen=True, slots=True)
class Selection:
    """The questions chosen, the most often chosen first.

    `columns` of the features and their `questions`; `frequency` of every column, in [0, 1]: the share of half samples
    (stability selection), or of cross-validation folds (elastic net), in which it was chosen. `false_at_most`: how
    many of the chosen are expected to be there by chance, at most (None: no such bound).
    """

    method: Method
    columns: tuple[int, ...]
    questions: tuple[str, ...]
    frequency: tuple[float, ...]
    false_at_most: float | None
    basis: str


def select_questions(
    X: ArrayLike,
    y: ArrayLike,
    *,
    questions: Sequence[str] | None = None,
    method: Method = "stability",
    false_at_most: float = 1.0,
    most: int | None = None,
    seed: int = 0,
) -> Selection:
    """Choose columns of `X` (texts, questions) that say something about the numbers `y`; a class is given as 0 and 1.

    `stability`: the columns that are among the first q to enter an elastic net on at least 75 % of random halves
    (Meinshausen and Bühlmann, arXiv:0809.2932); q is set so that at most `false_at_most` of them are expected to be
    false, E[V] ≤ q² / ((2π − 1) p), which supposes that irrelevant columns are exchangeable. `elastic_net`: those with
    a coefficient at the penalty that cross-validation picks within one standard error; no such bound.
    `most`: keep the first so many.
    """
    table, target = check_table(X, y)
    names = [f"question {i}" for i in range(table.shape[1])] if questions is None else list(questions)
    if len(names) != table.shape[1]:
        raise QAError(f"expected {table.shape[1]} questions, one a column, got {len(names)}")
    if method not in METHODS:
        raise QAError(f"expected the method {' or '.join(METHODS)}, got {method!r}")
    rng = np.random.default_rng(seed)
    scaled = standardized(table)[0]
    bound: float | None = None
    if method == "stability":
        quota = quota_of(false_at_most, table.shape[1])
        bound = quota**2 / ((2 * THRESHOLD - 1) * table.shape[1])
        frequency = _stability(scaled, target, quota, rng)
        chosen = np.flatnonzero(frequency >= THRESHOLD).tolist()
        basis = (
            f"chosen in at least {THRESHOLD:.0%} of {HALF_SAMPLES} random halves; at most {bound:.2g} of them expected "
            "to be chance"
        )
    else:
        chosen, frequency = _elastic_net(scaled, target, seed)
        basis = "a coefficient in the elastic net that cross-validation picks; no bound on chance finds"
    strength = np.abs(_correlations(scaled, target))
    order = sorted(chosen, key=lambda i: (-frequency[i], -strength[i]))[:most]
    columns = tuple(int(i) for i in order)
    return Selection(method, columns, tuple(names[i] for i in columns), tuple(map(float, frequency)), bound, basis)


def check_table(X: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Features and target as numbers, as many rows of each, and a target that is not constant. Raises `QAError`."""
    try:
        table, target = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64).ravel()
    except (TypeError, ValueError) as error:
        raise QAError(f"expected numbers for features and target, got: {error}; pass a class as 0 and 1") from error
    if table.ndim != 2 or len(table) != len(target):
        raise QAError(
            f"expected features (texts, questions) and a target for each text, got {' × '.join(map(str, table.shape))} "
            f"and {len(target)}"
        )
    if len(target) < LEAST_TEXTS:
        raise QAError(f"expected at least {LEAST_TEXTS} texts with a target, got {len(target)}; add some")
    if not (np.isfinite(table).all() and np.isfinite(target).all()):
        raise QAError("expected finite features and targets, got NaN or infinity; leave those texts out")
    if np.ptp(target) == 0:
        raise QAError(f"expected a target that varies, got {target[0]:g} for every text; there is nothing to explain")
    return table, target


def standardized(table: Floats) -> tuple[Floats, Floats, Floats]:
    """(columns of mean 0 and deviation 1, means, deviations); a constant column becomes 0, its deviation 1."""
    means, deviations = table.mean(axis=0), table.std(axis=0)
    deviations = np.where(deviations > 1e-9, deviations, 1.0)
    return (table - means) / deviations, means, deviations


def quota_of(false_at_most: float, columns: int) -> int:
    """How many columns a half sample may choose so that the bound on false finds holds; 1 at least."""
    if not 0 < false_at_most <= columns:
        raise QAError(f"expected false_at_most above 0 and up to {columns} (the questions), got {false_at_most}")
    return max(1, math.floor(math.sqrt(false_at_most * (2 * THRESHOLD - 1) * columns)))


def _stability(scaled: Floats, target: Floats, quota: int, rng: np.random.Generator) -> Floats:
    """How often each column is among the first `quota`, over complementary halves."""
    counts = np.zeros(scaled.shape[1])
    size = len(target) // 2
    for _ in range(HALF_SAMPLES // 2):
        order = rng.permutation(len(target))
        for half in (order[:size], order[size : 2 * size]):
            counts[_first(scaled[half], target[half], quota)] += 1
    return np.asarray(counts / (HALF_SAMPLES // 2 * 2), dtype=np.float64)


def _first(scaled: Floats, target: Floats, quota: int) -> list[int]:
    """The columns that enter the elastic net first as its penalty falls, at most `quota`."""
    from sklearn.linear_model import enet_path

    if np.ptp(target) == 0:
        return []
    rows, centred = standardized(scaled)[0], target - target.mean()
    _, paths, _ = enet_path(rows, centred, l1_ratio=L1_RATIO, alphas=_penalties(rows, centred), **_SOLVER)
    best: list[int] = []
    for step in range(paths.shape[1]):
        entered = np.flatnonzero(paths[:, step])
        if len(entered) > quota:
            fresh = sorted((i for i in entered.tolist() if i not in best), key=lambda i: -abs(paths[i, step]))
            return best + fresh[: quota - len(best)]
        best = entered.tolist()
    return best


def _elastic_net(scaled: Floats, target: Floats, seed: int) -> tuple[list[int], Floats]:
    from sklearn.linear_model import ElasticNet

    penalty = penalty_of(scaled, target, seed)
    kept = ElasticNet(alpha=penalty, l1_ratio=L1_RATIO, max_iter=5000).fit(scaled, target).coef_ != 0
    frequency = np.zeros(scaled.shape[1])
    folds = list(_folds(len(target), seed))
    for train, _ in folds:
        frequency += (
            ElasticNet(alpha=penalty, l1_ratio=L1_RATIO, max_iter=5000).fit(scaled[train], target[train]).coef_ != 0
        )
    return np.flatnonzero(kept).tolist(), np.asarray(frequency / len(folds), dtype=np.float64)


def penalty_of(scaled: Floats, target: Floats, seed: int) -> float:
    """The largest elastic-net penalty whose cross-validated error is within one standard error of the least."""
    from sklearn.linear_model import enet_path

    centred = target - target.mean()
    penalties = _penalties(scaled, centred)
    errors = []
    for train, held in _folds(len(target), seed):
        rows, means, deviations = standardized(scaled[train])
        own = target[train].mean()
        _, paths, _ = enet_path(rows, target[train] - own, l1_ratio=L1_RATIO, alphas=penalties, **_SOLVER)
        said = (scaled[held] - means) / deviations @ paths + own
        errors.append(((said - target[held, None]) ** 2).mean(axis=0))
    mean = np.mean(errors, axis=0)
    error = np.std(errors, axis=0, ddof=1) / math.sqrt(len(errors))
    best = int(mean.argmin())
    return float(penalties[int(np.flatnonzero(mean <= mean[best] + error[best])[0])])


def _penalties(scaled: Floats, centred: Floats) -> Floats:
    """From the least penalty that leaves every column out down to a hundredth of it."""
    strongest = max(float(np.abs(scaled.T @ centred).max()) / (len(centred) * L1_RATIO), 1e-12)
    return np.asarray(np.geomspace(strongest, strongest * 1e-2, 40), dtype=np.float64)


def _folds(size: int, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    from sklearn.model_selection import KFold

    return list(KFold(min(5, size // 2), shuffle=True, random_state=seed).split(np.zeros(size)))


def _correlations(scaled: Floats, target: Floats) -> Floats:
    centred = target - target.mean()
    return np.asarray(scaled.T @ centred / (np.linalg.norm(centred) * math.sqrt(len(target))), dtype=np.float64)
