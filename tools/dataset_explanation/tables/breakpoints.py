"""A curve of many short straight pieces cut down to few: which breakpoints are worth keeping."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..types import Floats

TOLERANCE = 0.12
"""How far a simpler line may be off the curve (root mean square over rows), as a share of the curve's own spread."""
NEGLIGIBLE = 0.03
"""The same, as a share of the spread of all that the model says: what is less is not worth words."""
MOST = 3
"""Breakpoints that a sentence can hold."""


def fewest(x: Floats, y: Floats, knots: Sequence[float], spread: float) -> tuple[float, ...]:
    """Those of the inner `knots` that straight lines need to stay close to the curve `y` at the rows' values `x`.

    `spread` is the standard deviation of the model's whole prediction.
    """
    nodes = [float(x.min()), *(k for k in knots if x.min() < k < x.max()), float(x.max())]
    allowed = max(TOLERANCE * float(y.std()), NEGLIGIBLE * spread)
    while len(nodes) > 2:
        off = [_off(x, y, nodes[:k] + nodes[k + 1 :]) for k in range(1, len(nodes) - 1)]
        best = int(np.argmin(off))
        if off[best] > allowed and len(nodes) <= MOST + 2:
            break
        del nodes[best + 1]
    return tuple(nodes[1:-1])


def _off(x: Floats, y: Floats, nodes: Sequence[float]) -> float:
    basis = hats(x, np.array(nodes))
    fitted = basis @ np.linalg.lstsq(basis, y, rcond=None)[0]
    return float(np.sqrt(((y - fitted) ** 2).mean()))


def hats(x: Floats, nodes: Floats) -> Floats:
    """(values, nodes): the weights of straight interpolation between nodes."""
    return np.column_stack([np.interp(x, nodes, row) for row in np.eye(len(nodes))])
