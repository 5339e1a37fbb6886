"""Families behind an outer function: the answers are turned back through it, and the form found is carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from .atoms import COSH, fit_atom, monomial
from .expressions import PI, Call, Expression, Literal, Power, Quotient, X, constant, constants, shifted, times
from .fitting import Data, fit_terms, polish
from .periodic import sinusoids
from .types import Floats

Fits = Iterator[tuple[Expression, float]]


@dataclass(frozen=True)
class Outer:
    """g with y = g(u): `back` gives u from y, `slope` is |du/dy|, `wrap` writes g(u)."""

    name: str
    back: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    wrap: Callable[[Expression], Expression]


OUTERS = (
    Outer("exp", np.log, lambda y: 1.0 / y, lambda u: Call("exp", u)),
    Outer("log", np.exp, np.exp, lambda u: Call("log", u)),
    Outer("inverse", lambda y: 1.0 / y, lambda y: 1.0 / y**2, lambda u: Quotient(Literal(1.0), u)),
    Outer("root", lambda y: y**2, lambda y: 2.0 * np.abs(y) + 1e-12, lambda u: Call("sqrt", u)),
    Outer("square", lambda y: np.sqrt(y), lambda y: 0.5 / np.sqrt(y), lambda u: Power(u, Literal(2.0))),
)


def wrapped(data: Data) -> Fits:
    """sinusoids, polynomials and catenaries behind exp, log, 1/·, √ and squares; signs are tried both ways."""
    for sign in (1.0, -1.0):
        y = sign * data.y
        for outer in OUTERS:
            with np.errstate(all="ignore"):
                u, s = outer.back(y), data.s * outer.slope(y)
            if not (np.all(np.isfinite(u)) and np.all(np.isfinite(s)) and np.all(s > 0)) or np.ptp(u) == 0:
                continue
            s = s + 1e-12 * np.max(np.abs(u))
            for form, chi2 in _inside(Data(data.x, u, s)):
                if chi2 < 1e8 * len(data):
                    whole = outer.wrap(form) if sign > 0 else times(Literal(-1.0), outer.wrap(form))
                    bounce = _bounce(form, sign) if outer.name == "root" else None
                    if bounce is not None:
                        yield polish(bounce, data, evaluations=20)
                    yield polish(whole, data, evaluations=20)


def _inside(data: Data) -> Fits:
    for degree in (1, 2, 3, 4):
        found = fit_terms([monomial(d) for d in range(degree + 1)], data) if len(data) > degree + 4 else None
        if found is not None:
            yield found
    yield from sinusoids(data)
    yield from fit_atom(COSH, data, keep=1)


def _bounce(form: Expression, sign: float) -> Expression | None:
    """√(a + a·sin(2πz)) is √(2a)·|sin(π(z + ¼))|: the arches of a rectified sine."""
    found = {c.role.lstrip("-"): (-c.value if c.role.startswith("-") else c.value) for c in constants(form)}
    if not {"AMPLITUDE", "PERIOD"} <= set(found):
        return None
    start = found.get("SHIFT", 0.0) - found["PERIOD"] / 4
    turn = Quotient(PI, constant(found["PERIOD"], "PERIOD"))
    arch = Call("abs", Call("sin", times(turn, shifted(start % found["PERIOD"], "SHIFT"))))
    return times(constant(sign * float(np.sqrt(2 * abs(found["AMPLITUDE"]))), "AMPLITUDE"), arch)


_ENVELOPES: tuple[tuple[Callable[[Floats], Floats], Expression], ...] = (
    (lambda x: 1.0 / x, Quotient(Literal(1.0), X)),
    (lambda x: np.sqrt(np.abs(x)), Call("sqrt", Call("abs", X))),
    (np.abs, Call("abs", X)),
    (lambda x: x**2, Power(X, Literal(2.0))),
    (lambda x: np.log(np.abs(x)), Call("log", Call("abs", X))),
    (np.sign, Call("sign", X)),
)


def swelling(data: Data) -> Fits:
    """A sinusoid times 1/x, √|x|, |x|, x² or ln|x|."""
    for grow, expression in _ENVELOPES:
        with np.errstate(all="ignore"):
            height = grow(data.x)
        usable = np.isfinite(height) & (np.abs(height) > 1e-12)
        if usable.sum() < 0.9 * len(data):
            continue
        part = data.where(usable)
        flat = Data(part.x, part.y / height[usable], part.s / np.abs(height[usable]))
        for form, _ in sinusoids(flat):
            whole = times(form, expression)
            yield polish(whole, part, evaluations=10)
