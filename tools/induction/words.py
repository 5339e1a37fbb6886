"""Programs in words: a sentence a person would write, exceptions and noise named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from .expressions import (
    Call,
    Constant,
    Cycle,
    Expression,
    Literal,
    Modulo,
    Power,
    Product,
    Quotient,
    Sum,
    Table,
    Variable,
    children,
    constant,
    constants,
    evaluate,
    formula,
    rounded_text,
    times,
    total,
    transformed,
)

if TYPE_CHECKING:
    from .program import Piece, Program


NAMED = {
    "floor": "a staircase,",
    "ceil": "a staircase,",
    "tanh": "a smooth step,",
    "arctan": "a smooth step,",
    "erf": "a smooth step,",
    "cosh": "a catenary,",
    "log": "a logarithm,",
    "abs": "a bent line,",
    "softplus": "a smooth bend,",
}


def formula_of(program: Program) -> str:
    """One line of mathematics; breaks are written as conditions."""
    if len(program.pieces) == 1 and program.pieces[0].rule:
        return formula(program.pieces[0].rule.expression)
    parts = []
    for i, piece in enumerate(program.pieces):
        text = formula(piece.rule.expression) if piece.rule else "undefined"
        parts.append(f"{text} {_where(program, i)}")
    return "; ".join(parts)


def _where(program: Program, i: int) -> str:
    """The interval of piece `i` as a condition on x."""
    piece, last = program.pieces[i], i == len(program.pieces) - 1
    before = program.pieces[i - 1] if i else None
    upper = f"x {'≤' if piece.closed else '<'} {rounded_text(piece.high)}"
    if before is None:
        return f"for {upper}" if not last else ""
    if last:
        return f"for x {'>' if before.closed else '≥'} {rounded_text(before.high)}"
    return f"for {rounded_text(piece.low)} {'<' if before.closed else '≤'} {upper}"


def phrase(node: Expression) -> str:
    """What kind of thing the expression is, with the expression."""
    text = formula(node)
    if isinstance(node, Table):
        return f"no simple formula; straight lines through {len(node.xs)} measured points"
    if isinstance(node, (Constant, Literal)):
        return f"the constant {text}"
    if node == Variable():
        return "x itself"
    bent = bent_line(node)
    if bent is not None:
        return f"a line bent at 0, {bent[0]} below and {bent[1]} above"
    found = kind(node)
    return f"{found} {text}" if found else text


def bent_line(node: Expression) -> tuple[str, str] | None:
    """The two straight lines of a·x + b·|x| + c, below and above 0; None for anything else."""
    if not isinstance(node, Sum) and not isinstance(node, Product):
        return None
    bars = Call("abs", Variable())
    sides = []
    for sign in (-1.0, 1.0):
        side = transformed(node, lambda n, s=sign: times(Literal(s), Variable()) if n == bars else n)  # type: ignore[misc]
        if side == node or polynomial_degree(side) != 1:
            return None
        at = evaluate(side, np.array([0.0, 1.0]))
        sides.append(formula(total(constant(float(at[0])), times(constant(float(at[1] - at[0])), Variable()))))
    return sides[0], sides[1]


def kind(node: Expression) -> str:
    calls = _functions(node)
    degree = polynomial_degree(node)
    if degree is not None:
        names = {1: "the straight line", 2: "the parabola", 3: "the cubic"}
        return names.get(degree, f"the polynomial of degree {degree}")
    remainder = _remainder_kind(node)
    if remainder:
        return remainder
    periods = [c.value for c in constants(node) if c.role == "PERIOD"]
    if periods and calls == {"sin"}:
        many = " and ".join(rounded_text(p) for p in periods)
        return f"a sine wave of period {many}," if len(periods) == 1 else f"waves of periods {many},"
    if periods:
        return f"an oscillation of period {rounded_text(periods[0])},"
    if isinstance(node, Quotient) and polynomial_degree(node.bottom) is not None and not calls:
        return "the quotient"
    if len(calls) == 1:
        name = next(iter(calls))
        if name == "exp":
            return "a bell curve," if any(c.role == "WIDTH" for c in constants(node)) else "an exponential,"
        return NAMED.get(name, "")
    if any(c.role == "EXPONENT" for c in constants(node)):
        return "a power law,"
    return ""


def _remainder_kind(node: Expression) -> str:
    """What a rule on whole numbers is called, if it goes by remainders."""
    parts = list(_parts(node))
    cycles = [p for p in parts if isinstance(p, Cycle)]
    if cycles:
        lines = any(children(case) for case in cycles[0].cases)
        what = "a rule that depends on x mod" if lines else "a pattern that repeats every"
        return f"{what} {cycles[0].modulus},"
    if any(isinstance(p, Power) and p.base == Literal(-1.0) for p in parts):
        return "an alternating sign,"
    if any(isinstance(p, Modulo) for p in parts) and "PERIOD" not in {c.role for c in constants(node)}:
        return "a remainder rule,"
    return ""


def _parts(node: Expression) -> Iterator[Expression]:
    yield node
    for part in children(node):
        yield from _parts(part)


def polynomial_degree(node: Expression) -> int | None:
    """The degree if the expression is a polynomial in x, else None."""
    match node:
        case Constant() | Literal():
            return 0
        case Variable():
            return 1
        case Power(Variable(), Literal(k)) if k == int(k) and k > 0:
            return int(k)
        case Sum(terms):
            degrees = [polynomial_degree(t) for t in terms]
            return None if None in degrees else max(d for d in degrees if d is not None)
        case Product(factors):
            degrees = [polynomial_degree(f) for f in factors]
            return None if None in degrees else sum(d for d in degrees if d is not None)
        case _:
            return None


def _functions(node: Expression) -> set[str]:
    own = {node.function} if isinstance(node, Call) else set()
    return own.union(*(_functions(p) for p in children(node))) if children(node) else own


def exception_text(piece: Piece) -> str:
    """What happens inside an exception."""
    if piece.rule is None:
        return "no real value"
    text = formula(piece.rule.expression, 4)
    if piece.rule.sigma > 0:
        return f"about {text}, random with standard deviation {rounded_text(piece.rule.sigma, 2)}"
    return f"{text} instead"


def describe(program: Program) -> str:
    ordinary = [i for i, p in enumerate(program.pieces) if not p.exceptional]
    rules = {program.pieces[i].rule for i in ordinary}
    if len(rules) == 1 and ordinary:
        rule = program.pieces[ordinary[0]].rule
        text = f"f(x) is {phrase(rule.expression)}" if rule else "f(x) has no real value"
    else:
        said = [_said(phrase(p.rule.expression), _where(program, i)) for i in ordinary if (p := program.pieces[i]).rule]
        undefined = [_where(program, i) for i in ordinary if program.pieces[i].rule is None]
        text = "f(x) is " + "; ".join(said)
        if undefined:
            text += f"; it has no real value {' and '.join(undefined)}"
    odd = [(i, p) for i, p in enumerate(program.pieces) if p.exceptional]
    if odd:
        text += ", except " + " and ".join(f"{_between(program, i)}, where it is {exception_text(p)}" for i, p in odd)
    for at, value in program.points:
        what = f"it is {rounded_text(value)}" if value == value else "it has no value"
        text += f"; exactly at x = {rounded_text(at)} {what}"
    if program.noise is not None:
        kind_name = (
            ""
            if program.noise.kind == "unknown"
            else f"{program.noise.kind.capitalize() if program.noise.kind == 'poisson' else program.noise.kind} "
        )
        text += f"; {kind_name}noise of standard deviation {rounded_text(program.noise.scale, 2)} is added"
    return text.replace("  ", " ").rstrip(" ;,") + "."


def _said(what: str, where: str) -> str:
    return f"{what}, {where}" if ", " in what else f"{what} {where}"


def _between(program: Program, i: int) -> str:
    piece = program.pieces[i]
    if i == 0:
        return f"below {rounded_text(piece.high)}"
    if i == len(program.pieces) - 1:
        return f"above {rounded_text(piece.low)}"
    return f"between {rounded_text(piece.low)} and {rounded_text(piece.high)}"
