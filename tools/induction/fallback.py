"""When no formula is found: straight lines between knots, said to be just that."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..black_boxes.types import Interval
from .evidence import Evidence, scatter
from .expressions import Table
from .probing import clean, readable
from .rules import Rule
from .types import Floats, Laboratory

BATCH = 24
FLAT = 1e-7
"""Share of the range of the answers by which a knot may miss the line through its neighbours and be left out."""


def refine_where_bent(
    evidence: Evidence, interval: Interval, laboratory: Laboratory, ask: Callable[[list[float], str], int]
) -> None:
    """Spend what is left of the queries where straight lines miss most."""
    while laboratory.queries_left > 0 and laboratory.seconds_left > 1.0:
        a = evidence.arrays
        x, first = np.unique(a.x, return_index=True)
        if len(x) < 4:
            return
        need = bend(x, a.y[first])
        need[np.diff(x) < 1e-6 * interval.width] = 0
        order = np.argsort(need)[::-1][: min(BATCH, laboratory.queries_left)]
        middles = [readable(float((x[i] + x[i + 1]) / 2), interval.width) for i in order if need[i] > 0]
        new = [v for v in clean(middles, interval) if not evidence.known(v)]
        if not new or not ask(new, "no formula yet: finer where the answers bend"):
            return


def bend(x: Floats, y: Floats) -> Floats:
    """For each gap between neighbours, about how far a straight line may miss there: change of slope × width²."""
    gaps = np.diff(x)
    turn = np.abs(np.diff(np.diff(y) / gaps))
    need = np.zeros(len(gaps))
    need[:-1] += turn * gaps[:-1] ** 2
    need[1:] += turn * gaps[1:] ** 2
    return need


def straight_lines(evidence: Evidence) -> Rule | None:
    """Lines through the answers; through means of neighbours where there is noise. None for fewer than two inputs."""
    a = evidence.arrays
    if len(np.unique(a.x)) < 2:
        return None
    sigma = scatter(a.repeats).sigma
    if sigma > 0:
        groups = np.array_split(np.arange(len(a.x)), max(2, len(a.x) // 8))
        x = np.array([float(np.mean(a.x[g])) for g in groups])
        y = np.array([float(np.mean(a.y[g])) for g in groups])
        keep = np.concatenate([[True], np.diff(x) > 0])
        x, y = x[keep], y[keep]
    else:
        x, first = np.unique(a.x, return_index=True)
        y = a.y[first]
        x, y = _needed(x, y)
    return Rule(Table(tuple(map(float, x)), tuple(map(float, y))), sigma)


def _needed(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The knots without those that lie on the line through their neighbours."""
    slack = FLAT * float(np.ptp(y))
    kept = [0]
    for i in range(1, len(x) - 1):
        j = kept[-1]
        line = y[j] + (y[i + 1] - y[j]) * (x[j + 1 : i + 1] - x[j]) / (x[i + 1] - x[j])
        if np.max(np.abs(line - y[j + 1 : i + 1])) > slack:
            kept.append(i)
    kept.append(len(x) - 1)
    return x[kept], y[kept]
