"""What kind of noise is added: told from residuals and from repeats at one input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from .evidence import _Arrays, scatter
from .rules import Rule
from .types import Floats, Noise


def kind_of(arrays: _Arrays, rule: Rule, where: Sequence[tuple[float, float]]) -> Noise:
    """Normal, uniform or Poisson, by repeats (whole-number differences) and by the shape of the residuals."""
    mask = np.zeros(len(arrays.x), bool)
    for low, high in where:
        mask |= (arrays.x >= low) & (arrays.x <= high)
    residuals = arrays.y[mask] - rule.value(arrays.x[mask])
    residuals = residuals[np.isfinite(residuals)]
    sigma = float(np.std(residuals)) if len(residuals) > 3 else rule.sigma
    repeats = {x: r for x, r in arrays.repeats.items() if any(a <= x <= b for a, b in where)}
    if scatter(repeats).integers and len(repeats) >= 3:
        return Noise("poisson", sigma)
    if len(residuals) < 40 or sigma == 0:
        return Noise("unknown", sigma)
    return Noise(_shape(residuals / sigma), sigma)


def _shape(z: Floats) -> Literal["uniform", "normal"]:
    """Uniform noise has flat tails: kurtosis 1.8 and no value beyond 1.73 standard deviations; normal noise has 3."""
    kurtosis = float(np.mean(z**4))
    beyond = float(np.mean(np.abs(z) > 2.0))
    return "uniform" if kurtosis < 2.25 and beyond < 0.012 else "normal"
