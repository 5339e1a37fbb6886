"""Noisy pairs that follow one line up to some input, and another one from there on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..black_boxes.types import Interval
from ..induction.decimals import shortest_between
from ..induction.evidence import Evidence
from ..induction.expressions import Expression, Literal, X
from ..induction.fitting import Data, fit_terms
from ..induction.program import Piece, Program, finished_rule
from ..induction.rules import Rule
from ..induction.types import Floats, Noise

LEAST_ON_A_SIDE = 6
_TERMS: tuple[tuple[Expression, ...], ...] = ((Literal(1.0),), (X, Literal(1.0)))
"""A level, or a straight line."""


def broken_line(evidence: Evidence, interval: Interval) -> Program | None:
    """Two lines with a break where they leave least; None for too few pairs. Its bits are not weighed."""
    a = evidence.arrays
    places = np.unique(a.x)
    if len(places) < 2 * LEAST_ON_A_SIDE:
        return None
    best: tuple[float, float, Expression, Expression] | None = None
    for left, right in zip(places[LEAST_ON_A_SIDE - 1 :], places[LEAST_ON_A_SIDE : 1 - LEAST_ON_A_SIDE]):
        edge = shortest_between(float(left), float(right))
        sides = [_line(a.x[part], a.y[part]) for part in (a.x <= left, a.x > left)]
        if sides[0] is None or sides[1] is None:
            continue
        cost = sides[0][0] + sides[1][0]
        if best is None or cost < best[0]:
            best = cost, edge, sides[0][1], sides[1][1]
    return None if best is None else _program(evidence, interval, *best[1:])


def _line(x: Floats, y: Floats) -> tuple[float, Expression] | None:
    """What the better of the forms leaves of one side (squares, with what its constants cost), and the form."""
    found = []
    for terms in _TERMS:
        fitted = fit_terms(list(terms), Data(x, y, np.ones(len(x))), sparse=False)
        if fitted is not None:
            spare = len(x) - len(terms)
            found.append((fitted[1] * (1.0 + 2.0 * len(terms) / max(spare, 1)), fitted[0]))
    return min(found, key=lambda f: f[0]) if found else None


def _program(
    evidence: Evidence, interval: Interval, edge: float, below: Expression, above: Expression
) -> Program | None:
    a = evidence.arrays
    first = a.x <= edge
    raw = [Rule(below), Rule(above)]
    left = np.concatenate([rule.value(a.x[side]) - a.y[side] for rule, side in zip(raw, (first, ~first))])
    sigma = float(np.sqrt(np.sum(left**2) / max(1, len(left) - sum(rule.freedom for rule in raw) - 1)))
    if not sigma > 0:
        return None
    nothing = np.zeros(len(a.x))
    rules = [
        finished_rule(replace(rule, sigma=sigma), a.x[side], a.y[side], nothing[side])
        for rule, side in zip(raw, (first, ~first))
    ]
    pieces = (Piece(interval.low, edge, rules[0]), Piece(edge, interval.high, rules[1]))
    return Program(pieces, (), Noise("unknown", sigma), 0.0, interval, interval.integer)
