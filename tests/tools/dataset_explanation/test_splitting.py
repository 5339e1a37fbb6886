"""Nothing that was used to find a difference is near what measures it."""

from __future__ import annotations

import numpy as np
import pytest

from zetetic.tools.dataset_explanation import DatasetError, Target
from zetetic.tools.dataset_explanation.splitting import alike, halve


def groups(*sizes):
    return Target("groups", "g", np.concatenate([np.full(n, 1.0 - k) for k, n in enumerate(sizes)]))


def test_texts_in_both_groups_are_not_held_out(texts):
    rng = np.random.default_rng(0)
    a, b = texts(20, rng), texts(20, rng)
    both = [*a, "The very same text stands here.", *b, "the very same TEXT stands here"]
    halves = halve(both, groups(21, 21), rng)
    assert 20 in halves.discovery
    assert 41 in halves.discovery
    assert any("both groups" in note for note in halves.notes)


def test_halves_do_not_overlap_and_near_copies_count_once(texts):
    rng = np.random.default_rng(1)
    a = texts(20, rng)
    a += [f"{text} indeed" for text in a[:6]]
    b = texts(20, rng)
    every = [*a, *b]
    halves = halve(every, groups(len(a), 20), rng)
    assert not set(halves.discovery) & set(halves.held_out)
    for held in halves.held_out:
        twins = {i for group in alike(every) if held in group for i in group} - {held}
        assert not twins & set(halves.discovery)
        assert not twins & set(halves.held_out)


def test_different_texts_are_not_alike(texts):
    rng = np.random.default_rng(2)
    assert all(len(group) == 1 for group in alike(texts(50, rng)))


def test_too_few_different_texts_are_refused(texts):
    rng = np.random.default_rng(3)
    with pytest.raises(DatasetError, match="duplicates"):
        halve(["the same words over again"] * 12 + texts(12, rng), groups(12, 12), rng)
