"""Text modules in the same loop: asked, explained in words, verified on texts that nobody saw."""

from __future__ import annotations

import json
import math
import random

import pytest

from zetetic.agent import Brief, Budget, Investigation, Store, default_budget, refer, replay_state
from zetetic.agent.codec import plain
from zetetic.agent.wordwise import word_ground, word_scientist
from zetetic.tools.black_boxes import (
    BlackBoxError,
    DomainError,
    Failure,
    FunctionBox,
    Interval,
    NumericDomain,
    Reply,
    TextDomain,
)
from zetetic.tools.black_boxes.function import RecordingBox
from zetetic.tools.scoring import load_explained
from zetetic.tools.texts import Corpus, CorpusError

TEXTS = TextDomain("", 1000)


def whale(text: str) -> float:
    return float("whale" in text.split())


def module(function, **cues):
    """A recording text module."""
    return RecordingBox(FunctionBox(function, TEXTS), **cues)


@pytest.fixture
def run(store, toy):
    """Investigate a text module on the toy corpus; returns the explanation and the journal."""

    def go(box, *, corpus=toy.CORPUS, queries=300, seed=0, seconds=60.0):
        budget = Budget(queries=queries, seconds=seconds)
        journal = store.create(Brief.of(box, budget=budget, seed=seed, corpus=refer(corpus)))
        ground = word_ground(corpus, seed=seed)
        return Investigation(box, word_scientist(ground), journal, ground=ground).run(), journal

    return go


def test_a_module_that_answers_to_one_word_is_explained_by_it(run, toy):
    done, journal = run(module(whale))
    assert (done.outcome, done.description) == ("explained", "whale")
    assert done.score.metric == "AUC"
    assert done.score.value == 1.0
    assert done.score.baselines["random phrase"] < done.score.low
    assert done.wording.corrected_p_value < 0.05
    assert done.wording.effect.low > 1.0
    assert done.queries == len(journal.observations()) <= 300
    explained = load_explained(done.code)
    assert explained("the whale from harbour") > explained("the soup with bread")


def test_the_verifier_draws_texts_that_the_scientist_could_not_have_seen(run, toy):
    _, journal = run(module(whale))
    discovery, held_out = toy.CORPUS.split(0)
    drawn = {o.input for o in journal.observations() if o.purpose == "held_out"}
    asked = {o.input for o in journal.observations() if o.purpose == "query"}
    assert drawn
    assert drawn <= set(held_out.texts)
    assert not drawn & asked
    assert not asked & set(held_out.texts)
    assert len(asked & set(discovery.texts)) >= 20, "candidates are tested on whole texts"


@pytest.mark.parametrize("seed", range(4))
def test_luck_explains_nothing(run, seed):
    def noise(text: str) -> float:
        return random.Random(f"{seed} {text}").gauss(0.0, 1.0)

    done, _ = run(module(noise), seed=seed)
    assert done.outcome == "not_better_than_baseline"
    assert done.reason


def test_a_constant_module_is_said_to_be_one(run):
    done, journal = run(module(lambda text: 2.5))
    assert done.outcome == "explained"
    assert "always 2.5" in done.description
    assert load_explained(done.code)("anything") == 2.5
    assert len(journal.observations()) < 300


def test_a_module_that_is_constant_only_on_what_was_asked_is_not_explained_as_constant(run, toy):
    _, held_out = toy.CORPUS.split(0)
    secret = set(held_out.texts)
    done, _ = run(module(lambda text: float(text in secret)))
    assert "always 0" in done.description
    assert done.outcome == "not_better_than_baseline"
    assert done.score.value == 0.0


def test_a_module_that_tells_no_phrases_apart_is_asked_whole_texts_and_still_meets_baselines(run):
    done, journal = run(module(lambda text: whale(text) if len(text.split()) > 5 else 0.0))
    phrases = {o.input for o in journal.observations() if len(o.input.split()) <= 3}
    assert len(phrases) <= 48 + 120, "phrases of texts that respond are asked, no others"
    assert done.wording.rivals


def test_a_module_without_one_number_fails_and_says_why(run):
    done, _ = run(module(lambda text: math.nan))
    assert done.outcome == "failed"
    assert "usable number" in done.description


def test_texts_that_fail_are_left_out_and_no_harm_is_done(run):
    broken = Failure("raised", "ValueError: too long")
    done, journal = run(module(whale, fails=lambda text: broken if "the" in text.split() else None))
    assert any(o.reply.failure for o in journal.observations() if o.purpose == "held_out")
    assert (done.outcome, done.description) == ("explained", "whale")
    assert done.score.held_out < sum(o.purpose == "held_out" for o in journal.observations())


