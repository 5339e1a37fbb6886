"""Terms that textbook formulas are sums of: monomials in several inputs, elementary functions of one."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from ..types import Floats
from .expressions import Expr, add, call, evaluate, mul, number, power, variable
from .outers import Outer, admitted, inner_error
from .problem import Problem
from .subsets import best_subsets, solve

EXPONENTS = {
    1: (-12, -6, -4, -3, -2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 12),
    2: (-3, -2, -1, -0.5, 0, 0.5, 1, 2, 3),
    3: (-2, -1, 0, 1, 2),
    4: (-1, 0, 1, 2),
}
UNARY = ("exp", "exp of minus", "log", "sin", "cos", "tan", "tanh", "arctan", "abs", "floor")


def monomials(arity: int) -> list[Expr]:
    """Products of powers, at most four inputs deep, the constant first."""
    exponents = EXPONENTS.get(arity, (0, 1, 2) if arity <= 5 else (0, 1))
    if arity == 1:
        return [number(1), *(power(variable(0), p) for p in exponents)]
    rows = sorted(itertools.product(exponents, repeat=arity), key=lambda e: sum(abs(p) for p in e))
    rows = [e for e in rows if sum(abs(p) for p in e) <= 5 and sum(p != 0 for p in e) <= 4]
    return [mul(*(power(variable(i), p) for i, p in enumerate(e))) for e in rows]


def elementary(index: int) -> list[Expr]:
    """Functions of one input without parameters."""
    x = variable(index)
    return [call("exp", mul(number(-1), x)) if name == "exp of minus" else call(name, x) for name in UNARY]


def terms_for(arity: int) -> list[Expr]:
    """The dictionary for sums under an outer function."""
    terms = monomials(arity)
    for i in range(arity):
        terms += elementary(i)
    if arity == 1:
        x = variable(0)
        terms += [mul(x, call(n, x)) for n in ("exp", "log", "sin", "cos")]
        terms += [call("exp", mul(number(s), power(x, p))) for s, p in ((-1, 2), (-0.5, 2), (1, -1), (-1, -1))]
    elif arity == 2:
        x, y = variable(0), variable(1)
        terms += [add(x, y), add(x, mul(number(-1), y))]
        for a, b in ((x, y), (y, x)):
            terms += [mul(a, call(n, b)) for n in ("exp", "log", "sin", "cos", "tanh")]
            terms += [call(n, mul(a, power(b, -1))) for n in ("exp", "sin", "cos", "arctan", "floor")]
            terms.append(call("mod", a, b))
        terms += [call(n, mul(x, y)) for n in ("sin", "cos", "exp")]
        terms += [call("abs", add(x, mul(number(-1), y))), call("maximum", x, y), call("minimum", x, y)]
    return terms


def integer_terms(arity: int) -> list[Expr]:
    """Terms that make sense for whole numbers."""
    pairs = itertools.permutations(range(arity), 2)
    terms = [call("gcd", variable(i), variable(j)) for i, j in itertools.combinations(range(arity), 2)]
    terms += [call("floor", mul(variable(i), power(variable(j), -1))) for i, j in pairs]
    terms += [call("mod", variable(i), number(m)) for i in range(arity) for m in range(2, 13)]
    terms += [
        call("mod", add(variable(i), variable(j)), number(m))
        for i, j in itertools.combinations(range(arity), 2)
        for m in range(2, 13)
    ]
    return terms


def power_law(problem: Problem) -> Expr | None:
    """`c * x1**a * x2**b …` with real exponents, by a linear fit of logarithms (positive inputs, one sign)."""
    x, y = problem.pool()
    if np.any(x <= 0) or not (np.all(y > 0) or np.all(y < 0)):
        return None
    columns = np.column_stack([np.ones(len(y)), np.log(x)])
    weights, residuals = solve(columns, np.log(np.abs(y)))
    error = 1e-9 + 30 * problem.error / np.abs(y)
    if len(y) < x.shape[1] + 4 or np.any(np.abs(residuals) > error):
        return None
    exponents = [_tidy_exponent(w) for w in weights[1:]]
    law = mul(*(power(variable(i), p) for i, p in enumerate(exponents)))
    base = evaluate(law, x)
    factor = float(np.median(y / base))
    return mul(number(factor), law)


def _tidy_exponent(value: float) -> float:
    for q in (1, 2, 3, 4, 5, 6):
        if abs(value * q - round(value * q)) < 1e-6 * q:
            return round(value * q) / q
    return float(value)


def sparse_sum(problem: Problem, *, most: int, outers: Callable[[Outer], bool] = lambda _: True) -> Expr | None:
    """An outer function of a sum of up to `most` terms (constants among them) that fits exactly, or None."""
    x, y = problem.pool()
    if len(y) < 4 * most:
        return None
    terms = terms_for(problem.arity)
    if all(i.integer for i in problem.box):
        terms += integer_terms(problem.arity)
    matrix = np.column_stack([evaluate(t, x) for t in terms])
    usable = distinct_columns(matrix)
    terms, matrix = [terms[i] for i in usable], matrix[:, usable]
    for outer in admitted(y):
        if not outers(outer):
            continue
        inner = outer.undo(y)
        error = inner_error(outer, y, problem.error)
        found = exact_subset(matrix, inner, error, most=most)
        if found is not None:
            subset, weights = found
            sum_of_terms = (mul(number(w), terms[i]) for i, w in zip(subset, weights))
            return outer.wrap(add(*sum_of_terms, number(float(weights[-1]))))
    return None


def distinct_columns(matrix: Floats) -> list[int]:
    """Columns that are finite, vary, and do not repeat an earlier one up to scale and shift."""
    seen: dict[bytes, int] = {}
    with np.errstate(all="ignore"):
        for i, column in enumerate(matrix.T):
            centred = column - np.mean(column)
            size = np.linalg.norm(centred)
            if np.isfinite(size) and size > 1e-9 * np.linalg.norm(column):
                lead = centred[np.argmax(np.abs(centred) > 0.1 * np.max(np.abs(centred)))]
                seen.setdefault(np.round(centred / size * np.sign(lead), 7).tobytes(), i)
    return sorted(seen.values())


def exact_subset(matrix: Floats, inner: Floats, error: Floats, *, most: int) -> tuple[tuple[int, ...], Floats] | None:
    """The first subset that with a constant leaves residuals within rounding of zero; its weights, constant last."""
    allowed = 1e-9 * float(np.std(inner)) + 30 * error
    if np.std(inner) <= 1e-12 * np.max(np.abs(inner)):
        return None
    for subset in best_subsets(matrix - matrix.mean(axis=0), inner - inner.mean(), most=most):
        columns = np.column_stack([matrix[:, list(subset)], np.ones(len(inner))])
        weights, residuals = solve(columns, inner)
        sizes = np.max(np.abs(columns * weights), axis=0)
        if np.all(np.abs(residuals) <= allowed + 1e-13 * np.max(sizes)):
            if sizes[-1] < 1e-9 * np.max(sizes[:-1]) + 10 * np.max(error):
                weights[-1] = 0.0
            return subset, weights
    return None
