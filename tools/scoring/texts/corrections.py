"""Correcting p-values for how many hypotheses were tried."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .estimates import Floats, ScoringError, as_floats


def holm(p_values: Sequence[float] | Floats) -> Floats:
    """Holm's step-down p-values, in the given order: below α only where the family-wise error stays below α (1979)."""
    p = _checked(p_values)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return _back(np.minimum(stepped, 1.0), order)


def benjamini_hochberg(p_values: Sequence[float] | Floats) -> Floats:
    """Benjamini–Hochberg p-values: those below α hold at most a share α of false discoveries on average (1995)."""
    p = _checked(p_values)
    order = np.argsort(p, kind="stable")
    stepped = p[order] * len(p) / np.arange(1, len(p) + 1)
    return _back(np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0), order)


def bonferroni(p_value: float, tried: int) -> float:
    """One p-value corrected for `tried` hypotheses of which the others' p-values are not known."""
    if tried < 1:
        raise ScoringError(f"expected at least one hypothesis tried, got {tried}; count the one that is scored")
    return min(1.0, p_value * tried)


def _checked(p_values: Sequence[float] | Floats) -> Floats:
    p = as_floats(p_values, "p-values")
    if len(p) and not (np.isfinite(p).all() and p.min() >= 0 and p.max() <= 1):
        raise ScoringError("expected p-values between 0 and 1, got others; leave out what could not be tested")
    return p


def _back(values: Floats, order: np.ndarray) -> Floats:
    found = np.empty_like(values)
    found[order] = values
    return found
