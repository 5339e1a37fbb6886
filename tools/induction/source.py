"""Programs as readable Python: named constants on top, one function `explained`."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from .expressions import (
    Call,
    Constant,
    Expression,
    Literal,
    Power,
    Product,
    Sum,
    Variable,
    children,
    number_text,
    python_source,
)

if TYPE_CHECKING:
    from .program import Piece, Program


class Names:
    """Gives every constant of a program a name of its own, after the part it plays."""

    def __init__(self) -> None:
        self.values: dict[str, float] = {}

    def name(self, role: str, value: float) -> str:
        """A name for `value`; an equal value with an equal role shares one."""
        negated = role.startswith("-")
        base = re.sub(r"\W", "_", role.lstrip("-"))
        value = -value if negated else value
        candidate, count = base, 1
        while candidate in self.values and self.values[candidate] != value:
            count += 1
            candidate = f"{base}_{count}"
        self.values[candidate] = value
        return f"-{candidate}" if negated else candidate


def roles(node: Expression) -> dict[int, str]:
    """Better names for coefficients: OFFSET for a bare constant of a sum, SLOPE for that of x, C2 for that of x²."""
    out: dict[int, str] = {}
    terms = node.terms if isinstance(node, Sum) else (node,)
    for term in terms:
        match term:
            case Constant(_, "COEFFICIENT"):
                out[id(term)] = "OFFSET" if len(terms) > 1 else "LEVEL"
            case Product((Constant(_, "COEFFICIENT") as c, Variable())):
                out[id(c)] = "SLOPE"
            case Product((Constant(_, "COEFFICIENT") as c, Power(Variable(), Literal(k)))):
                out[id(c)] = f"C{int(k)}"
            case Product((Constant(_, "COEFFICIENT") as c, *_rest)):
                out[id(c)] = "SCALE"
    for part in children(node):
        for key, value in roles(part).items():
            out.setdefault(key, value)
    return out


def body(node: Expression, names: Names) -> str:
    better = roles(node)
    return python_source(node, lambda c: names.name(better.get(id(c), c.role), c.value))


def write_code(program: Program) -> str:
    """Source that defines `explained(x)`: scalar in, float out (complex where a root of a negative number is)."""
    names = Names()
    lines: list[str] = []
    for at, value in program.points:
        lines.append(f"    if x == {number_text(at)}:  # a value of its own")
        lines.append(f"        return {number_text(value)}" if value == value else '        return float("nan")')
    ordinary = [p for p in program.pieces if not p.exceptional]
    if len({p.rule for p in ordinary}) == 1 and len(ordinary) < len(program.pieces):
        for piece in program.pieces:
            if piece.exceptional:
                lines.extend(_exception(program, piece, names))
        lines.extend(_returned(ordinary[0], names, "    "))
    else:
        for piece in program.pieces[:-1]:
            lines.extend(_guarded(piece, names))
        lines.extend(_returned(program.pieces[-1], names, "    "))
    header = [f"{name} = {_value_text(value)}" for name, value in names.values.items()]
    function = ["def explained(x):", "    x = float(x)", *lines]
    text = "\n".join(function)
    everything = text + "\n".join(header)
    imports = [line for mark, line in (("math.", "import math"), ("np.", "import numpy as np")) if mark in everything]
    imports = [*imports, ""] if imports else []
    constants_block = [*header, "", ""] if header else (["", ""] if imports else [])
    return "\n".join([*imports, *constants_block, *function]) + "\n"


def _value_text(value: float) -> str:
    for unit, text in ((math.pi, "np.pi"), (1 / math.pi, "1 / np.pi")):
        ratio = value / unit
        if value != 0 and abs(ratio - round(ratio)) < 1e-12 and 0 < abs(round(ratio)) <= 40:
            k = round(ratio)
            return text if k == 1 else f"{k} * {text}" if "/" not in text else f"{k} / np.pi"
    text = number_text(value)
    if len(text) > 9 and value != 0:
        below = float(f"{1 / value:.4g}")
        if 1 / below == value:
            return f"1 / {number_text(below)}"
    return text


def _guarded(piece: Piece, names: Names) -> list[str]:
    mark = "<=" if piece.closed else "<"
    edge = names.name("EDGE" if not piece.exceptional else "EXCEPTION_TO", piece.high)
    note = "  # the exception" if piece.exceptional else ""
    return [f"    if x {mark} {edge}:{note}", *_returned(piece, names, "        ")]


def _exception(program: Program, piece: Piece, names: Names) -> list[str]:
    """An interval with a rule of its own, ahead of the rule for everything else."""
    i = program.pieces.index(piece)
    tests = []
    if i > 0:
        tests.append(f"{names.name('EXCEPTION_FROM', piece.low)} {'<' if program.pieces[i - 1].closed else '<='} x")
    if i < len(program.pieces) - 1:
        mark, edge = "<=" if piece.closed else "<", names.name("EXCEPTION_TO", piece.high)
        tests = [f"{tests[0]} {mark} {edge}"] if tests else [f"x {mark} {edge}"]
    return [f"    if {tests[0]}:  # the exception", *_returned(piece, names, "        ")]


def _returned(piece: Piece, names: Names, indent: str) -> list[str]:
    if piece.rule is None:
        return [f'{indent}return float("nan")  # no real value here']
    text = body(piece.rule.expression, names)
    plain = "np." not in text or _may_be_complex(piece.rule.expression)  # numpy's numbers are float and complex too
    return [f"{indent}return {text}" if plain else f"{indent}return float({text})"]


def _may_be_complex(node: Expression) -> bool:
    """Whether a number below zero may meet an exponent that is not whole, as in x ** 0.5."""
    if isinstance(node, Power) and not _whole(node.exponent) and _reaches_below_zero(node.base):
        return True
    return any(_may_be_complex(part) for part in children(node))


def _whole(exponent: Expression) -> bool:
    return isinstance(exponent, (Constant, Literal)) and float(exponent.value).is_integer()


def _reaches_below_zero(node: Expression) -> bool:
    """Whether the base is x or arithmetic of x: functions give numpy's numbers, which have no complex root."""
    if isinstance(node, Call):
        return False
    return isinstance(node, Variable) or any(_reaches_below_zero(part) for part in children(node))
