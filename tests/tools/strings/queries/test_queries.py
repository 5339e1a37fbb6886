"""What to ask next: texts that tell programs apart, and texts unlike those asked before."""

from __future__ import annotations

import numpy as np
import pytest

from zetetic.tools.black_boxes import TextDomain
from zetetic.tools.strings.branching import Branched, Constant, Predicate, Unchanged
from zetetic.tools.strings.inputs import admits
from zetetic.tools.strings.queries import at_the_edges, exploring, resembling, separating, typical
from zetetic.tools.strings.queries.exploring import traits

ANY = TextDomain("", 1000)


def rng():
    return np.random.default_rng(3)


def unless(code: str, value: str = "!") -> Branched:
    return Branched(((Predicate(code, "", "", 1.0), Constant(value)),), Unchanged())


PAIRS = [
    (unless("'q' in text"), Unchanged()),
    (unless("len(text) == 11"), Unchanged()),
    (unless("len(text) < 3"), unless("len(text) < 2")),
    (unless("text.endswith('zz')"), Unchanged()),
    (unless("text.startswith('%')"), Unchanged()),
]


@pytest.mark.parametrize("programs", PAIRS)
def test_programs_that_differ_are_told_apart(programs) -> None:
    [text] = separating(programs, ["hello"], rng=rng())
    assert programs[0](text) != programs[1](text)


def test_failing_and_unchanged_are_different_answers() -> None:
    def fails(text):
        return None if len(text) > 5 else text

    fails.code = lambda: ""  # type: ignore[attr-defined]
    [text] = separating([fails, Unchanged()], [], rng=rng())
    assert len(text) > 5


def test_one_question_does_for_many_programs_what_it_can() -> None:
    programs = [unless("len(text) == 4", str(k)) for k in range(6)]
    assert len(separating(programs, [], rng=rng(), most=6)) == 1


def test_programs_that_agree_are_not_asked_about() -> None:
    assert separating([Unchanged(), unless("False")], [], rng=rng()) == []
    assert separating([Unchanged()], [], rng=rng()) == []


def test_the_same_seed_asks_the_same() -> None:
    programs = [unless("len(text) == 9"), unless("'w' in text")]
    assert separating(programs, [], rng=rng(), most=3) == separating(programs, [], rng=rng(), most=3)


@pytest.mark.parametrize("domain", [ANY, TextDomain("abcdef", 6)])
def test_fresh_texts_are_fresh_and_lie_in_the_domain(domain: TextDomain) -> None:
    known = ["hello", "abc", "fed"]
    for ask in (exploring, typical):
        found = ask(known, rng=rng(), most=12, domain=domain)
        assert len(found) == len(set(found)) == 12
        assert not set(found) & set(known)
        assert all(admits(domain, t) for t in found)


def test_exploring_shows_traits_that_nobody_has_seen() -> None:
    known = ["hello", "river", "stone", "candle"] * 3
    seen = {trait for t in known for trait in traits(t)}
    assert all(set(traits(t)) - seen for t in exploring(known, rng=rng(), most=10))


def test_texts_like_odd_ones_share_something_with_them() -> None:
    known = ["letters", "river", "hello"]
    found = resembling(["letters"], known, rng=rng(), most=6)
    assert len(found) == len(set(found)) == 6
    assert not set(found) & set(known)
    assert any(len(t) == 7 for t in found)
    assert resembling([], known, rng=rng(), most=6) == []


def test_edges_are_texts_as_long_as_a_threshold_and_texts_with_what_is_named() -> None:
    assert {2, 3, 4} <= {len(t) for t in at_the_edges(unless("len(text) < 3"), ["hello"], rng=rng(), most=200)}
    assert any("zz" in t for t in at_the_edges(unless("text.endswith('zz')"), ["hello"], rng=rng(), most=9))
    assert at_the_edges(Unchanged(), ["hello"], rng=rng(), most=9) == []
