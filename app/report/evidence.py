"""What the plots draw on: the numeric observations of a run, and the explanation's code as a function."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ...agent.types import Explanation, Observation
from ...tools.black_boxes.types import NumericDomain, Point
from .curve import Function, evaluate

HELD_OUT = "held_out"


@dataclass(frozen=True, slots=True)
class Sighting:
    """An answered numeric observation, with what the explanation says there (NaN: nothing)."""

    number: int
    point: Point
    value: complex
    predicted: complex
    why: str
    held_out: bool

    @property
    def residual(self) -> float:
        """Observed minus predicted; for complex values, the distance."""
        difference = self.value - self.predicted
        if abs(self.value.imag) > 0 or abs(self.predicted.imag) > 1e-9 * abs(self.predicted):
            return abs(difference)
        return difference.real


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numeric run's answers and failures, and the function that explains them, if any."""

    names: tuple[str, ...]
    domain: NumericDomain
    sightings: tuple[Sighting, ...]
    failed: tuple[Observation, ...]
    function: Function | None
    explanation: Explanation | None

    @property
    def is_complex(self) -> bool:
        return any(abs(s.value.imag) > 1e-9 * abs(s.value) for s in self.sightings)

    @property
    def asked(self) -> list[Sighting]:
        return [s for s in self.sightings if not s.held_out]

    @property
    def held_out(self) -> list[Sighting]:
        return [s for s in self.sightings if s.held_out]

    @property
    def residuals(self) -> list[tuple[Sighting, float]]:
        """Where both the box and the explanation gave a number."""
        return [(s, s.residual) for s in self.sightings if math.isfinite(s.residual)]


def gather(
    names: Sequence[str],
    domain: NumericDomain,
    observations: Sequence[Observation],
    function: Function | None,
    explanation: Explanation | None,
) -> Evidence:
    """Sort a run's observations into numbers and failures, and set the explanation's word beside each."""
    sightings, failed = [], []
    for o in observations:
        if isinstance(o.input, str):
            continue
        if isinstance(o.reply.value, float | int | complex):
            predicted = evaluate(function, o.input) if function else complex(math.nan)
            held_out = o.purpose == HELD_OUT
            sightings.append(Sighting(o.number, o.input, complex(o.reply.value), predicted, o.why, held_out))
        else:
            failed.append(o)
    shown = tuple(names) if len(names) == domain.arity else tuple(f"x{i + 1}" for i in range(domain.arity))
    return Evidence(shown, domain, tuple(sightings), tuple(failed), function, explanation)
