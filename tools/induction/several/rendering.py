"""Expressions as one line of mathematics and as Python with named constants."""

from __future__ import annotations

import math
from fractions import Fraction

from .expressions import Expr

SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
ROLES = {
    "mul": "FACTOR", "add": "OFFSET", "pow": "EXPONENT", "where": "VALUE", "call:maximum": "LEVEL",
    "call:minimum": "LEVEL", "call:mod": "MODULUS",
}  # fmt: skip


def formula(expr: Expr, names: tuple[str, ...]) -> str:
    """One line of mathematics, such as `0.5*x1*x2**2`."""
    return _Printer(names, {}).text(expr, 0)


def sentence(expr: Expr, names: tuple[str, ...]) -> str:
    """The same for prose, such as `0.5·x1·x2²`."""
    return _Prose(names, {}).text(expr, 0)


def code(expr: Expr, names: tuple[str, ...], summary: str) -> str:
    """Python that defines `explained`, its constants named at the top, numpy its only import."""
    table: dict[float, str] = {}
    roles: dict[float, str] = {}
    _name_constants(expr, "value", roles)
    counts: dict[str, int] = {}
    totals = {role: list(roles.values()).count(role) for role in roles.values()}
    for value, role in roles.items():
        counts[role] = counts.get(role, 0) + 1
        table[value] = role if totals[role] == 1 else f"{role}_{counts[role]}"
    lines = ["import numpy as np", ""]
    lines += [f"{name} = {_constant(value)}" for value, name in table.items()]
    arguments = ", ".join(names)
    floats = f"    {arguments} = " + ", ".join(f"np.float64({n})" for n in names)
    body = _Code(names, table).text(expr, 0)
    lines += [
        *([""] if table else []),
        "",
        f"def explained({arguments}):",
        f'    """{summary}"""',
        floats,
        '    with np.errstate(all="ignore"):',
        f"        return float({body})",
    ]
    return "\n".join(lines) + "\n"


def _plain(value: float) -> bool:
    """Numbers that read better in place than under a name."""
    return value in (0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5) or not math.isfinite(value)


def _name_constants(expr: Expr, parent: str, roles: dict[float, str]) -> None:
    if expr.op == "number" and not _plain(expr.value):
        roles.setdefault(abs(expr.value) if parent in ("mul", "add") else expr.value, ROLES.get(parent, "CONSTANT"))
    if expr.op == "pow" and expr.value != round(expr.value) and abs(expr.value) != 0.5:
        roles.setdefault(expr.value, "EXPONENT")
    for a in expr.args:
        _name_constants(a, expr.op, roles)


def _constant(value: float) -> str:
    """Python source of a constant, as a multiple of pi or a fraction where it is exactly one."""
    if not math.isfinite(value):
        return "np.nan" if math.isnan(value) else "np.inf" if value > 0 else "-np.inf"
    if abs(value) < 1e6 and value == round(value):
        return f"{value:.1f}"
    for q in (1, 2, 3, 4, 6, 8, 9, 12, 16):
        p = round(value * q / math.pi)
        if p and abs(p) <= 64 and value == p * math.pi / q:
            head = "np.pi" if p == 1 else "-np.pi" if p == -1 else f"{p} * np.pi"
            return head if q == 1 else f"{head} / {q}"
    if len(repr(value)) > 10:
        fraction = Fraction(value).limit_denominator(64)
        if fraction.numerator and fraction.numerator / fraction.denominator == value:
            return f"{fraction.numerator} / {fraction.denominator}"
    return repr(value)


