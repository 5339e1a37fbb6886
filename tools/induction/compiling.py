"""Printed expressions made into fast functions of arrays."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from types import SimpleNamespace

import numpy as np

from .types import Floats


def cycle(index: Floats, modulus: int, cases: Sequence[Floats | float]) -> Floats:
    """`cases[int(index) % modulus]` for arrays; NaN where the index is not finite."""
    index = np.asarray(index, dtype=float)
    finite = np.isfinite(index)
    place = np.mod(np.trunc(np.where(finite, index, 0.0)), modulus).astype(int)
    if all(np.ndim(c) == 0 for c in cases):
        chosen = np.array(cases)[place]
    else:
        table = np.stack([np.broadcast_to(c, place.shape) for c in cases])
        chosen = np.take_along_axis(table, place[None], axis=0)[0]
    return np.asarray(chosen if finite.all() else np.where(finite, chosen, np.nan))


class Compiled:
    """A fast evaluator of one shape: `compiled(x, values)` with values in the order of `constants`."""

    __slots__ = ("run",)

    def __init__(self, source: str) -> None:
        scope: dict[str, object] = {"np": np, "abs": np.abs, "cycle": cycle}
        if "math.erf" in source:
            from scipy.special import erf

            scope["math"] = SimpleNamespace(erf=erf)
        self.run: Callable[[Floats, Floats], Floats] = eval(f"lambda x, v: {source}", scope)

    def __call__(self, x: Floats, values: Sequence[float]) -> Floats:
        with np.errstate(all="ignore"):
            # numpy's numbers, so that a part without x overflows or divides by zero as one with x does
            out = np.asarray(self.run(x, np.asarray(values, dtype=float)), dtype=float)
        return out if out.shape == x.shape else np.broadcast_to(out, x.shape).copy()


@lru_cache(maxsize=512)
def scalar_function(source: str) -> Callable[[float], complex]:
    """The printed Python `source` as a function of one number: what the code of a program says there."""
    function: Callable[[float], complex] = eval(f"lambda x: {source}", {"np": np, "math": math})
    return function


@lru_cache(maxsize=4096)
def compiled_source(source: str) -> Compiled:
    return Compiled(source)
