"""The benchmark of synthetic modules: forty of them, all explainable in principle, and a measure that can fail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from zetetic.benchmarks.text_modules import FIRST, FRESH, Module
from zetetic.benchmarks.text_modules.measure import coverage, judged, ranking
from zetetic.benchmarks.text_modules.pool import texts

POOL = texts(400, 3)
KINDS = {"negation", "two concepts", "length", "position", "punctuation", "language", "numbers"}


def test_there_are_forty_of_every_kind_with_five_wrong_explanations_each() -> None:
    assert len(FIRST) == len(FRESH) == 20
    assert {m.kind for m in FIRST} == {m.kind for m in FRESH} == KINDS
    assert len({m.name for m in (*FIRST, *FRESH)}) == 40
    for module in (*FIRST, *FRESH):
        assert len({module.correct, *module.wrong}) == 6, module.name


@pytest.mark.parametrize("module", [*FIRST, *FRESH], ids=lambda m: m.name)
def test_modules_respond_to_some_texts_and_not_to_others(module: Module) -> None:
    responses = [module.respond(text) for text in POOL]
    assert np.ptp(responses) > 0
    assert np.isfinite(responses).all()


def test_the_pool_is_the_same_for_a_seed_and_another_for_another() -> None:
    assert texts(50, 3) == texts(50, 3) != texts(50, 4)
    assert len(set(POOL)) == len(POOL)


class Knowing:
    """A judge that knows the module: right about the correct explanation, at odds with it on a share of the wrong."""

    name = "knowing"

    def __init__(self, module: Module, wrong_row: int) -> None:
        self.module, self.wrong_row = module, wrong_row

    def judge(self, explanations: Sequence[str], texts: Sequence[str]) -> Any:
        truth = np.array([self.module.respond(text) for text in texts])
        noise = np.random.default_rng(0).random((len(explanations), len(texts)))
        rows = np.where(noise < 0.3, 1 - truth, truth)
        rows[self.wrong_row] = truth
        return rows


def test_the_ranking_can_fail() -> None:
    module = next(m for m in FIRST if m.name == "exclaims")
    for row, first in ((0, True), (3, False)):
        figures = ranking(judged(module, "first", POOL, Knowing(module, row)), 200, 5, np.random.default_rng(0))
        assert figures.first is first
        assert figures.first_in_pool is first
    assert figures.rival == module.wrong[2]


def test_coverage_counts_intervals_that_hold_the_pool_value() -> None:
    module = next(m for m in FIRST if m.name == "short")
    found = coverage([judged(module, "first", POOL, Knowing(module, 0))], 150, 12, np.random.default_rng(0))
    assert [f.metric for f in found] == ["held-out AUC", "rank correlation", "effect in standard deviations"]
    for figures in found:
        assert figures.intervals + figures.unknown == 12
        assert figures.covered > 0.6
