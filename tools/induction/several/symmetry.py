"""Inputs that act only together: f(x, y) = F(t) with t = x - y, x·y, x/y, x² + y², y·sin x …

If f depends on x and y through t = u(x) + v(y), then f_x / f_y = u'(x) / v'(y): the logarithm of the measured
ratio is a sum of a function of x and one of y, whatever F is. Scaling and shifting laws, f = y^c·F(x·y^q) and
f = c·y + F(x - q·y), show as one linear relation between logarithmic (or plain) derivatives.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ...black_boxes.types import Interval
from ..types import Floats
from .expressions import Expr, add, call, evaluate, mul, number, power, substitute, variable
from .gradients import STEP, TOLERANCE, ask_gradients
from .problem import Problem

X = variable(0)


@dataclass(frozen=True, slots=True)
class Symmetry:
    """Inputs `first` and `second` enter through `together` (in variables 0 and 1 for them).

    The values are `factor`·F + `shift`, both expressions in variable 0 for the second input.
    """

    first: int
    second: int
    together: Expr
    factor: Expr
    shift: Expr


def find_symmetries(problem: Problem) -> Iterator[Symmetry]:
    """Pairs that act together, those with an unscaled law first."""
    known = ask_gradients(problem)
    if known is None:
        return
    x, y, g = known
    pairs = [p for p in itertools.combinations(range(problem.arity), 2) if problem.smooth[list(p)].all()]
    noise = problem.error / STEP
    for i, j in pairs:
        widths = problem.box[i].width, problem.box[j].width
        usable = (np.abs(g[:, i]) * widths[0] > 1e4 * noise) & (np.abs(g[:, j]) * widths[1] > 1e4 * noise)
        if usable.sum() >= 6:
            together = _ratio_law(x[usable][:, [i, j]], g[usable, i] / g[usable, j])
            if together is not None:
                yield Symmetry(i, j, together, number(1), number(0))
    for i, j in pairs:
        scaled = _scaling_law(x[:, i], x[:, j], y, g[:, i], g[:, j])
        if scaled is not None:
            together, factor, shift = scaled
            yield Symmetry(i, j, together, factor, shift)


@dataclass(frozen=True, slots=True)
class _Shape:
    """A derivative `slope` known up to its parameter, and what it is the derivative of."""

    column: Callable[[Floats], Floats] | None
    fixed: Callable[[Floats], Floats] | None
    integral: Callable[[float], Expr]
    tidy: bool = False


def _power_integral(m: float) -> Expr:
    return call("log", X) if abs(m + 1) < 1e-9 else mul(number(1 / (m + 1)), power(X, m + 1))


_SHAPES = (
    _Shape(lambda x: np.log(np.abs(x)), None, _power_integral, tidy=True),
    _Shape(lambda x: x, None, lambda k: mul(number(1 / k), call("exp", mul(number(k), X)))),
    _Shape(None, lambda x: np.cos(x), lambda _: call("sin", X)),
    _Shape(None, lambda x: np.sin(x), lambda _: mul(number(-1), call("cos", X))),
    _Shape(None, lambda x: 1 / np.tan(x), lambda _: call("log", call("sin", X))),
    _Shape(None, lambda x: np.tan(x), lambda _: mul(number(-1), call("log", call("cos", X)))),
)


def _ratio_law(x: Floats, ratio: Floats) -> Expr | None:
    """t = u(x0) + v(x1) from measured f_x0 / f_x1, as an expression in variables 0 and 1."""
    for left, right in sorted(itertools.product(range(len(_SHAPES)), repeat=2), key=sum):
        found = _fit_shapes(x, ratio, _SHAPES[left], _SHAPES[right])
        if found is not None:
            return found
    return None


def _fit_shapes(x: Floats, ratio: Floats, left: _Shape, right: _Shape) -> Expr | None:
    with np.errstate(all="ignore"):
        target = np.log(np.abs(ratio))
        columns = [np.ones(len(target))]
        for k, shape, sign in ((0, left, 1.0), (1, right, -1.0)):
            if shape.fixed is not None:
                target = target - sign * np.log(np.abs(shape.fixed(x[:, k])))
            elif shape.column is not None:
                columns.append(sign * shape.column(x[:, k]))
        matrix = np.column_stack(columns)
    if not (np.all(np.isfinite(matrix)) and np.all(np.isfinite(target))):
        return None
    weights, *_ = np.linalg.lstsq(matrix, target, rcond=None)
    parameters = iter(weights[1:])
    exponents = []
    for shape in (left, right):
        value = 0.0 if shape.fixed is not None else float(next(parameters))
        if shape.tidy and abs(value - round(2 * value) / 2) < 1e-3:
            value = round(2 * value) / 2
        exponents.append(value)
    if any(s.fixed is None and not s.tidy and abs(e) < 1e-6 for s, e in zip((left, right), exponents)):
        return None
    u, v = left.integral(exponents[0]), right.integral(exponents[1])
    slopes = _derivative(left, exponents[0], x[:, 0]) / _derivative(right, exponents[1], x[:, 1])
    with np.errstate(all="ignore"):
        c = float(np.median(ratio / slopes))
        if not np.isfinite(c) or np.max(np.abs(ratio / (c * slopes) - 1)) > TOLERANCE:
            return None
    return _combine(c, u, v)


def _derivative(shape: _Shape, value: float, x: Floats) -> Floats:
    with np.errstate(all="ignore"):
        if shape.fixed is not None:
            return shape.fixed(x)
        return np.asarray(np.power(x, value) if shape.tidy else np.exp(value * x))


def _combine(c: float, u: Expr, v: Expr) -> Expr:
    """c·u(x0) + v(x1), as a product where both are logarithms, with tidy constants."""
    v = _in_second(v)
    fraction = Fraction(c).limit_denominator(12)
    tidy = abs(float(fraction) - c) < 1e-5 * abs(c)
    c = float(fraction) if tidy else c
    if _is_log(u) and _is_log(v):
        scale = fraction.denominator if tidy else 1
        return call("exp", add(mul(number(c * scale), u), mul(number(scale), v)))
    leading = v.args[0].value if v.op == "mul" and v.args[0].op == "number" else 1.0
    return add(mul(number(_tidy(c / leading)), u), mul(number(1 / leading), v))


def _tidy(value: float) -> float:
    fraction = float(Fraction(value).limit_denominator(12))
    return fraction if abs(fraction - value) < 1e-5 * abs(value) else value


def _in_second(expr: Expr) -> Expr:
    return substitute(expr, [variable(1)])


def _is_log(expr: Expr) -> bool:
    inner = expr.args[-1] if expr.op == "mul" else expr
    return inner.op == "call:log"


def _scaling_law(x: Floats, z: Floats, y: Floats, gx: Floats, gz: Floats) -> tuple[Expr, Expr, Expr] | None:
    """A law f = z^c·F(x·z^q), or f = c·z + F(x - q·z), or mixtures: (t, factor, shift)."""
    a, b = variable(0), variable(1)
    positive = bool(np.all(x > 0) and np.all(z > 0))
    for log_target in (True, False):
        if log_target and (np.any(y == 0) or np.any(np.sign(y) != np.sign(y[0]))):
            continue
        size = y if log_target else np.ones(len(y))
        for log_inputs in (True, False):
            if log_inputs and not positive:
                continue
            dx, dz = (gx * x, gz * z) if log_inputs else (gx, gz)
            weights = _relation(dx / size, dz / size)
            if weights is None:
                continue
            p, c = _tidy(weights[0]), _tidy(weights[1])
            t = mul(a, power(b, -p)) if log_inputs else add(a, mul(number(-p), b))
            amount = mul(number(c), call("log", X) if log_inputs else X)
            if log_target:
                return t, call("exp", amount), number(0)
            return t, number(1), amount
    return None


def _relation(dx: Floats, dz: Floats) -> tuple[float, float] | None:
    """(p, c) with p·dx + dz = c at every point, p and c not zero; None unless the points show it plainly."""
    matrix = np.column_stack([dx, np.ones(len(dx))])
    if np.std(dx) < 1e-6 * np.max(np.abs(dx)) or np.std(dz) < 1e-6 * np.max(np.abs(dz)):
        return None
    weights, *_ = np.linalg.lstsq(matrix, -dz, rcond=None)
    wrong = np.abs(matrix @ weights + dz)
    if np.max(wrong) > TOLERANCE * (np.max(np.abs(dx)) + np.max(np.abs(dz))) or abs(weights[0]) < 1e-4:
        return None
    return float(weights[0]), -float(weights[1])


def reduced(problem: Problem, law: Symmetry) -> Problem | None:
    """The problem in t and the other inputs (t first): known points carried over, new ones asked along a curve."""
    i, j = law.first, law.second
    rest = [k for k in range(problem.arity) if k not in (i, j)]
    curve = _Curve.through(problem.box[i], problem.box[j], law.together)
    if curve is None:
        return None

    def inner(pair: Floats, values: Floats) -> Floats:
        second = pair[:, 1:2]
        with np.errstate(all="ignore"):
            return np.asarray((values - evaluate(law.shift, second)) / evaluate(law.factor, second))

    def ask(points: Floats) -> Floats:
        full = np.empty((len(points), problem.arity))
        full[:, [i, j]] = curve.at(points[:, 0])
        full[:, rest] = points[:, 1:]
        return inner(full[:, [i, j]], problem.evaluate(full))

    x, y = problem.pool()
    pair = x[:, [i, j]]
    points = np.column_stack([evaluate(law.together, pair), x[:, rest]])
    values = inner(pair, y)
    good = np.isfinite(points[:, 0]) & np.isfinite(values)
    if good.sum() < 0.9 * len(y):
        return None
    factor = float(np.median(np.abs(evaluate(law.factor, x[:, [j]]))))
    child = Problem(
        ask, [curve.interval, *(problem.box[k] for k in rest)], seed=problem.seed + 4,
        error=2 * problem.error / factor + 4e-16 * float(np.max(np.abs(values[good]))),
        known=(points[good], values[good]), smooth=np.array([True, *problem.smooth[rest]]), price=problem.price,
    )  # fmt: skip
    if not _confirmed(child):
        return None
    child.gradients = _handed_down(problem, law, rest)
    return child


def _confirmed(child: Problem) -> bool:
    """Whether asking along the curve repeats what is known at the same t and rest: the law, tested on the box."""
    low, high = child.box[0].low, child.box[0].high
    inside = np.flatnonzero((child.points[:, 0] > low) & (child.points[:, 0] < high))[:4]
    if len(inside) == 0:
        return False
    again = child.evaluate(child.points[inside])
    size = float(np.std(child.targets))
    good = np.isfinite(again)
    wrong = np.abs(again - child.targets[inside])[good]
    return bool(good.any() and np.all(wrong <= 1e-8 * size + 1e-8 * np.max(np.abs(again[good])) + 100 * child.error))


def _handed_down(problem: Problem, law: Symmetry, rest: list[int]) -> tuple[Floats, Floats, Floats] | None:
    """The child's gradients by the chain rule, with t moved by the first input alone."""
    if problem.gradients is None:
        return None
    x, y, g = problem.gradients
    pair = x[:, [law.first, law.second]]
    step = 1e-6 * problem.box[law.first].width
    ahead, behind = pair.copy(), pair.copy()
    ahead[:, 0] += step
    behind[:, 0] -= step
    slope = (evaluate(law.together, ahead) - evaluate(law.together, behind)) / (2 * step)
    factor, shift = evaluate(law.factor, pair[:, 1:2]), evaluate(law.shift, pair[:, 1:2])
    points = np.column_stack([evaluate(law.together, pair), x[:, rest]])
    gradients = np.column_stack([g[:, law.first] / slope, g[:, rest]]) / factor[:, None]
    good = np.isfinite(points[:, 0]) & np.isfinite(gradients[:, 0])
    return (points[good], ((y - shift) / factor)[good], gradients[good]) if good.sum() >= 6 else None