def test_a_run_that_breaks_off_goes_on_and_ends_the_same(run, store, toy):
    straight, _ = run(module(whale))
    budget = Budget(queries=300, seconds=60.0)
    journal = store.create(Brief.of(module(whale), budget=budget, corpus=refer(toy.CORPUS)))
    for answers in (3, 70, 90):
        box, ground = module(whale, gone_after=answers), word_ground(toy.CORPUS, seed=0)
        with pytest.raises(BlackBoxError):
            Investigation(box, word_scientist(ground), journal, ground=ground).resume()
    rest, ground = module(whale), word_ground(toy.CORPUS, seed=0)
    done = Investigation(rest, word_scientist(ground), journal, ground=ground).resume()
    assert len(rest.asked) == done.queries - 163
    same = ("description", "code", "score", "wording", "queries", "outcome", "reason")
    assert [getattr(done, name) for name in same] == [getattr(straight, name) for name in same]


def test_what_was_said_of_each_hypothesis_is_in_the_record(run):
    _, journal = run(module(whale))
    record = replay_state(journal.events(), run_id=journal.run_id)
    assert record.memos["plan"]["texts"] >= 20
    assert all("AUC" in h.evidence for h in record.hypotheses.values())
    assert record.trial.verdict.wording.tried == len(record.hypotheses)
    told = dict(record.trial.verdict.wording.degrees)
    assert set(told) == {o.number for o in record.observations if o.purpose == "held_out"}


@pytest.mark.parametrize(
    ("texts", "says"), [(("one line",), "two different"), (("same", "Same."), "two different"), ((), "two different")]
)
def test_a_corpus_too_small_to_hold_any_out_is_refused(texts, says):
    with pytest.raises(CorpusError, match=says):
        word_ground(Corpus("tiny", texts), seed=0)


@pytest.mark.parametrize("texts", [("a", "b"), ("word", "other", "third"), ("the of", "and to", "??", "!!")])
def test_a_corpus_of_next_to_nothing_ends_soundly(run, texts):
    done, _ = run(module(lambda text: float(len(text))), corpus=Corpus("tiny", texts))
    assert done.outcome in ("not_better_than_baseline", "failed", "out_of_budget")
    assert done.wording is None or not done.wording.corrected_p_value < 0.05


@pytest.mark.parametrize("queries", [1, 2, 9, 30])
def test_tiny_budgets_are_kept(run, queries):
    done, journal = run(module(whale), queries=queries)
    assert len(journal.observations()) <= queries
    assert done.queries <= queries


def test_a_number_is_no_text(run, toy):
    ground = word_ground(toy.CORPUS, seed=0)
    with pytest.raises(DomainError, match="expected a text"):
        ground.admit((1.0,))


def test_the_brief_of_a_text_run_survives_the_store_and_that_of_numbers_is_as_it_was(store, toy):
    journal = store.create(Brief.of(module(whale), corpus=refer(toy.CORPUS, "/somewhere/toy.txt"), chat="openai:x"))
    assert store.journal(journal.run_id).brief == journal.brief
    assert journal.brief.kind == "texts"
    numbers = Brief.of(FunctionBox(abs, NumericDomain((Interval(0, 1),))))
    assert {"kind", "corpus", "chat"} & set(plain(numbers)) == set()


def test_a_slow_module_is_asked_less(run):
    slow = FunctionBox(whale, TEXTS)
    answers = slow.ask

    def slowly(inputs):
        for reply in answers(inputs):
            yield Reply(reply.value, reply.failure, 0.5)

    slow.ask = slowly
    _, journal = run(slow, queries=300, seconds=60.0)
    plan = journal.record().memos["plan"]
    assert plan["seconds_each"] == 0.5
    assert plan["phrases"] <= 60.0 * 0.3 / 0.5
    assert default_budget("texts").queries > default_budget("numbers").queries


def test_thousands_of_observations_are_read_back_quickly(store, toy):
    """A guard against work that grows with the square of the observations."""
    with Store.open(store.path) as again:
        budget = Budget(queries=1200, seconds=60.0)
        journal = again.create(Brief.of(module(whale), budget=budget, corpus=refer(toy.CORPUS)))
        ground = word_ground(toy.CORPUS, seed=0)
        done = Investigation(module(whale), word_scientist(ground), journal, ground=ground).run()
        assert done.queries > 600
        assert len(journal.record().observations) == done.queries
        assert json.dumps(plain(journal.record().explanation))
