"""Explanations of ranked phrases: what they share, in words that a person would write."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from langchain_core.language_models import FakeListChatModel

from zetetic.models import Embedder
from zetetic.tools.chat import Chat
from zetetic.tools.sasc import SascError, baselines, summarize, top_phrases
from zetetic.tools.sasc.rivals import NO_RANKING, RANDOM_PHRASE, WORD_COUNT, most_frequent_word
from zetetic.tools.sasc.types import Floats, RankedPhrases
from zetetic.tools.sasc.wording import known, phrasings
from zetetic.tools.texts import ngrams

TOPICS = ("food", "money", "the sea", "war", "the weather")


def ranked(module: object, sentences: Sequence[str]) -> RankedPhrases:
    return top_phrases(module, ngrams(sentences), keep=30, rng=np.random.default_rng(0))


def likeness(embedder: Embedder, concept: str) -> object:
    target = embedder.encode([concept])[0]
    return lambda texts: np.asarray(embedder.encode(texts) @ target, dtype=np.float64)


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_the_concept_that_a_module_is_like_comes_first(
    embedder: Embedder, sentences: tuple[str, ...], noise: float
) -> None:
    draw = np.random.default_rng(1)
    exact = likeness(embedder, "bread soup cheese")

    def module(texts: Sequence[str]) -> Floats:
        return np.asarray(exact(texts) + noise * draw.normal(size=len(texts)))

    found = summarize(ranked(module, sentences), embedder=embedder, topics=TOPICS)
    assert found[0].text in {"food", "bread", "soup", "cheese", "meal", "eat", "kitchen", "cooking", "hungry"}
    assert all(a.fit * 1.06 >= b.fit for a, b in itertools.pairwise(found))
    assert len({c.text for c in found}) == len(found) <= 5


def test_two_concepts_are_both_named(embedder: Embedder, sentences: tuple[str, ...]) -> None:
    food, sea = likeness(embedder, "food"), likeness(embedder, "sea")

    def module(texts: Sequence[str]) -> Floats:
        return np.maximum(np.asarray(food(texts)), np.asarray(sea(texts)))

    found = summarize(ranked(module, sentences), embedder=embedder, topics=TOPICS)
    assert found[0].origin == "joined"
    assert " or " in found[0].text


def test_what_can_be_counted_is_said(embedder: Embedder, sentences: tuple[str, ...]) -> None:
    found = summarize(
        ranked(lambda texts: np.array([float(any(c.isdigit() for c in t)) for t in texts]), sentences),
        embedder=embedder, topics=TOPICS,
    )  # fmt: skip
    assert found[0].origin == "surface"
    assert "number" in found[0].text or "digit" in found[0].text


def test_of_a_constant_module_there_is_nothing_to_say(embedder: Embedder, sentences: tuple[str, ...]) -> None:
    assert summarize(ranked(lambda texts: np.ones(len(texts)), sentences), embedder=embedder, topics=TOPICS) == []
    with pytest.raises(SascError, match="at least one explanation"):
        summarize(ranked(lambda texts: np.ones(len(texts)), sentences), embedder=embedder, n=0)


def test_a_single_phrase_gives_no_error(embedder: Embedder) -> None:
    one = RankedPhrases(("soup", "war"), np.array([1.0, 0.0]), 1, 2)
    assert all(c.text for c in summarize(one, embedder=embedder, topics=TOPICS))


def test_a_chat_model_is_shown_the_top_phrases_and_its_words_are_fitted(
    embedder: Embedder, sentences: tuple[str, ...]
) -> None:
    model = FakeListChatModel(responses=["1. war\n2. food and meals\n\n- food and meals"])
    chat = Chat(model, "fake")
    found = summarize(ranked(likeness(embedder, "food"), sentences), embedder=embedder, chat=chat, n=5)
    assert [c.text for c in found] == ["food and meals", "war"]
    assert found[0].fit > found[1].fit
    assert "fake" in found[0].origin
    assert chat.usage.calls == 1


def test_phrases_that_nobody_would_write_are_left_out() -> None:
    scored = [
        "the soup of",
        "soup",
        "a hot soup",
        "hot soup",
        "hot soup bowl",
        "xY9z",
        "TruthBeTold",
        "of",
        "42",
        "dog",
    ]
    found = phrasings(scored[:8], scored)
    assert "soup" in found
    assert "hot soup" in found
    assert not {"the soup", "soup of", "xY9z", "TruthBeTold", "of", "42", "soup bowl"} & set(found)


def test_names_keep_their_capitals_and_words_lose_them() -> None:
    found = phrasings(["Zyrgolia", "Soup", "SOUP Zyrgolia"], ["Zyrgolia", "Soup", "SOUP Zyrgolia"])
    assert "Zyrgolia" in found
    assert "soup" in found


def test_the_vocabulary_knows_words_by_their_parts() -> None:
    assert known("food")
    assert known("water-food")
    assert not known("zyrgolia")
    assert not known("food zyrgolia")


def test_the_baselines_are_what_their_names_say(embedder: Embedder, sentences: tuple[str, ...]) -> None:
    found = {b.origin: b.text for b in baselines(ranked(likeness(embedder, "food"), sentences), embedder,
                                                  np.random.default_rng(0))}  # fmt: skip
    assert set(found) <= {WORD_COUNT, NO_RANKING, RANDOM_PHRASE}
    assert found[WORD_COUNT]
    assert most_frequent_word(("the soup", "hot soup", "dog")) == "soup"
    assert most_frequent_word(("the", "of")) == ""
