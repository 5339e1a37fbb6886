"""Formulas over `x` from a data file, evaluated in this process: a whitelist of syntax and of numpy's mathematics.

What may stand in a formula: numbers, `x`, `abs(…)`, `np.pi`, `np.e`, elementwise `np.*` functions, arithmetic,
comparisons, `&`, `|`, `~`. Everything else is refused before anything is compiled.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from .types import SpecError

MAX_LENGTH = 4000
_FUNCTION_NAMES = (
    "abs absolute add arccos arccosh arcsin arcsinh arctan arctan2 arctanh cbrt ceil clip copysign cos cosh divide "
    "exp exp2 expm1 fabs float_power floor fmax fmin fmod heaviside hypot log log10 log1p log2 logical_and "
    "logical_not logical_or maximum minimum mod multiply negative ones_like power reciprocal remainder rint sign "
    "sin sinc sinh sqrt square subtract tan tanh trunc where zeros_like "
)
_FUNCTIONS = _FUNCTION_NAMES.split()
_CONSTANTS = ("e", "inf", "pi")
_NUMPY = SimpleNamespace(**{name: getattr(np, name) for name in (*_FUNCTIONS, *_CONSTANTS)})
_SYNTAX = (
    *(ast.Expression, ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.Attribute, ast.Name, ast.Constant, ast.Load),
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.USub, ast.UAdd, ast.Invert),
    *(ast.BitAnd, ast.BitOr, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq),
)


def compile_expression(text: str) -> Callable[[float], Any]:
    """A function of a Python float. It gives what Python gives: complex roots, and ZeroDivisionError for `1/0`.

    Whole numbers in the formula count as floats, so no power can grow without bound. `SpecError` for what is not
    allowed.
    """
    if len(text) > MAX_LENGTH:
        raise SpecError(f"a formula has at most {MAX_LENGTH} characters, got {len(text)}")
    try:
        tree = ast.parse(text.strip(), mode="eval")
        for node in ast.walk(tree):
            _check(node, text)
        code = compile(ast.fix_missing_locations(_WholeToFloat().visit(tree)), "<formula>", "eval")
    except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
        raise SpecError(f"the formula {_short(text)!r} cannot be read: {error}") from None
    names = {"__builtins__": {}, "np": _NUMPY, "abs": abs}

    def evaluate(x: float) -> Any:
        with np.errstate(all="ignore"):
            return eval(code, names, {"x": x})

    return evaluate


def _check(node: ast.AST, text: str) -> None:
    match node:
        case ast.Name(id="x" | "abs" | "np"):
            return
        case ast.Attribute(value=ast.Name(id="np"), attr=name) if name in _FUNCTIONS or name in _CONSTANTS:
            return
        case ast.Call(func=ast.Name(id="abs") | ast.Attribute(), args=_, keywords=[]):
            return
        case ast.Constant(value=value) if type(value) in (int, float):
            return
        case ast.Name() | ast.Attribute() | ast.Call() | ast.Constant():
            pass
        case _ if isinstance(node, _SYNTAX):
            return
    what = ast.unparse(node) if isinstance(node, ast.expr) else type(node).__name__
    raise SpecError(
        f"{_short(what)!r} is not allowed in the formula {_short(text)!r}; it may hold numbers, x, abs, arithmetic, "
        "comparisons and elementwise np functions"
    )


class _WholeToFloat(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        assert isinstance(node.value, (int, float))
        try:
            return ast.Constant(float(node.value))
        except OverflowError as error:
            raise ValueError(str(error)) from None


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
