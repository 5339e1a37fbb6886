"""Top phrases: what the module answers highest, all of it or within a budget; the guarantee of the search."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zetetic.tools.sasc import SascError, top_phrases
from zetetic.tools.sasc.halving import miss_probability, search
from zetetic.tools.sasc.ranking import BATCH, responses
from zetetic.tools.sasc.types import Floats


def lengths(texts: Sequence[str]) -> Floats:
    return np.array([float(len(t)) for t in texts])


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@given(st.lists(st.text(max_size=8), min_size=1, max_size=30), st.integers(1, 40))
def test_without_a_budget_the_top_is_the_top(phrases: list[str], keep: int) -> None:
    found = top_phrases(lengths, phrases, keep=keep, rng=rng())
    different = set(phrases)
    assert found.scored == len(different)
    assert found.unasked == found.left_out == 0
    assert sorted(found.all_phrases) == sorted(different)
    assert list(found.all_responses) == sorted(map(len, different), reverse=True)
    assert len(found) == min(keep, len(different)) == len(found.responses)


def test_phrases_without_a_finite_answer_are_left_out_and_counted() -> None:
    def module(texts: Sequence[str]) -> Floats:
        return np.array([np.nan if "x" in t else np.inf if "y" in t else float(len(t)) for t in texts])

    found = top_phrases(module, ["a", "bbb", "x", "y", "cc"], keep=2, rng=rng())
    assert found.phrases == ("bbb", "cc")
    assert found.left_out == 2
    assert found.scored == 5


def test_a_module_that_answers_nothing_says_so() -> None:
    with pytest.raises(SascError, match="got none to 2 phrases"):
        top_phrases(lambda texts: np.full(len(texts), np.nan), ["a", "b"], rng=rng())


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (lambda texts: np.zeros(len(texts) + 1), "expected 2 responses"),
        (lambda texts: np.zeros((len(texts), 2)), "expected 2 responses"),
        (lambda texts: ["high"] * len(texts), "did not answer with numbers"),
    ],
)
def test_a_module_of_the_wrong_kind_says_so(module: object, message: str) -> None:
    with pytest.raises(SascError, match=message):
        top_phrases(module, ["a", "b"], rng=rng())


def test_no_phrases_or_no_budget_is_refused() -> None:
    with pytest.raises(SascError, match="got 0 phrases"):
        top_phrases(lengths, [], rng=rng())
    with pytest.raises(SascError, match="budget of at least 2"):
        top_phrases(lengths, ["a", "b", "c"], budget=1, rng=rng())


def test_a_constant_module_is_seen_as_one() -> None:
    assert top_phrases(lambda t: np.ones(len(t)), ["a", "b"], rng=rng()).constant
    assert not top_phrases(lengths, ["a", "bb"], rng=rng()).constant


def test_modules_are_asked_in_batches() -> None:
    sizes: list[int] = []

    def module(texts: Sequence[str]) -> Floats:
        sizes.append(len(texts))
        return lengths(texts)

    assert len(responses(module, ["a"] * (BATCH + 1))) == BATCH + 1
    assert sizes == [BATCH, 1]
    assert len(responses(module, [])) == 0


def clustered(groups: int, size: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors in tight clusters, and which cluster each is of."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(groups, 32))
    owners = np.repeat(np.arange(groups), size)
    vectors = centres[owners] + 0.05 * rng.normal(size=(len(owners), 32))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), owners


def test_a_search_keeps_its_budget_and_asks_nothing_twice() -> None:
    vectors, _ = clustered(20, 50)
    asked: list[int] = []

    def ask(numbers: Sequence[int]) -> Floats:
        asked.extend(numbers)
        return np.zeros(len(numbers))

    for budget in (2, 10, 100, 400, 999):
        asked.clear()
        search(ask, vectors, budget=budget, keep=20, rng=rng())
        assert len(asked) == len(set(asked)) <= budget
        assert len(asked) >= 0.9 * budget


def test_the_search_finds_what_a_random_sample_of_the_same_size_does_not() -> None:
    vectors, owners = clustered(40, 50)
    truth = np.where(owners == 7, 1.0, 0.0) + 0.1 * np.random.default_rng(1).random(len(owners))
    found = []
    for seed in range(10):
        asked: list[int] = []

        def ask(numbers: Sequence[int], asked: list[int] = asked) -> Floats:
            asked.extend(numbers)
            return truth[list(numbers)]

        search(ask, vectors, budget=500, keep=50, rng=np.random.default_rng(seed))
        found.append(np.isin(np.flatnonzero(owners == 7), asked).mean())
    assert np.mean(found) > 0.9  # 500 of 2000 at random would find a quarter


def test_a_group_with_good_phrases_is_lost_no_more_often_than_stated() -> None:
    vectors, owners = clustered(32, 40)
    lost, bounds = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        good = rng.choice(np.flatnonzero(owners == 3), 10, replace=False)
        truth = rng.random(len(owners))
        truth[good] = 2.0
        asked: list[int] = []

        def ask(numbers: Sequence[int], asked: list[int] = asked, truth: np.ndarray = truth) -> Floats:
            asked.extend(numbers)
            return truth[list(numbers)]

        how = search(ask, vectors, budget=400, keep=40, rng=rng)
        assert how.survivors >= 1
        lost.append(not np.isin(good, asked).all())
        bounds.append(how.miss_probability(40, 10))
    bound = float(np.mean(bounds))
    assert bound < 0.9
    assert np.mean(lost) <= bound + 3 * (bound * (1 - bound) / len(lost)) ** 0.5


def test_the_miss_probability_is_that_of_drawing_without_replacement() -> None:
    assert miss_probability(10, 2, 3) == comb(8, 3) / comb(10, 3)
    assert miss_probability(10, 2, 9) == 0.0
    assert miss_probability(3, 1, 5) == 0.0
    assert miss_probability(10, 3, 4) <= (1 - 3 / 10) ** 4


def test_a_budget_without_an_embedder_is_a_random_sample() -> None:
    phrases = [f"w{i}" for i in range(100)]
    found = top_phrases(lengths, phrases, budget=30, rng=rng())
    assert found.scored == 30
    assert found.unasked == 70
