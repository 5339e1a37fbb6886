"""Kinds of noise, told apart from seeded draws."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from zetetic.tools.black_boxes.types import Reply
from zetetic.tools.induction.evidence import Evidence
from zetetic.tools.induction.expressions import X as INPUT
from zetetic.tools.induction.expressions import constant, times, total
from zetetic.tools.induction.noise import kind_of
from zetetic.tools.induction.rules import Rule

Draw = Callable[[np.random.Generator], float]
WHOLE = [(-10.0, 10.0)]
KINDS: dict[str, tuple[Draw, float]] = {
    "normal": (lambda rng: float(rng.normal(0, 0.7)), 0.7),
    "uniform": (lambda rng: float(rng.uniform(-1.5, 1.5)), 3 / np.sqrt(12)),
    "poisson": (lambda rng: float(rng.poisson(5.0)) - 5.0, np.sqrt(5.0)),
}


def drawn(draw: Draw, seed: int, *, inputs: int = 100, repeats: int = 2) -> Evidence:
    rng = np.random.default_rng(seed)
    xs = [x for x in rng.uniform(-10, 10, inputs).tolist() for _ in range(repeats)]
    evidence = Evidence()
    evidence.add(xs, [Reply(3.0 + 2.0 * x + draw(rng)) for x in xs])
    return evidence


def line(sigma: float) -> Rule:
    return Rule(total(constant(3.0), times(constant(2.0), INPUT)), sigma)


@pytest.mark.parametrize("kind", KINDS)
def test_kind_and_size_are_told(kind: str) -> None:
    draw, sigma = KINDS[kind]
    found = [kind_of(drawn(draw, seed).arrays, line(sigma), WHOLE) for seed in range(30)]
    assert np.mean([n.kind == kind for n in found]) >= 0.95
    assert [n.scale for n in found] == pytest.approx([sigma] * 30, rel=0.2)


@pytest.mark.parametrize("scale", [1e-6, 1e6])
@pytest.mark.parametrize("kind", ["normal", "uniform"])
def test_kind_does_not_depend_on_the_unit(kind: str, scale: float) -> None:
    draw, sigma = KINDS[kind]
    evidence = Evidence()
    rng = np.random.default_rng(3)
    xs = np.linspace(-10, 10, 150).tolist()
    evidence.add(xs, [Reply(scale * draw(rng)) for _ in xs])
    found = kind_of(evidence.arrays, Rule(constant(0.0), scale * sigma), WHOLE)
    assert found.kind == kind
    assert found.scale == pytest.approx(scale * sigma, rel=0.2)


def test_few_answers_do_not_tell() -> None:
    assert kind_of(drawn(KINDS["normal"][0], 0, inputs=10).arrays, line(0.7), WHOLE).kind == "unknown"


def test_only_the_stretches_of_the_rule_count() -> None:
    rng = np.random.default_rng(0)
    evidence = Evidence()
    xs = np.linspace(-10, 10, 200).tolist()
    evidence.add(xs, [Reply(3.0 + 2.0 * x + (rng.normal() if x < 0 else 50.0 * rng.random())) for x in xs])
    found = kind_of(evidence.arrays, line(1.0), [(-10.0, -0.01)])
    assert found.kind == "normal"
    assert found.scale == pytest.approx(1.0, rel=0.2)
