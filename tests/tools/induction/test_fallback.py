"""What is said when no formula is found: straight lines that keep to the answers."""

from __future__ import annotations

import numpy as np

from zetetic.tools.black_boxes import Reply
from zetetic.tools.induction.evidence import Evidence
from zetetic.tools.induction.expressions import Table
from zetetic.tools.induction.fallback import bend, straight_lines


def evidence_of(xs: list[float], ys: list[float]) -> Evidence:
    evidence = Evidence()
    evidence.add(xs, [Reply(y) for y in ys])
    return evidence


def test_lines_pass_through_every_answer_and_leave_out_knots_on_a_line() -> None:
    xs = np.linspace(-3.0, 5.0, 81)
    ys = np.where(xs < 1.0, 2.0 * xs, 3.0 - xs)
    rule = straight_lines(evidence_of(xs.tolist(), ys.tolist()))
    assert rule is not None
    assert isinstance(rule.expression, Table)
    assert len(rule.expression.xs) <= 5
    assert np.max(np.abs(rule.value(xs) - ys)) <= 1e-6 * np.ptp(ys)


def test_noise_is_averaged_not_traced() -> None:
    rng = np.random.default_rng(3)
    xs = np.repeat(np.linspace(0.0, 10.0, 100), 2)
    ys = np.sin(xs) + rng.normal(0.0, 0.3, len(xs))
    rule = straight_lines(evidence_of(xs.tolist(), ys.tolist()))
    assert rule is not None
    assert 0.15 < rule.sigma < 0.5
    error = rule.value(xs) - np.sin(xs)
    assert float(np.sqrt(np.mean(error**2))) < 0.2


def test_fewer_than_two_inputs_give_no_lines() -> None:
    assert straight_lines(evidence_of([1.0, 1.0], [2.0, 2.0])) is None


def test_need_is_greatest_at_the_bend() -> None:
    x = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
    y = np.abs(x - 3.0)
    need = bend(x, y)
    assert set(np.flatnonzero(need == need.max())) == {2, 3}
    assert np.all(bend(x, 2.0 * x + 1.0) == 0.0)
