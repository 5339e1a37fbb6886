"""Programs: what they predict, what their code says and what they cost."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zetetic.tools.black_boxes.types import Failure, Interval, Reply
from zetetic.tools.induction.cover import cover
from zetetic.tools.induction.evidence import Evidence
from zetetic.tools.induction.expressions import (
    PI,
    Call,
    Expression,
    Literal,
    Modulo,
    Power,
    Quotient,
    Table,
    X,
    constant,
    evaluate,
    shifted,
    times,
    total,
)
from zetetic.tools.induction.program import Piece, Program, assemble, real_branch, weigh
from zetetic.tools.induction.rules import Rule
from zetetic.tools.induction.types import Noise

Load = Callable[[str], Callable[[float], Any]]
DOMAIN = Interval(-10.0, 10.0)

LINE = total(constant(1.5), times(constant(-2.25), X))
WAVE = times(
    constant(2.0, "AMPLITUDE"),
    Call("sin", times(Quotient(times(Literal(2.0), PI), constant(3.7, "PERIOD")), shifted(0.4, "SHIFT"))),
)
BELL = Call("exp", times(Literal(-0.5), Power(Quotient(shifted(-1.5), constant(0.8, "WIDTH")), Literal(2.0))))
FORMS: list[Expression] = [
    constant(3.25),
    constant(-1e-7),
    X,
    LINE,
    WAVE,
    BELL,
    total(LINE, times(constant(-0.125), Power(X, Literal(3.0)))),
    Quotient(total(constant(1.0), X), total(constant(2.5), Power(X, Literal(2.0)))),
    Quotient(constant(-3.0), total(constant(20.5), X)),
    times(constant(2.0, "SCALE"), Call("abs", shifted(1.25))),
    Call("floor", Quotient(shifted(-0.3), constant(1.7, "SPACING"))),
    times(constant(0.5), Modulo(shifted(0.2, "START"), constant(2.3, "PERIOD"))),
    Call("log", total(constant(1.0), Power(Quotient(X, constant(math.pi, "SCALE")), Literal(2.0)))),
    Power(Call("abs", X), constant(0.5, "EXPONENT")),
    times(constant(-1.0), Power(X, Literal(2.0))),
    Table((-10.0, 0.5, 10.0), (1.0, -2.0, 4.0)),
    times(Call("sign", X), Call("softplus", X), constant(-2.0)),
]


def several(pieces: list[tuple[Expression | None, bool, bool]], edges: list[float], **kwargs: Any) -> Program:
    """A program of (rule, closed, exceptional) between sorted edges."""
    bounds = [DOMAIN.low, *edges, DOMAIN.high]
    made = tuple(
        Piece(bounds[i], bounds[i + 1], Rule(e) if e is not None else None, closed, odd)
        for i, (e, closed, odd) in enumerate(pieces)
    )
    options = {"points": (), "noise": None, "bits": 0.0, "interval": DOMAIN}
    return Program(pieces=made, **(options | kwargs))


def said(function: Callable[[float], Any], x: float) -> float:
    """The real value the code gives, NaN where it has none."""
    try:
        with np.errstate(all="ignore"):
            value = function(x)
    except ArithmeticError:
        return math.nan
    return math.nan if isinstance(value, complex) else float(value)


def assert_agree(program: Program, load: Load, extra: list[float] | None = None) -> None:
    function = load(program.code)
    edges = [p.high for p in program.pieces] + [p for p, _ in program.points]
    near = [math.nextafter(e, side) for e in edges for side in (-math.inf, math.inf)]
    xs = np.array([*np.random.default_rng(3).uniform(-10, 10, 80), *edges, *near, *(extra or [])])
    expected = program.predict(xs[:, None])
    values = np.array([said(function, x) for x in xs.tolist()])
    np.testing.assert_allclose(values, np.where(np.isfinite(expected), expected, values), rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(np.isfinite(values), np.isfinite(expected))


edges_of = st.lists(st.integers(-99, 99).map(lambda k: k / 10), min_size=3, max_size=3, unique=True).map(sorted)
piece_of = st.tuples(st.one_of(st.none(), st.sampled_from(FORMS)), st.booleans(), st.just(False))


@pytest.mark.parametrize("form", FORMS, ids=range(len(FORMS)))
def test_code_says_what_one_rule_predicts(form: Expression, explained: Load) -> None:
    assert_agree(several([(form, True, False)], []), explained)


@pytest.fixture(scope="module")
def load() -> Load:
    def run(code: str) -> Callable[[float], Any]:
        space: dict[str, Any] = {}
        exec(code, space)
        function: Callable[[float], Any] = space["explained"]
        return function

    return run


@given(
    st.lists(piece_of, min_size=4, max_size=4),
    edges_of,
    st.dictionaries(st.sampled_from([-7.5, 0.0, 3.3]), st.floats(-5, 5)),
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_code_says_what_pieces_and_odd_points_predict(
    load: Load, pieces: list[Any], edges: list[float], points: dict[float, float]
) -> None:
    assert_agree(several(pieces, edges, points=tuple(sorted(points.items()))), load)


@given(
    st.sampled_from(FORMS),
    st.sampled_from(FORMS),
    st.sampled_from([None, *FORMS]),
    edges_of,
    st.booleans(),
    st.booleans(),
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_code_says_what_exceptions_predict(
    load: Load, main: Expression, odd: Expression, other: Expression | None, edges: list[float], a: bool, b: bool
) -> None:
    """One rule interrupted by exceptions, in the middle and at the end."""
    assert_agree(several([(main, a, False), (odd, b, True), (main, b, False), (other, a, True)], edges), load)


def test_an_exception_at_the_low_end(explained: Load) -> None:
    assert_agree(several([(LINE, False, True), (WAVE, True, False)], [-3.2]), explained)


@pytest.mark.parametrize("at", [0.1 + 0.2, 1 / 3, 7.123456789012345, -2.0, 1e-9])
def test_an_odd_point_is_met_exactly(at: float, explained: Load) -> None:
    program = several([(LINE, True, False)], [], points=((at, 99.5),))
    assert program.predict(np.array([[at]])).tolist() == [99.5]
    assert explained(program.code)(at) == 99.5
    assert_agree(program, explained)


def test_an_odd_point_without_a_value(explained: Load) -> None:
    program = several([(LINE, True, False)], [], points=((1.0, math.nan),))
    assert_agree(program, explained)
    assert math.isnan(explained(program.code)(1.0))


CONTINUED: list[Expression] = [
    Power(X, constant(0.5, "EXPONENT")),
    times(constant(2.0), Power(X, constant(1.5, "EXPONENT"))),
    times(constant(2.0), Power(X, constant(0.5, "EXPONENT")), Call("exp", times(constant(-0.3, "RATE"), X))),
]


@pytest.mark.parametrize("form", CONTINUED, ids=["root", "power", "product"])
def test_a_power_of_a_negative_number_continues_as_python_does(form: Expression, explained: Load) -> None:
    """Complex answers that a rule continues belong to it, and its code gives them; prediction says no real value."""
    evidence = Evidence()
    right = np.linspace(0.05, 10, 40)
    evidence.add(right.tolist(), [Reply(float(v)) for v in evaluate(form, right)])
    left = np.linspace(-10, -0.05, 40).tolist()
    powers = {0: 0.5, 1: 1.5, 2: 0.5}[CONTINUED.index(form)]
    factor = {0: lambda x: 1.0, 1: lambda x: 2.0, 2: lambda x: 2.0 * math.exp(-0.3 * x)}[CONTINUED.index(form)]
    truth = {x: factor(x) * complex(x) ** powers for x in left}
    evidence.add(left, [Reply(v) for v in truth.values()])
    rules = [Rule(form)]
    program = assemble(evidence, rules, cover(evidence, rules), {}, set(), DOMAIN)
    assert program is not None
    assert len(program.pieces) == 1, "the complex stretch is the same rule"
    assert np.all(np.isnan(program.predict(np.array(left)[:, None])))
    function = explained(program.code)
    for x, value in truth.items():
        assert complex(function(x)) == pytest.approx(value, rel=1e-9)
    for x in right.tolist():
        assert function(x) == pytest.approx(float(evaluate(form, np.array([x]))[0]))


def test_assembled_program_has_the_edges_that_were_found() -> None:
    xs = np.linspace(-10, 10, 81)
    evidence = Evidence()
    evidence.add(xs.tolist(), [Reply(float(x * x if x < 2.345 else 7.0)) for x in xs])
    evidence.add([-20.0], [Reply(None, Failure("raised", "no"))])
    rules = [Rule(Power(X, Literal(2.0))), Rule(constant(7.0))]
    found = cover(evidence, rules)
    a, b = found.stretches[-2:]
    program = assemble(evidence, rules, found, {(a.last, b.first): (2.345, False)}, set(), Interval(-20.0, 10.0))
    assert program is not None
    assert program.pieces[0].rule is None
    assert program.predict(np.array([[-19.0], [2.344], [2.345], [9.0]])).tolist()[1:] == pytest.approx([2.344**2, 7, 7])
    assert math.isnan(program.predict(np.array([[-19.9]]))[0])


def test_nothing_explained_is_no_program() -> None:
    evidence = Evidence()
    evidence.add([1.0, 2.0], [Reply(3.0), Reply(9.0)])
    assert assemble(evidence, [], cover(evidence, []), {}, set(), DOMAIN) is None


def test_the_true_program_is_the_cheapest() -> None:
    xs = np.linspace(-9.9, 9.9, 90)
    truth = several([(WAVE, True, False), (LINE, True, False)], [1.25])
    evidence = Evidence()
    evidence.add(xs.tolist(), [Reply(float(v)) for v in truth.predict(xs[:, None])])
    wrong = [
        several([(WAVE, True, False)], []),
        several([(WAVE, True, False), (LINE, True, False)], [2.25]),
        several([(WAVE, True, False), (LINE, True, False), (LINE, True, False)], [1.25, 5.0]),
        replace(truth, points=((5.5, 1.0),)),
    ]
    assert weigh(truth, evidence) < min(weigh(w, evidence) for w in wrong)


def test_sigma_is_that_of_the_piece() -> None:
    pieces = (Piece(-10, 0, Rule(LINE), False), Piece(0, 3, Rule(LINE, 0.5)), Piece(3, 10, None))
    program = Program(pieces, (), Noise("normal", 0.5), 0.0, DOMAIN)
    assert [program.sigma_at(x) for x in (-1.0, 0.0, 3.0, 4.0, 11.0)] == [0.0, 0.5, 0.5, 0.0, 0.0]


def test_an_exception_that_is_random_says_so() -> None:
    pieces = (Piece(-10, 0, Rule(LINE)), Piece(0, 3, Rule(constant(2.0), 0.5), True, True), Piece(3, 10, Rule(LINE)))
    (region,) = Program(pieces, (), None, 0.0, DOMAIN).exceptions
    assert (region.low, region.high) == (0, 3)
    assert "0.5" in region.description
    assert region.noise is not None
    assert region.noise.scale == pytest.approx(0.5)


def test_bars_go_only_where_x_is_never_negative() -> None:
    bars = Power(Call("abs", X), constant(0.5))
    assert real_branch(bars, 0.0) == Power(X, constant(0.5))
    assert real_branch(bars, -1.0) == bars


def test_code_is_numpy_at_most_and_names_its_constants() -> None:
    program = several([(WAVE, True, False), (LINE, True, False)], [1.25])
    imports = [line for line in program.code.splitlines() if line.startswith(("import", "from"))]
    assert imports == ["import numpy as np"]
    for name in ("AMPLITUDE", "PERIOD", "SHIFT", "EDGE", "SLOPE", "OFFSET"):
        assert f"\n{name} = " in program.code
