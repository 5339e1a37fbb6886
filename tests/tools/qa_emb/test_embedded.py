"""The embedded answerer: sound on its face, weights that ship, rules where the surface decides, sources left out."""

from __future__ import annotations

import os
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from zetetic.models import load_embedder
from zetetic.tools.qa_emb import EmbeddedAnswerer, QAError, embedded_answerer, propose_questions
from zetetic.tools.qa_emb.embedded import load_weights, save_weights, shipped_weights
from zetetic.tools.qa_emb.features import FEATURES
from zetetic.tools.qa_emb.fitting import Pairs, auc, fit, leave_source_out
from zetetic.tools.qa_emb.labelled import cross_negatives, question_of, read_tasks
from zetetic.tools.qa_emb.train import main

ROOT = Path(__file__).resolve().parents[3]
TEXTS = [
    "The striker scored twice and the home side won the cup.",
    "Boil the lentils, add garlic and serve with bread.",
    "The senate rejected the budget after a long debate.",
    "My laptop no longer starts since I updated the driver.",
]
QUESTIONS = [
    "Is the text about sports?", "Does the text mention food?", "Is the text about politics?",
    "Is the text about computers?",
]  # fmt: skip


@pytest.fixture(scope="module")
def answerer():
    return embedded_answerer(load_embedder(progress=lambda *_: None))


def test_each_question_is_answered_yes_for_the_text_it_fits(answerer):
    found = answerer.answer(QUESTIONS, TEXTS)
    assert ((found > 0) & (found < 1)).all()
    assert (found.argmax(axis=0) == range(4)).all()
    assert (found.argmax(axis=1) == range(4)).all()
    assert found.diagonal().min() > 0.4
    assert (found - np.diag(found.diagonal())).max() < 0.5


def test_answers_do_not_depend_on_what_is_asked_beside(answerer):
    whole = answerer.answer(QUESTIONS, TEXTS)
    np.testing.assert_allclose(answerer.answer(QUESTIONS[2:], TEXTS[1:2]), whole[1:2, 2:], atol=1e-5)
    assert answerer.answer(QUESTIONS, []).shape == (0, 4)


def test_a_negated_question_is_answered_the_other_way_round(answerer):
    plain = answerer.answer(["Does the text mention food?"], TEXTS)
    turned = answerer.answer(["Doesn't the text mention food?"], TEXTS)
    np.testing.assert_allclose(plain + turned, 1, atol=1e-6)


def test_style_is_told_apart_from_topic(answerer):
    texts = ["I think the bridge is ugly and a waste of money.", "The bridge opened in May and is 80 metres long."]
    opinion, fact = answerer.answer(["Does the text express an opinion?", "Is the text neutral and factual?"], texts).T
    assert opinion[0] > opinion[1]
    assert fact[1] > fact[0]


def test_what_the_surface_decides_is_decided_by_rule(answerer):
    texts = ["It costs 12 euros.", "It costs nothing.", "Who pays?"]
    questions = ["Does the text contain a number?", "Does the text contain a question?"]
    found = answerer.answer(questions, texts)
    np.testing.assert_allclose(found, [[0.99, 0.01], [0.01, 0.01], [0.01, 0.99]])
    by_meaning = EmbeddedAnswerer(shipped_weights(), load_embedder(), rules=False).answer(questions, texts)
    assert not np.isin(by_meaning, [0.01, 0.99]).any()


def test_the_weights_ship_and_are_small(answerer):
    path = files("zetetic.tools.qa_emb").joinpath("data/answerer.npz")
    with path.open("rb") as file:
        assert len(file.read()) < 5_000_000
    assert "source was left out" in answerer.about


def test_weights_are_read_as_they_were_written_and_belong_to_an_embedder(tmp_path, random_embedder):
    weights = shipped_weights()
    save_weights(weights, tmp_path / "w.npz")
    again = load_weights(tmp_path / "w.npz")
    assert again.fingerprint == weights.fingerprint
    assert replace(weights, intercept=9.0).fingerprint != weights.fingerprint
    with pytest.raises(QAError, match=r"expected the embedder .*, got random words"):
        EmbeddedAnswerer(weights, random_embedder)
    (tmp_path / "bad.npz").write_bytes(b"x")
    with pytest.raises(QAError, match="expected the weights of an answerer in"):
        load_weights(tmp_path / "bad.npz")


