"""Fakes for tests and for authors of scientists: a candidate from code, and a scientist that follows a script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..tools.induction.types import ExceptionRegion, Noise
from ..tools.scoring import as_numbers, predict_all
from .types import Inquiry

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CodeCandidate:
    """A candidate that is nothing but code defining `explained(x, …)`, and what is said about it."""

    name: str
    code: str
    description: str = ""
    formula: str = ""
    bits: float = 0.0
    exceptions: tuple[ExceptionRegion, ...] = ()
    noise: Noise | None = None

    def predict(self, points: Floats) -> Floats:
        """Values at `points` (n, arity) -> (n,); NaN where the code gives no real number."""
        values = as_numbers(predict_all(self.code, [tuple(map(float, p)) for p in points]))
        return np.where(values.imag == 0.0, values.real, np.nan)


class ScriptedScientist:
    """A scientist that does what `script(inquiry, seed)` says."""

    name = "scripted"

    def __init__(self, script: Callable[[Inquiry, int], None]) -> None:
        self._script = script

    def investigate(self, inquiry: Inquiry, *, seed: int) -> None:
        self._script(inquiry, seed)
