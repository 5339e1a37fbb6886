"""Where to look first, and where none has looked: designs of queries over one input."""

from __future__ import annotations

import math

import numpy as np

from ..black_boxes.types import Interval
from .types import Floats


def readable(x: float, width: float) -> float:
    """`x` to about a millionth of the domain, so that what was asked can be read."""
    if x == 0 or width == 0:
        return x
    return round(x, max(0, 6 - math.floor(math.log10(width))))


def clean(xs: list[float], interval: Interval) -> list[float]:
    """Inside the domain, whole where they must be, in the order given, each once."""
    out: dict[float, None] = {}
    for x in xs:
        if interval.low <= x <= interval.high or interval.integer:
            out.setdefault(interval.snap(x), None)
    return list(out)


def first_probes(interval: Interval, n: int, rng: np.random.Generator) -> list[float]:
    """About `n` inputs: stratified and jittered over the domain, its ends, log-spaced scales, one dense burst."""
    low, high, width = interval.low, interval.high, interval.width
    if interval.integer and width + 1 <= n:
        return [float(v) for v in range(math.ceil(low), math.floor(high) + 1)]
    strata = max(8, int(n * 0.68))
    xs = [readable(low + width * (i + u) / strata, width) for i, u in enumerate(rng.random(strata))]
    xs += [low, high]
    xs += scales(interval, max(4, int(n * 0.2)))
    anchor = float(rng.uniform(low, high - 0.02 * width))
    xs += [readable(anchor + width * 1e-3 * k, width) for k in (0.0, 1.0, 2.1, 3.3, 5.0, 8.0)]
    return clean(xs, interval)


def scales(interval: Interval, n: int) -> list[float]:
    """Log-spaced inputs: around 0 if it lies inside, else from the end nearer to 0 outward."""
    low, high, width = interval.low, interval.high, interval.width
    if low <= 0 <= high:
        reach = max(-low, high)
        sizes = reach * 10.0 ** -np.linspace(0.4, 5.5, max(2, n // 2))
        signed = [s for k, size in enumerate(sizes) for s in ((size, -size) if k < len(sizes) else ())]
        return [0.0, *[float(f"{s:.4g}") for s in signed if low <= s <= high]]
    near, far = (low, high) if low > 0 else (high, low)
    if abs(far) / abs(near) > 30:
        return [float(f"{v:.6g}") for v in math.copysign(1, near) * np.geomspace(abs(near), abs(far), n)]
    return [float(low + width * 10.0**-k) for k in range(2, 2 + n // 4)] + [
        float(high - width * 10.0**-k) for k in range(2, 2 + n // 4)
    ]


def gap_probes(asked: Floats, interval: Interval, n: int, finest: float, rng: np.random.Generator) -> list[float]:
    """Up to `n` inputs in the widest gaps between those asked, none finer than `finest`, jittered off the middle."""
    edges = np.concatenate([[interval.low], asked, [interval.high]])
    gaps = np.diff(edges)
    order = np.argsort(gaps)[::-1][:n]
    out = []
    for i in order:
        if gaps[i] <= finest:
            break
        out.append(readable(float(edges[i] + gaps[i] * rng.uniform(0.3, 0.7)), interval.width))
    return [x for x in clean(out, interval) if x not in asked]
