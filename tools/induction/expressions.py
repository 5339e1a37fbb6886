"""Expressions of one variable: small trees that evaluate fast, fit by least squares and print as code people read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from .compiling import Compiled, compiled_source
from .ordering import as_people_write
from .types import Floats


@dataclass(frozen=True, slots=True)
class Constant:
    """A number to be fitted; `role` names it in code, such as PERIOD."""

    value: float
    role: str = "COEFFICIENT"


@dataclass(frozen=True, slots=True)
class Literal:
    """A number that belongs to the form itself, such as the 2 of a square."""

    value: float


@dataclass(frozen=True, slots=True)
class Variable:
    name: str = "x"


@dataclass(frozen=True, slots=True)
class Sum:
    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Product:
    factors: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Quotient:
    top: Expression
    bottom: Expression


@dataclass(frozen=True, slots=True)
class Power:
    base: Expression
    exponent: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """A function of one argument: a key of FUNCTIONS."""

    function: str
    argument: Expression


@dataclass(frozen=True, slots=True)
class Modulo:
    """The remainder of `left` by `right`, with the sign of `right`."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Table:
    """Straight lines between knots: what is said when no formula was found."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Cycle:
    """`cases[int(index) % modulus]`: one case for each remainder of a whole number."""

    modulus: int
    cases: tuple[Expression, ...]
    index: Expression = Variable()


Expression: TypeAlias = Constant | Literal | Variable | Sum | Product | Quotient | Power | Call | Modulo | Table | Cycle

X = Variable()
PI = Literal(math.pi)

FUNCTIONS: dict[str, str] = {
    "abs": "abs({})",
    "sqrt": "np.sqrt({})",
    "exp": "np.exp({})",
    "log": "np.log({})",
    "sin": "np.sin({})",
    "cos": "np.cos({})",
    "tan": "np.tan({})",
    "tanh": "np.tanh({})",
    "cosh": "np.cosh({})",
    "erf": "math.erf({})",
    "arctan": "np.arctan({})",
    "floor": "np.floor({})",
    "ceil": "np.ceil({})",
    "round": "np.round({})",
    "sign": "np.sign({})",
    "step": "np.heaviside({}, 1.0)",
    "sinc": "np.sinc({})",
    "softplus": "np.logaddexp(0.0, {})",
}
_MATHS = {"abs": "|{}|", "log": "ln({})", "arctan": "atan({})", "floor": "⌊{}⌋", "ceil": "⌈{}⌉", "sqrt": "√({})"}


def constant(value: float, role: str = "COEFFICIENT") -> Constant:
    return Constant(float(value), role)


def total(*terms: Expression) -> Expression:
    """The sum, with nested sums opened and zeros dropped."""
    flat: list[Expression] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, Sum) else [term])
    flat = [t for t in flat if not (isinstance(t, (Constant, Literal)) and t.value == 0)]
    if not flat:
        return Literal(0.0)
    return flat[0] if len(flat) == 1 else Sum(tuple(flat))


def times(*factors: Expression) -> Expression:
    """The product, with nested products opened and ones dropped; a zero makes it zero."""
    flat: list[Expression] = []
    for factor in factors:
        flat.extend(factor.factors if isinstance(factor, Product) else [factor])
    if any(isinstance(f, (Constant, Literal)) and f.value == 0 for f in flat):
        return Literal(0.0)
    flat = [f for f in flat if not (isinstance(f, (Constant, Literal)) and f.value == 1)]
    if not flat:
        return Literal(1.0)
    return flat[0] if len(flat) == 1 else Product(tuple(flat))


def shifted(center: float, role: str = "CENTER") -> Expression:
    """x − center."""
    return X if center == 0 else total(X, constant(-center, f"-{role}"))


def children(node: Expression) -> tuple[Expression, ...]:
    match node:
        case Sum(terms):
            return terms
        case Product(factors):
            return factors
        case Quotient(top, bottom):
            return (top, bottom)
        case Power(base, exponent):
            return (base, exponent)
        case Call(_, argument):
            return (argument,)
        case Modulo(left, right):
            return (left, right)
        case Cycle(_, cases, index):
            return (index, *cases)
        case _:
            return ()


def rebuilt(node: Expression, parts: Sequence[Expression]) -> Expression:
    match node:
        case Sum():
            return total(*parts)
        case Product():
            return times(*parts)
        case Quotient():
            if isinstance(parts[1], (Constant, Literal)) and parts[1].value == 1:
                return parts[0]
            return Quotient(parts[0], parts[1])
        case Power():
            if isinstance(parts[1], (Constant, Literal)) and parts[1].value in (0, 1):
                return parts[0] if parts[1].value == 1 else Literal(1.0)
            return Power(parts[0], parts[1])
        case Call(function, _):
            return Call(function, parts[0])
        case Modulo():
            return Modulo(parts[0], parts[1])
        case Cycle(modulus, _, _):
            return Cycle(modulus, tuple(parts[1:]), parts[0])
        case _:
            return node


def transformed(node: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """`node` with `change` applied to every part, leaves first."""
    parts = children(node)
    if parts:
        node = rebuilt(node, [transformed(p, change) for p in parts])
    return change(node)


def substituted(node: Expression, inner: Expression) -> Expression:
    """`node` with its variable replaced by `inner`: composition."""
    return transformed(node, lambda n: inner if isinstance(n, Variable) else n)


def constants(node: Expression) -> list[Constant]:
    """The fitted numbers, left to right."""
    return list(_walk_constants(node))


def _walk_constants(node: Expression) -> Iterator[Constant]:
    if isinstance(node, Constant):
        yield node
    for part in children(node):
        yield from _walk_constants(part)


def with_values(node: Expression, values: Sequence[float]) -> Expression:
    """The same shape with other numbers, in the order of `constants`. Structure is kept, zeros included."""
    feed = iter(values)

    def visit(part: Expression) -> Expression:
        match part:
            case Constant():
                return replace(part, value=float(next(feed)))
            case Sum(terms):
                return Sum(tuple(visit(t) for t in terms))
            case Product(factors):
                return Product(tuple(visit(f) for f in factors))
            case Quotient(top, bottom):
                return Quotient(visit(top), visit(bottom))
            case Power(base, exponent):
                return Power(visit(base), visit(exponent))
            case Call(function, argument):
                return Call(function, visit(argument))
            case Modulo(left, right):
                return Modulo(visit(left), visit(right))
            case Cycle(modulus, cases, index):
                inner = visit(index)
                return Cycle(modulus, tuple(visit(c) for c in cases), inner)
            case _:
                return part

    return visit(node)


def size(node: Expression) -> int:
    """How many nodes: the structural part of a description length. A table costs as much as its numbers."""
    if isinstance(node, Table):
        return 12 * len(node.xs)
    return 1 + sum(size(p) for p in children(node))


# Binding strength of what was printed: 0 sum, 1 product, 2 unary minus, 3 power, 4 atom.
_Printed: TypeAlias = tuple[str, int]


def number_text(value: float) -> str:
    """The shortest text that reads back as `value`."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    exact, short = repr(float(value)), f"{value:.15g}"
    return short if len(short) < len(exact) and float(short) == value else exact


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How the pieces are written: for the machine, for a Python reader, or as mathematics."""

    number: Callable[[Constant], str]
    mathematics: bool = False
    machine: bool = False


def _wrap(printed: _Printed, strength: int) -> str:
    text, bound = printed
    return text if bound >= strength else f"({text})"


def _print(node: Expression, how: _Dialect) -> _Printed:
    match node:
        case Constant():
            text = how.number(node)
            return (text, 0 if text.startswith("-") else 4)
        case Literal(value):
            if value == math.pi:
                return ("π" if how.mathematics else "np.pi", 4)
            if how.machine:
                return (f"np.float64({float(value)!r})", 4)
            text = number_text(value)
            return (text, 0 if value < 0 else 4)
        case Variable(name):
            return (name, 4)
        case Sum(terms):
            return (_print_sum(terms, how), 0)
        case Product(factors):
            return (_print_product(factors, how), 1)
        case Quotient(top, bottom):
            mark = "/" if how.mathematics else " / "
            return (_wrap(_print(top, how), 1) + mark + _wrap(_print(bottom, how), 3), 1)
        case Power(base, exponent):
            mark = "^" if how.mathematics else " ** " if not isinstance(exponent, Literal) else "**"
            return (_wrap(_print(base, how), 4) + mark + _wrap(_print(exponent, how), 4), 3)
        case Modulo(left, right):
            mark = " mod " if how.mathematics else " % "
            return (f"({_wrap(_print(left, how), 3)}{mark}{_wrap(_print(right, how), 3)})", 4)
        case Cycle():
            return (_print_cycle(node, how), 4)
        case Table(xs, ys):
            if how.mathematics:
                return (f"lines through {len(xs)} points", 4)
            knots = [", ".join(map(repr, side)) for side in (xs, ys)]
            return (f"np.interp(x, [{knots[0]}], [{knots[1]}])", 4)
        case Call(function, argument):
            inside = _print(argument, how)[0]
            template = _MATHS.get(function, function + "({})") if how.mathematics else FUNCTIONS[function]
            return (template.format(inside), 4)


def _print_cycle(node: Cycle, how: _Dialect) -> str:
    """A tuple and its index. For a Python reader plain numbers stay in it: a name for each would say less."""
    index = _print(node.index, how)
    plain = not (how.mathematics or how.machine)
    cases = [number_text(c.value) if plain and isinstance(c, Constant) else _print(c, how)[0] for c in node.cases]
    inside = ", ".join(cases)
    if how.mathematics:
        return f"[{inside}][{_wrap(index, 3)} mod {node.modulus}]"
    inside = f"({inside},)" if len(cases) == 1 else f"({inside})"
    if how.machine:
        return f"cycle({index[0]}, {node.modulus}, {inside})"
    return f"{inside}[int({index[0]}) % {node.modulus}]"


def _print_sum(terms: Sequence[Expression], how: _Dialect) -> str:
    pieces = [_wrap(_print(term, how), 1) if isinstance(term, Sum) else _print(term, how)[0] for term in terms]
    if how.mathematics:
        pieces = as_people_write([_degree(term) for term in terms], pieces)
    text = pieces[0]
    for piece in pieces[1:]:
        text += " - " + piece[1:].lstrip() if piece.startswith("-") else " + " + piece
    return text


def _degree(term: Expression) -> float | None:
    """k of a term c·x^k; None for any other term."""
    match term:
        case Constant() | Literal():
            return 0.0
        case Variable():
            return 1.0
        case Power(Variable(), Literal(k)):
            return k
        case Product((Constant() | Literal(), part)):
            return _degree(part)
    return None


def _print_product(factors: Sequence[Expression], how: _Dialect) -> str:
    texts = [_wrap(_print(f, how), 1 if i == 0 else 2) for i, f in enumerate(factors)]
    if isinstance(factors[0], (Constant, Literal)):
        texts[0] = texts[0].strip("()") if texts[0].startswith("(-") else texts[0]
        if how.mathematics and texts[0] == "-1" and len(texts) > 1:
            return "-" + ("·".join(texts[1:]))
    return ("·" if how.mathematics else " * ").join(texts)


def rounded_text(value: float, digits: int = 6) -> str:
    """`value` for reading: at most `digits` significant digits."""
    return number_text(float(f"{value:.{digits}g}"))


def formula(node: Expression, digits: int = 6) -> str:
    """One line of mathematics, numbers to `digits` significant digits."""
    return _print(node, _Dialect(lambda c: rounded_text(c.value, digits), mathematics=True))[0]


def python_source(node: Expression, names: Callable[[Constant], str]) -> str:
    """A Python expression over `x` and the constants' names."""
    return _print(node, _Dialect(names))[0]


def compiled(node: Expression) -> Compiled:
    counter = iter(range(10_000))
    source = _print(node, _Dialect(lambda _: f"v[{next(counter)}]", machine=True))[0]
    return compiled_source(source)


def evaluate(node: Expression, x: Floats) -> Floats:
    """Values of the expression at `x` (n,) -> (n,); NaN or infinity where it has none."""
    return compiled(node)(np.asarray(x, dtype=float), [c.value for c in constants(node)])
