"""An explanation as text, cut loose from the program in memory: what is scored is what the user gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..tools.induction.types import ExceptionRegion, Noise
from ..tools.scoring import finite_number

NOISE_DEVIATIONS = 5.0
"""A reply within this many standard deviations of the noise does not speak against a prediction."""
RELATIVE_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Frozen:
    """A candidate's description, code, exceptions and noise, as they were when it was frozen."""

    name: str
    description: str
    formula: str
    code: str
    exceptions: tuple[ExceptionRegion, ...]
    noise: Noise | None

    @classmethod
    def of(cls, candidate: Any) -> Frozen:
        return cls(
            name=str(candidate.name),
            description=str(candidate.description),
            formula=str(candidate.formula),
            code=str(candidate.code),
            exceptions=tuple(candidate.exceptions),
            noise=candidate.noise,
        )


def tolerance_at(explanation: Any, point: tuple[float, ...], scale: float) -> float:
    """How far a reply at `point` may lie from its prediction: 5 standard deviations of the noise named there.

    `explanation` is a candidate or a `Frozen`. Without noise: 1e-6 of `scale`, the size of the replies there.
    """
    return RELATIVE_TOLERANCE * scale + NOISE_DEVIATIONS * noise_at(explanation, point)


def noise_at(explanation: Any, point: tuple[float, ...]) -> float:
    """The standard deviation of the noise that `explanation` names at `point`; 0 without noise."""
    noise: Noise | None = explanation.noise
    if len(point) == 1:
        for region in explanation.exceptions:
            if region.noise is not None and region.low <= point[0] <= region.high:
                noise = region.noise
    return noise.scale if noise else 0.0


def usable(value: object) -> float | complex | None:
    """A reply's value as a number that can be compared; None for a failure or a text."""
    return None if isinstance(value, str) else finite_number(value)
