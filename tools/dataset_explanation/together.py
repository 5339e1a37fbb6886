"""How much of the difference the reported differences explain, beside a probe of embeddings and chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..scoring.texts import Estimate, estimate_auc
from .measuring import correlation
from .types import Floats, Target, Together

if TYPE_CHECKING:
    from ...models.embedding import Embedder
    from .explaining import Tested


def together(
    reported: Sequence[Tested],
    texts: Sequence[str],
    held_texts: Sequence[str],
    target: Target,
    held: Target,
    embedder: Embedder,
    rng: np.random.Generator,
) -> Together:
    """Both are fitted on the discovery half and scored on the held-out half."""
    ours = None
    if reported:
        known = np.stack([one.discovery for one in reported], axis=1)
        asked = np.stack([one.held_out for one in reported], axis=1)
        ours = _score(known, asked, target, held, rng)
    vectors = embedder.encode(texts).astype(np.float64), embedder.encode(held_texts).astype(np.float64)
    probe = _score(*vectors, target, held, rng)
    if target.kind == "groups":
        return Together("AUC", ours, probe, 0.5)
    return Together("Spearman correlation", ours, probe, 0.0)


def _score(known: Floats, asked: Floats, target: Target, held: Target, rng: np.random.Generator) -> Estimate:
    from sklearn.linear_model import LogisticRegression, RidgeCV
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(known)
    known, asked = scaler.transform(known), scaler.transform(asked)
    if target.kind == "number":
        ridge: Any = RidgeCV(np.logspace(-1, 5, 13)).fit(known, target.values)
        return correlation(np.asarray(ridge.predict(asked)), held.values, rng)
    strength = 1.0 if known.shape[1] < 50 else 0.01
    model: Any = LogisticRegression(C=strength, max_iter=1000, class_weight="balanced").fit(known, target.high)
    return estimate_auc(np.asarray(model.decision_function(asked)), held.high, rng)
