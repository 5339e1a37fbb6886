"""Descriptions: every exception's ends, every odd point and the noise are named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zetetic.tools.black_boxes.types import Interval
from zetetic.tools.induction.expressions import (
    PI,
    Call,
    Expression,
    Literal,
    Power,
    Quotient,
    Table,
    X,
    constant,
    shifted,
    times,
    total,
)
from zetetic.tools.induction.program import Piece, Program
from zetetic.tools.induction.rules import Rule
from zetetic.tools.induction.types import Noise
from zetetic.tools.induction.words import phrase, polynomial_degree

LINE = Rule(total(constant(1.5), times(constant(-2.25), X)))
SQUARE = Rule(Power(X, Literal(2.0)))


def program(pieces: list[Piece], **kwargs: Any) -> Program:
    options = {"points": (), "noise": None, "bits": 0.0, "interval": Interval(-100.0, 100.0)}
    return Program(pieces=tuple(pieces), **(options | kwargs))


def one(rule: Rule = LINE, **kwargs: Any) -> Program:
    return program([Piece(-100.0, 100.0, rule)], **kwargs)


ends = st.lists(st.integers(-9999, 9999).map(lambda k: k / 100), min_size=4, max_size=4, unique=True).map(sorted)


@given(ends)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_both_ends_of_every_exception_are_named(edges: list[float]) -> None:
    a, b, c, d = edges
    pieces = [
        Piece(-100.0, a, LINE),
        Piece(a, b, SQUARE, True, True),
        Piece(b, c, LINE),
        Piece(c, d, Rule(constant(4.5), 0.25), True, True),
        Piece(d, 100.0, LINE),
    ]
    made = program(pieces)
    for low, high in ((a, b), (c, d)):
        assert f"between {low:.6g} and {high:.6g}" in made.description
    assert "x^2" in made.description
    assert "0.25" in made.description
    assert [(e.low, e.high) for e in made.exceptions] == [(a, b), (c, d)]


def test_exceptions_at_the_ends_of_the_domain_name_their_only_end() -> None:
    pieces = [Piece(-100, -3.25, SQUARE, True, True), Piece(-3.25, 7.5, LINE), Piece(7.5, 100, SQUARE, True, True)]
    text = program(pieces).description
    assert "below -3.25" in text
    assert "above 7.5" in text


@given(ends)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_every_break_is_in_the_formula_and_the_description(edges: list[float]) -> None:
    bounds = [-100.0, *edges, 100.0]
    rules = [LINE, SQUARE, None, LINE, SQUARE]
    made = program([Piece(bounds[i], bounds[i + 1], rule) for i, rule in enumerate(rules)])
    for edge in edges:
        assert f"{edge:.6g}" in made.formula
        assert f"{edge:.6g}" in made.description
    assert "no real value" in made.description
    assert "undefined" in made.formula


@pytest.mark.parametrize(("kind", "word"), [("normal", "normal"), ("uniform", "uniform"), ("poisson", "Poisson")])
def test_noise_is_named_with_its_size(kind: Any, word: str) -> None:
    text = one(noise=Noise(kind, 0.3)).description
    assert f"{word} noise" in text
    assert "standard deviation 0.3" in text


def test_noise_of_unknown_kind_is_still_named() -> None:
    assert "noise of standard deviation 0.3" in one(noise=Noise("unknown", 0.3)).description
    assert "unknown" not in one(noise=Noise("unknown", 0.3)).description
    assert "noise" not in one().description


def test_odd_points_are_named() -> None:
    text = one(points=((2.5, 17.0), (3.5, float("nan")))).description
    assert "x = 2.5 it is 17" in text
    assert "x = 3.5" in text
    assert "nan" not in text


TURN = Quotient(times(Literal(2.0), PI), constant(3.0, "PERIOD"))
BELL = Call("exp", times(Literal(-0.5), Power(Quotient(shifted(1.0), constant(2.0, "WIDTH")), Literal(2.0))))
WORDS: list[tuple[Expression, str]] = [
    (constant(3.0), "constant"),
    (X, "x itself"),
    (LINE.expression, "straight line"),
    (total(constant(1.0), Power(X, Literal(2.0))), "parabola"),
    (Power(X, Literal(5.0)), "degree 5"),
    (times(constant(2.0), Call("sin", times(TURN, X))), "sine wave of period 3"),
    (times(constant(2.0), Call("exp", times(constant(-0.5, "RATE"), X))), "exponential"),
    (BELL, "bell"),
    (Call("log", X), "logarithm"),
    (times(constant(3.0), Call("tanh", X)), "smooth step"),
    (Call("floor", X), "staircase"),
    (Power(X, constant(0.5, "EXPONENT")), "power law"),
    (Quotient(constant(1.0), X), "quotient"),
    (Table((0.0, 1.0), (2.0, 3.0)), "no simple formula"),
]


@pytest.mark.parametrize(("form", "word"), WORDS, ids=[w for _, w in WORDS])
def test_what_kind_of_thing_it_is(form: Expression, word: str) -> None:
    assert word in phrase(form)
    assert word in one(Rule(form)).description


@pytest.mark.parametrize(("form", "word"), WORDS, ids=[w for _, w in WORDS])
def test_a_description_is_one_sentence(form: Expression, word: str) -> None:
    text = one(Rule(form), noise=Noise("normal", 0.5)).description
    assert text.endswith(".")
    assert "\n" not in text
    assert "  " not in text
    assert ",." not in text


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=6))
@settings(deadline=None, derandomize=True)
def test_polynomial_degree_is_that_of_numpy(coefficients: list[int]) -> None:
    terms = [times(constant(c), Power(X, Literal(float(d)))) for d, c in enumerate(coefficients)]
    nonzero = np.flatnonzero(coefficients)
    assert polynomial_degree(total(*terms[1:])) == (max((d for d in nonzero if d > 0), default=0))


def test_other_forms_have_no_degree() -> None:
    assert polynomial_degree(Call("sin", X)) is None
    assert polynomial_degree(Power(X, constant(2.0))) is None
    assert polynomial_degree(Quotient(Literal(1.0), X)) is None
