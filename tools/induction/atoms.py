"""Elementary shapes with one or two non-linear parameters, each with where to start looking for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from .expressions import (
    Call,
    Expression,
    Literal,
    Power,
    Quotient,
    X,
    constant,
    shifted,
    times,
    total,
)
from .fitting import Data, combine, project, refine
from .types import Floats


@dataclass(frozen=True)
class Atom:
    """One shape: its columns for given parameters, its expressions, and a grid of starting parameters."""

    name: str
    columns: Callable[[Floats, Floats], list[Floats]]
    terms: Callable[[Sequence[float]], list[Expression]]
    starts: Callable[[Data], list[tuple[float, ...]]]
    smooth: bool = True
    """Whether the columns move smoothly with the parameters, so that least squares can refine them."""


def _span(data: Data) -> tuple[float, float, float]:
    low, high = float(data.x[0]), float(data.x[-1])
    return low, high, high - low


def _centers(data: Data, n: int) -> list[float]:
    """Places where something may sit: spread over the points seen, plus where values are extreme."""
    where = np.unique(np.quantile(data.x, np.linspace(0, 1, n)))
    peaks = [float(data.x[int(np.argmax(data.y))]), float(data.x[int(np.argmin(data.y))])]
    return sorted({*map(float, where), *peaks, 0.0} if data.x[0] <= 0 <= data.x[-1] else {*map(float, where), *peaks})


def _widths(data: Data, n: int) -> list[float]:
    _, _, span = _span(data)
    return [float(w) for w in span * np.logspace(-2.7, 0.3, n)]


def _rates(data: Data) -> list[float]:
    low, high, span = _span(data)
    reach = max(abs(low), abs(high))
    sizes = np.logspace(-1.5, 2.2, 16) / span
    extra = np.logspace(-1, 1.5, 6) / reach
    return [float(s * r) for r in {*sizes, *extra} for s in (1, -1)]


def _exp_columns(x: Floats, t: Floats) -> list[Floats]:
    return [np.exp(t[0] * x)]


def _bell(t: Sequence[float]) -> Expression:
    inside = Quotient(shifted(t[0]), constant(abs(t[1]), "WIDTH"))
    return Call("exp", times(Literal(-0.5), Power(inside, Literal(2))))


def _scaled(t: Sequence[float], role: str = "WIDTH") -> Expression:
    return Quotient(shifted(t[0]), constant(t[1], role))


EXPONENTIAL = Atom(
    "exponential",
    _exp_columns,
    lambda t: [Call("exp", times(constant(t[0], "RATE"), X))],
    lambda d: [(r,) for r in _rates(d)],
)
GAUSSIAN = Atom(
    "gaussian",
    lambda x, t: [np.exp(-0.5 * ((x - t[0]) / t[1]) ** 2)],
    lambda t: [_bell(t)],
    lambda d: list(product(_centers(d, 14), _widths(d, 9))),
)
TANH = Atom(
    "tanh",
    lambda x, t: [np.tanh((x - t[0]) / t[1])],
    lambda t: [Call("tanh", _scaled(t))],
    lambda d: list(product(_centers(d, 14), _widths(d, 7))),
)
ARCTAN = Atom(
    "arctan",
    lambda x, t: [np.arctan((x - t[0]) / t[1])],
    lambda t: [Call("arctan", _scaled(t))],
    lambda d: list(product(_centers(d, 14), _widths(d, 7))),
)
SOFTPLUS = Atom(
    "softplus",
    lambda x, t: [np.logaddexp(0.0, (x - t[0]) / t[1])],
    lambda t: [Call("softplus", _scaled(t))],
    lambda d: list(product(_centers(d, 10), _widths(d, 5))),
)
LOGARITHM = Atom(
    "logarithm",
    lambda x, t: [np.log(np.abs(x - t[0]))],
    lambda t: [Call("log", Call("abs", shifted(t[0])))],
    lambda d: [(c,) for c in _log_centers(d)],
)
LOG_RAMP = Atom(
    "log ramp",
    lambda x, t: [np.log1p((x / t[0]) ** 2)],
    lambda t: [Call("log", total(Literal(1.0), Power(Quotient(X, constant(abs(t[0]), "SCALE")), Literal(2))))],
    lambda d: [(w,) for w in _widths(d, 10)],
)
POWER = Atom(
    "power",
    lambda x, t: [np.abs(x) ** t[0]],
    lambda t: [Power(_absolute(), constant(t[0], "EXPONENT"))],
    lambda d: [(p,) for p in (-3.3, -2.5, -1.5, -0.5, -0.25, 0.2, 0.33, 0.5, 0.67, 0.8, 1.3, 1.5, 2.5, 3.5, 4.5)],
)
ODD_POWER = Atom(
    "odd power",
    lambda x, t: [np.sign(x) * np.abs(x) ** t[0]],
    lambda t: [times(Call("sign", X), Power(_absolute(), constant(t[0], "EXPONENT")))],
    lambda d: [(p,) for p in (-2.5, -1.5, -0.5, 0.2, 0.33, 0.5, 0.67, 1.5, 2.0, 2.5, 3.5)] if d.x[0] < 0 else [],
)
SHIFTED_POWER = Atom(
    "shifted power",
    lambda x, t: [np.abs(x - t[0]) ** t[1]],
    lambda t: [Power(Call("abs", shifted(t[0])), constant(t[1], "EXPONENT"))],
    lambda d: list(product(_log_centers(d), (-2.5, -1.5, -0.5, 0.33, 0.5, 0.67, 1.5, 2.5))),
)
HINGE = Atom(
    "hinge",
    lambda x, t: [np.abs(x - t[0])],
    lambda t: [Call("abs", shifted(t[0]))],
    lambda d: [(c,) for c in _centers(d, 30)],
)
COSH = Atom(
    "catenary",
    lambda x, t: [np.cosh((x - t[0]) / t[1])],
    lambda t: [Call("cosh", _scaled(t))],
    lambda d: list(product(_centers(d, 5), _widths(d, 9))),
)
ERF = Atom(
    "error function",
    lambda x, t: [_erf((x - t[0]) / t[1])],
    lambda t: [Call("erf", _scaled(t))],
    lambda d: list(product(_centers(d, 14), _widths(d, 7))),
)
HILL = Atom(
    "hill",
    lambda x, t: [1.0 / (1.0 + np.abs(t[0] / x) ** t[1])],
    lambda t: [_hill(t)],
    lambda d: list(product(_positive_scales(d), (1.0, 2.0, 4.0))) if d.x[0] >= 0 else [],
)
ROOT_OF_SQUARE = Atom(
    "hyperbola",
    lambda x, t: [np.sqrt((x - t[0]) ** 2 + t[1] ** 2)],
    lambda t: [Call("sqrt", total(Power(shifted(t[0]), Literal(2)), Power(constant(abs(t[1]), "WIDTH"), Literal(2))))],
    lambda d: list(product(_centers(d, 9), _widths(d, 6))),
)


def _erf(x: Floats) -> Floats:
    from scipy.special import erf

    return np.asarray(erf(x))


def _absolute() -> Expression:
    return Call("abs", X)


def _hill(t: Sequence[float]) -> Expression:
    ratio = Power(Quotient(constant(abs(t[0]), "HALF_POINT"), X), constant(t[1], "STEEPNESS"))
    return Quotient(Literal(1.0), total(Literal(1.0), ratio))


def _log_centers(data: Data) -> list[float]:
    """Where a logarithm or a power may start: 0, just outside the points, and inside at their extremes."""
    low, high, span = _span(data)
    outside = [low - f * span for f in (0.003, 0.02, 0.1, 0.4, 1.5)] + [high + f * span for f in (0.01, 0.1, 0.5)]
    middle = [float(c) + 1e-6 * span for c in np.quantile(data.x, (0.2, 0.35, 0.5, 0.65, 0.8))]
    steepest = data.x[int(np.argmax(np.abs(np.diff(data.y))))] if len(data) > 1 else low
    return [1e-9 * span, *outside, *middle, float(steepest) + 1e-4 * span]


def _positive_scales(data: Data) -> list[float]:
    inside = data.x[data.x > 0]
    return [float(v) for v in np.quantile(inside, (0.1, 0.3, 0.5, 0.7, 0.9))] if len(inside) else []


SMOOTH_ATOMS = (
    EXPONENTIAL, POWER, LOGARITHM, GAUSSIAN, TANH, HINGE, ODD_POWER, SHIFTED_POWER,
    ARCTAN, ROOT_OF_SQUARE, LOG_RAMP, SOFTPLUS, HILL, COSH, ERF,
)  # fmt: skip


def with_background(atom: Atom, degree: int, modulation: int = 0) -> Callable[[Floats, Floats], Floats]:
    """Columns of {1, …, x^modulation}·atom plus a polynomial background of `degree` (−1 for none)."""

    def build(x: Floats, theta: Floats) -> Floats:
        shapes = [c * x**m for c in atom.columns(x, theta) for m in range(modulation + 1)]
        return np.stack([*shapes, *(x**d for d in range(degree + 1))], axis=1)

    return build


def background_terms(atom: Atom, theta: Sequence[float], degree: int, modulation: int = 0) -> list[Expression]:
    shapes = [times(t, monomial(m)) for t in atom.terms(theta) for m in range(modulation + 1)]
    return [*shapes, *(monomial(d) for d in range(degree + 1))]


PAIRS = ((GAUSSIAN, GAUSSIAN), (TANH, TANH), (EXPONENTIAL, GAUSSIAN), (EXPONENTIAL, EXPONENTIAL), (TANH, GAUSSIAN))


def fit_pair(first: Atom, second: Atom, data: Data, *, degree: int = 0) -> Iterator[tuple[Expression, float]]:
    """The sum of two shapes on a polynomial background: the second is started on what the first leaves."""
    if len(data) < degree + 12:
        return
    split = len(first.starts(data)[0])

    def build(x: Floats, t: Floats) -> Floats:
        shapes = [*first.columns(x, t[:split]), *second.columns(x, t[split:])]
        return np.stack([*shapes, *(x**d for d in range(degree + 1))], axis=1)

    alone = with_background(first, degree)
    ranked = sorted((project(alone, data, np.array(t))[1], t) for t in first.starts(data))
    scored = []
    for _, start in ranked[:8]:
        for other in second.starts(data):
            theta = np.array([*start, *other])
            chi2 = project(build, data, theta)[1]
            if np.isfinite(chi2):
                scored.append((chi2, tuple(theta)))
    for _, theta_start in sorted(scored)[:3]:
        theta, beta, chi2 = refine(build, data, np.array(theta_start), evaluations=80)
        if np.isfinite(chi2) and not _cancels(build(data.x, theta), beta, data):
            terms = [*first.terms(theta[:split].tolist()), *second.terms(theta[split:].tolist())]
            yield combine([*terms, *(monomial(d) for d in range(degree + 1))], beta), chi2


def _cancels(columns: Floats, beta: Floats, data: Data) -> bool:
    """Whether huge terms cancel each other: a limit of the family that stands in for another one."""
    return bool(np.max(np.abs(columns * beta)) > 3e3 * np.max(np.abs(data.y)))


def monomial(degree: int) -> Expression:
    return Literal(1.0) if degree == 0 else X if degree == 1 else Power(X, Literal(float(degree)))


def fit_atom(
    atom: Atom, data: Data, *, degree: int = 0, modulation: int = 0, keep: int = 2
) -> Iterator[tuple[Expression, float]]:
    """Fits of `atom` on a polynomial background, from its most promising starts: (expression, chi2)."""
    build = with_background(atom, degree, modulation)
    if len(data) < degree + 1 + (modulation + 1) + 3:
        return
    scored = []
    for start in atom.starts(data):
        _, chi2 = project(build, data, np.array(start))
        if np.isfinite(chi2):
            scored.append((chi2, start))
    scored.sort(key=lambda pair: pair[0])
    for chi2, start in scored[:keep]:
        theta = np.array(start)
        if atom.smooth:
            theta, beta, chi2 = refine(build, data, theta)
        else:
            beta, chi2 = project(build, data, theta)
        if np.isfinite(chi2) and not _cancels(build(data.x, theta), beta, data):
            yield combine(background_terms(atom, theta.tolist(), degree, modulation), beta), chi2
