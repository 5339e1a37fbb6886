"""One input: find the curve, exactly, from a few dozen points."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ..types import Floats
from .broken import solve_broken
from .dictionary import power_law, sparse_sum
from .expressions import Expr, add, call, evaluate, mul, number, power
from .families import BROKEN, PREFACTORS, SMOOTH, Family, X
from .outers import IDENTITY, Outer, admitted, inner_error
from .problem import Problem
from .rationals import rational
from .subsets import solve

FAMILY_OUTERS = ("identity", "log", "log of minus", "reciprocal", "square", "reciprocal square", "square root")


def solve_curve(problem: Problem) -> Expr | None:
    """An expression in `variable(0)` that fits every point of the pool within rounding, or None."""
    _, y = problem.pool()
    if len(y) < 6:
        return None
    level = constant(y, problem)
    if level is not None:
        return level
    for attempt in (power_law, rational, _sparse, _families, solve_broken, _kinks):
        found = attempt(problem)
        if found is not None:
            return found
    return None


def constant(y: Floats, problem: Problem) -> Expr | None:
    """The constant, if the targets do not move beyond rounding."""
    middle = float(np.median(y))
    return number(middle) if np.max(np.abs(y - middle)) <= 1e-11 * abs(middle) + 10 * problem.error else None


def _sparse(problem: Problem) -> Expr | None:
    return sparse_sum(problem, most=3)


def _families(problem: Problem) -> Expr | None:
    """Every family, bare and with a power of the input before it, under the usual outer functions."""
    _, y = problem.pool()
    for outer in admitted(y):
        if outer.name not in FAMILY_OUTERS:
            continue
        problem.check_clock()
        prefactors = PREFACTORS if outer is IDENTITY else (1.0,)
        for found in _scan(problem, outer, SMOOTH, prefactors):
            return found
    return None


def _kinks(problem: Problem) -> Expr | None:
    for found in _scan(problem, IDENTITY, BROKEN, (1.0,)):
        return found
    return None


def _scan(
    problem: Problem, outer: Outer, families: tuple[Family, ...], prefactors: tuple[float, ...]
) -> Iterator[Expr]:
    x, y = problem.points[:, 0], problem.targets
    inner = outer.undo(y)
    allowed = 1e-9 * float(np.std(inner)) + 30 * inner_error(outer, y, problem.error)
    for exponent in prefactors:
        if exponent < 0 and np.any(x == 0):
            continue
        if exponent != round(exponent) and np.any(x < 0):
            continue
        for extras in ([number(1), X], []) if exponent == 1 else ([number(1), X],):
            front = power(X, exponent) if extras == [] or exponent != 1 else number(1)
            for family in families:
                if family.name == "raised sine" and exponent == 1:
                    continue
                found = _fit(family, front, list(extras), x, inner, allowed)
                if found is not None:
                    yield outer.wrap(found)


def _fit(family: Family, front: Expr, extras: list[Expr], x: Floats, inner: Floats, allowed: Floats) -> Expr | None:
    """Linear parts by least squares inside, the one inner constant by a scan and then a local search."""
    fixed = [np.ones(len(x)) if e.op == "number" else evaluate(e, x[:, None]) for e in extras]
    before = evaluate(front, x[:, None])[:, None]

    def matrix(k: float) -> Floats:
        return np.column_stack([*fixed, before * family.columns(np.array([k]), x)[0]])

    def misfit(k: float) -> float:
        m = matrix(k)
        if not np.all(np.isfinite(m)) or np.max(np.abs(m)) > 1e12:
            return np.inf
        return float(np.linalg.norm(solve(m, inner)[1]))

    grid = family.grid(x)
    if len(grid) < 3:
        return None
    misfits = _grid_misfits(family, grid, before, fixed, x, inner)
    spread = float(np.linalg.norm(inner - np.mean(inner))) + 1e-300
    for i in _local_minima(misfits):
        if misfits[i] > 0.3 * spread:
            continue
        k = _refine(misfit, grid, i)
        weights, residuals = solve(matrix(k), inner) if np.isfinite(misfit(k)) else (np.empty(0), np.array([np.inf]))
        if np.all(np.abs(residuals) <= allowed):
            return _written(weights, extras, front, family.shapes(k), x, float(np.max(allowed)))
    return None


def _grid_misfits(
    family: Family, grid: Floats, before: Floats, fixed: list[Floats], x: Floats, inner: Floats
) -> Floats:
    beside = [np.broadcast_to(f[None, :, None], (len(grid), len(x), 1)) for f in fixed]
    stack = np.concatenate([*beside, before * family.columns(grid, x)], axis=2)
    bad = ~np.all(np.isfinite(stack), axis=(1, 2)) | (np.max(np.abs(np.nan_to_num(stack)), axis=(1, 2)) > 1e12)
    stack[bad] = 0
    norms = np.linalg.norm(stack, axis=1, keepdims=True)
    q, r = np.linalg.qr(stack / np.where(norms > 0, norms, 1))
    q = q * (np.abs(np.diagonal(r, axis1=1, axis2=2)) > 1e-9)[:, None, :]
    projected = (q @ (np.swapaxes(q, 1, 2) @ inner[None, :, None]))[:, :, 0]
    misfits = np.linalg.norm(inner - projected, axis=1)
    misfits[bad] = np.inf
    return np.asarray(misfits)


def _local_minima(misfits: Floats) -> list[int]:
    padded = np.concatenate([[np.inf], misfits, [np.inf]])
    minima = np.flatnonzero((misfits <= padded[:-2]) & (misfits <= padded[2:]) & np.isfinite(misfits))
    return [int(i) for i in minima[np.argsort(misfits[minima])][:2]]


def _refine(misfit: Callable[[float], float], grid: Floats, i: int) -> float:
    """The minimum next to grid[i], to machine precision."""
    from scipy.optimize import minimize_scalar

    low, high = float(grid[max(i - 1, 0)]), float(grid[min(i + 1, len(grid) - 1)])
    result = minimize_scalar(misfit, bounds=(low, high), method="bounded", options={"xatol": 1e-7 * (high - low)})
    if result.fun > 0.01 * misfit(float(grid[i])):
        return float(result.x)
    return _polish(misfit, float(result.x), high - low)


def _polish(misfit: Callable[[float], float], k: float, width: float) -> float:
    """The misfit of an exact fit is |k - k0| times a slope: two points on either side of k0 give k0."""
    step = 1e-4 * width
    for _ in range(6):
        left, right = misfit(k - step), misfit(k + step)
        if not (np.isfinite(left) and np.isfinite(right)) or left + right == 0:
            return k
        k, step = k + step * (left - right) / (left + right), max(step * 1e-2, 1e-13 * abs(k))
    return k


def _written(weights: Floats, extras: list[Expr], front: Expr, shapes: list[Expr], x: Floats, allowed: float) -> Expr:
    """The fitted sum as an expression, without terms that contribute nothing; a sine with its phase."""
    parts = [*extras, *(mul(front, s) for s in shapes)]
    sizes = [abs(w) * float(np.max(np.abs(evaluate(p, x[:, None])))) for w, p in zip(weights, parts)]
    keep = [s > 10 * allowed + 1e-9 * max(sizes) for s in sizes]
    if len(shapes) > 1 and keep[-1] and keep[-2]:
        amplitude, phase = float(np.hypot(*weights[-2:])), float(np.arctan2(weights[-1], weights[-2]))
        wave = call("sin", add(shapes[-2].args[0], number(phase)))
        head = [mul(number(w), p) for w, p, k in zip(weights[:-2], parts, keep) if k]
        return add(*head, mul(number(amplitude), front, wave))
    return add(*(mul(number(w), p) for w, p, k in zip(weights, parts, keep) if k))
