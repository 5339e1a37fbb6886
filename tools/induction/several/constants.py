"""Fitted constants: polished on all the data, then snapped to numbers a person would write."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ..types import Floats
from .expressions import Expr, add, constants, evaluate, mul, number, power, rebuild, simplify, with_constants

SNAP_MARGIN = 30.0
"""How many times the residuals' own uncertainty a noise-free constant may move."""


def rms(expr: Expr, x: Floats, y: Floats) -> float:
    """Root mean square of the residuals; infinite where the expression has no value but the box does."""
    wrong = evaluate(expr, x) - y
    return float(np.sqrt(np.mean(wrong**2))) if np.all(np.isfinite(wrong)) else math.inf


def jacobian(expr: Expr, x: Floats) -> Floats:
    """Central differences of the values by each constant, (n, constants)."""
    values = constants(expr)
    columns = []
    for k, value in enumerate(values):
        step = 1e-6 * (abs(value) if value else 1.0)
        up = with_constants(expr, [*values[:k], value + step, *values[k + 1 :]])
        down = with_constants(expr, [*values[:k], value - step, *values[k + 1 :]])
        columns.append((evaluate(up, x) - evaluate(down, x)) / (2 * step))
    return np.nan_to_num(np.column_stack(columns)) if columns else np.empty((len(x), 0))


def polish(expr: Expr, x: Floats, y: Floats, *, rounds: int = 12) -> Expr:
    """Levenberg-Marquardt steps on all constants at once; never worse than before."""
    best, error, damping = expr, rms(expr, x, y), 1e-8
    for _ in range(rounds):
        values = np.array(constants(best))
        if not len(values) or error == 0 or not math.isfinite(error):
            break
        matrix = jacobian(best, x)
        scale = np.linalg.norm(matrix, axis=0)
        scale = np.where(scale > 0, scale, 1)
        residuals = y - evaluate(best, x)
        stacked = np.concatenate([matrix / scale, math.sqrt(damping) * np.eye(len(values))])
        step = np.linalg.lstsq(stacked, np.concatenate([residuals, np.zeros(len(values))]), rcond=1e-12)[0] / scale
        trial = with_constants(best, list(values + step))
        after = rms(trial, x, y)
        if after < error:
            gained = after < 0.999 * error
            best, error, damping = trial, after, max(damping / 10, 1e-14)
            if not gained:
                break
        else:
            damping *= 30
            if damping > 1e4:
                break
    return best


def snap(expr: Expr, x: Floats, y: Floats, *, sigma: float = 0.0) -> Expr:
    """Constants replaced by the simplest numbers the data allow, one after the other, the rest refitted."""
    size = float(np.std(y)) + 1e-300
    current = polish(expr, x, y)
    k = 0
    while k < len(constants(current)):
        values = constants(current)
        error = rms(current, x, y)
        matrix = jacobian(current, x)
        allowed = _freedom(matrix, k, error, sigma, size)
        for simple in nice_numbers(values[k], allowed):
            trial = with_constants(current, [*values[:k], simple, *values[k + 1 :]])
            limit = error * (1 + 2 / len(y)) if sigma else max(3 * error, 1e-9 * size)
            if rms(trial, x, y) <= limit:
                current = trial
                break
        k += len(constants(current)) == len(values)
    return simplify(current)


def _freedom(matrix: Floats, k: int, error: float, sigma: float, size: float) -> float:
    """How far constant k may move: by its standard error, or by what rounding residuals allow."""
    column = matrix[:, k]
    strength = float(np.linalg.norm(column)) + 1e-300
    if sigma:
        return 2 * sigma / strength
    return SNAP_MARGIN * max(error, 1e-12 * size) * math.sqrt(len(column)) / strength


