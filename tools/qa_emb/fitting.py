"""Fitting the embedded answerer to labelled texts, and testing it on questions and texts of sources left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from .embedded import AnswererWeights
from .features import Background, mean_of_forms, pair_features, question_vectors
from .labelled import LabelledTask, cross_negatives
from .questions import asked, question_bank
from .traits import trait_space
from .types import Floats

if TYPE_CHECKING:
    from ...models.embedding import Embedder

PENALTY = 100.0
"""Half the weight of the squared coefficients, in rows; few features, so it hardly matters between 1 and 10,000."""
CROSS_NEGATIVES = 300
"""Texts of sister tasks that are known to be no, taken for each task; half the weight of its own texts."""
SAID_SHARE = 0.5
"""Weight of what language models said of a row, against 1 for its label."""
TEXTS_AT_ONCE = 256


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of one task's question and texts: features (rows, features), answers in {0, 1}, weights."""

    source: int
    features: Floats
    answers: Floats
    weights: Floats
    own: int
    """How many of the first rows are the task's own texts; the others are known negatives."""


def make_background(embedder: Embedder) -> Background:
    """What likenesses are compared with, from the banks and the corpus that come with zetetic."""
    from ..concepts import topic_bank
    from ..texts import default_corpus

    def vectors(texts: Sequence[str]) -> Floats:
        return np.asarray(embedder.encode(list(texts)), dtype=np.float64)

    questions = mean_of_forms(question_bank(), embedder)
    return Background(questions, vectors(topic_bank()), vectors(default_corpus().texts), trait_space(embedder))


def make_pairs(
    tasks: Sequence[LabelledTask],
    background: Background,
    embedder: Embedder,
    *,
    say: Callable[[str], object] = lambda _: None,
    seed: int = 0,
) -> list[Pairs]:
    """The pairs of every task, in their order."""
    rng = np.random.default_rng(seed)
    crossing = cross_negatives(tasks)
    sizes = Counter(task.source for task in tasks)
    found = []
    for number, task in enumerate(tasks):
        say(task.name)
        others = crossing.get(number, [])
        drawn = [others[i] for i in rng.permutation(len(others))[:CROSS_NEGATIVES]]
        texts = [*task.texts, *(tasks[t].texts[row] for t, row in drawn)]
        features = features_of(task.question, texts, background, embedder)
        found.append(_weighed(task, features, len(drawn), share=sizes[task.source] ** -0.5))
    return found


def features_of(question: str, texts: Sequence[str], background: Background, embedder: Embedder) -> Floats:
    """(texts, features) of one question; a question that negates has all of them turned round."""
    vectors = question_vectors([question], background, embedder)
    parts = [
        pair_features(vectors, texts[start : start + TEXTS_AT_ONCE], background, embedder)[:, 0]
        for start in range(0, len(texts), TEXTS_AT_ONCE)
    ]
    return np.concatenate(parts) * (-1.0 if asked(question).negated else 1.0)


def _weighed(task: LabelledTask, features: Floats, negatives: int, share: float) -> Pairs:
    """Every task weighs `share`, yes and no alike; negatives of sister tasks, and what models said, come on top."""
    own = len(task.texts)
    answers = np.concatenate([task.labels, np.zeros(negatives)]).astype(np.float64)
    each = np.where(task.labels == 1, 0.5 / max(1, task.labels.sum()), 0.5 / max(1, (1 - task.labels).sum()))
    weights = np.concatenate([each, np.full(negatives, 0.5 / max(1, negatives))])
    rows = [said.row for said in task.said]
    if rows:
        counts = Counter(rows)
        votes = np.array([SAID_SHARE * each[row] / counts[row] for row in rows])
        features = np.concatenate([features, features[rows]])
        answers = np.concatenate([answers, [float(said.yes) for said in task.said]])
        weights = np.concatenate([weights, votes])
    return Pairs(task.source, features, answers, weights * share, own)


def fit(pairs: Sequence[Pairs]) -> tuple[Floats, float]:
    """(weights, intercept) of the logistic model."""
    from sklearn.linear_model import LogisticRegression

    features = np.concatenate([p.features for p in pairs])
    weights = np.concatenate([p.weights for p in pairs])
    spread = np.maximum(features.std(axis=0), 1e-6)
    model = LogisticRegression(C=1 / PENALTY, max_iter=500)
    model.fit(features / spread, np.concatenate([p.answers for p in pairs]), weights * len(weights) / weights.sum())
    return np.asarray(model.coef_[0] / spread, dtype=np.float64), float(model.intercept_[0])


def leave_source_out(pairs: Sequence[Pairs]) -> list[Floats]:
    """For each task the probabilities of yes for its own texts, by a model fitted to the other sources alone."""
    fitted = {source: fit([p for p in pairs if p.source != source]) for source in {p.source for p in pairs}}
    found = []
    for p in pairs:
        weights, intercept = fitted[p.source]
        logits = p.features[: p.own] @ weights + intercept
        found.append(np.asarray(1 / (1 + np.exp(-np.clip(logits, -500, 500))), dtype=np.float64))
    return found


def question_likeness(task: LabelledTask, embedder: Embedder) -> Floats:
    """The baseline: the cosine of the question, as it stands, and each text."""
    vectors = np.asarray(embedder.encode(list(task.texts)), dtype=np.float64)
    return np.asarray(vectors @ embedder.encode([task.question])[0].astype(np.float64), dtype=np.float64)


def auc(answers: Floats, labels: ArrayLike) -> float:
    """The chance that a text with yes is answered higher than one with no; NaN without both."""
    from scipy.stats import rankdata

    yes = np.asarray(labels) == 1
    if yes.all() or not yes.any():
        return float("nan")
    ranks = rankdata(answers)
    count = int(yes.sum())
    return float((ranks[yes].sum() - count * (count + 1) / 2) / (count * (len(yes) - count)))


def fit_answerer(pairs: Sequence[Pairs], background: Background, embedder: Embedder, about: str) -> AnswererWeights:
    """The answerer fitted to every source."""
    weights, intercept = fit(pairs)
    return AnswererWeights(weights, intercept, background, embedder.name, about)
