"""Sparse, readable regression and classification of texts, on the answers to yes/no questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

from .embedder import QAEmbedder
from .selection import Method
from .sparse import RESAMPLES, Coefficient, Kind, fit_sparse
from .types import Answerer, Floats, QAError, check_texts

if TYPE_CHECKING:
    from typing import Self


class _Sparse(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """What the two share. `method` chooses the questions (see `select_questions`), `most` of them at most."""

    _kind: Kind

    def __init__(
        self,
        questions: Sequence[str] | None = None,
        answerer: Answerer | None = None,
        *,
        method: Method = "elastic_net",
        most: int | None = 12,
        resamples: int = RESAMPLES,
        random_state: int = 0,
    ) -> None:
        self.questions = questions
        self.answerer = answerer
        self.method = method
        self.most = most
        self.resamples = resamples
        self.random_state = random_state

    @property
    def coefficients(self) -> tuple[Coefficient, ...]:
        """The chosen questions with their coefficients and intervals, the strongest first."""
        self._check_fitted()
        return self.fit_.coefficients

    def explain(self) -> str:
        """The model in words: what raises the prediction, what lowers it, and how sure that is."""
        from .wording import sentence

        self._check_fitted()
        return sentence(self.fit_)

    def _fit(self, X: Sequence[str], y: Floats) -> None:
        texts = check_texts(X)
        if len(texts) != len(y):
            raise QAError(f"expected a target for each of {len(texts)} texts, got {len(y)}")
        self.embedder_ = QAEmbedder(self.questions, self.answerer)
        table = self.embedder_.fit_transform(texts)
        self.fit_ = fit_sparse(
            table,
            y,
            self.embedder_.questions_,
            kind=self._kind,
            method=self.method,
            most=self.most,
            resamples=self.resamples,
            seed=self.random_state,
        )

    def _decide(self, X: Sequence[str]) -> Floats:
        self._check_fitted()
        return self.fit_.decision(self.embedder_.transform(X))

    def _check_fitted(self) -> None:
        from sklearn.utils.validation import check_is_fitted

        check_is_fitted(self, "fit_")

    def __sklearn_clone__(self) -> Any:
        """A clone shares the answerer: a model is not copied, and what it answered stays known."""
        return type(self)(**self.get_params(deep=False))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array = True, False
        return tags


class QARegressor(RegressorMixin, _Sparse):  # type: ignore[misc]
    """A number for a text: linear in the answers to a few questions.

    >>> model = QARegressor(answerer=CachedAnswerer(embedded_answerer())).fit(texts, ratings)
    >>> print(model.explain())
    """

    _kind: Kind = "regression"

    def fit(self, X: Sequence[str], y: ArrayLike) -> Self:
        """Choose questions and fit. Raises `QAError` for a target that is constant, or no numbers."""
        try:
            target = np.asarray(y, dtype=np.float64).ravel()
        except (TypeError, ValueError) as error:
            raise QAError(f"expected numbers as target, got: {error}; for classes use QAClassifier") from error
        self._fit(X, target)
        return self

    def predict(self, X: Sequence[str]) -> Floats:
        """(texts,): the predicted numbers."""
        return self._decide(X)


class QAClassifier(ClassifierMixin, _Sparse):  # type: ignore[misc]
    """One of two classes for a text: log-odds linear in the answers to a few questions.

    For more classes, wrap it in scikit-learn's `OneVsRestClassifier`.
    """

    _kind: Kind = "classification"

    def fit(self, X: Sequence[str], y: ArrayLike) -> Self:
        """Choose questions and fit. Raises `QAError` unless there are two classes."""
        labels = np.asarray(y).ravel()
        self.classes_ = np.unique(labels)
        if len(self.classes_) != 2:
            raise QAError(
                f"expected two classes, got {len(self.classes_)}; "
                + ("there is nothing to tell apart" if len(self.classes_) < 2 else "wrap it in OneVsRestClassifier")
            )
        self._fit(X, (labels == self.classes_[1]).astype(np.float64))
        return self

    def decision_function(self, X: Sequence[str]) -> Floats:
        """(texts,): log-odds of the second class."""
        return self._decide(X)

    def predict_proba(self, X: Sequence[str]) -> Floats:
        """(texts, 2): the probability of each class."""
        odds = np.clip(self._decide(X), -500, 500)
        second = 1 / (1 + np.exp(-odds))
        return np.stack([1 - second, second], axis=1)

    def predict(self, X: Sequence[str]) -> NDArray[Any]:
        """(texts,): the likelier class."""
        return np.asarray(self.classes_[(self._decide(X) > 0).astype(int)])
