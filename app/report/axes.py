"""Which axis shows some values best: plain, logarithmic, symmetric-logarithmic, or cut at the outliers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

ScaleKind = Literal["linear", "log", "symlog", "clip"]

_OUTLIER_SPANS = 8.0
"""Values that stretch the axis beyond this many times the span of the central 96 % call for another axis."""
_HEAVY_CORE = 50.0
"""If even the central 96 % spans this many times the central half, cutting the axis would hide most of the story."""
_LOG_DECADES = 3.0


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis: its kind, the range to show in the values' own units, and the linear threshold of a symlog axis."""

    kind: ScaleKind
    low: float
    high: float
    threshold: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def padded(low: float, high: float, share: float = 0.06) -> tuple[float, float]:
    """The range [low, high] widened on both sides, never empty."""
    margin = (high - low) * share or abs(high) * 0.1 or 1.0
    return low - margin, high + margin


def choose_scale(values: NDArray[np.float64]) -> Scale:
    """The axis on which most of `values` can be told apart; non-finite ones are ignored."""
    finite = values[np.isfinite(values)]
    finite = finite[np.abs(finite) < 1e300]  # beyond this, differences overflow
    if not finite.size:
        return Scale("linear", -1.0, 1.0, 1.0)
    low, high = float(finite.min()), float(finite.max())
    q02, q25, q75, q98 = (float(q) for q in np.quantile(finite, [0.02, 0.25, 0.75, 0.98]))
    core, half = q98 - q02, q75 - q25
    sizes = np.abs(finite[finite != 0])
    threshold = float(np.quantile(sizes, 0.1)) if sizes.size else 1.0
    if core <= 0.0 or high - low <= _OUTLIER_SPANS * core:
        kind: ScaleKind = "linear" if core <= 0.0 or core <= _HEAVY_CORE * half or half == 0.0 else "symlog"
        if kind == "symlog" and low > 0 and np.log10(high / low) > _LOG_DECADES:
            kind = "log"
        return Scale(kind, *padded(low, high), threshold)
    if low > 0 and np.log10(high / low) > _LOG_DECADES:
        return Scale("log", low / 1.5, high * 1.5, threshold)
    if half > 0 and core > _HEAVY_CORE * half:
        return Scale("symlog", *padded(low, high), threshold)
    near = finite[(finite >= q02 - core) & (finite <= q98 + core)]
    return Scale("clip", *padded(float(near.min()), float(near.max())), threshold)


def spans_decades(low: float, high: float) -> bool:
    """Whether an input's interval is better shown, and sampled, on a logarithmic axis."""
    return low > 0 and high / low >= 1e4
