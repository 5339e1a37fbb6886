"""Conditions that name several first letters."""

from __future__ import annotations

from zetetic.tools.strings.branching import Constant, induce
from zetetic.tools.strings.branching.first_letters import begins_with_one_of, first_letters
from zetetic.tools.strings.branching.known import Repertoire, mask_of

TEXTS = ["bird", "bee", "cat", "cow", "dog", "deer", "emu", "elk", "fox", "frog", "goat", "hen", "", "b", "newt"]


def none_for_b_c_h(text: str) -> str:
    return "none" if text[:1] in tuple("bch") else text[1:] + text[:1]


PAIRS = [(t, none_for_b_c_h(t)) for t in TEXTS]


def test_the_letters_are_those_whose_texts_all_get_the_same() -> None:
    right = mask_of(k for k, (_, reply) in enumerate(PAIRS) if reply == "none")
    [(condition, side)] = first_letters(Repertoire(PAIRS), [right], right)
    assert condition == begins_with_one_of("bch")
    assert side == right
    assert [condition(t) for t in ("bee", "hen", "dog", "")] == [True, True, False, False]


def test_letters_that_are_not_wanted_are_not_named() -> None:
    everything = (1 << len(PAIRS)) - 1
    assert first_letters(Repertoire(PAIRS), [everything], mask_of([0, 1])) == []


def test_an_exception_for_several_letters_is_found() -> None:
    best = induce(PAIRS, seconds=5).best
    assert best is not None
    assert all(best(t) == none_for_b_c_h(t) for t in ("bison", "camel", "horse", "duck", "eel", "goose"))
    assert Constant("none").code() in best.code() or "none" in best.sentence()
