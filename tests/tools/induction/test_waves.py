"""Jumps of waves are located by bisection: the period to a few millionths of the domain, with few questions."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from zetetic.tools.induction.expressions import (
    PI,
    Call,
    Expression,
    Literal,
    Modulo,
    Quotient,
    X,
    constant,
    evaluate,
    shifted,
    times,
    total,
)
from zetetic.tools.induction.waves import Wave, located, wave_of

LOW, HIGH = -10.0, 10.0


def turn(start: float, period: float) -> Expression:
    return Modulo(shifted(start, "START"), constant(period, "PERIOD"))


def sawtooth(start: float, period: float) -> Expression:
    return times(constant(2.0), turn(start, period))


def pulse(start: float, period: float, width: float) -> Expression:
    return times(constant(3.0), Call("step", total(turn(start, period), constant(-width, "-WIDTH"))))


def square(start: float, period: float) -> Expression:
    angle = times(Quotient(times(Literal(2.0), PI), constant(period, "PERIOD")), shifted(start, "START"))
    return times(constant(1.5), Call("sign", Call("sin", angle)))


class Box:
    """Answers from an expression, counting the questions."""

    def __init__(self, truth: Expression) -> None:
        self.truth, self.asked = truth, 0

    def __call__(self, x: float) -> float:
        assert LOW <= x <= HIGH
        self.asked += 1
        return float(evaluate(self.truth, np.array([x]))[0])


FORMS: dict[str, tuple[Callable[..., Expression], tuple[float, ...], tuple[float, ...]]] = {
    "sawtooth": (sawtooth, (0.4137, 1.7321), (0.43, 1.7331)),
    "pulse": (pulse, (0.4137, 1.7321, 0.6543), (0.43, 1.7331, 0.64)),
    "square": (square, (0.4137, 1.7321), (0.43, 1.7331)),
    "square, long": (square, (0.4137, 7.7321), (0.5, 7.7)),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_wave_roughly_known_is_located(name: str) -> None:
    build, truth, rough = FORMS[name]
    box = Box(build(*truth))
    form = build(*rough)
    wave = wave_of(form)
    assert wave is not None
    better = located(form, wave, LOW, HIGH, box)
    assert better is not None
    found = wave_of(better)
    assert found is not None
    assert found.period == pytest.approx(truth[1], abs=1e-4)
    off = (found.start - truth[0] + truth[1] / 2) % truth[1] - truth[1] / 2
    assert off == pytest.approx(0.0, abs=1e-4)
    assert box.asked < 200
    fresh = np.random.default_rng(0).uniform(LOW, HIGH, 2000)
    assert np.mean(np.isclose(evaluate(better, fresh), evaluate(box.truth, fresh), atol=1e-2)) > 0.999


def test_what_is_known_of_a_wave_is_read_from_its_constants() -> None:
    assert wave_of(pulse(0.5, 2.0, 0.25)) == Wave(0.5, 2.0, 0.25)
    assert wave_of(sawtooth(0.5, 2.0)) == Wave(0.5, 2.0, None)
    assert wave_of(total(X, constant(1.0))) is None
    smooth = Call("sin", times(constant(1.0, "PERIOD"), shifted(1.0, "START")))
    assert wave_of(smooth) is None, "no jump to bisect"


def test_a_box_that_stops_answering_leaves_the_wave_as_it_was() -> None:
    form = sawtooth(0.4, 1.7)
    wave = wave_of(form)
    assert wave is not None
    assert located(form, wave, LOW, HIGH, lambda _: math.nan) is None
    assert located(form, wave, LOW, HIGH, lambda _: 1.0) is None, "no jump anywhere"


def test_a_wave_longer_than_the_domain_has_no_spacing_to_measure() -> None:
    form = sawtooth(0.4, 50.0)
    wave = wave_of(form)
    assert wave is not None
    assert located(form, wave, LOW, HIGH, Box(form)) is None
