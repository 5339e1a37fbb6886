"""The transformer: scikit-learn's contract, answers asked once, answerers that misbehave."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks

from zetetic.tools.qa_emb import CachedAnswerer, QAClassifier, QAEmbedder, QAError, QARegressor

QUESTIONS = ["Does the text mention soup?", "Does the text mention rain?"]
TEXTS = ["hot soup", "rain and soup", "nothing", "rain"]


def test_columns_are_the_questions_and_values_their_probabilities(words):
    embedder = QAEmbedder(QUESTIONS, words).fit(TEXTS)
    assert list(embedder.get_feature_names_out()) == QUESTIONS
    np.testing.assert_array_equal(embedder.transform(TEXTS), [[0.9, 0.1], [0.9, 0.9], [0.1, 0.1], [0.1, 0.9]])


def test_a_pair_is_asked_once_whoever_asks(words):
    cached = CachedAnswerer(words)
    first = QAEmbedder(QUESTIONS, cached).fit(TEXTS)
    first.transform([*TEXTS, *TEXTS])
    clone(first).fit(TEXTS).transform(TEXTS[::-1])
    QAEmbedder([QUESTIONS[1], "Is there any soup?"], cached).fit(TEXTS).transform(TEXTS)
    assert words.calls == [(4, 2), (4, 1)]
    assert cached.asked == 12


def test_a_clone_shares_the_answerer_and_what_it_answered(words):
    embedder = QAEmbedder(QUESTIONS, words).fit(TEXTS)
    embedder.transform(TEXTS)
    twin = clone(embedder)
    assert twin.answerer is words
    twin.fit(TEXTS).transform(TEXTS)
    assert words.calls == [(4, 2)]


def test_parameters_that_change_are_seen(words):
    embedder = QAEmbedder(QUESTIONS, words).fit(TEXTS)
    embedder.set_params(questions=QUESTIONS[:1])
    assert embedder.transform(TEXTS).shape == (4, 1)


def test_it_stands_in_a_pipeline(words):
    model = make_pipeline(QAEmbedder(QUESTIONS, words), LogisticRegression())
    scores = cross_val_score(model, TEXTS * 5, [1, 1, 0, 0] * 5, cv=4)
    assert scores.mean() == 1
    assert list(model[0].get_feature_names_out()) == QUESTIONS


def test_answers_outlive_the_run_in_a_file(words, tmp_path):
    path = tmp_path / "deep" / "answers.sqlite"
    first = CachedAnswerer(words, path).answer(QUESTIONS, TEXTS)
    again = CachedAnswerer(words, path)
    np.testing.assert_array_equal(again.answer(QUESTIONS, TEXTS), first)
    assert again.asked == 0
    with pytest.raises(QAError, match="cannot keep answers in"):
        CachedAnswerer(words, tmp_path)


def test_an_answerer_that_misbehaves_is_named():
    class Wrong:
        name = "wrong"

        def __init__(self, value):
            self.value = value

        def answer(self, questions, texts):
            return self.value

    with pytest.raises(QAError, match=r"expected 4 × 2 answers .* from wrong, got 3"):
        QAEmbedder(QUESTIONS, Wrong(np.zeros(3))).fit_transform(TEXTS)
    with pytest.raises(QAError, match="expected probabilities from wrong"):
        QAEmbedder(QUESTIONS, Wrong(np.full((4, 2), np.nan))).fit_transform(TEXTS)


@pytest.mark.parametrize("kind", [QAEmbedder, QARegressor, QAClassifier])
@pytest.mark.parametrize(
    "check",
    [
        "check_estimator_cloneable", "check_get_params_invariance", "check_set_params",
        "check_no_attributes_set_in_init",
        "check_parameters_default_constructible", "check_estimator_repr", "check_estimator_tags_renamed",
        "check_valid_tag_types",
    ],
)  # fmt: skip
def test_scikit_learns_checks_that_texts_allow(kind, check):
    getattr(estimator_checks, check)(kind.__name__, kind())