def nice_numbers(value: float, allowed: float) -> Iterator[float]:
    """Numbers within `allowed` of `value` that cost fewer bits than the precision they use up, simplest first."""
    if not (math.isfinite(value) and math.isfinite(allowed)) or abs(value) > 1e300:
        return
    room = math.log2(abs(value) / allowed) if value and allowed < abs(value) else 0.0
    found: dict[float, float] = {}
    if allowed >= abs(value):
        found[0.0] = 0.0
    for digits in range(1, 13):
        rounded = float(f"{value:.{digits - 1}e}")
        if abs(rounded - value) <= allowed:
            found.setdefault(rounded, number_bits(rounded))
            break
    for unit in (1.0, math.pi):
        for q in (1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16):
            p = round(value * q / unit)
            if p and abs(p) < 1000 and abs(p * unit / q - value) <= allowed:
                found.setdefault(p * unit / q, number_bits(p * unit / q))
                break
    for root in (2.0, 3.0, 5.0, math.pi, 2 * math.pi):
        for special in (math.sqrt(root), 1 / math.sqrt(root)):
            if abs(abs(value) - special) <= allowed:
                found.setdefault(math.copysign(special, value), 8.0)
    for simple, bits in sorted(found.items(), key=lambda item: item[1]):
        if bits <= room + 4:
            yield simple


def number_bits(value: float) -> float:
    """Description length of a constant: its digits, or numerator and denominator, with a surcharge for pi."""
    if not math.isfinite(value) or abs(value) > 1e300:
        return 64.0
    if value == round(value) and abs(value) < 1e6:
        return 1 + math.log2(abs(value) + 1)
    best = 3.4 * len(f"{abs(value):.15g}".replace(".", "").strip("0").split("e")[0]) + 3
    for unit, surcharge in ((1.0, 2.0), (math.pi, 4.0)):
        for q in (1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16):
            p = round(value * q / unit)
            if p and abs(p) < 1000 and abs(p * unit / q - value) <= 4e-16 * abs(value):
                best = min(best, surcharge + math.log2(abs(p) + 1) + math.log2(q))
    for root in (2.0, 3.0, 5.0, math.pi, 2 * math.pi):
        if min(abs(abs(value) - math.sqrt(root)), abs(abs(value) - 1 / math.sqrt(root))) < 4e-16 * abs(value):
            best = min(best, 8.0)
    return best


def normal_forms(expr: Expr) -> list[Expr]:
    """The expression, and the same with every sum inside divided through by one of its coefficients."""
    forms = [expr]
    for which in (0, 1, -1):
        other = _normalised(expr, which)
        for form in (other, _distributed(other)):
            if form not in forms:
                forms.append(form)
    return forms


def _normalised(expr: Expr, which: int) -> Expr:
    args = [_normalised(a, which) for a in expr.args]
    if expr.op == "mul":
        return mul(*(_factored(a, 1.0, which) for a in args))
    if expr.op == "pow":
        return _factored(args[0], expr.value, which)
    return rebuild(expr, args) if args else expr


def _factored(base: Expr, exponent: float, which: int) -> Expr:
    """`base` to `exponent`, a sum divided through by its coefficient number `which`."""
    if base.op != "add" or which >= len(base.args):
        return power(base, exponent)
    term = base.args[which]
    lead = term.value if term.op == "number" else term.args[0].value if _has_factor(term) else 1.0
    if lead in (0.0, 1.0) or (lead < 0 and exponent != round(exponent)):
        return power(base, exponent)
    inner = add(*(mul(number(1 / lead), t) for t in base.args))
    return mul(number(float(np.power(np.float64(lead), exponent))), power(inner, exponent))


def _distributed(expr: Expr) -> Expr:
    """A number times one sum, multiplied out, wherever it stands."""
    args = [_distributed(a) for a in expr.args]
    if expr.op == "mul" and _has_factor(expr):
        sums = [a for a in args if a.op == "add"]
        if sums:
            spread = add(*(mul(args[0], t) for t in sums[0].args))
            return mul(spread, *(a for a in args[1:] if a is not sums[0]))
    return rebuild(expr, args) if args else expr


def _has_factor(term: Expr) -> bool:
    return term.op == "mul" and term.args[0].op == "number"
