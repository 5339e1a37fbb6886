"""Ratios of polynomials by their linearised equation P - f·Q = 0: a null vector, thinned to few terms."""

from __future__ import annotations

import itertools

import numpy as np

from ..types import Floats
from .expressions import Expr, add, evaluate, mul, number, power, variable
from .outers import COSINE, EXP, IDENTITY, SINE, SQUARE, TANGENT, Outer
from .problem import Problem

TOLERANCE = 1e-10


def rational(problem: Problem) -> Expr | None:
    """A ratio of two short polynomials, or a root, logarithm or arc of one, exact on the pool; None without one."""
    x, y = problem.pool()
    outers = [g for g in (IDENTITY, SQUARE, COSINE, SINE, TANGENT, EXP) if g.admits(y)]
    outers = [g for g in outers if g is not SQUARE or np.all(y >= 0)]
    for degree in (1, 2, 3):
        terms = _terms(problem.arity, degree)
        if 2 * len(terms) > 0.75 * len(y):
            return None
        for outer in outers:
            found = _ratio(x, y, terms, outer, problem)
            if found is not None:
                return found
    return None


def _terms(arity: int, degree: int) -> list[Expr]:
    """Monomials of bounded degree: multilinear first, then of full degree 2 and 3."""
    if degree == 1:
        exponents = [e for e in itertools.product((0, 1), repeat=arity) if sum(e) <= 3]
    else:
        exponents = [e for e in itertools.product(range(degree + 1), repeat=arity) if sum(e) <= degree]
    return [mul(*(power(variable(i), p) for i, p in enumerate(e))) for e in sorted(exponents, key=sum)]


def _ratio(x: Floats, y: Floats, terms: list[Expr], outer: Outer, problem: Problem) -> Expr | None:
    values = np.column_stack([evaluate(t, x) for t in terms])
    inner = outer.undo(y)
    matrix = np.column_stack([values, -inner[:, None] * values])
    scale = np.linalg.norm(matrix, axis=0)
    if np.any(scale == 0):
        return None
    limit = TOLERANCE + 100 * problem.error / (np.max(np.abs(y)) + 1e-300)
    kept = _thin(matrix / scale, limit)
    if kept is None:
        return None
    columns, vector = kept
    weights = np.zeros(len(scale))
    weights[columns] = vector / scale[columns]
    above = add(*(mul(number(w), t) for w, t in zip(weights[: len(terms)], terms) if w))
    below_terms = [(w, t) for w, t in zip(weights[len(terms) :], terms) if w]
    if not below_terms or above == number(0):
        return None
    pivot = below_terms[int(np.argmin([abs(np.log10(abs(w))) for w, _ in below_terms]))][0]
    below = add(*(mul(number(w / pivot), t) for w, t in below_terms))
    ratio = outer.wrap(mul(mul(number(1 / pivot), above), power(below, -1)))
    wrong = np.abs(evaluate(ratio, x) - y)
    return ratio if np.all(wrong <= 1e-8 * np.abs(y) + problem.tolerance) else None


def _thin(matrix: Floats, limit: float) -> tuple[list[int], Floats] | None:
    """Drop columns one by one while a null vector remains; the columns left and their weights."""
    columns = list(range(matrix.shape[1]))
    reduced = np.linalg.qr(matrix).R

    def smallest(chosen: list[int]) -> float:
        return float(np.linalg.svd(reduced[:, chosen], compute_uv=False)[-1])

    if smallest(columns) > limit:
        return None
    progress = True
    while progress and len(columns) > 2:
        progress = False
        vector = np.abs(np.linalg.svd(reduced[:, columns])[2][-1])
        for k in np.argsort(vector):
            fewer = [c for i, c in enumerate(columns) if i != k]
            if smallest(fewer) <= limit:
                columns, progress = fewer, True
                break
    return columns, np.linalg.svd(reduced[:, columns])[2][-1]
