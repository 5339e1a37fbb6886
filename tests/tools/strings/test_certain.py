"""Boxes that give different answers for the same text: what is certain is found, and nothing that is not."""

from __future__ import annotations

import functools
import random

import pytest

from zetetic.tools.strings.branching import induce
from zetetic.tools.strings.certain import certain, differs

TEXTS = ["hello", "banana", "The quick brown fox", "a1b2c3", "window", "abc", "crocodile", "Zebra", "level", "one two"]


def replies(function, times=6, seed=1):
    random.seed(seed)
    return {t: [function(t) for _ in range(times)] for t in TEXTS}


def shuffled(t):
    return "".join(random.sample(t, len(t)))


def cased(t):
    return "".join(random.choice([c.lower(), c.upper()]) for c in t)


def suffixed(t):
    return t.upper() + random.choice("abc")


def picked(t):
    return random.choice(["yes", "no", "maybe"])


def one_of(t):
    return random.choice(t)


def inserted(t):
    k = random.randrange(len(t) + 1)
    return t[:k] + "x" + t[k:]


CASES = [
    (shuffled, "rearrangement of the characters"),
    (cased, "capital and small letters mixed"),
    (suffixed, "turns it into capitals"),
    (picked, "always one of"),
    (one_of, "one character of the text"),
    (inserted, "1 character longer"),
]


@pytest.mark.parametrize(("function", "said"), CASES, ids=lambda x: getattr(x, "__name__", ""))
def test_what_is_certain_is_said(function, said, toy):
    found = certain(replies(function), seconds=1, engine=functools.partial(induce, search=toy.toy_search))
    assert any(said in fact for fact in found.facts), found.facts


def test_the_likeliest_answer_is_right_as_often_as_it_says(toy):
    said = replies(lambda t: t.upper() if random.random() < 0.8 else t + "?", times=10)
    found = certain(said, seconds=1, engine=functools.partial(induce, search=toy.toy_search))
    right = sum(found.likeliest(t) == r for t, answers in said.items() for r in answers)
    assert found.share == pytest.approx(right / sum(map(len, said.values())))
    assert found.share > 0.6


def test_failing_now_and_then_is_said():
    found = certain(replies(lambda t: t if random.random() < 0.5 else None), seconds=1)
    assert "fails" in found.facts[0]


def test_a_deterministic_box_does_not_differ():
    assert not differs(replies(str.upper))
    assert differs(replies(shuffled))
