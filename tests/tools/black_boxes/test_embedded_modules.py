"""Text modules that stand on embeddings: similarities, linear models, estimators, concepts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from safetensors.numpy import save_file

from zetetic.models import Embedder
from zetetic.tools.black_boxes import (
    BlackBox,
    OpenOptions,
    SpecError,
    TextDomain,
    estimators,
    linear,
    open_box,
    similarity,
)
from zetetic.tools.black_boxes import concept as concept_module
from zetetic.tools.black_boxes.concept import degrees, similar_box, subject
from zetetic.tools.black_boxes.estimators import estimator_box
from zetetic.tools.black_boxes.linear import linear_box, read_linear
from zetetic.tools.black_boxes.similarity import similarity_box

WORDS = ("cat", "dog", "tax", "law")
TEXTS = ["cat", "a dog and a cat", "tax law", "dog", "law law cat"]


class WordEmbedder:
    """Counts four words, one coordinate each, made unit vectors; 0.1 everywhere so that none is zero."""

    name, width = "words", len(WORDS)

    def encode(self, texts: Sequence[str]) -> Any:
        counts = np.array([[0.1 + text.split().count(word) for word in WORDS] for text in texts], np.float32)
        counts = counts.reshape(-1, len(WORDS))
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)


@pytest.fixture
def embedder() -> Embedder:
    return WordEmbedder()


@pytest.fixture(autouse=True)
def _words_for_minilm(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Specs open the little embedder, whatever they name."""
    if "minilm" not in request.fixturenames:
        for module in (similarity, linear, estimators, concept_module):
            monkeypatch.setattr(module, "open_embedder", lambda *_: WordEmbedder())


def values(box: BlackBox, texts: Sequence[str] = TEXTS) -> list[Any]:
    return [reply.value for reply in box.ask(texts)]


def test_similarity_is_the_cosine(embedder: Embedder) -> None:
    found = values(similarity_box("dog", embedder))
    vectors = embedder.encode([*TEXTS, "dog"])
    assert found == pytest.approx((vectors[:-1] @ vectors[-1]).tolist())
    assert found[3] == pytest.approx(1.0)
    assert max(found) == found[3]


@pytest.mark.parametrize(
    ("spec", "canonical"),
    [
        ("similarity:dog", "similarity:minilm?to=dog"),
        ("similarity:the dog & cat: 100%+1", "similarity:minilm?to=the dog %26 cat: 100%25%2B1"),
        ("similarity:a dog?", "similarity:minilm?to=a dog%3F"),
        ("similarity:minilm?to=a dog?", "similarity:minilm?to=a dog%3F"),
        ("similarity:dog?embedder=own/model", "similarity:own/model?to=dog"),
    ],
)
def test_a_similarity_opens_by_its_spec_and_again_by_its_own(spec: str, canonical: str) -> None:
    box = open_box(spec)
    assert box.spec == canonical
    again = open_box(box.spec)
    assert again.spec == canonical
    assert values(box) == values(again)


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("similarity:minilm?to=", "got an empty keyword"),
        ("similarity: ", "got an empty keyword"),
        ("similarity:dog?embeder=x", "expected to, embedder, device after the ? of a similarity spec, got 'embeder'"),
        ("similarity:dog?to=cat&embedder=x", "the embedder is named twice"),
        ("similarity:minilm?to=a&to=b", "each of to once"),
        ("concept: ", "got none"),
        ("concept:dog?judge=openai", "a chat model is named PROVIDER:MODEL"),
        ("concept:dog?judge=openai:x&embedder=y", "by a judge or by an embedder"),
    ],
)
def test_a_spec_that_names_nothing_says_what_to_do(spec: str, says: str) -> None:
    with pytest.raises(SpecError, match=re.escape(says)):
        open_box(spec)


def test_text_modules_take_texts_and_give_numbers() -> None:
    from zetetic.tools.black_boxes import Interval, NumericDomain

    with pytest.raises(SpecError, match="takes texts, and another domain was given"):
        open_box("similarity:dog", domain=NumericDomain((Interval(0, 1),)))
    with pytest.raises(SpecError, match="gives numbers, and text was asked for"):
        open_box("similarity:dog", output="text")
    with pytest.raises(SpecError, match="run in no sandbox"):
        open_box("similarity:dog", untrusted=True)
    assert open_box("similarity:dog", domain=TextDomain("dog", 3)).signature.domain == TextDomain("dog", 3)


def test_blank_texts_fail_and_nothing_else(embedder: Embedder) -> None:
    model = linear.LinearModel(np.ones(4), 0.0)
    for box in (similarity_box("dog", embedder), similar_box("dog", embedder), linear_box(model, embedder)):
        replies = list(box.ask(["dog", "", " ", "no word of it"]))
        assert [reply.failure and reply.failure.kind for reply in replies] == [None, "raised", "raised", None]


Save = Callable[..., Path]


