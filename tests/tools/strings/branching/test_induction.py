"""Programs with branches: found from pairs, right on all of them, printed as code that does the same."""

from __future__ import annotations

import numpy as np
import pytest

from zetetic.tools.black_boxes import TextDomain
from zetetic.tools.strings import predict_texts, probes, random_texts
from zetetic.tools.strings.branching import Branched, Table, induce

ANY = TextDomain("", 1000)
PROBES = probes(ANY)
FRESH = random_texts(np.random.default_rng(5), 150, ANY)


def seven(text):
    return text if len(text) == 7 else text[::-1].upper()


def no_digits(text):
    return "" if any(c.isdigit() for c in text) else text[::-1]


def by_parity(text):
    return text[::-1] if len(text) % 2 == 0 else text.upper() + "!"


def fourth(text):
    return text[3] and text[::-1]


def three_ways(text):
    if text[:1] in tuple("aeiou"):
        return text
    return "?" if len(text) < 4 else text.upper()


def constant(text):
    return "k"


def nothing(text):
    raise ValueError


def answers(function, texts):
    def one(text):
        try:
            return function(text)
        except (ValueError, IndexError):
            return None

    return [(t, one(t)) for t in texts]


ALL = [seven, no_digits, by_parity, fourth, three_ways, constant, nothing, str]


@pytest.mark.parametrize("function", ALL, ids=lambda f: f.__name__)
def test_what_is_found_agrees_with_every_pair_and_its_code_does_the_same(function, toy):
    pairs = answers(function, PROBES)
    found = induce(pairs, seconds=5, search=toy.toy_search)
    assert found.programs
    assert found.share_of_best == 1.0
    assert [p.size for p in found.programs] == sorted(p.size for p in found.programs)
    for program in found.programs:
        assert all(program(text) == reply for text, reply in pairs)
        assert predict_texts(program.code(), FRESH) == [program(t) for t in FRESH]
        assert program.sentence().endswith(".")
        assert program.steps()


@pytest.mark.parametrize("function", [no_digits, by_parity, fourth, three_ways], ids=lambda f: f.__name__)
def test_the_shortest_is_the_function_itself(function, toy):
    best = induce(answers(function, PROBES), seconds=5, search=toy.toy_search).best
    assert [(t, best(t)) for t in FRESH] == answers(function, FRESH)


def test_branches_are_said_as_exceptions(toy):
    said = induce(answers(no_digits, PROBES), seconds=5, search=toy.toy_search).best.sentence()
    assert said == "Reverses the text, except texts that contain a digit, which give the empty text."


def test_an_accident_is_listed_rather_than_explained(toy):
    pairs = [(t, "oops" if t in ("banana", "x-y_z (3.14)") else t[::-1]) for t in PROBES]
    found = induce(pairs, seconds=0.5, search=toy.toy_search)
    tables = [p for p in found.programs if isinstance(p, Table)]
    assert tables
    assert "banana" in tables[0].sentence()
    assert tables[0]("banana") == "oops"


def test_contradictions_are_named_and_count_for_nothing(toy):
    pairs = [*answers(seven, PROBES), ("hello", "something else")]
    found = induce(pairs, seconds=5, search=toy.toy_search)
    assert found.contradictions == ("hello",)
    assert found.programs


def test_where_nothing_fits_the_nearest_are_told_with_their_share(toy):
    pairs = [(t, str(hash((t, 1)))) for t in PROBES[:20]] + answers(str.upper, PROBES[20:])
    found = induce(pairs, seconds=0.5, search=toy.toy_search)
    assert not [p for p in found.programs if not isinstance(p, Table)]
    assert 0.4 < found.share_of_best < 1.0
    assert found.best("abc") == "ABC"


def test_earlier_programs_that_still_hold_are_kept_without_a_search(toy):
    first = induce(answers(seven, PROBES), seconds=5, search=toy.toy_search)

    def refuse(*args, **more):
        raise AssertionError("there was no need to search")

    again = induce(answers(seven, [*PROBES, "thunder"]), seconds=5, resume=first, search=refuse)
    assert set(again.programs) <= set(first.programs)
    assert again.programs


def test_no_pairs_are_explained_by_nothing(toy):
    assert induce([], seconds=1, search=toy.toy_search).best is None


def test_the_real_search_finds_the_branches_too():
    found = induce(answers(no_digits, PROBES), seconds=5)
    assert isinstance(found.best, Branched)
    assert [(t, found.best(t)) for t in FRESH] == answers(no_digits, FRESH)
