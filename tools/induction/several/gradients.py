"""Gradients at a few points by central differences: queries that show which combinations of inputs matter."""

from __future__ import annotations

import numpy as np

from ..types import Floats
from .problem import Problem

POINTS, STEP = 8, 5e-5
TOLERANCE = 1e-5
"""Relative error that a central difference may have (h² f''' with h = STEP of the box)."""


def ask_gradients(problem: Problem) -> tuple[Floats, Floats, Floats] | None:
    """Points (K, arity), values (K,) and gradients (K, arity; NaN for whole-number inputs); None if too few.

    Handed down from the parent where the parent could work them out.
    """
    if problem.gradients is not None:
        return problem.gradients
    x, y = problem.pool()
    x = x[np.abs(y) >= 0.3 * np.median(np.abs(y))]
    low = np.array([i.low for i in problem.box])
    widths = np.array([i.width for i in problem.box])
    inside = np.all((x > low + 0.02 * widths) & (x < low + 0.98 * widths) | ~problem.smooth, axis=1)
    chosen = x[inside][:POINTS]
    if len(chosen) < 6 or problem.smooth.sum() < 2:
        return None
    steps = STEP * widths
    moving = np.flatnonzero(problem.smooth)
    asked = [chosen]
    for i in moving:
        for sign in (1, -1):
            moved = chosen.copy()
            moved[:, i] += sign * steps[i]
            asked.append(moved)
    values = problem.evaluate(np.concatenate(asked)).reshape(len(asked), len(chosen))
    gradients = np.full((len(chosen), problem.arity), np.nan)
    for k, i in enumerate(moving):
        gradients[:, i] = (values[1 + 2 * k] - values[2 + 2 * k]) / (2 * steps[i])
    good = np.all(np.isfinite(gradients) | ~problem.smooth, axis=1) & np.isfinite(values[0])
    if good.sum() < 6:
        return None
    problem.gradients = (chosen[good], values[0][good], gradients[good])
    return problem.gradients