@pytest.fixture(params=[".npz", ".safetensors"])
def save(request: pytest.FixtureRequest, tmp_path: Path) -> Save:
    """Write named arrays into a file of either kind."""

    def write(**arrays: Any) -> Path:
        path = tmp_path / f"model{request.param}"
        found = {name: np.asarray(value) for name, value in arrays.items()}
        if request.param == ".npz":
            np.savez(path, **found)
        else:
            save_file({name: np.ascontiguousarray(value) for name, value in found.items()}, path)
        return path

    return write


def test_a_linear_model_is_what_scikit_learn_says_of_standardized_embeddings(save: Save, embedder: Embedder) -> None:
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rng = np.random.default_rng(0)
    pipeline = make_pipeline(StandardScaler(), Ridge()).fit(rng.normal(size=(20, 4)), rng.normal(size=(20, 3)))
    scaler, ridge = pipeline
    path = save(coef=ridge.coef_, intercept=ridge.intercept_, mean=scaler.mean_, scale=scaler.scale_)
    for output in range(3):
        box = open_box(f"linear:{path}?output={output}")
        expected = pipeline.predict(embedder.encode(TEXTS))[:, output]
        np.testing.assert_allclose(values(box), expected, rtol=1e-5, atol=1e-6)
        assert open_box(box.spec).spec == box.spec


def test_a_linear_model_needs_only_coefficients(save: Save) -> None:
    assert values(open_box(f"linear:{save(coef=[1.0, 0.0, 0.0, 0.0])}"), ["cat"]) == [
        pytest.approx(1.1 / 1.24**0.5, rel=1e-6)
    ]


@pytest.mark.parametrize(
    ("arrays", "query", "says"),
    [
        ({"weight": [1.0]}, "", "expected coef in {path}, with a number for each coordinate; found weight (1)"),
        ({"coef": np.ones((3, 4))}, "", "has 3 outputs; say which, ?output=0 to ?output=2"),
        ({"coef": np.ones((3, 4))}, "?output=3", "output 3 is not one of 0..2"),
        ({"coef": np.ones((3, 4))}, "?output=x", "expected output to be a whole number"),
        ({"coef": np.ones(5)}, "", "expected 4 coefficients, the width of words, got 5"),
        ({"coef": np.ones((2, 2, 2))}, "", "found coef (2 × 2 × 2)"),
        ({"coef": np.ones(4), "mean": np.ones(3)}, "", "expected 4 numbers in mean"),
        ({"coef": np.ones(4), "scale": np.zeros(4)}, "", "a scale other than 0"),
        ({"coef": np.ones(4), "intercept": np.ones(2)}, "", "expected 1 or 1 numbers in intercept"),
        ({"coef": [1.0, np.nan, 1.0, 1.0]}, "", "expected finite numbers in the array coef"),
    ],
)
def test_a_file_that_does_not_fit_says_what_was_found(save: Save, arrays: Any, query: str, says: str) -> None:
    path = save(**arrays)
    with pytest.raises(SpecError, match=re.escape(says.format(path=path))):
        open_box(f"linear:{path}{query}")


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    for name in ("a.npz", "a.safetensors"):
        with pytest.raises(SpecError, match="there is no file"):
            read_linear(str(tmp_path / name))
        (tmp_path / name).write_bytes(b"nothing of the kind")
        with pytest.raises(SpecError, match=r"cannot be read: .*; save it again as \.\w+$"):
            read_linear(str(tmp_path / name))
    with pytest.raises(SpecError, match=r"expected a file of named arrays \(.npz or .safetensors\)"):
        read_linear(str(tmp_path / "a.pt"))
    np.savez(tmp_path / "pickled.npz", coef=np.array([{}], dtype=object))
    with pytest.raises(SpecError, match=r"the array coef of .* cannot be read"):
        read_linear(str(tmp_path / "pickled.npz"))


def fitted(takes_text: bool) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    labels = [int("cat" in text) for text in TEXTS]
    if takes_text:
        return make_pipeline(CountVectorizer(), LogisticRegression()).fit(TEXTS, labels)
    return LogisticRegression().fit(WordEmbedder().encode(TEXTS), labels)


@pytest.mark.parametrize("takes_text", [False, True])
def test_an_estimator_is_asked_for_its_second_class(tmp_path: Path, takes_text: bool, embedder: Embedder) -> None:
    estimator = fitted(takes_text)
    joblib.dump(estimator, tmp_path / "model.joblib")
    query = "?input=text" if takes_text else ""
    box = open_box(f"sklearn:{tmp_path}/model.joblib{query}", untrusted=False)
    asked = TEXTS if takes_text else embedder.encode(TEXTS)
    assert values(box) == pytest.approx(estimator.predict_proba(asked)[:, 1].tolist())
    decision = open_box(f"{box.spec}{'&' if takes_text else '?'}method=decision_function", untrusted=False)
    assert values(decision) == pytest.approx(estimator.decision_function(asked).tolist())
    first = open_box(f"{box.spec}{'&' if takes_text else '?'}output=0", untrusted=False)
    assert values(first) == pytest.approx(estimator.predict_proba(asked)[:, 0].tolist())


