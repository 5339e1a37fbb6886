"""Queries are put where the hypotheses still in the running disagree."""

from __future__ import annotations

import numpy as np

from zetetic.tools.black_boxes import Reply
from zetetic.tools.induction.cover import cover
from zetetic.tools.induction.disputes import disputed, leading, rivals
from zetetic.tools.induction.evidence import Evidence
from zetetic.tools.induction.expressions import Literal, Power, X, constant, times, total
from zetetic.tools.induction.rules import Rule


def noisy_line(n: int) -> Evidence:
    """Answers of 2x with noise 1 on [0, 10], each input asked twice."""
    rng = np.random.default_rng(0)
    xs = np.repeat(rng.uniform(0.0, 10.0, n), 2)
    evidence = Evidence()
    evidence.add(xs.tolist(), [Reply(float(v)) for v in 2.0 * xs + rng.normal(0.0, 1.0, len(xs))])
    return evidence


LINE = Rule(times(constant(2.0), X), 1.0)
BENT = Rule(total(times(constant(1.9), X), times(constant(0.01), Power(X, Literal(2.0)))), 1.0)
WRONG = Rule(times(constant(-2.0), X), 1.0)


def test_questions_go_where_rivals_differ_most() -> None:
    evidence, rules = noisy_line(12), [LINE, BENT, WRONG]
    found = cover(evidence, rules)
    asked = disputed(evidence, rules, found, np.random.default_rng(1), 10.0)
    assert asked
    low, high = float(evidence.arrays.x[0]), float(evidence.arrays.x[-1])
    assert all(low <= x <= high for x in asked)
    apart = np.abs(LINE.value(np.array(asked)) - BENT.value(np.array(asked)))
    everywhere = np.abs(LINE.value(np.linspace(low, high, 50)) - BENT.value(np.linspace(low, high, 50)))
    assert float(apart.min()) >= float(np.quantile(everywhere, 0.75))


def test_a_refuted_rule_is_no_rival() -> None:
    evidence, rules = noisy_line(12), [LINE, BENT, WRONG]
    found = cover(evidence, rules)
    assert leading(found) in (0, 1)
    assert WRONG not in rivals(evidence, rules, found)


def test_without_rivals_nothing_is_disputed() -> None:
    evidence = noisy_line(12)
    assert disputed(evidence, [LINE], cover(evidence, [LINE]), np.random.default_rng(1), 10.0) == []
    assert disputed(evidence, [], cover(evidence, []), np.random.default_rng(1), 10.0) == []