class _Printer:
    """Prints with precedence: 0 sum, 1 product, 2 power, 3 atom."""

    times, minus, over = "*", " - ", "/"

    def __init__(self, names: tuple[str, ...], table: dict[float, str]) -> None:
        self.names, self.table = names, table

    def number(self, value: float) -> str:
        text = _constant(value).replace("np.pi", "pi").replace(" ", "")
        if text.endswith(".0"):
            text = text[:-2]
        return f"{value:.10g}" if len(text) > 14 and "pi" not in text else text

    def function(self, name: str) -> str:
        return {"maximum": "max", "minimum": "min"}.get(name, name)

    def power(self, base: Expr, exponent: float) -> str:
        if exponent == 0.5:
            return f"{self.function('sqrt')}({self.text(base, 0)})"
        return f"{self.text(base, 3)}**{self.exponent(exponent)}"

    def exponent(self, value: float) -> str:
        if value == round(value):
            return str(round(value)) if value > 0 else f"({round(value)})"
        text = self.number(value)
        return text if value > 0 and "/" not in text else f"({text})"

    def absolute(self, argument: Expr) -> str:
        return f"|{self.text(argument, 0)}|"

    def choice(self, test: Expr, then: Expr, otherwise: Expr) -> str:
        return f"({self.text(then, 0)} if {self.comparison(test)} else {self.text(otherwise, 0)})"

    def comparison(self, test: Expr) -> str:
        """`test < 0` with its constant on the right-hand side."""
        if test.op == "add" and test.args[-1].op == "number":
            rest = test.args[:-1]
            left = rest[0] if len(rest) == 1 else Expr("add", rest)
            return f"{self.text(left, 0)} < {self.text(_negated(test.args[-1]), 1)}"
        return f"{self.text(test, 0)} < 0"

    def text(self, expr: Expr, level: int) -> str:
        if expr.op == "number":
            shown = self.number(expr.value)
            compound = shown.startswith("-") or "/" in shown or "*" in shown
            return f"({shown})" if compound and level >= 1 else shown
        if expr.op == "variable":
            return self.names[expr.index]
        if expr.op == "pow" and expr.value > 0:
            shown = self.power(expr.args[0], expr.value)
            return f"({shown})" if level >= 3 and expr.value != 0.5 else shown
        if expr.op in ("mul", "pow"):
            shown = self.product(expr.args if expr.op == "mul" else (expr,))
            return f"({shown})" if level >= 2 or (level == 1 and shown.startswith("-")) else shown
        if expr.op == "add":
            shown = self.sum(expr.args)
            return f"({shown})" if level >= 1 else shown
        if expr.op == "where":
            shown = self.choice(*expr.args)
            return f"({shown})" if level >= 1 and not shown.startswith("(") else shown
        name = expr.op.removeprefix("call:")
        if name == "abs":
            return self.absolute(expr.args[0])
        return f"{self.function(name)}({', '.join(self.text(a, 0) for a in expr.args)})"

    def sum(self, terms: tuple[Expr, ...]) -> str:
        ordered = sorted(terms, key=lambda t: _is_negative(t))
        shown = self.text(ordered[0], 0)
        for term in ordered[1:]:
            if _is_negative(term):
                shown += self.minus + self.text(_negated(term), 1).strip()
            else:
                shown += " + " + self.text(term, 1)
        return shown

    def product(self, factors: tuple[Expr, ...]) -> str:
        above, below, sign = [], [], ""
        for factor in factors:
            if factor.op == "pow" and factor.value < 0:
                below.append(Expr("pow", factor.args, -factor.value) if factor.value != -1 else factor.args[0])
            elif factor.op == "number" and factor.value < 0:
                sign = "-"
                above += [] if factor.value == -1 else [Expr("number", value=-factor.value)]
            else:
                above.append(factor)
        top = self.times.join(self.text(f, 1) for f in above) or "1"
        if not below:
            return sign + top
        return sign + top + self.over + self.bottom(below)

    def bottom(self, factors: list[Expr]) -> str:
        """The factors below a stroke, in brackets where they need them."""
        if len(factors) == 1:
            return self.text(factors[0], 2)
        return f"({self.times.join(self.text(f, 1) for f in factors)})"


class _Prose(_Printer):
    times, minus, over = "·", " − ", "/"

    def power(self, base: Expr, exponent: float) -> str:
        if exponent == 0.5:
            return f"√({self.text(base, 0)})" if base.op != "variable" else f"√{self.text(base, 0)}"
        if exponent == round(exponent):
            return self.text(base, 3) + str(round(exponent)).translate(SUPERSCRIPTS)
        return f"{self.text(base, 3)}^{self.exponent(exponent)}"

    def number(self, value: float) -> str:
        return super().number(value).replace("*pi", "π").replace("pi", "π")

    def choice(self, test: Expr, then: Expr, otherwise: Expr) -> str:
        return f"{self.text(then, 1)} where {self.comparison(test)}, else {self.text(otherwise, 1)}"


class _Code(_Printer):
    times, over = " * ", " / "

    def number(self, value: float) -> str:
        if not math.isfinite(value):
            return _constant(value)
        if value in self.table:
            return self.table[value]
        if -value in self.table:
            return f"-{self.table[-value]}"
        return repr(value)

    def function(self, name: str) -> str:
        return f"np.{name}"

    def exponent(self, value: float) -> str:
        if value == round(value):
            return str(round(value))
        return self.table.get(value, repr(value))

    def power(self, base: Expr, exponent: float) -> str:
        if exponent == 0.5:
            return f"np.sqrt({self.text(base, 0)})"
        shown = self.text(base, 3)
        return f"{_numpys(shown) if _may_be_plain(base) else shown} ** {self.exponent(exponent)}"

    def bottom(self, factors: list[Expr]) -> str:
        if not all(map(_may_be_plain, factors)):
            return super().bottom(factors)
        return _numpys(super().bottom(factors) if len(factors) > 1 else self.text(factors[0], 3))

    def absolute(self, argument: Expr) -> str:
        return f"np.abs({self.text(argument, 0)})"

    def text(self, expr: Expr, level: int) -> str:
        if expr.op == "call:gcd":
            return "np.gcd(" + ", ".join(f"int(round({self.text(a, 0)}))" for a in expr.args) + ")"
        return super().text(expr, level)


def _may_be_plain(expr: Expr) -> bool:
    """Whether printed code may compute Python's own number here, which raises where numpy's gives inf or NaN."""
    if expr.op == "where":
        return any(map(_may_be_plain, expr.args[1:]))
    return expr.op == "number" or (expr.op in ("add", "mul") and all(map(_may_be_plain, expr.args)))


def _numpys(shown: str) -> str:
    """An atom of printed code as a number of numpy's."""
    return f"np.float64{shown}" if shown.startswith("(") else f"np.float64({shown})"


def _is_negative(term: Expr) -> bool:
    if term.op == "number":
        return term.value < 0
    return term.op == "mul" and term.args[0].op == "number" and term.args[0].value < 0


def _negated(term: Expr) -> Expr:
    if term.op == "number":
        return Expr("number", value=-term.value)
    rest = term.args[1:]
    if term.args[0].value == -1:
        return rest[0] if len(rest) == 1 else Expr("mul", rest)
    return Expr("mul", (Expr("number", value=-term.args[0].value), *rest))
