"""Families that are linear once a change of variable is made: polynomials, lattices, power laws, quotients."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from .atoms import monomial
from .expressions import (
    Call,
    Constant,
    Expression,
    Literal,
    Power,
    Quotient,
    X,
    constant,
    constants,
    evaluate,
    substituted,
    times,
    total,
    with_values,
)
from .fitting import Data, combine, fit_terms, polish
from .types import Floats

Fits = Iterator[tuple[Expression, float]]


def polynomials(data: Data, *, highest: int = 7) -> Fits:
    """Polynomials of rising degree, sparse where that fits as well; stops at the first that leaves no residual."""
    for degree in range(highest + 1):
        if len(data) < degree + 3:
            return
        found = fit_terms([monomial(d) for d in range(degree + 1)], data, sparse=False)
        if found is None:
            continue
        if found[1] < 4.0 * len(data):
            lean = fit_terms([monomial(d) for d in range(degree + 1)], data)
            yield lean or found
            return
        if degree in (0, 1, 2, 3, 5, highest):
            yield found


def absolutes(data: Data) -> Fits:
    """Polynomials in x, |x| and the sign of x."""
    if not data.x[0] < 0 < data.x[-1]:
        return
    one: Expression = Literal(1.0)
    bars, sign = Call("abs", X), Call("sign", X)
    for terms in (
        [one, sign],
        [one, bars],
        [one, X, sign],
        [one, X, bars],
        [one, X, bars, monomial(2), times(X, bars)],
    ):
        found = fit_terms(terms, data) if len(data) >= len(terms) + 4 else None
        if found is not None:
            yield found


def elementary(data: Data) -> Fits:
    """x, 1/x, 1/x², ln|x| and √|x| in short sums: what needs no parameter inside."""
    if np.any(data.x == 0):
        return
    one: Expression = Literal(1.0)
    over: Expression = Quotient(one, X)
    square = Quotient(Literal(1.0), Power(X, Literal(2.0)))
    log = Call("log", Call("abs", X))
    short = ([over], [one, over], [one, square], [one, log], [one, X, over], [one, X, log], [one, X, over, square])
    for terms in short:
        found = fit_terms(terms, data) if len(data) >= len(terms) + 4 else None
        if found is not None:
            yield found
    for power in (0.5, 1 / 3, 1.5):
        root = Power(Call("abs", X), constant(power, "EXPONENT"))
        for terms in ([one, root], [one, X, root]):
            found = fit_terms(terms, data) if len(data) >= len(terms) + 4 else None
            if found is not None and found[1] < 1e6 * len(data):
                yield found


def lattices(data: Data) -> Fits:
    """Polynomials times whole-number parts of x: staircases, sawtooth waves, steps of growing height."""
    spacings = [(1.0, 0.0)]
    for spacing, offset in spacings:
        inside = X if (spacing, offset) == (1.0, 0.0) else Quotient(total(X, constant(-offset)), constant(spacing))
        floor, ceil = Call("floor", inside), Call("ceil", inside)
        yield from _lattice_fits(floor, ceil, data)


def _lattice_fits(floor: Expression, ceil: Expression, data: Data) -> Fits:
    one, ramp = Literal(1.0), X
    squares = [[one, times(floor, ceil)]] + [[one, f, Power(f, Literal(2.0))] for f in (floor, ceil)]
    small = [[one, ramp, f] for f in (floor, ceil)]
    large = [[monomial(d) for d in range(6)] + [times(f, monomial(d)) for d in range(6)] for f in (floor, ceil)]
    middle = [[one, ramp, Power(X, Literal(2.0)), f, times(f, ramp)] for f in (floor, ceil)]
    for terms in (*small, *squares, *middle, *large):
        found = fit_terms(terms, data) if len(data) >= len(terms) + 4 else None
        if found is not None:
            yield found


def staircase(data: Data, spacing: float, offset: float) -> Fits:
    """The same for steps at offset + k·spacing, once these are known."""
    inside = Quotient(total(X, constant(-offset, "-OFFSET")), constant(spacing, "SPACING"))
    yield from _lattice_fits(Call("floor", inside), Call("ceil", inside), data)


def power_laws(data: Data) -> Fits:
    """±exp(polynomial)·|x|^p through log|y|: exponentials, power laws, bells, and their products."""
    sign = np.sign(data.y)
    if np.any(data.y == 0) or np.any(data.x == 0) or not (np.all(sign > 0) or np.all(sign < 0)):
        return
    logs = Data(data.x, np.log(np.abs(data.y)), data.s / np.abs(data.y))
    log_x: Expression = Call("log", Call("abs", X))
    one: Expression = Literal(1.0)
    square: Expression = Power(X, Literal(2.0))
    for terms in ([one, log_x], [one, X], [one, X, square], [one, log_x, X], [one, log_x, X, square]):
        found = fit_terms(terms, logs, sparse=False) if len(data) >= len(terms) + 3 else None
        if found is None or found[1] > 1e12 * len(data):
            continue
        beta = {_key(t): c for t, c in zip(terms, _coefficients(terms, logs), strict=True)}
        form = _power_law(float(sign[0]), beta)
        yield polish(form, data, evaluations=30)


def _key(term: Expression) -> str:
    return {Literal(1.0): "one", X: "x"}.get(term, "log" if isinstance(term, Call) else "square")


def _coefficients(terms: list[Expression], data: Data) -> Floats:
    from .fitting import columns_of, solve

    return solve(columns_of(terms, data.x), data)[0]


def _power_law(sign: float, beta: dict[str, float]) -> Expression:
    factors: list[Expression] = []
    scale, rate, curve = beta["one"], beta.get("x", 0.0), beta.get("square", 0.0)
    if "square" in beta and curve < 0:
        center, width = -rate / (2 * curve), (-1 / (2 * curve)) ** 0.5
        scale += curve * -(center**2)
        inside = Quotient(total(X, constant(-center, "-CENTER")), constant(width, "WIDTH"))
        factors.append(Call("exp", times(Literal(-0.5), Power(inside, Literal(2.0)))))
    elif "square" in beta:
        factors.append(
            Call(
                "exp", total(times(constant(rate, "RATE"), X), times(constant(curve, "CURVE"), Power(X, Literal(2.0))))
            )
        )
    elif "x" in beta:
        factors.append(Call("exp", times(constant(rate, "RATE"), X)))
    if "log" in beta:
        exponent = beta["log"]
        whole = abs(exponent - round(exponent)) < 1e-6
        factors.append(
            Power(
                X if whole else Call("abs", X),
                Literal(float(round(exponent))) if whole else constant(exponent, "EXPONENT"),
            )
        )
    return times(constant(sign * float(np.exp(np.clip(scale, -700, 700))), "SCALE"), *factors)


def rationals(data: Data, *, lowest: int = 1, highest: int = 5) -> Fits:
    """Quotients of polynomials by linearised least squares (Sanathanan & Koerner 1963), degrees rising."""
    size = float(np.max(np.abs(data.x))) or 1.0
    z = data.x / size
    for degrees in range(lowest, 2 * highest + 1):
        for bottom in range(1, min(degrees, highest) + 1):
            top = degrees - bottom
            if top > highest or len(data) < degrees + 5:
                continue
            found = _linearised(z, data, top, bottom)
            if found is None:
                continue
            p, q, worst = found
            if worst > 1e3:
                continue
            quotient = _quotient(p / size ** np.arange(top + 1), q / size ** np.arange(bottom + 1))
            if quotient is None:
                continue
            form, chi2 = polish(quotient, data, evaluations=20)
            yield form, chi2
            if chi2 < 4.0 * len(data):
                return


def _linearised(z: Floats, data: Data, top: int, bottom: int) -> tuple[Floats, Floats, float] | None:
    """Coefficients of numerator and denominator, rising powers of z, and the median standardized residual."""
    powers_top = z[:, None] ** np.arange(top + 1)
    powers_bottom = z[:, None] ** np.arange(bottom + 1)
    table = np.hstack([powers_top, -data.y[:, None] * powers_bottom])
    weights = 1.0 / (data.s * 1.0)
    p = q = np.zeros(0)
    for _ in range(4):
        rows = table * weights[:, None]
        scale = np.sqrt(np.einsum("ij,ij->j", rows, rows))
        if not np.all(np.isfinite(scale)) or np.any(scale == 0):
            return None
        try:
            null = np.linalg.svd(rows / scale, full_matrices=False)[2][-1] / scale
        except np.linalg.LinAlgError:
            return None
        p, q = null[: top + 1], null[top + 1 :]
        below = np.abs(powers_bottom @ q)
        if np.any(below == 0):
            return None
        weights = 1.0 / (data.s * below)
    with np.errstate(all="ignore"):
        residual = (powers_top @ p / (powers_bottom @ q) - data.y) / data.s
    worst = float(np.median(np.abs(residual))) if np.all(np.isfinite(residual)) else np.inf
    return p, q, worst


def _quotient(p: Floats, q: Floats) -> Expression | None:
    """Numerator over denominator, one coefficient made 1; None where the numerator vanished."""
    lead = q[int(np.argmax(np.abs(q)))]
    if len(p) == 1:
        lead = p[0]
    if lead == 0:
        return None
    p, q = p / lead, q / lead
    bottom = combine([monomial(d) for d in range(len(q))], q)
    top = combine([monomial(d) for d in range(len(p))], p)
    return Quotient(Literal(1.0) if top == Constant(1.0) else top, bottom)


def roots(data: Data) -> Fits:
    """±√polynomial, through the square of the values."""
    if not (np.all(data.y >= 0) or np.all(data.y <= 0)):
        return
    squares = Data(data.x, data.y**2, 2 * np.abs(data.y) * data.s + data.s**2 + 1e-290)
    for degree in (1, 2, 3, 4):
        if len(data) < degree + 4:
            return
        found = fit_terms([monomial(d) for d in range(degree + 1)], squares)
        if found is not None and found[1] < 30 * len(data):
            sign = -1.0 if data.y.min() < 0 else 1.0
            yield polish(times(Literal(sign), Call("sqrt", found[0])), data, evaluations=20)
            return


INNER: dict[str, tuple[Callable[[Floats], Floats], Expression]] = {
    "square": (lambda x: x**2, Power(X, Literal(2.0))),
    "absolute": (np.abs, Call("abs", X)),
    "root": (lambda x: np.sqrt(np.abs(x)), Call("sqrt", Call("abs", X))),
    "inverse": (lambda x: 1.0 / x, Quotient(Literal(1.0), X)),
    "logarithm": (lambda x: np.log(np.abs(x)), Call("log", Call("abs", X))),
    "cube": (lambda x: x**3, Power(X, Literal(3.0))),
}


def composed(data: Data, search: Callable[[Data], Fits], inner: str) -> Fits:
    """Fits of `search` in a new variable u = inner(x), written back in x."""
    change, expression = INNER[inner]
    with np.errstate(all="ignore"):
        u = change(data.x)
    if not np.all(np.isfinite(u)) or np.ptp(u) == 0:
        return
    order = np.argsort(u, kind="stable")
    moved = Data(u[order], data.y[order], data.s[order])
    for form, _ in search(moved):
        whole = substituted(form, expression)
        residual = (evaluate(whole, data.x) - data.y) / data.s
        if np.all(np.isfinite(residual)):
            yield whole, float(residual @ residual)


__all__ = [
    "INNER", "composed", "constants", "lattices", "polynomials", "power_laws", "rationals", "roots", "staircase",
    "with_values",
]  # fmt: skip
