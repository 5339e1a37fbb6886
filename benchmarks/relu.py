"""`python -m zetetic.benchmarks.relu`: trained networks of one hidden layer (1-64-1, ReLU), piecewise linear on ±100.

The bar is a centred noise-free NMSE below 0.01 with 400 queries: column `NMSE < 0.01`.
"""

from __future__ import annotations

import math
import sys
import zlib
from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ..tools.black_boxes import Interval, NumericDomain
from .suite import Target

TITLE = "Trained ReLU networks, 1-64-1"
HIDDEN = 64
LOW, HIGH = -100.0, 100.0
_STEPS = 1500
_SAMPLES = 256
_COUNT = 24

Floats = NDArray[np.float64]
Shape = Callable[[Floats, np.random.Generator], Floats]
"""A curve over t in [-1, 1] for a network to learn."""

SHAPES: dict[str, Shape] = {
    "sine": lambda t, r: np.sin(r.uniform(2.0, 12.0) * t + r.uniform(0.0, 6.0)),
    "parabola": lambda t, r: (t - r.uniform(-0.5, 0.5)) ** 2,
    "cubic": lambda t, r: t**3 - r.uniform(0.2, 0.9) * t,
    "step": lambda t, r: np.tanh(20.0 * (t - r.uniform(-0.6, 0.6))),
    "bump": lambda t, r: np.exp(-(((t - r.uniform(-0.5, 0.5)) / r.uniform(0.05, 0.3)) ** 2)),
    "distance": lambda t, r: np.abs(t - r.uniform(-0.5, 0.5)),
    "beats": lambda t, r: np.sin(r.uniform(3.0, 9.0) * t) * np.cos(r.uniform(1.0, 4.0) * t),
    "scatter": lambda t, r: np.interp(t, np.linspace(-1.0, 1.0, 9), r.normal(0.0, 1.0, 9)),
}


def names(seed: int) -> list[str]:
    """The networks' names, each after what it was trained on."""
    shapes = list(SHAPES)
    return [f"{shapes[k % len(shapes)]}-{k // len(shapes)}" for k in range(_COUNT)]


@cache
def target(name: str, seed: int) -> Target:
    """The network called `name`, trained anew (about a second) from `seed` and the name alone."""
    shape = SHAPES[name.rpartition("-")[0]]
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    t = np.linspace(-1.0, 1.0, _SAMPLES)
    size, offset = float(10 ** rng.uniform(-1.0, 2.0)), float(rng.normal())
    weights = _train(t, shape(t, rng) + offset, rng)

    def law(x: float) -> float:
        inner, bias, outer, last = weights
        return size * float(np.maximum(inner * (x / HIGH) + bias, 0.0) @ outer + last)

    domain = NumericDomain((Interval(LOW, HIGH),))
    return Target(name, name.rpartition("-")[0], law, domain, parameters=3 * HIDDEN + 1)


Weights = tuple[Floats, Floats, Floats, float]


def _train(t: Floats, wanted: Floats, rng: np.random.Generator) -> Weights:
    """Adam on the mean squared error, full batch."""
    values = [
        rng.normal(0.0, 1.0, HIDDEN) * math.sqrt(2.0),
        rng.uniform(-1.0, 1.0, HIDDEN),
        rng.normal(0.0, 1.0 / math.sqrt(HIDDEN), HIDDEN),
        np.zeros(1),
    ]
    mean = [np.zeros_like(v) for v in values]
    square = [np.zeros_like(v) for v in values]
    for step in range(1, _STEPS + 1):
        rate = 0.02 * (1.0 - step / (_STEPS + 1))
        for k, gradient in enumerate(_gradients(t, wanted, values)):
            mean[k] = 0.9 * mean[k] + 0.1 * gradient
            square[k] = 0.999 * square[k] + 0.001 * gradient**2
            unbiased = square[k] / (1.0 - 0.999**step)
            values[k] = values[k] - rate * mean[k] / (1.0 - 0.9**step) / (np.sqrt(unbiased) + 1e-8)
    return values[0], values[1], values[2], float(values[3][0])


def _gradients(t: Floats, wanted: Floats, values: list[Floats]) -> list[Floats]:
    inner, bias, outer, last = values
    reached = t[:, None] * inner + bias
    active = np.maximum(reached, 0.0)
    missed = 2.0 * (active @ outer + last - wanted) / len(t)
    back = missed[:, None] * outer * (reached > 0.0)
    return [t @ back, back.sum(axis=0), active.T @ missed, np.array([missed.sum()])]


if __name__ == "__main__":
    from .front import suite_main

    sys.exit(suite_main("zetetic.benchmarks.relu", "trained piecewise-linear networks"))
