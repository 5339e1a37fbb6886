"""Texts as rows of answers to yes/no questions, in the way of scikit-learn (QA-Emb, arXiv:2405.16714)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from .cache import CachedAnswerer
from .questions import check_questions, question_bank
from .types import Answerer, Floats, QAError, check_texts

if TYPE_CHECKING:
    from typing import Self


class QAEmbedder(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A transformer from texts to the probabilities of yes, one column a question.

    `questions`: None for the bank that comes with zetetic. `answerer`: None for the embedded one, which needs no
    language model. Every pair of question and text is asked once, by content; a `CachedAnswerer` that is passed is
    used as it is, so that several embedders may share what is known.

    >>> QAEmbedder(["Does the text mention food?"]).fit_transform(["We had soup.", "The match was lost."])
    """

    def __init__(self, questions: Sequence[str] | None = None, answerer: Answerer | None = None) -> None:
        self.questions = questions
        self.answerer = answerer

    def fit(self, X: Sequence[str], y: Any = None) -> Self:
        """Check the questions; nothing is learned from `X` or `y`."""
        check_texts(X)
        self._ready()
        return self

    def transform(self, X: Sequence[str]) -> Floats:
        """(texts, questions) in [0, 1]."""
        texts = check_texts(X)
        self._ready()
        found = np.asarray(self._cached.answer(self.questions_, texts), dtype=np.float64)
        if not np.isfinite(found).all():
            raise QAError(
                f"expected probabilities from {self._cached.name}, got values that are none; mend the answerer"
            )
        return found

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[Any]:
        """The questions, in the order of the columns."""
        self._ready()
        return np.asarray(self.questions_, dtype=object)

    def _ready(self) -> None:
        """Questions checked and an answerer at hand; again only where parameters changed."""
        given = question_bank() if self.questions is None else self.questions
        checked = check_questions(given)
        if getattr(self, "questions_", None) != checked:
            self.questions_ = checked
        if getattr(self, "_answers_for", _NOTHING) is not self.answerer:
            self._cached = _cached(self.answerer)
            self._answers_for = self.answerer

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_clone__(self) -> QAEmbedder:
        """A clone shares the answerer: a model is not copied, and what it answered stays known."""
        questions = None if self.questions is None else list(self.questions)
        twin = type(self)(questions, self.answerer)
        if getattr(self, "_answers_for", _NOTHING) is self.answerer:
            twin._cached, twin._answers_for = self._cached, self._answers_for
        return twin

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array, tags.requires_fit = True, False, False
        return tags


_NOTHING = object()


def _cached(answerer: Answerer | None) -> CachedAnswerer:
    if isinstance(answerer, CachedAnswerer):
        return answerer
    if answerer is None:
        from .embedded import embedded_answerer

        answerer = embedded_answerer()
    return CachedAnswerer(answerer)
