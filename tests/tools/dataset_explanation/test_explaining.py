"""Differences hold on held-out texts, chance is told as chance, and everything is measured once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zetetic.tools.chat import Chat
from zetetic.tools.dataset_explanation import Target, TextData, explain_texts, read_dataset
from zetetic.tools.dataset_explanation import explaining as module


@pytest.fixture
def data(texts):
    rng = np.random.default_rng(1)
    return read_dataset(texts(80, rng, extra="tax", share=0.7), texts(80, rng, extra="tax", share=0.05))


def test_a_planted_word_is_found_with_its_shares_and_an_interval_that_holds_them(data, setup):
    found = explain_texts(data, setup())
    first = found.differences[0]
    assert "tax" in first.phrase.lower()
    assert first.more_in == "A"
    assert first.share_a == pytest.approx(0.7, abs=0.2)
    assert first.share_b == pytest.approx(0.05, abs=0.1)
    assert first.gap.low <= 0.65 <= first.gap.high
    assert first.holm < 0.05
    assert first.holm >= first.p_value
    assert first.fdr <= first.holm
    assert f"{100 * first.share_a:.0f} % of A" in first.sentence


def test_the_same_data_and_seed_give_the_same_explanation(data, setup):
    assert explain_texts(data, setup(seed=3)) == explain_texts(data, setup(seed=3))


def test_what_is_swapped_favours_the_other_group(data, setup):
    values = 1 - data.target.values
    swapped = TextData(data.texts, Target("groups", "group", values, "A", "B"))
    assert explain_texts(swapped, setup()).differences[0].more_in == "B"


def test_examples_are_held_out_and_marked_where_the_word_stands(data, setup):
    found = explain_texts(data, setup())
    halves = module.halve(data.texts, data.target, np.random.default_rng(0))
    held = {data.texts[i] for i in halves.held_out}
    examples = [e for d in found.differences for e in d.examples]
    assert examples
    assert {e.text for e in examples} <= held
    counted = [e for d in found.differences if d.source == "words" for e in d.examples if e.group == d.more_in]
    assert all(e.spans for e in counted)


@pytest.mark.parametrize("cases", [8, pytest.param(60, marks=pytest.mark.slow)])
def test_without_a_difference_none_is_found(texts, setup, cases):
    """The family-wise error stays at 5 %: more than 2 of 8, or 8 of 60, would be a chance of 1 in 200 or less."""
    reported = 0
    for seed in range(cases):
        rng = np.random.default_rng([7, seed])
        found = explain_texts(read_dataset(texts(20, rng), texts(20, rng)), setup(seed=seed))
        reported += found.found
        assert found.found or found.summary.startswith("No difference found")
    assert reported <= {8: 2, 60: 8}[cases]


def test_a_judge_at_chance_is_believed_nothing(data, setup):
    found = explain_texts(data, setup(judge_at_chance=True))
    assert all(d.source in ("words", "surface") for d in found.differences)
    withheld = [r for r in found.rejected if "at chance" in r.reason]
    assert withheld
    assert found.judges == ()


def test_a_number_is_explained_by_correlation(texts, setup):
    rng = np.random.default_rng(5)
    some = texts(120, rng, extra="refund", share=0.5)
    values = np.array([("refund" in t) * -2.0 + rng.normal() for t in some])
    found = explain_texts(TextData(tuple(some), Target("number", "stars", values, "high", "low")), setup())
    first = found.differences[0]
    assert "refund" in first.phrase
    assert first.correlation is not None
    assert first.correlation.high < 0
    assert first.sentence.startswith("The lower stars")
    assert found.together.metric == "Spearman correlation"


def test_differences_that_say_the_same_are_one(texts, setup):
    rng = np.random.default_rng(2)
    a = [t.replace("tax", "tax refund") for t in texts(80, rng, extra="tax", share=0.7)]
    found = explain_texts(read_dataset(a, texts(80, rng)), setup())
    assert sum("tax" in d.phrase or "refund" in d.phrase for d in found.differences) == 1


def test_the_reported_set_is_scored_beside_a_probe(data, setup):
    overall = explain_texts(data, setup()).together
    assert overall.differences is not None
    assert overall.differences.low > 0.6
    assert overall.chance == 0.5
    assert overall.explained is None or overall.explained > 0


def test_what_a_chat_model_proposes_is_judged_like_everything_else(data, setup):
    from langchain_core.language_models.fake_chat_models import FakeListChatModel

    replies = ["1. The text speaks of tax.\n2. is about elephants", "mentions nothing of the kind"]
    found = explain_texts(data, replace(setup(), chat=Chat(FakeListChatModel(responses=replies), "fake")))
    rejected = {r.phrase: r.reason for r in found.rejected}
    assert rejected["speaks of tax"] == "applies to the same texts as: contains the word “tax”"
    assert "is about elephants" in rejected


def test_many_texts_are_sampled_and_it_is_said(texts, setup):
    rng = np.random.default_rng(4)
    data = read_dataset(texts(300, rng), texts(40, rng))
    found = explain_texts(data, setup(most_texts=100))
    assert found.discovery + found.held_out <= 100
    assert any("100 of 340" in note for note in found.notes)
