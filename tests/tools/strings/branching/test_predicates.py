"""Conditions on texts: true code, honest negations."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zetetic.tools.black_boxes import TextDomain
from zetetic.tools.strings import probes
from zetetic.tools.strings.branching import predicates

PROBES = probes(TextDomain("", 1000))
FOUND = predicates(PROBES)


@given(st.text(max_size=12))
def test_a_condition_and_its_negation_never_agree(text: str) -> None:
    assert all(p(text) != p.negated()(text) for p in FOUND)


def test_each_tells_some_texts_from_others_and_the_plainest_come_first() -> None:
    assert len(FOUND) > 200
    assert all(0 < sum(map(p, PROBES)) < len(PROBES) for p in FOUND)
    assert [p.bits for p in FOUND] == sorted(p.bits for p in FOUND)


def test_code_stands_for_itself() -> None:
    for p in FOUND:
        assert [bool(eval(p.code, {"text": t})) for t in PROBES] == [p(t) for t in PROBES]


def test_what_is_said_fits_into_a_sentence() -> None:
    said = {p.said for p in FOUND}
    assert {"contain a digit", "have an even length", "are palindromes", "begin with a vowel"} <= said
    assert all("\n" not in s and "\t" not in s for s in said)
