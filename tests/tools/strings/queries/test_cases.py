"""Texts asked of the cases of a program, and of conditions under which something else seems to happen."""

from __future__ import annotations

from collections import Counter

import numpy as np

from zetetic.tools.black_boxes.types import TextDomain
from zetetic.tools.strings.branching import induce
from zetetic.tools.strings.branching.branched import Branched
from zetetic.tools.strings.branching.predicates import predicates
from zetetic.tools.strings.inputs import probes
from zetetic.tools.strings.queries import in_each_case, meeting

DOMAIN = TextDomain("", 200)
TEXTS = probes(DOMAIN)


def _branched() -> Branched:
    found = induce([(t, t.lower() if t.isupper() else t[::-1]) for t in TEXTS], seconds=3)
    program = found.programs[0]
    assert isinstance(program, Branched)
    return program


def test_the_cases_that_hardly_a_text_has_met_come_first() -> None:
    program = _branched()
    met = Counter(program.branch(t)[0] for t in TEXTS)
    rare = min(met, key=lambda case: met[case])
    asked = in_each_case(program, TEXTS, rng=np.random.default_rng(1), most=4, domain=DOMAIN)
    assert asked
    assert not set(asked) & set(TEXTS)
    assert all(program.branch(t)[0] == rare for t in asked)


def test_conditions_are_met_in_equal_shares_by_fresh_texts() -> None:
    conditions = [p for p in predicates(TEXTS) if "isdigit" in p.code or "isupper" in p.code][:2]
    asked = meeting(conditions, TEXTS, rng=np.random.default_rng(1), most=8, domain=DOMAIN)
    assert len(asked) == len(set(asked)) == 8
    assert not set(asked) & set(TEXTS)
    assert all(sum(map(condition, asked)) >= 4 for condition in conditions)


def test_no_condition_no_text() -> None:
    assert meeting((), TEXTS, rng=np.random.default_rng(1), most=8, domain=DOMAIN) == []
