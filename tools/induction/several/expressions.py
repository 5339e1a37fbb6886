"""Small expression trees: built simplified, evaluated by numpy, walked for their constants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..types import Floats

FUNCTIONS: dict[str, Callable[..., Floats]] = {
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "arcsin": np.arcsin,
    "arccos": np.arccos,
    "arctan": np.arctan,
    "tanh": np.tanh,
    "arctanh": np.arctanh,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "abs": np.abs,
    "sign": np.sign,
    "floor": np.floor,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "mod": np.mod,
    "gcd": lambda a, b: np.gcd(np.round(a).astype(np.int64), np.round(b).astype(np.int64)).astype(float),
}
"""What a `call` node may name; each is numpy's function of that name."""


@dataclass(frozen=True, slots=True)
class Expr:
    """One node: `number` (value), `variable` (index), `add`, `mul`, `pow`, `where` (a < 0 ? b : c) or a function.

    Build nodes with the functions of this module, which simplify; the constructor does not.
    """

    op: str
    args: tuple[Expr, ...] = ()
    value: float = 0.0
    index: int = -1


def number(value: float) -> Expr:
    return Expr("number", value=float(value))


def variable(index: int) -> Expr:
    return Expr("variable", index=index)


def _split_factor(term: Expr) -> tuple[float, Expr]:
    """`3*a*b` as (3, a*b); a number as (number, 1)."""
    if term.op == "number":
        return term.value, number(1)
    if term.op == "mul" and term.args[0].op == "number":
        rest = term.args[1:]
        return term.args[0].value, rest[0] if len(rest) == 1 else Expr("mul", rest)
    return 1.0, term


def add(*terms: Expr) -> Expr:
    """The sum, flattened, like terms collected, a constant last."""
    collected: dict[Expr, float] = {}
    constant = 0.0
    stack = list(reversed(terms))
    while stack:
        term = stack.pop()
        if term.op == "add":
            stack.extend(reversed(term.args))
            continue
        factor, rest = _split_factor(term)
        if factor != 1.0 and rest.op == "add":
            stack.extend(mul(number(factor), t) for t in reversed(rest.args))
        elif rest.op == "number":
            constant += factor * rest.value
        else:
            collected[rest] = collected.get(rest, 0.0) + factor
    parts = [mul(number(c), e) for e, c in collected.items() if c != 0]
    if constant != 0 or not parts:
        parts.append(number(constant))
    return parts[0] if len(parts) == 1 else Expr("add", tuple(parts))


def mul(*factors: Expr) -> Expr:
    """The product, flattened, powers of one base merged, a constant first."""
    switches = [f for f in factors if f.op == "where"]
    if len(switches) == 1:
        others = [f for f in factors if f is not switches[0]]
        test, then, otherwise = switches[0].args
        return where_negative(test, mul(*others, then), mul(*others, otherwise))
    constant = 1.0
    powers: dict[Expr, float] = {}
    stack = list(reversed(factors))
    while stack:
        factor = stack.pop()
        if factor.op == "mul":
            stack.extend(reversed(factor.args))
        elif factor.op == "number":
            constant *= factor.value
        else:
            base, exponent = (factor.args[0], factor.value) if factor.op == "pow" else (factor, 1.0)
            powers[base] = _rounded(powers.get(base, 0.0) + exponent)
    if constant == 0:
        return number(0)
    parts = [power(b, p) for b, p in powers.items() if p != 0]
    if any(p.op in ("number", "mul") for p in parts):
        return mul(number(constant), *parts)
    if constant != 1 or not parts:
        parts.insert(0, number(constant))
    return parts[0] if len(parts) == 1 else Expr("mul", tuple(parts))


def _rounded(exponent: float) -> float:
    """Sums of fractions without their rounding errors."""
    if not abs(exponent) < 1e9:
        return exponent
    near = round(exponent * 60) / 60
    return near if abs(near - exponent) < 1e-9 else exponent


def power(base: Expr, exponent: float) -> Expr:
    """`base` to a constant power; numbers folded, exponents merged where the real line allows it."""
    exponent = _rounded(exponent)
    if exponent == 1:
        return base
    if exponent == 0:
        return number(1)
    if base.op == "number":
        with np.errstate(all="ignore"):
            return number(float(np.power(np.float64(base.value), exponent)))
    if base.op == "pow":
        inner, whole = base.value, exponent == round(exponent)
        if whole or inner != round(inner) or inner % 2:
            return power(base.args[0], inner * exponent)
        if inner * exponent % 2 == 0:
            return power(base.args[0], inner * exponent)
        return (
            Expr("pow", (call("abs", base.args[0]),), inner * exponent)
            if inner * exponent != 1
            else call("abs", base.args[0])
        )
    if base.op == "mul":
        factor, rest = _split_factor(base)
        if exponent == round(exponent):
            return mul(*(power(a, exponent) for a in base.args))
        if factor > 0 and factor != 1:
            return mul(number(factor**exponent), power(rest, exponent))
    if base.op == "call:exp":
        return call("exp", mul(number(exponent), base.args[0]))
    return Expr("pow", (base,), float(exponent))


