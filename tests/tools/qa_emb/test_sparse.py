"""Selection, sparse fits and students: what is there is found, what is not is not, and how sure it is."""

from __future__ import annotations

import numpy as np
import pytest

from zetetic.tools.qa_emb import QAClassifier, QAError, QARegressor, distill, load_student, select_questions
from zetetic.tools.qa_emb.sparse import fit_sparse
from zetetic.tools.qa_emb.types import Floats

WORDS = [f"w{i}" for i in range(12)]
QUESTIONS = [f"Does the text mention {w}?" for w in WORDS]


def table(seed: int, rows: int = 200, columns: int = 40) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    X = rng.uniform(size=(rows, columns))
    return X, 3 * X[:, 2] - 2 * X[:, 7] + rng.normal(size=rows) * 0.5


def texts_of(rng, count):
    return [" ".join(w for w in WORDS if rng.random() < 0.4) + f" n{i}" for i in range(count)]


@pytest.mark.parametrize("method", ["stability", "elastic_net"])
def test_columns_that_matter_are_chosen(method):
    found = select_questions(*table(0), method=method)
    assert {2, 7} <= set(found.columns)
    assert set(found.columns[:2]) == {2, 7}
    assert len(found.frequency) == 40
    assert all(0 <= f <= 1 for f in found.frequency)


def test_stability_selection_keeps_its_promise_on_noise():
    """At most one false column expected, by the bound; on average over targets that nothing explains."""
    rng = np.random.default_rng(0)
    false = [len(select_questions(rng.uniform(size=(80, 40)), rng.normal(size=80), seed=s).columns) for s in range(5)]
    assert np.mean(false) <= 1.0


def test_the_bound_is_stated_and_holds_what_was_asked():
    found = select_questions(*table(1), false_at_most=2.0)
    assert found.false_at_most is not None
    assert found.false_at_most <= 2.0
    assert select_questions(*table(1), method="elastic_net").false_at_most is None


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    held = total = 0
    for seed in range(8):
        X, y = table(seed + 100, rows=100, columns=8)
        fit = fit_sparse(X, y, [str(i) for i in range(8)], resamples=60, seed=seed)
        truth = {"2": 3 * X[:, 2].std(), "7": -2 * X[:, 7].std()}
        for c in fit.coefficients:
            if c.question in truth:
                held, total = held + (c.low <= truth[c.question] <= c.high), total + 1
    assert total >= 14
    assert held / total >= 0.8


def test_texts_are_explained_by_the_words_that_make_the_number(words):
    rng = np.random.default_rng(0)
    texts = texts_of(rng, 150)
    y = np.array([2.0 * ("w3" in t.split()) - 1.0 * ("w5" in t.split()) for t in texts]) + rng.normal(size=150) * 0.2
    model = QARegressor(QUESTIONS, words, resamples=50).fit(texts, y)
    assert [c.question for c in model.coefficients[:2]] == [QUESTIONS[3], QUESTIONS[5]]
    assert model.coefficients[0].low > 0 > model.coefficients[1].high
    assert model.score(texts_of(rng, 1) + texts[:50], np.append(0, y[:50])) > 0.5
    said = model.explain()
    assert said.index("rises") < said.index("w3") < said.index("falls") < said.index("w5")


def test_two_classes_are_told_apart_and_named(words):
    rng = np.random.default_rng(1)
    texts = texts_of(rng, 120)
    labels = ["wet" if "w1" in t.split() else "dry" for t in texts]
    model = QAClassifier(QUESTIONS, words, resamples=20).fit(texts, labels)
    assert model.score(texts, labels) == 1
    assert list(model.classes_) == ["dry", "wet"]
    np.testing.assert_allclose(model.predict_proba(texts).sum(axis=1), 1)
    assert model.coefficients[0].question == QUESTIONS[1]


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([1.0] * 20, "target that varies, got 1 for every text"),
        ([1.0] * 19 + [np.nan], "finite features and targets"),
        (["a"] * 20, "expected numbers as target"),
        ([1.0, 2.0], "a target for each of 20 texts, got 2"),
    ],
)
def test_targets_that_cannot_be_explained_are_refused(words, y, message):
    texts = texts_of(np.random.default_rng(2), 20)
    with pytest.raises(QAError, match=message):
        QARegressor(QUESTIONS, words).fit(texts, y)


def test_a_class_that_stands_alone_is_refused(words):
    texts = texts_of(np.random.default_rng(2), 20)
    with pytest.raises(QAError, match="two classes, got 1"):
        QAClassifier(QUESTIONS, words).fit(texts, ["a"] * 20)
    with pytest.raises(QAError, match="two classes, got 3; wrap it in OneVsRestClassifier"):
        QAClassifier(QUESTIONS, words).fit(texts, ["a", "b", "c", "a"] * 5)


def test_a_student_learns_its_teacher_and_outlives_the_run(words, random_embedder, tmp_path):
    rng = np.random.default_rng(3)
    texts, fresh = texts_of(rng, 200), texts_of(rng, 60)
    student = distill(words, texts, QUESTIONS, embedder=random_embedder)
    said, taught = student.answer(QUESTIONS, fresh), words.answer(QUESTIONS, fresh)
    assert np.mean((said > 0.5) == (taught > 0.5)) > 0.85
    student.save(tmp_path / "student.npz")
    again = load_student(tmp_path / "student.npz", random_embedder)
    np.testing.assert_array_equal(again.answer(QUESTIONS[3:5], fresh), said[:, 3:5])
    assert again.name == "student of words"


def test_a_student_answers_what_it_was_taught_alone(words, random_embedder, tmp_path):
    student = distill(words, texts_of(np.random.default_rng(4), 60), QUESTIONS, embedder=random_embedder)
    with pytest.raises(QAError, match="questions that the student was taught"):
        student.answer(["Is it about tea?"], ["x"])
    with pytest.raises(QAError, match="at least 50 different texts"):
        distill(words, ["a", "b"] * 50, QUESTIONS, embedder=random_embedder)
    (tmp_path / "bad.npz").write_bytes(b"nothing")
    with pytest.raises(QAError, match="expected a student as"):
        load_student(tmp_path / "bad.npz", random_embedder)
