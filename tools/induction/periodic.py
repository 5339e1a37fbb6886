"""Periodic parts, however much denser than the samples: least-squares spectra (Lomb 1976) on irregular inputs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from .atoms import monomial
from .expressions import PI, Call, Expression, Literal, Power, Quotient, X, constant, shifted, times, total
from .fitting import Data, combine, project, refine, solve
from .types import Floats

OVERSAMPLING = 5
FREQUENCIES = 12_000
CHUNK = 2_000


def spectrum(data: Data, *, count: int = FREQUENCIES, degree: int = 0) -> tuple[Floats, Floats]:
    """Angular frequencies (count,) and the share of the detrended weighted variance one sinusoid there explains."""
    return _spectrum(data.x.tobytes(), data.y.tobytes(), data.s.tobytes(), count, degree)


@lru_cache(maxsize=8)
def _spectrum(x: bytes, values: bytes, s: bytes, count: int, degree: int) -> tuple[Floats, Floats]:
    data = Data(np.frombuffer(x), np.frombuffer(values), np.frombuffer(s))
    span = float(data.x[-1] - data.x[0])
    weights = (np.median(data.s) / np.maximum(data.s, np.median(data.s))) ** 2
    weights = weights / weights.sum()
    trend = np.stack([((data.x - data.x[0]) / span) ** d for d in range(degree + 1)], axis=1)
    root = np.sqrt(weights)
    y = data.y - trend @ np.linalg.lstsq(trend * root[:, None], data.y * root, rcond=None)[0]
    power = float(weights @ y**2)
    omegas: Floats = 2 * np.pi / (OVERSAMPLING * span) * np.arange(1.0, count + 1.0)
    if not 0 < power < np.inf:
        return omegas, np.zeros(count)
    shares = np.empty(count)
    weighted = weights * y
    for at in range(0, count, CHUNK):
        angle = np.outer(omegas[at : at + CHUNK], data.x - data.x[0])
        c, d = np.cos(angle), np.sin(angle)
        yc, yd, mc, md = c @ weighted, d @ weighted, c @ weights, d @ weights
        cc, dd, cd = (c * c) @ weights - mc**2, (d * d) @ weights - md**2, (c * d) @ weights - mc * md
        det = cc * dd - cd**2
        gain = np.where(det > 1e-9, (yc**2 * dd + yd**2 * cc - 2 * yc * yd * cd) / np.where(det > 1e-9, det, 1), 0)
        shares[at : at + CHUNK] = gain / power
    return omegas, shares


def peaks(omegas: Floats, shares: Floats, n: int) -> list[float]:
    """The `n` highest separate maxima."""
    inner = np.flatnonzero((shares[1:-1] >= shares[:-2]) & (shares[1:-1] >= shares[2:])) + 1
    best = inner[np.argsort(shares[inner])[::-1]][:n]
    return [float(omegas[i]) for i in best]


def sinusoid(amplitude_sin: float, amplitude_cos: float, omega: float) -> Expression:
    """a·sin(ωx) + b·cos(ωx) as AMPLITUDE·sin(2π/PERIOD·(x − SHIFT)), the shift inside one period."""
    if omega < 0:
        amplitude_sin, omega = -amplitude_sin, -omega
    period = 2 * np.pi / omega
    amplitude = float(np.hypot(amplitude_sin, amplitude_cos))
    shift = -float(np.arctan2(amplitude_cos, amplitude_sin)) / omega
    turn = Quotient(times(Literal(2.0), PI), constant(period, "PERIOD"))
    return times(constant(amplitude, "AMPLITUDE"), Call("sin", times(turn, shifted(float(shift % period), "SHIFT"))))


def _columns(omegas: Floats, x: Floats, degree: int, modulation: int) -> Floats:
    waves = [f(w * x) * x**m for w in omegas for f in (np.sin, np.cos) for m in range(modulation + 1)]
    return np.stack([*waves, *(x**d for d in range(degree + 1))], axis=1)


def _express(omegas: Floats, beta: Floats, degree: int, modulation: int) -> Expression:
    terms, at, width = [], 0, modulation + 1
    for omega in omegas:
        for m in range(width):
            terms.append(times(sinusoid(beta[at + m], beta[at + width + m], float(omega)), monomial(m)))
        at += 2 * width
    rest = combine([monomial(d) for d in range(degree + 1)], beta[at:])
    return total(*terms, rest)


def sinusoids(
    data: Data, *, waves: int = 1, degree: int = 0, modulation: int = 0, count: int = FREQUENCIES
) -> Iterator[tuple[Expression, float]]:
    """Up to `waves` sinusoids with amplitudes polynomial in x, on a polynomial background: (expression, chi2)."""
    if len(data) < 2 * waves * (modulation + 1) + degree + 1 + waves + 3:
        return

    def build(x: Floats, theta: Floats) -> Floats:
        return _columns(theta, x, degree, modulation)

    omegas, shares = spectrum(data, count=count, degree=degree)
    for first in peaks(omegas, shares, 3):
        theta, beta, chi2 = refine(build, data, np.array([first]), evaluations=40)
        for _ in range(waves - 1):
            if not np.isfinite(chi2):
                break
            left = data.y - build(data.x, theta) @ beta
            more, gains = spectrum(Data(data.x, left, data.s), count=count, degree=degree)
            theta = np.append(theta, peaks(more, gains, 1))
            theta, beta, chi2 = refine(build, data, theta, evaluations=60)
        if np.isfinite(chi2) and np.all(theta != 0) and np.max(np.abs(beta)) < 1e4 * np.max(np.abs(data.y)):
            yield _express(theta, beta, degree, modulation), chi2


def harmonics(data: Data, *, order: int = 4, count: int = FREQUENCIES) -> Iterator[tuple[Expression, float]]:
    """A periodic function as a short Fourier series: sin², products of waves, rounded square waves."""
    if len(data) < 2 * order + 6:
        return

    def build(x: Floats, theta: Floats) -> Floats:
        return _columns(theta[0] * np.arange(1, order + 1), x, 0, 0)

    omegas, shares = spectrum(data, count=count)
    for first in peaks(omegas, shares, 2):
        for base in (first, first / 2):
            theta, beta, chi2 = refine(build, data, np.array([base]), evaluations=40)
            if not np.isfinite(chi2):
                continue
            kept = _strong(beta, order)
            columns = _columns(theta[0] * kept, data.x, 0, 0)
            beta, chi2 = solve(columns, data)
            if np.isfinite(chi2) and len(kept):
                yield _express(theta[0] * kept, beta, 0, 0), chi2


def _strong(beta: Floats, order: int) -> Floats:
    sizes = np.hypot(beta[0 : 2 * order : 2], beta[1 : 2 * order : 2])
    orders: Floats = np.arange(1.0, order + 1.0)
    return np.asarray(orders[sizes > 1e-6 * sizes.max()])


def enveloped(data: Data, *, count: int = FREQUENCIES) -> Iterator[tuple[Expression, float]]:
    """A sinusoid under an exponential or gaussian envelope: damped oscillations and wave packets."""
    if len(data) < 10:
        return
    omegas, shares = spectrum(data, count=count)
    span = float(data.x[-1] - data.x[0])
    middle = float(data.x[int(np.argmax(np.abs(data.y)))])

    def damped(x: Floats, t: Floats) -> Floats:
        e = np.exp(t[0] * (x - data.x[0]))
        return np.stack([e * np.sin(t[1] * x), e * np.cos(t[1] * x), np.ones_like(x)], axis=1)

    def packet(x: Floats, t: Floats) -> Floats:
        e = np.exp(-0.5 * ((x - t[2]) / t[0]) ** 2)
        return np.stack([e * np.sin(t[1] * x), e * np.cos(t[1] * x), np.ones_like(x)], axis=1)

    def turning(x: Floats, t: Floats) -> Floats:
        e = np.tanh((x - t[2]) / t[0])
        return np.stack([e * np.sin(t[1] * x), e * np.cos(t[1] * x), np.ones_like(x)], axis=1)

    kinds = (
        ("damped", damped, (-20, -8, -3, -1, 1, 3)),
        ("packet", packet, (0.03, 0.08, 0.2, 0.4)),
        ("turning", turning, (0.01, 0.05, 0.2)),
    )
    for name, build, sizes in kinds:
        centre = middle if name == "packet" else 0.0 if data.x[0] < 0 < data.x[-1] else middle
        starts = [
            np.array([k / span, w] if name == "damped" else [k * span, w, centre])
            for k in sizes
            for w in peaks(omegas, shares, 6)
        ]
        scored = sorted(((project(build, data, t)[1], i) for i, t in enumerate(starts)))
        for chi2, i in scored[:3]:
            if not np.isfinite(chi2):
                continue
            theta, beta, chi2 = refine(build, data, starts[i], evaluations=80)
            if np.isfinite(chi2) and theta[1] != 0:
                yield _enveloped_expression(name, theta, beta, float(data.x[0])), chi2


def _enveloped_expression(name: str, theta: Floats, beta: Floats, origin: float) -> Expression:
    rate, omega = float(theta[0]), float(theta[1])
    scale, envelope = 1.0, Call("exp", times(constant(rate, "RATE"), X))
    if name == "damped":
        scale = float(np.exp(-rate * origin))
    else:
        inside = Quotient(shifted(float(theta[2])), constant(abs(rate), "WIDTH"))
        bell = Call("exp", times(Literal(-0.5), Power(inside, Literal(2.0))))
        scale = -1.0 if name == "turning" and rate < 0 else 1.0
        envelope = Call("tanh", inside) if name == "turning" else bell
    wave = sinusoid(float(beta[0]) * scale, float(beta[1]) * scale, omega)
    return total(times(wave, envelope), constant(float(beta[2]), "OFFSET"))
