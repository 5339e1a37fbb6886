"""A hypothesis as a person types it: an expression in the names of the inputs, made into code that predicts."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...tools.induction.types import ExceptionRegion, Noise

_FUNCTIONS = {
    "abs": "abs", "min": "min", "max": "max", "round": "round", "int": "int",
    **{name: f"math.{name}" for name in (
        "acos", "asin", "atan", "atan2", "ceil", "cos", "cosh", "exp", "fabs", "floor", "fmod", "gcd", "hypot", "log",
        "log10", "log2", "sin", "sinh", "sqrt", "tan", "tanh",
    )},
}  # fmt: skip
_CONSTANTS = {"pi": "math.pi", "e": "math.e"}
_NODES = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.Name, ast.Constant,
    ast.Load, ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
)  # fmt: skip
_ENDING = re.compile(
    r"^(?P<rule>.+?),?\s+except\s+(?P<other>.+?)\s+(?:between|from)\s+(?P<low>\S+)\s+(?:and|to)\s+(?P<high>\S+)$"
)
_BITS_A_CHARACTER = 2.0


class ExpressionError(ValueError):
    """Not an expression in the inputs. The message says what would be."""


@dataclass(frozen=True)
class PersonCandidate:
    """A person's hypothesis on numbers. `noise` is what the laboratory's own candidates allow for."""

    name: str
    description: str
    formula: str
    code: str
    noise: Noise | None = None
    evidence: str = ""
    exceptions: tuple[ExceptionRegion, ...] = ()

    @property
    def bits(self) -> float:
        return _BITS_A_CHARACTER * len(self.formula)

    def predict(self, points: Any) -> Any:
        """(n, arity) points -> (n,) values, NaN where there is none."""
        from ...tools.scoring import as_numbers, predict_all

        values = as_numbers(predict_all(self.code, [tuple(map(float, p)) for p in points]))
        return np.where(values.imag == 0.0, values.real, np.nan)


def code_of(text: str, names: Sequence[str]) -> str:
    """Code that defines `explained` for an expression such as `3*abs(x) + 1 except 40 between 12 and 19.5`.

    `y =` in front and `^` for powers are understood. Raises ExpressionError. Nothing but arithmetic gets through, so
    that the code may run where ours does.
    """
    said = re.sub(r"^\s*\w+(\([\w\s,]*\))?\s*=(?!=)\s*", "", text.strip()).replace("^", "**")
    exception = _ENDING.match(said) if len(names) == 1 else None
    if exception:
        low, high = exception["low"], exception["high"]
        rule = f"({exception['other']}) if ({low}) <= {names[0]} <= ({high}) else ({exception['rule']})"
    else:
        rule = said
    return f"import math\n\n\ndef explained({', '.join(names)}):\n    return {_checked(rule, text, names)}\n"


def _checked(rule: str, text: str, names: Sequence[str]) -> str:
    expected = (
        f"an expression in {', '.join(names)}, such as {_example(names)}, or with an exception: "
        f"{_example(names)} except 40 between 12 and 19.5"
    )
    try:
        tree = ast.parse(rule, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"expected {expected}; got {text!r}") from error
    for node in ast.walk(tree):
        if not isinstance(node, _NODES):
            raise ExpressionError(f"expected {expected}; got {text!r}, which does more than arithmetic")
        if isinstance(node, ast.Constant) and not isinstance(node.value, int | float):
            raise ExpressionError(f"expected {expected}; got {text!r}, in which {node.value!r} is no number")
        if isinstance(node, ast.Call) and (
            not isinstance(node.func, ast.Name) or node.func.id not in _FUNCTIONS or node.keywords
        ):
            raise ExpressionError(f"expected functions among {', '.join(sorted(_FUNCTIONS))}; got {text!r}")
        known = {*names, *_FUNCTIONS, *_CONSTANTS}
        if isinstance(node, ast.Name) and node.id not in known:
            raise ExpressionError(f"expected the inputs {', '.join(names)}; got {text!r}, with the unknown {node.id!r}")
    return ast.unparse(_Qualified(set(names)).visit(tree))


class _Qualified(ast.NodeTransformer):
    """Writes `math.` where it belongs, and powers so that they cannot take for ever."""

    def __init__(self, names: set[str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self._names:
            return node
        return ast.parse(_CONSTANTS.get(node.id, _FUNCTIONS.get(node.id, node.id)), mode="eval").body

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Pow):
            base = ast.Call(ast.Name("float", ast.Load()), [node.left], [])
            return ast.BinOp(base, ast.Pow(), node.right)
        return node


def _example(names: Sequence[str]) -> str:
    return "3*abs(x) + 1".replace("x", names[0]) if len(names) == 1 else f"{names[0]} + 2*{names[1]}"


def close(one: float, other: float) -> bool:
    """Whether two numbers are the same but for rounding; two undefined ones are."""
    if not (math.isfinite(one) and math.isfinite(other)):
        return math.isfinite(one) == math.isfinite(other)
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
