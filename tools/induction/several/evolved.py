"""The last search for a formula: genetic programming by pyoperon, if it is installed (extra `symbolic`)."""

from __future__ import annotations

import warnings

import numpy as np

from ..types import Floats
from .expressions import Expr, add, call, mul, number, power, variable

EVALUATIONS = 60_000
FUNCTIONS = {"exp": "exp", "log": "log", "sin": "sin", "cos": "cos", "tanh": "tanh", "Abs": "abs", "tan": "tan"}


def evolve(x: Floats, y: Floats, *, seed: int, seconds: float) -> list[Expr]:
    """Expressions along the front of error against length, best first; empty without pyoperon.

    One thread and a bounded number of evaluations, so the same data and seed give the same answer;
    `seconds` is only a hard stop.
    """
    try:
        from pyoperon.sklearn import SymbolicRegressor
    except ImportError:
        return []
    regressor = SymbolicRegressor(
        allowed_symbols="add,sub,mul,div,constant,variable,sqrt,square,exp,log,sin,cos",
        optimizer_iterations=5,
        max_length=25,
        population_size=500,
        pool_size=500,
        generations=1000,
        max_evaluations=EVALUATIONS,
        n_threads=1,
        max_time=max(1, int(seconds)),
        objectives=["r2", "length"],
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        regressor.fit(x, y)
    found = []
    for row in sorted(regressor.pareto_front_, key=lambda r: float(r["mean_squared_error"]))[:6]:
        text = regressor.get_model_string(row["tree"], 12)
        expr = _parsed(text, x.shape[1])
        if expr is not None:
            found.append(expr)
    return found


def _parsed(text: str, arity: int) -> Expr | None:
    """A model string, simplified by sympy, as an expression; None if it uses what we cannot print."""
    import sympy

    names = {f"X{i + 1}": sympy.Symbol(f"X{i + 1}", real=True) for i in range(arity)}
    try:
        return _converted(sympy.sympify(text.replace("^", "**"), locals=names))
    except (sympy.SympifyError, ValueError, TypeError, SyntaxError):
        return None


def _converted(node: object) -> Expr:
    import sympy

    if isinstance(node, sympy.Symbol):
        return variable(int(node.name.removeprefix("X")) - 1)
    if isinstance(node, sympy.Number) or (isinstance(node, sympy.Expr) and node.is_number):
        value = complex(node)
        if value.imag or not np.isfinite(value.real):
            raise ValueError("not a real number")
        return number(value.real)
    if isinstance(node, sympy.Add):
        return add(*(_converted(a) for a in node.args))
    if isinstance(node, sympy.Mul):
        return mul(*(_converted(a) for a in node.args))
    if isinstance(node, sympy.Pow) and node.exp.is_number:
        return power(_converted(node.base), float(node.exp))
    name = FUNCTIONS.get(type(node).__name__)
    if name is None or not isinstance(node, sympy.Expr):
        raise ValueError(f"no expression for {type(node).__name__}")
    return call(name, _converted(node.args[0]))
