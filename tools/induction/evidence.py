"""What is known about a box of one input: answers sorted by input, what repeats say of noise, what failed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..black_boxes.types import Reply
from .types import Floats

PRECISION = 1e-9
"""Relative standard error granted to a noise-free double, so that rounding inside the box is never called an error."""
SINGLE_PRECISION = 1e-6
"""The same for boxes that compute in float32."""


@dataclass
class Evidence:
    """Every answer so far, in the order asked; arrays are rebuilt when new answers arrive."""

    xs: list[float] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)

    def add(self, xs: Sequence[float], replies: Sequence[Reply]) -> None:
        self.xs.extend(xs[: len(replies)])
        self.replies.extend(replies)
        self._cache = None

    _cache: _Arrays | None = None

    @property
    def arrays(self) -> _Arrays:
        if self._cache is None:
            self._cache = _collect(self.xs, self.replies)
        return self._cache

    def known(self, x: float) -> bool:
        return x in self.arrays.places


@dataclass(frozen=True)
class _Arrays:
    """`x`, `y`: real answers sorted by input, repeats included. `undefined`: sorted inputs without a real answer.

    `complex_values`: those of the undefined inputs that came back complex. `places`: answers by input.
    """

    x: Floats
    y: Floats
    undefined: Floats
    complex_values: dict[float, complex]
    places: dict[float, list[Reply]]
    repeats: dict[float, Floats]


def _collect(xs: Sequence[float], replies: Sequence[Reply]) -> _Arrays:
    places: dict[float, list[Reply]] = {}
    for x, reply in zip(xs, replies, strict=True):
        places.setdefault(x, []).append(reply)
    pairs = sorted((x, r.value) for x, rs in places.items() for r in rs if isinstance(r.value, float))
    real = {x for x, _ in pairs}
    undefined = sorted(x for x in places if x not in real)
    complex_values = {x: r.value for x in undefined for r in places[x] if isinstance(r.value, complex)}
    repeats = {
        x: np.array([r.value for r in rs if isinstance(r.value, float)])
        for x, rs in places.items()
        if sum(isinstance(r.value, float) for r in rs) > 1
    }
    table = np.array(pairs, dtype=float).reshape(-1, 2)
    return _Arrays(table[:, 0], table[:, 1], np.array(undefined), complex_values, places, repeats)


@np.errstate(over="ignore")  # doubles beyond single precision are no single-precision numbers
def rounding_error(x: Floats, y: Floats) -> Floats:
    """A standard error for noise-free answers: relative to the answer and to its neighbours, never zero."""
    if len(y) == 0:
        return y
    single = bool(np.all(y == y.astype(np.float32))) and not bool(np.all(y == np.round(y, 3)))
    relative = SINGLE_PRECISION if single else PRECISION
    size = np.abs(y)
    padded = np.concatenate([size[:1], size[:1], size, size[-1:], size[-1:]])
    local = np.max(np.stack([padded[i : i + len(y)] for i in range(5)]), axis=0)
    typical = float(np.quantile(size, 0.9)) or float(size.max()) or 1.0
    near = np.minimum(local, 1e3 * size + np.median(size))
    return np.asarray(relative * size + 0.01 * relative * near + 1e-13 * typical + np.finfo(float).tiny)


@dataclass(frozen=True)
class Scatter:
    """What repeats say: pooled standard deviation where answers vary, and where they do and do not."""

    sigma: float
    varying: Floats
    steady: Floats
    integers: bool

    @property
    def stochastic(self) -> bool:
        return len(self.varying) > 0

    @property
    def mixed(self) -> bool:
        return len(self.varying) > 0 and len(self.steady) > 0


def _same_within(values: Floats) -> float:
    """How far repeats of a deterministic box may differ: the last bits of its number format."""
    single = bool(np.all(values == values.astype(np.float32)))
    return float(np.max(np.abs(values))) * (1e-6 if single else 1e-14)


@np.errstate(over="ignore")
def scatter(repeats: dict[float, Floats], low: float = -math.inf, high: float = math.inf) -> Scatter:
    """Pool the repeats inside [low, high]. `integers`: where repeats differ, they do so by whole numbers from 1 on."""
    varying, steady, squares, freedom, whole = [], [], 0.0, 0, True
    for x, values in sorted(repeats.items()):
        if not low <= x <= high:
            continue
        spread = float(np.ptp(values))
        if spread > _same_within(values):
            varying.append(x)
            squares += float(np.sum((values - values.mean()) ** 2))
            freedom += len(values) - 1
            steps = np.diff(np.sort(values))
            slack = np.minimum(1e-6 * np.maximum(1.0, np.abs(values[1:])), 0.01)
            whole = whole and bool(np.all(np.abs(steps - np.round(steps)) < slack) and np.round(steps).max() >= 1)
        else:
            steady.append(x)
    sigma = math.sqrt(squares / freedom) if freedom else 0.0
    counting = whole and bool(varying)
    if counting and len(steady) <= 1.5 * len(varying):
        steady = []  # counting noise often answers alike by chance
    return Scatter(sigma, np.array(varying), np.array(steady), counting)
