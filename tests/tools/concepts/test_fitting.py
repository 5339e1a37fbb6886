"""Surface concepts fitted to responses: thresholds come from the data, best first."""

from __future__ import annotations

import numpy as np
import pytest

from zetetic.tools.concepts import fit_surface, topic_bank

WORDS = (
    "rain fell on the old town",
    "who sent it?",
    "stop!",
    "7 cats",
    "she walked, slept, and left",
    "in 1931; again",
)


def texts(many: int = 200) -> list[str]:
    rng = np.random.default_rng(0)
    return [" ".join(rng.choice(WORDS, rng.integers(1, 6))) for _ in range(many)]


@pytest.mark.parametrize(
    ("respond", "found"),
    [
        (lambda t: float(len(t.split()) > 12), "is longer than 12 words"),
        (lambda t: float("," not in t), "contains no commas"),
        (lambda t: float(t.count("!") >= 2), "contains at least two exclamation marks"),
        (lambda t: float(";" in t), "contains a semicolon"),
    ],
)
def test_the_rule_behind_responses_is_found_with_its_threshold(respond, found):
    given = texts()
    best, *_ = fit_surface(given, [respond(text) for text in given])
    assert best.correlation == pytest.approx(1.0)
    assert best.concept.description == found


def test_nothing_is_made_of_nothing():
    given = texts(20)
    assert fit_surface(given, [1.0] * 20) == []
    assert fit_surface(given[:3], [1.0, 2.0, 3.0]) == []
    assert fit_surface(given, [float("nan")] * 20) == []


def test_responses_that_are_nan_are_left_out():
    given = texts()
    responses = [float("nan") if i % 3 == 0 else float(";" in text) for i, text in enumerate(given)]
    assert fit_surface(given, responses)[0].correlation == pytest.approx(1.0)


def test_the_bank_of_topics_is_broad_and_short():
    bank = topic_bank()
    assert len(bank) == len(set(bank)) > 400
    assert max(len(topic.split()) for topic in bank) <= 6
