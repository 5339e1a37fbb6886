"""Rounding fitted constants to short decimals wherever the answers cannot tell the difference."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .decimals import decimals_near, special_near
from .expressions import (
    Constant,
    Expression,
    Quotient,
    Sum,
    compiled,
    constants,
    evaluate,
    total,
    transformed,
    with_values,
)
from .fitting import Data, polish, ties
from .types import Floats

VANISHING = ("COEFFICIENT", "OFFSET")
"""Roles that may be rounded to nothing; so may a shift, whose role starts with a minus. A scale may not."""

JUMPS = ("START", "PERIOD", "WIDTH")

FAR = 0.2
"""The share of its own value that a constant must not move by, where the answers know it better than that."""

NOTHING = 1e-6
"""The share of its value below which a scale counts as lost."""


def may_vanish(role: str) -> bool:
    return role in VANISHING or role.startswith("-")


def without_crumbs(form: Expression, data: Data) -> Expression:
    """The form without terms too small for the answers to show, such as 1e-16·x."""
    best = chi2_of(form, data)
    limit = max(9.0 * len(data), 1.5 * best) if data.exact else best + 2.0

    def lean(node: Expression) -> Expression:
        if not isinstance(node, Sum):
            return node
        kept = list(node.terms)
        for term in sorted(node.terms, key=lambda t: float(np.nanmax(np.abs(evaluate(t, data.x))))):
            if len(kept) > 1 and constants(term):
                trial = total(*(t for t in kept if t is not term))
                if chi2_of(trial, data) <= limit:
                    kept = [t for t in kept if t is not term]
        return total(*kept)

    return lean(form)


@np.errstate(all="ignore")
def standard_errors(form: Expression, data: Data) -> Floats:
    """Standard error of each constant from the local curvature; infinite where the answers say nothing."""
    values = np.array([c.value for c in constants(form)])
    run = compiled(form)
    base = run(data.x, values.tolist())
    jacobian = np.empty((len(data), len(values)))
    for i, v in enumerate(values):
        step = 1e-6 * abs(v) or 1e-9
        moved = values.copy()
        moved[i] += step
        jacobian[:, i] = (run(data.x, moved.tolist()) - base) / step / data.s
    jacobian = np.nan_to_num(jacobian, nan=0.0, posinf=0.0, neginf=0.0)
    size = np.sqrt(np.einsum("ij,ij->j", jacobian, jacobian))
    size[size == 0] = 1e-300
    _, sv, vt = np.linalg.svd(jacobian / size, full_matrices=False)
    sv = np.maximum(sv, 1e-14 * sv[0] if len(sv) and sv[0] > 0 else 1e-300)
    spread = np.sqrt(np.sum((vt.T / sv) ** 2, axis=1))
    return np.asarray(spread / size)


@np.errstate(all="ignore")
def chi2_of(form: Expression, data: Data) -> float:
    r = (compiled(form)(data.x, [c.value for c in constants(form)]) - data.y) / data.s
    return float(r @ r) if np.all(np.isfinite(r)) else np.inf


def snap(form: Expression, data: Data) -> Expression:
    """Short decimals one constant at a time, the others fitted again; undone where the fit gets worse."""
    if not constants(form) or len(data) < 3:
        return form
    form = without_crumbs(common_scale(form, data), data)
    best = chi2_of(form, data)
    allowance = 9.0 * len(data) if data.exact else best + 4.0
    limit = max(allowance, best * 1.5 if data.exact else best + 4.0)
    count = len(constants(form))
    errors = standard_errors(form, data)
    values = [c.value for c in constants(form)]
    order = sorted(range(count), key=lambda i: errors[i] / (abs(values[i]) or 1.0))
    free = [True] * count
    for i in order:
        errors = standard_errors(form, data)
        value = constants(form)[i].value
        reach = max(3.0 * errors[i], 1e-10 * abs(value)) if data.exact else 1.5 * errors[i]
        if constants(form)[i].role.lstrip("-") in JUMPS and errors[i] > 1e-3 * abs(value):
            free[i] = True  # a jump moves between answers without a trace: bisection has placed it, or nobody can
            continue
        if not may_vanish(constants(form)[i].role):
            reach = min(reach, FAR * abs(value))
        form, free[i] = _snap_one(form, data, i, reach, limit, free, errors)
    return form


def _snap_one(
    form: Expression, data: Data, i: int, reach: float, limit: float, free: list[bool], errors: Floats
) -> tuple[Expression, bool]:
    values = [c.value for c in constants(form)]
    options = [v for v in decimals_near(values[i]) if abs(v - values[i]) <= reach][:1]
    if data.exact and (not options or len(f"{abs(options[0]):.9g}") > 6):
        special = special_near(values[i], max(reach, 1e-9 * abs(values[i])))
        options = [*([special] if special is not None else []), *options]
    if abs(values[i]) <= reach and may_vanish(constants(form)[i].role):
        options = [0.0, *options]
    for option in options:
        tied = next(group for group in ties(form) if i in group)
        trial_values = [option if j in tied else v for j, v in enumerate(values)]
        mask = [f and j not in tied for j, f in enumerate(free)]
        trial = with_values(form, trial_values)
        if any(mask):
            trial, _ = polish(trial, data, evaluations=12, free=mask)
        if chi2_of(trial, data) <= limit and not any(_strayed(form, trial, errors, mask)):
            return trial, False
    return form, True


def _strayed(form: Expression, trial: Expression, errors: Floats, free: list[bool]) -> Iterator[bool]:
    """For each constant fitted again whether that made nothing of a scale, or took it far from where it surely was."""
    for old, new, error, loose in zip(constants(form), constants(trial), errors, free, strict=True):
        vanished = abs(new.value) < NOTHING * abs(old.value) and not may_vanish(old.role)
        yield loose and (vanished or abs(new.value - old.value) > FAR * abs(old.value) > error)


def common_scale(form: Expression, data: Data) -> Expression:
    """A quotient of polynomials is fixed up to a factor: choose the one that makes all coefficients short."""

    def visit(node: Expression) -> Expression:
        if not (isinstance(node, Quotient) and isinstance(node.bottom, Sum) and constants(node.top)):
            return node
        numbers = np.array([c.value for c in constants(node)])
        errors = np.maximum(1e-6 * np.abs(numbers), 1e-12)
        best: tuple[float, float] | None = None
        for target in np.arange(1, 200) / 10.0:
            factor = target / abs(numbers[0])
            scaled = numbers * factor
            off = np.abs(scaled - np.round(scaled, 1))
            if np.all(off <= errors * factor * 3) and (best is None or factor < best[0]):
                best = (factor, target)
        return node if best is None else with_values(node, (numbers * best[0]).tolist())

    scaled = transformed(form, visit)
    return scaled if chi2_of(scaled, data) <= max(9.0 * len(data), 2.0 * chi2_of(form, data)) else form


def drop_zeros(form: Expression) -> Expression:
    """The form without terms whose constant was snapped to zero."""
    return transformed(form, lambda n: n if not (isinstance(n, Constant) and n.value == 0.0) else Constant(0.0, n.role))
