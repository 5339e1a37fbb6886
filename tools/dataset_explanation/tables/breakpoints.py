"""A curve of many short straight pieces cut down to few: which breakpoints are worth keeping."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..types import Floats

TOLERANCE = 0.12
"""How far a simpler line may be off the curve (root mean square over rows), as a share of the curve's own spread."""
NEGLIGIBLE = 0.03
"""The same, as a share of the spread of all that the model says: what is less is not worth words."""
SWEEPS, PLACES = 2, 19
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


def settled(x: Floats, y: Floats, knots: Sequence[float]) -> tuple[float, ...]:
    """`knots` moved, one after the other, to where straight lines between them fit `y` best, by least squares.

    `y` is what other features leave of the target. A knot stays between its neighbours, with rows on both sides.
    """
    found = list(knots)
    for _ in range(SWEEPS):
        for k in range(len(found)):
            low = found[k - 1] if k else float(np.quantile(x, 0.05))
            high = found[k + 1] if k + 1 < len(found) else float(np.quantile(x, 0.95))
            inside = x[(x > low) & (x < high)]
            if not len(inside):
                continue
            places = [found[k], *np.unique(np.quantile(inside, np.linspace(0.05, 0.95, PLACES))).tolist()]
            trials = [
                _off(x, y, [float(x.min()), *found[:k], place, *found[k + 1 :], float(x.max())]) for place in places
            ]
            found[k] = float(places[int(np.argmin(trials))])
    return tuple(found)


def _off(x: Floats, y: Floats, nodes: Sequence[float]) -> float:
    basis = hats(x, np.array(nodes))
    fitted = basis @ np.linalg.lstsq(basis, y, rcond=None)[0]
    return float(np.sqrt(((y - fitted) ** 2).mean()))


def hats(x: Floats, nodes: Floats) -> Floats:
    """(values, nodes): the weights of straight interpolation between nodes."""
    return np.column_stack([np.interp(x, nodes, row) for row in np.eye(len(nodes))])
