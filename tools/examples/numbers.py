"""Pairs of numbers: programs that may have made them, and the input that would tell two of them apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..black_boxes.types import NumericDomain, Point
from ..induction.types import Candidate, Floats
from .box import domain_of
from .types import Examples
from .watch import Watch

_LOOKED_AT = 4000
_READABLE = 3
"""Digits to which an input that is asked about is rounded, as far as the range allows."""
_NOISES_APART = 3.0
_RELATIVE = 1e-6


def induce_numbers(examples: Examples, *, seconds: float, keep: int, seed: int) -> list[Candidate]:
    """Programs for pairs of numbers, best first; what was found once `seconds` are over."""
    watch = Watch(seconds)
    points = np.array([given for given, _ in examples.pairs], dtype=float)
    values = np.array([answer for _, answer in examples.pairs], dtype=float)
    domain = domain_of(examples)
    with np.errstate(all="ignore"):
        if domain.arity == 1:
            from .one_input import induce_one

            return induce_one(points[:, 0], values, domain.inputs[0], watch, keep=keep)
        from .several_inputs import induce_several

        return induce_several(points, values, domain, watch, names=examples.names, keep=keep, seed=seed)


def separating_point(
    first: Candidate, second: Candidate, domain: NumericDomain, *, seed: int
) -> tuple[Point, float, float] | None:
    """An input on which two programs differ beyond their noise, and what they say there; None where none was found.

    Inside the range of the pairs if they differ there, else around it.
    """
    rng = np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=(0xA5C,)))
    noise = max((c.noise.scale if c.noise else 0.0) for c in (first, second))
    for reach in (0.0, 0.5, 2.0):
        points = _around(domain, reach, rng)
        with np.errstate(all="ignore"):
            one, other = first.predict(points), second.predict(points)
            apart = np.abs(one - other)
            scale = _RELATIVE * (np.abs(one) + np.abs(other)) + _NOISES_APART * noise + 1e-12
        apart = np.where(np.isfinite(apart), apart / scale, 0.0)
        k = int(np.argmax(apart))
        if apart[k] > 1.0:
            return tuple(float(v) for v in points[k]), float(one[k]), float(other[k])
    return None


def _around(domain: NumericDomain, reach: float, rng: np.random.Generator) -> Floats:
    """Readable points over the ranges, widened by `reach` times their width."""
    columns: list[Sequence[float]] = []
    for interval in domain.inputs:
        drawn = rng.uniform(interval.low - reach * interval.width, interval.high + reach * interval.width, _LOOKED_AT)
        digits = 0 if interval.integer else _READABLE - int(np.ceil(np.log10(interval.width)))
        columns.append(np.round(drawn, digits).tolist())
    return np.array(columns).T
