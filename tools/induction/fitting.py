"""Least squares: linear parts inside, non-linear parts outside (variable projection, Golub & Pereyra 1973)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .expressions import Expression, compiled, constant, constants, evaluate, times, total, with_values
from .types import Floats, Mask


@dataclass(frozen=True)
class Data:
    """Answers a rule is fitted to: `s` is the standard error of each."""

    x: Floats
    y: Floats
    s: Floats

    def __len__(self) -> int:
        return len(self.x)

    def where(self, mask: Mask) -> Data:
        return Data(self.x[mask], self.y[mask], self.s[mask])

    @property
    def exact(self) -> bool:
        """Whether the answers carry rounding errors only."""
        return bool(np.median(self.s) <= 1e-5 * (np.max(np.abs(self.y), initial=0.0) + 1e-300))


def solve(columns: Floats, data: Data) -> tuple[Floats, float]:
    """Weighted linear least squares: coefficients (k,) and the sum of squared standardized residuals."""
    weighted = columns / data.s[:, None]
    target = data.y / data.s
    scale = np.sqrt(np.einsum("ij,ij->j", weighted, weighted))
    if not np.all(np.isfinite(scale)) or np.any(scale == 0):
        return np.zeros(columns.shape[1]), np.inf
    try:
        beta, _, rank, _ = np.linalg.lstsq(weighted / scale, target, rcond=1e-15)
    except np.linalg.LinAlgError:
        return np.zeros(columns.shape[1]), np.inf
    if rank < columns.shape[1]:
        return np.zeros(columns.shape[1]), np.inf
    beta = beta / scale
    residual = weighted @ beta - target
    return beta, float(residual @ residual)


def columns_of(terms: Sequence[Expression], x: Floats) -> Floats:
    return np.stack([evaluate(t, x) for t in terms], axis=1)


def combine(terms: Sequence[Expression], beta: Floats, roles: Sequence[str] | None = None) -> Expression:
    names = roles or ["COEFFICIENT"] * len(terms)
    return total(*(times(constant(b, r), t) for b, t, r in zip(beta, terms, names, strict=True)))


def fit_terms(terms: Sequence[Expression], data: Data, *, sparse: bool = True) -> tuple[Expression, float] | None:
    """The best linear combination of `terms`; terms that earn less than they cost are dropped when `sparse`."""
    if len(data) < len(terms):
        return None
    columns = columns_of(terms, data.x)
    if not np.all(np.isfinite(columns)):
        return None
    beta, chi2 = solve(columns, data)
    if not np.isfinite(chi2):
        return None
    kept = list(range(len(terms)))
    cost = 2.0 * np.log(len(data) + 1.0) if not data.exact else 4.0 * np.log(len(data) + 1.0)
    while sparse and len(kept) > 1:
        size = np.abs(beta) * np.sqrt(np.mean((columns[:, kept] / data.s[:, None]) ** 2, axis=0))
        weakest = int(np.argmin(size))
        rest = [k for i, k in enumerate(kept) if i != weakest]
        trial_beta, trial = solve(columns[:, rest], data)
        if trial > chi2 + cost:
            break
        kept, beta, chi2 = rest, trial_beta, trial
    return combine([terms[k] for k in kept], beta), chi2


Build = Callable[[Floats, Floats], Floats]
"""`build(x, theta)`: the columns (n, k) whose linear combination is fitted, for non-linear parameters `theta`."""


@np.errstate(all="ignore")
def project(build: Build, data: Data, theta: Floats) -> tuple[Floats, float]:
    """Best linear coefficients for these non-linear parameters, and chi2."""
    columns = build(data.x, theta)
    if not np.all(np.isfinite(columns)):
        return np.zeros(columns.shape[1]), np.inf
    return solve(columns, data)


@np.errstate(all="ignore")
def refine(build: Build, data: Data, theta: Floats, *, evaluations: int = 60) -> tuple[Floats, Floats, float]:
    """Improve `theta` from a start by Levenberg–Marquardt on the projected residual: (theta, beta, chi2)."""
    from scipy.optimize import least_squares

    def residual(t: Floats) -> Floats:
        columns = build(data.x, t)
        if not np.all(np.isfinite(columns)):
            return np.full(len(data), 1e12)
        weighted = columns / data.s[:, None]
        scale = np.sqrt(np.einsum("ij,ij->j", weighted, weighted))
        if not np.all(np.isfinite(scale)):
            return np.full(len(data), 1e12)
        scale[scale == 0] = 1.0
        beta = np.linalg.lstsq(weighted / scale, data.y / data.s, rcond=1e-14)[0]
        return np.asarray(np.clip((weighted / scale) @ beta - data.y / data.s, -1e150, 1e150))

    scale = np.where(np.abs(theta) > 0, np.abs(theta), 1.0)
    try:
        found = least_squares(
            lambda u: residual(u * scale),
            theta / scale,
            method="trf",
            max_nfev=evaluations,
            xtol=1e-15,
            ftol=1e-15,
            gtol=1e-15,
            x_scale="jac",
        )
    except (ValueError, np.linalg.LinAlgError):
        return theta, np.zeros(0), np.inf
    best = np.asarray(found.x * scale)
    beta, chi2 = project(build, data, best)
    return best, beta, chi2


def ties(form: Expression) -> list[list[int]]:
    """Positions in `constants` that are one number: the same role and value, but for plain coefficients."""
    groups: dict[tuple[str, float] | int, list[int]] = {}
    for i, c in enumerate(constants(form)):
        groups.setdefault(i if c.role == "COEFFICIENT" else (c.role, c.value), []).append(i)
    return list(groups.values())


@np.errstate(all="ignore")
def polish(
    form: Expression, data: Data, *, evaluations: int = 50, free: Sequence[bool] | None = None
) -> tuple[Expression, float]:
    """Fit all constants of `form` together from where they are; `free` may hold some of them fixed."""
    from scipy.optimize import least_squares

    start = np.array([c.value for c in constants(form)])
    groups = [g for g in ties(form) if free is None or all(free[i] for i in g)]
    run = compiled(form)

    def chi2_of(values: Floats) -> float:
        r = (run(data.x, values.tolist()) - data.y) / data.s
        return float(r @ r) if np.all(np.isfinite(r)) else np.inf

    first = chi2_of(start)
    if not groups or not np.isfinite(first) or len(data) < len(groups):
        return form, first
    begin = np.array([start[g[0]] for g in groups])
    scale = np.where(np.abs(begin) > 0, np.abs(begin), 1.0)

    def spread(u: Floats) -> Floats:
        values = start.copy()
        for value, group in zip(u * scale, groups, strict=True):
            values[group] = value
        return values

    def residual(u: Floats) -> Floats:
        r = (run(data.x, spread(u).tolist()) - data.y) / data.s
        return np.clip(np.nan_to_num(r, nan=1e12), -1e12, 1e12)

    try:
        found = least_squares(
            residual, begin / scale, max_nfev=evaluations, xtol=1e-15, ftol=1e-15, gtol=1e-15, x_scale="jac"
        )
    except (ValueError, np.linalg.LinAlgError):
        return form, first
    values = spread(found.x)
    after = chi2_of(values)
    return (with_values(form, values.tolist()), after) if after < first else (form, first)