def call(name: str, *args: Expr) -> Expr:
    """A function from `FUNCTIONS`, with the obvious cancellations."""
    first = args[0]
    if all(a.op == "number" for a in args):
        with np.errstate(all="ignore"):
            return number(float(FUNCTIONS[name](*(np.float64(a.value) for a in args))))
    inverse = {"exp": "log", "log": "exp", "sin": "arcsin", "cos": "arccos", "tanh": "arctanh", "tan": "arctan"}
    if first.op == f"call:{inverse.get(name)}":
        return first.args[0]
    if name == "exp" and first.op == "add":
        logs = [t for t in first.args if _split_factor(t)[1].op == "call:log" or t.op == "number"]
        if logs:
            others = [t for t in first.args if t not in logs]
            factors = [number(float(np.exp(np.float64(t.value)))) if t.op == "number" else _exp_of_log(t) for t in logs]
            return mul(*factors, *([call("exp", add(*others))] if others else []))
    if name == "exp" and _split_factor(first)[1].op == "call:log":
        return _exp_of_log(first)
    if name == "abs":
        factor, rest = _split_factor(first)
        if rest.op in ("call:abs", "call:exp") or (rest.op == "pow" and rest.value % 2 == 0):
            return mul(number(abs(factor)), rest)
        if factor not in (1.0,):
            return mul(number(abs(factor)), call("abs", rest))
    return Expr(f"call:{name}", tuple(args))


def _exp_of_log(term: Expr) -> Expr:
    factor, rest = _split_factor(term)
    return power(rest.args[0], factor)


def where_negative(test: Expr, then: Expr, otherwise: Expr) -> Expr:
    """`then` where `test` < 0, else `otherwise`."""
    return then if then == otherwise else Expr("where", (test, then, otherwise))


def rebuild(expr: Expr, args: Sequence[Expr]) -> Expr:
    """`expr` with other arguments, simplified again."""
    if expr.op == "add":
        return add(*args)
    if expr.op == "mul":
        return mul(*args)
    if expr.op == "pow":
        return power(args[0], expr.value)
    if expr.op == "where":
        return where_negative(*args)
    return call(expr.op.removeprefix("call:"), *args) if args else expr


def substitute(expr: Expr, replacements: Sequence[Expr]) -> Expr:
    """`expr` with variable i replaced by `replacements[i]`."""
    if expr.op == "variable":
        return replacements[expr.index]
    return rebuild(expr, [substitute(a, replacements) for a in expr.args]) if expr.args else expr


def evaluate(expr: Expr, points: Floats) -> Floats:
    """Values at `points` (n, arity) -> (n,). NaN where there is no real value."""
    with np.errstate(all="ignore"):
        result = np.broadcast_to(np.asarray(_evaluate(expr, points), dtype=float), (len(points),))
        return np.where(np.isfinite(result), result, np.nan)


def _evaluate(expr: Expr, points: Floats) -> Floats:
    if expr.op == "number":
        return np.asarray(expr.value)
    if expr.op == "variable":
        return points[:, expr.index]
    values = [_evaluate(a, points) for a in expr.args]
    if expr.op == "add":
        return np.asarray(sum(values[1:], values[0]))
    if expr.op == "mul":
        product = values[0]
        for v in values[1:]:
            product = product * v
        return product
    if expr.op == "pow":
        if expr.value == 2:
            return values[0] * values[0]
        return np.asarray(np.sqrt(values[0]) if expr.value == 0.5 else np.power(values[0], expr.value))
    if expr.op == "where":
        return np.where(values[0] < 0, values[1], values[2])
    return FUNCTIONS[expr.op.removeprefix("call:")](*values)


def is_structural(exponent: float) -> bool:
    """Whether an exponent is a simple fraction, part of the form and not a fitted constant."""
    return abs(exponent * 12 - round(exponent * 12)) < 1e-12 and abs(exponent) <= 12


def constants(expr: Expr) -> list[float]:
    """The fitted constants in the order of a walk: numbers, and exponents that are no simple fractions."""
    return [value for value, _ in _walk_constants(expr)]


def _walk_constants(expr: Expr) -> Iterator[tuple[float, str]]:
    if expr.op == "number":
        yield expr.value, "number"
    if expr.op == "pow" and not is_structural(expr.value):
        yield expr.value, "exponent"
    for a in expr.args:
        yield from _walk_constants(a)


def with_constants(expr: Expr, values: Sequence[float]) -> Expr:
    """`expr` with its constants (as `constants` lists them) replaced, its shape left as it is."""
    remaining = iter(values)

    def build(node: Expr) -> Expr:
        value = node.value
        if node.op == "number" or (node.op == "pow" and not is_structural(node.value)):
            value = float(next(remaining))
        return Expr(node.op, tuple(build(a) for a in node.args), value, node.index)

    return build(expr)


def simplify(expr: Expr) -> Expr:
    """The same tree built again, so that constants changed to 0 or 1 vanish."""
    return rebuild(expr, [simplify(a) for a in expr.args]) if expr.args else expr


def size(expr: Expr) -> int:
    """Number of nodes, numbers included."""
    return 1 + sum(size(a) for a in expr.args)


def variables(expr: Expr) -> set[int]:
    """Indices of the variables that occur."""
    return {expr.index} if expr.op == "variable" else set().union(*(variables(a) for a in expr.args), set())