@dataclass(frozen=True, slots=True)
class _Curve:
    """A straight line across the box of two inputs along which t rises, to reach every value of t."""

    start: Floats
    end: Floats
    interval: Interval
    together: Expr

    @staticmethod
    def through(first: Interval, second: Interval, together: Expr) -> _Curve | None:
        best: tuple[float, _Curve] | None = None
        for a0, a1 in _pieces(first):
            for b0, b1 in _pieces(second):
                for start, end in (((a0, b0), (a1, b1)), ((a0, b1), (a1, b0))):
                    curve = _Curve._monotone(np.array(start), np.array(end), together)
                    if curve is not None and (best is None or curve.interval.width > best[0] * 1.001):
                        best = (curve.interval.width, curve)
        return best[1] if best else None

    @staticmethod
    def _monotone(start: Floats, end: Floats, together: Expr) -> _Curve | None:
        s = np.linspace(1e-6, 1 - 1e-6, 401)[:, None]
        t = evaluate(together, start + s * (end - start))
        if not np.all(np.isfinite(t)):
            return None
        moves = np.diff(t)
        if np.all(moves < 0):
            start, end, t = end, start, t[::-1]
        elif not np.all(moves > 0):
            return None
        return _Curve(start, end, Interval(float(t[0]), float(t[-1])), together) if t[-1] > t[0] else None

    def at(self, t: Floats) -> Floats:
        """The points (n, 2) of the line where `together` is t, by bisection."""
        low, high = np.full(len(t), 1e-6), np.full(len(t), 1 - 1e-6)
        for _ in range(60):
            middle = (low + high) / 2
            below = evaluate(self.together, self.start + middle[:, None] * (self.end - self.start)) < t
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray(self.start + ((low + high) / 2)[:, None] * (self.end - self.start))


def _pieces(interval: Interval) -> list[tuple[float, float]]:
    """The interval, and its part on the larger side of zero where it has two sides."""
    if interval.low < 0 < interval.high:
        side = (0.0, interval.high) if interval.high >= -interval.low else (interval.low, 0.0)
        return [(interval.low, interval.high), side]
    return [(interval.low, interval.high)]
