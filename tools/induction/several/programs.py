"""Candidates: an expression with its description length, ready to be shown, run and scored."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ..types import ExceptionRegion, Floats, Noise
from . import rendering
from .constants import normal_forms, number_bits, rms, snap
from .expressions import Expr, constants, evaluate, simplify, size

NODE_BITS = 4.0
EXACT = 1e-7
"""Residuals relative to the data's spread below which a noise-free program is taken for the box's own."""


@dataclass(frozen=True, slots=True)
class Program:
    """A candidate made of one expression in the box's inputs."""

    expr: Expr
    names: tuple[str, ...]
    bits: float
    name: str
    error: float
    noise: Noise | None = None
    undefined: str = ""
    exceptions: tuple[ExceptionRegion, ...] = ()

    @property
    def formula(self) -> str:
        return rendering.formula(self.expr, self.names)

    @property
    def description(self) -> str:
        text = rendering.sentence(self.expr, self.names)
        if self.undefined:
            text += f", {self.undefined}"
        if self.noise is not None:
            text += f", with random noise of standard deviation about {self.noise.scale:.2g}"
        return text

    @property
    def code(self) -> str:
        return rendering.code(self.expr, self.names, self.description.replace("\\", "/"))

    def predict(self, points: Floats) -> Floats:
        """Values at `points` (n, arity) -> (n,); NaN where there is no real value."""
        return evaluate(self.expr, np.asarray(points, dtype=float))


def make(expr: Expr, x: Floats, y: Floats, *, names: tuple[str, ...], name: str, sigma: float = 0.0) -> Program:
    """`expr` polished and snapped on the data, in whichever equivalent form is shortest."""
    forms = [simplify(snap(form, x, y, sigma=sigma)) for form in normal_forms(expr)]
    best = min(forms, key=lambda e: program_bits(e) + residual_bits(rms(e, x, y), y, sigma))
    noise = Noise(_shape_of(y - evaluate(best, x)), sigma) if sigma else None
    return weighed(Program(best, names, 0.0, name, 0.0, noise), x, y)


def _shape_of(residuals: Floats) -> Literal["normal", "uniform", "unknown"]:
    """The kind of noise by the kurtosis of the residuals: 3 for a normal, 1.8 for a uniform distribution."""
    spread = float(np.mean(residuals**2))
    if len(residuals) < 60 or not spread > 0:
        return "unknown"
    kurtosis = float(np.mean(residuals**4)) / spread**2
    return "uniform" if kurtosis < 2.2 else "normal" if 2.4 < kurtosis < 4.5 else "unknown"


def weighed(program: Program, x: Floats, y: Floats) -> Program:
    """The same program with `error` and `bits` on these data."""
    sigma = program.noise.scale if program.noise else 0.0
    error = rms(program.expr, x, y)
    bits = program_bits(program.expr) + residual_bits(error, y, sigma)
    return replace(program, error=error, bits=bits)


def program_bits(expr: Expr) -> float:
    """Nodes and constants."""
    return NODE_BITS * size(expr) + sum(number_bits(c) for c in constants(expr))


def residual_bits(error: float, y: Floats, sigma: float) -> float:
    """Bits for the residuals down to the noise (or to 1e-10 of the spread)."""
    if not math.isfinite(error):
        return 1e12
    floor = max(sigma, 1e-10 * float(np.std(y)), 1e-300)
    if sigma:
        return 0.72 * len(y) * ((error / sigma) ** 2 - 1)
    return len(y) * math.log2(math.hypot(error, floor) / floor)


def is_exact(program: Program, y: Floats) -> bool:
    return program.error <= EXACT * float(np.std(y)) + 1e-14 * float(np.max(np.abs(y)))
