"""The seam between the induction engine and whoever runs it: a laboratory to ask, candidates to hand back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ..black_boxes.types import NumericDomain, Point, Reply

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Noise:
    """Random part added to the value. `scale` is its standard deviation."""

    kind: Literal["normal", "uniform", "poisson", "unknown"]
    scale: float


@dataclass(frozen=True, slots=True)
class ExceptionRegion:
    """An interval of the input on which another rule holds. Open ends are the ends of the domain.

    `noise`: the random part inside the interval, where it differs from the candidate's own.
    """

    low: float
    high: float
    description: str
    noise: Noise | None = None


class Candidate(Protocol):
    """A program that may be what the box computes."""

    @property
    def name(self) -> str:
        """A short stable name of the form, such as `piecewise(constant, linear)`."""
        ...

    @property
    def description(self) -> str:
        """One sentence a person would write, exceptions and noise included."""
        ...

    @property
    def formula(self) -> str:
        """One line of mathematics, such as `3.2*|x| + 1.1`."""
        ...

    @property
    def code(self) -> str:
        """Python that defines `explained(x, ...)`: scalars in, scalar out, numpy at most."""
        ...

    @property
    def bits(self) -> float:
        """Description length of program and residuals, in bits: lower is better."""
        ...

    @property
    def exceptions(self) -> tuple[ExceptionRegion, ...]: ...

    @property
    def noise(self) -> Noise | None: ...

    def predict(self, points: Floats) -> Floats:
        """Values at `points` (n, arity) -> (n,); NaN where the program says the box has no real value."""
        ...


class Laboratory(Protocol):
    """What the engine may do: ask, look at the clock and the purse, and show what it thinks."""

    @property
    def domain(self) -> NumericDomain: ...

    @property
    def queries_left(self) -> int:
        """How many more inputs may be asked; what verification needs is already set aside."""
        ...

    @property
    def seconds_left(self) -> float: ...

    def ask(self, points: Sequence[Point], why: str) -> list[Reply]:
        """Replies to `points` in order; shorter than `points` only when the budget ran out."""
        ...

    def propose(self, ranked: Sequence[Candidate], step: str) -> None:
        """Show the live candidates, best first. What is no longer among them counts as refuted."""
        ...


@runtime_checkable
class RememberingLaboratory(Laboratory, Protocol):
    """A laboratory that an earlier round has already asked: the engine may start from what is known."""

    def known(self) -> Sequence[tuple[Point, Reply]]:
        """Every answered input in order of asking, held-out inputs that an explanation got wrong included."""
        ...
