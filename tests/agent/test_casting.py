"""Runs on texts as a user gets them: with the embedded judge, from Python, on the right corpus."""

from __future__ import annotations

import pytest

from zetetic.agent import Brief, Budget, Store, cast, explain, refer
from zetetic.tools.black_boxes import DomainError, FunctionBox, TextDomain
from zetetic.tools.texts import Corpus, CorpusError, default_corpus


@pytest.fixture(scope="module")
def minilm():
    from zetetic.models import LoadError, load_embedder

    try:
        return load_embedder(progress=lambda *_: None)
    except LoadError as error:
        pytest.skip(f"the embedded embedder cannot be had: {error}")


def loud(text: str) -> float:
    return float(text.count("!"))


@pytest.mark.slow
def test_a_rule_that_can_be_counted_is_found_and_is_its_own_code(minilm, tmp_path):
    texts = [t.rstrip(".!?") + ("!" if k % 3 == 0 else ".") for k, t in enumerate(default_corpus().texts[:240])]
    done = explain(loud, corpus=texts, queries=400, seconds=600, store=tmp_path / "s.sqlite")
    assert done.outcome == "explained"
    assert "exclamation" in done.description
    assert done.wording.judge_auc.low > 0.5
    assert done.wording.code_correlation == pytest.approx(1.0)


def test_another_corpus_than_the_run_was_begun_with_is_refused(minilm, tmp_path):
    ours, theirs = Corpus("ours", ("one text", "and another")), Corpus("theirs", ("a third", "and a fourth"))
    box = FunctionBox(loud, TextDomain("", 100))
    with Store.open(tmp_path / "s.sqlite") as store:
        journal = store.create(Brief.of(box, budget=Budget(queries=20), corpus=refer(ours)))
        with pytest.raises(DomainError, match="begun on 2 texts"):
            cast(journal, box, corpus=theirs)
        cast(journal, box, corpus=ours)


def test_a_corpus_given_in_python_cannot_be_told_from_its_name_alone(minilm, tmp_path):
    box = FunctionBox(loud, TextDomain("", 100))
    with Store.open(tmp_path / "s.sqlite") as store:
        journal = store.create(Brief.of(box, corpus=refer(Corpus("mine", ("one text", "and another")))))
        with pytest.raises(DomainError, match="pass the texts that it was begun with"):
            cast(journal, box)


def test_a_corpus_and_a_domain_of_numbers_do_not_go_together(tmp_path):
    with pytest.raises(DomainError, match="leave one out"):
        explain(loud, domain=(0, 1), corpus=["a", "b"], store=tmp_path / "s.sqlite")


@pytest.mark.parametrize("corpus", [[], ["alone"], ["same", "same"]])
def test_too_few_texts_are_refused(corpus, tmp_path, minilm):
    with pytest.raises(CorpusError, match="two different"):
        explain(loud, corpus=corpus, store=tmp_path / "s.sqlite")
    with pytest.raises(DomainError, match="list of strings"):
        explain(loud, corpus=[1.0, 2.0], store=tmp_path / "s.sqlite")