class Opened:
    """A pickle that tells when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (Path.touch, (self.path,))


def test_a_pickle_is_not_loaded_unless_it_is_trusted(tmp_path: Path) -> None:
    joblib.dump(Opened(tmp_path / "ran"), tmp_path / "model.joblib")
    spec = f"sklearn:{tmp_path}/model.joblib"
    with pytest.raises(SpecError, match="loading one runs code with your own rights; say that you trust it"):
        open_box(spec)
    assert not (tmp_path / "ran").exists()
    with pytest.raises(SpecError, match="expected an estimator with predict_proba or decision_function or predict"):
        open_box(spec, untrusted=False)
    assert (tmp_path / "ran").exists()


def test_what_an_estimator_cannot_do_is_said(tmp_path: Path, embedder: Embedder) -> None:
    trusted = OpenOptions(untrusted=False)
    with pytest.raises(SpecError, match="there is no file"):
        estimators.open_box(f"{tmp_path}/none.joblib", trusted)
    (tmp_path / "text.joblib").write_text("nothing of the kind")
    with pytest.raises(SpecError, match="could not be loaded"):
        estimators.open_box(f"{tmp_path}/text.joblib", trusted)
    for query, says in (("method=fit", "expected method to be one of"), ("input=file", "expected input to be one of")):
        with pytest.raises(SpecError, match=says):
            estimators.open_box(f"{tmp_path}/text.joblib?{query}", trusted)
    wide = fitted(takes_text=True)[-1]  # of the counts of words
    with pytest.raises(SpecError, match="expected an estimator of 4 numbers, the width of words, got one of"):
        estimator_box(wide, embedder=embedder)


class Odd:
    """Answers with whatever it is given, and not at all to "bad"."""

    def __init__(self, answer: Callable[[int], Any]) -> None:
        self._answer = answer

    def predict(self, texts: Sequence[str]) -> Any:
        if "bad" in texts:
            raise ValueError("bad one")
        return self._answer(len(texts))


def test_odd_answers_of_an_estimator_are_failures() -> None:
    def messages(answer: Callable[[int], Any], **options: Any) -> list[str | None]:
        box = estimator_box(Odd(answer), **options)
        return [reply.failure.message if reply.failure else None for reply in box.ask(["a", "bad", "c"])]

    assert messages(lambda n: np.ones(n)) == [None, "ValueError: bad one", None]
    assert messages(lambda n: np.full(n, np.nan))[0] == "got nan"
    assert messages(lambda n: np.ones((n, 3)))[0] == "it has 3 outputs; say which (?output=0)"
    assert messages(lambda n: np.ones((n, 3)), output=2)[0] is None
    assert messages(lambda n: np.ones((n, 3)), output=3)[0] == "output 3 is not one of 0..2"
    assert messages(lambda n: np.ones(n + 1))[0] == "expected a number for each of 1 texts, got 2"
    assert messages(lambda n: np.array(["yes"] * n))[0].startswith("expected numbers, got ")  # type: ignore[union-attr]


def test_a_concept_by_similarity_is_between_0_and_1_and_in_the_same_order(embedder: Embedder) -> None:
    by_degree = values(similar_box("related to dog", embedder))
    by_cosine = values(similarity_box("dog", embedder))
    assert np.argsort(by_degree).tolist() == np.argsort(by_cosine).tolist()
    assert all(0 <= value <= 1 for value in by_degree)
    assert degrees(np.array([0.25])).tolist() == [0.5]
    assert open_box("concept:dog?embedder=minilm").spec == open_box("concept:dog").spec


def test_a_concept_or_another_responds_to_both(embedder: Embedder) -> None:
    texts = ["a dog", "a violin", "taxes"]
    dog, music = (similar_box(f"related to {one}", embedder) for one in ("dogs", "music"))
    both = open_box("concept:related to dogs?or=related to music")
    assert open_box(both.spec).spec == both.spec
    expected = [max(pair) for pair in zip(*([r.value for r in box.ask(texts)] for box in (dog, music)))]
    assert [reply.value for reply in both.ask(texts)] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("concept", "about"),
    [("related to food", "food"), ("Texts about the sea", "the sea"), ("food", "food"), ("about ", "about")],
)
def test_a_concept_is_compared_by_what_it_is_about(concept: str, about: str) -> None:
    assert subject(concept) == about


@pytest.fixture(scope="module")
def minilm() -> Embedder:
    from zetetic.models import LoadError, load_embedder

    try:
        return load_embedder(progress=lambda *_: None)
    except LoadError as error:
        pytest.skip(f"the embedded embedder cannot be had: {error}")


def test_the_embedded_embedder_tells_concepts_apart(minilm: Embedder) -> None:
    texts = ["a plate of pasta with cheese", "the court rejected the appeal", "soup and bread"]
    found = values(open_box("concept:related to food"), texts)
    assert found[1] < 0.3 < 0.7 < min(found[0], found[2])
    near, far, _ = values(open_box("similarity:food"), texts)
    assert near > far + 0.2
