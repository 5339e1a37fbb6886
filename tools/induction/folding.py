"""Waves of any shape: find the period, fold the inputs onto it, and fit straight pieces to one turn.

Square, pulse, triangle and sawtooth waves, and staircases of any spacing (a sawtooth on a slope).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .expressions import (
    PI,
    Call,
    Expression,
    Literal,
    Modulo,
    Power,
    Quotient,
    X,
    constant,
    evaluate,
    shifted,
    size,
    times,
    total,
)
from .fitting import Data, combine, polish, solve
from .periodic import peaks, spectrum
from .types import Floats

TURNS = 121


def folded(data: Data) -> Iterator[tuple[Expression, float]]:
    """Periodic functions of straight or parabolic pieces, without and with a slope: (expression, chi2).

    The best few are fitted again with all their constants free, on the answers they explain.
    """
    fits = list(_rough_fits(data))
    exact = sorted((_leftover(form, data), i) for i, (form, chi2) in enumerate(fits) if chi2 < 9.0 * len(data))
    rough: dict[int, tuple[float, int]] = {}
    for i, (form, chi2) in enumerate(fits):
        rough[size(form)] = min(rough.get(size(form), (np.inf, i)), (chi2, i))
    for i in dict.fromkeys([i for _, i in (*exact[:3], *sorted(rough.values())[:5])]):
        yield _sharpened(fits[i][0], data)


def _leftover(form: Expression, data: Data) -> float:
    """Bits for the answers that the form misses, and for the form."""
    z = np.abs(evaluate(form, data.x) - data.y) / data.s
    return 40.0 * float(np.sum(z > 6.0)) + 2.5 * size(form)


def _sharpened(form: Expression, data: Data) -> tuple[Expression, float]:
    for _ in range(3):
        z = np.abs(evaluate(form, data.x) - data.y) / data.s
        keep = z <= np.quantile(z, 0.85)
        form, _ = polish(form, data.where(keep), evaluations=25)
    z = (evaluate(form, data.x) - data.y) / data.s
    return form, float(z @ z)


def _rough_fits(data: Data) -> Iterator[tuple[Expression, float]]:
    """Fits with the sum of the smaller 85 % of the squared residuals: breaks are only roughly known yet."""
    if len(data) < 14:
        return
    for degree in (0, 1):
        trend = np.stack([data.x**d for d in range(degree + 1)], axis=1)
        flat = data.y - trend @ np.linalg.lstsq(trend, data.y, rcond=None)[0]
        omegas, shares = spectrum(Data(data.x, flat, np.full(len(data), 1.0)), degree=0)
        for omega in peaks(omegas, shares, 3):
            for multiple in (1, 2):
                period = _aligned(data.x, flat, 2 * np.pi / omega * multiple)
                if 2.5 * period < data.x[-1] - data.x[0]:
                    yield from _turn(data, period, degree)


def _roughness(x: Floats, y: Floats, periods: Floats) -> Floats:
    """How much the folded answers jump about, for each period; a true period leaves few jumps."""
    phase = np.mod(x[None, :] - x[0], periods[:, None]) / periods[:, None]
    order = np.argsort(phase, axis=1)
    steps = np.abs(np.diff(y[order], axis=1))
    return np.asarray(np.mean(np.minimum(steps, 0.5 * np.ptp(y)), axis=1))


def _aligned(x: Floats, y: Floats, period: float) -> float:
    """`period` moved to where the folded answers are smoothest (phase dispersion minimization)."""
    span = float(x[-1] - x[0])
    reach = min(0.2 * period, 1.2 * period**2 / span)
    for _ in range(4):
        trial = period + np.linspace(-reach, reach, TURNS)
        trial = trial[trial > 0]
        rough = _roughness(x, y, trial)
        best = np.flatnonzero(rough <= rough.min() * (1 + 1e-12))
        period = float(np.mean(trial[best[np.abs(best - best[len(best) // 2]) < 4]]))
        reach /= 12
    return period


def _turn(data: Data, period: float, degree: int) -> Iterator[tuple[Expression, float]]:
    """Fit one turn: a jump at the seam and perhaps one more break inside."""
    phase = np.mod(data.x, period)
    order = np.argsort(phase, kind="stable")
    u, y = phase[order], data.y[order]
    slope = 0.0
    if degree:
        slope = float(np.polyfit(data.x, data.y, 1)[0])
        y = y - slope * data.x[order]
    seams = _breaks(u, y, period)
    for seam in seams:
        v = np.mod(data.x - seam, period)
        base = [np.ones_like(v), *([data.x] if degree else [])]
        yield from _pieces(data, period, seam, v, base, seams)


def _breaks(u: Floats, y: Floats, period: float) -> list[float]:
    """Phases at which the folded answers jump or bend the most."""
    n = len(u)
    jumps = np.abs(np.diff(np.append(y, y[0])))
    middles = np.append((u[:-1] + u[1:]) / 2, (u[-1] + u[0] + period) / 2 % period)
    by_jump = [float(middles[i]) for i in np.argsort(jumps)[::-1][:2]]
    extremes = [float(u[int(np.argmax(y))]), float(u[int(np.argmin(y))])]
    return [*by_jump, *extremes] if n > 4 else by_jump


def _pieces(
    data: Data, period: float, seam: float, v: Floats, base: list[Floats], seams: list[float]
) -> Iterator[tuple[Expression, float]]:
    turn = Modulo(shifted(seam, "START"), constant(period, "PERIOD"))
    names: list[Expression] = [Literal(1.0), *([X] if len(base) > 1 else [])]
    yield from _fit(data, [*base, v], [*names, turn])
    yield from _fit(data, [*base, v, v**2], [*names, turn, Power(turn, Literal(2.0))])
    middle = Call("abs", total(turn, times(Literal(-0.5), constant(period, "PERIOD"))))
    yield from _fit(data, [*base, np.abs(v - period / 2)], [*names, middle])
    for other in seams:
        inner = float(np.mod(other - seam, period))
        if not 1e-3 * period < inner < (1 - 1e-3) * period:
            continue
        after = (v > inner).astype(float)
        late = Call("step", total(turn, constant(-inner, "-WIDTH")))
        bend = Call("abs", total(turn, constant(-inner, "-WIDTH")))
        if abs(inner / period - 0.5) < 0.03:
            half = np.where(np.mod(v, period) < period / 2, 1.0, -1.0)
            wave = times(Quotient(times(Literal(2.0), PI), constant(period, "PERIOD")), shifted(seam, "START"))
            yield from _fit(data, [*base, half], [*names, Call("sign", Call("sin", wave))])
        turns = np.floor((data.x - seam) / period)
        if min(len(np.unique(turns[after > 0])), len(np.unique(turns[after == 0]))) < 3:
            continue  # a single pulse is not a wave
        yield from _fit(data, [*base, after], [*names, late])
        yield from _fit(data, [*base, np.abs(v - inner)], [*names, bend])
        yield from _fit(data, [*base, v, np.abs(v - inner)], [*names, turn, bend])
        yield from _fit(data, [*base, v, after, v * after], [*names, turn, late, times(turn, late)])


def _fit(data: Data, columns: list[Floats], terms: list[Expression]) -> Iterator[tuple[Expression, float]]:
    if len(data) < len(columns) + 5:
        return
    # A few answers may sit on the wrong side of a break that is only roughly known: leave the worst out once.
    table = np.stack(columns, axis=1)
    beta, chi2 = solve(table, data)
    if not np.isfinite(chi2):
        return
    z = np.abs(table @ beta - data.y) / data.s
    keep = z <= np.quantile(z, 0.85)
    if keep.sum() > len(columns) + 5:
        again, _ = solve(table[keep], data.where(keep))
        if np.any(again != 0):
            beta = again
    residual = np.sort(np.abs(table @ beta - data.y) / data.s)[: int(0.85 * len(data))]
    beta = np.where(np.abs(beta) < 1e-9 * np.abs(beta).max(), 0.0, beta)
    yield combine(terms, beta), float(residual @ residual)