def test_a_left_out_source_teaches_nothing():
    """Where one source's labels are turned round, a model fitted to the others is wrong on it, and only on it."""
    rng = np.random.default_rng(0)
    pairs = []
    for source in range(4):
        features = rng.normal(size=(300, len(FEATURES)))
        answers = (features[:, 0] > 0).astype(float)
        answers = 1 - answers if source == 3 else answers
        pairs.append(Pairs(source, features, answers, np.full(300, 1 / 300), 300))
    found = [auc(said, p.answers) for said, p in zip(leave_source_out(pairs), pairs)]
    assert min(found[:3]) > 0.9
    assert found[3] < 0.1
    weights, _ = fit(pairs[:3])
    assert np.argmax(np.abs(weights)) == 0


def test_auc_counts_ties_as_half():
    assert auc(np.array([0.5, 0.5]), [0, 1]) == 0.5
    assert auc(np.array([0.1, 0.4, 0.9]), [0, 0, 1]) == 1
    assert np.isnan(auc(np.array([0.1]), [1]))


@pytest.mark.parametrize(
    ("description", "question"),
    [
        ("contains irony", "Does the text contain irony?"),
        ("expresses need", "Does the text express need?"),
        ("is about sports", "Is the text about sports?"),
        ("related to sports", "Is the text related to sports?"),
    ],
)
def test_descriptions_become_questions(description, question):
    assert question_of(description) == question


def make_folder(folder, labels):
    import csv
    import json

    rows = [
        {"task": f"d3_{n}_x", "keyword": "x", "description": f"is about {what}", "accept": "x"}
        for n, what in zip((30, 31, 32), ("news", "sports", "business"))
    ]
    (folder / "tasks.json").write_text(json.dumps(rows))
    for n, own in zip((30, 31, 32), labels):
        with (folder / f"d3_{n}.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["input", "label"])
            writer.writerows(own)
    return read_tasks(folder)


def test_sister_tasks_lend_their_yeses_as_noes_only_where_labels_exclude_each_other(tmp_path):
    apart = make_folder(tmp_path, [[("a", 1), ("b", 0)], [("b", 1), ("c", 0)], [("d", 1), ("a", 0)]])
    assert cross_negatives(apart) == {0: [(2, 0)], 1: [(0, 0), (2, 0)], 2: [(1, 0)]}
    together = make_folder(tmp_path, [[("a", 1), ("b", 0)], [("a", 1), ("c", 0)], [("d", 1), ("a", 0)]])
    assert cross_negatives(together) == {}


def test_a_folder_that_holds_no_labelled_texts_is_refused(tmp_path, capsys):
    assert main(["--data", str(tmp_path)]) == 2
    assert "expected labelled texts in" in capsys.readouterr().err


def test_questions_are_proposed_without_a_language_model(answerer):
    texts = [t for t in TEXTS for _ in range(2)]
    found = propose_questions(texts, [1, 1, 0, 0, 0, 0, 0, 0], count=12)
    assert len(found) == len(set(found)) == 12
    assert any(word in " ".join(found) for word in ("sport", "game", "football", "match"))
    with pytest.raises(QAError, match="a target for each of 8 texts, got 1"):
        propose_questions(texts, [1])


@pytest.mark.slow
def test_the_bar_on_sources_left_out(answerer):
    """A part of each task; the benchmark takes more."""
    from zetetic.benchmarks.qa_emb import QAEmbOptions, run_qa_emb

    folder = Path(os.environ.get("ZETETIC_DATA") or ROOT.parent / "shared" / "data") / "d3"
    if not (folder / "tasks.json").is_file():
        pytest.skip(f"needs d3/tasks.json below $ZETETIC_DATA (looked in {folder})")
    report = run_qa_emb(QAEmbOptions(parts=("answers",), texts=40, data=folder))
    assert report.bar_met
    ours, plain = report.answerers[:2]
    assert ours.auc > plain.auc + 0.03
