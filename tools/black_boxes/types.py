"""What a black box is: a batched function of which only inputs and outputs are seen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, runtime_checkable

import numpy as np

Point: TypeAlias = tuple[float, ...]
"""One numeric input: a coordinate per argument."""
Input: TypeAlias = Point | str
Value: TypeAlias = float | complex | str
OutputKind = Literal["number", "text"]
FailureKind = Literal["raised", "not_finite", "wrong_kind", "timed_out", "crashed", "transport"]


class BlackBoxError(Exception):
    """A black box that cannot be opened or has stopped answering. The message says the remedy."""


class SpecError(BlackBoxError):
    """A black-box spec that names nothing: an unknown scheme, a missing file or function."""


class DomainError(ValueError):
    """A domain that is empty, inverted or not finite."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The closed interval [low, high] of one numeric input; whole numbers only if `integer`."""

    low: float
    high: float
    integer: bool = False

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise DomainError(f"a domain needs finite ends, got {self.low:g}:{self.high:g}")
        if self.low >= self.high:
            raise DomainError(f"a domain needs low < high, got {self.low:g}:{self.high:g}")
        if self.integer and math.floor(self.high) - math.ceil(self.low) < 1:
            raise DomainError(f"fewer than two whole numbers lie in {self.low:g}:{self.high:g}")

    @property
    def width(self) -> float:
        return self.high - self.low

    def snap(self, x: float) -> float:
        """The nearest admissible value: inside the ends, and whole if the input is an integer."""
        if self.integer:
            return float(min(max(round(x), math.ceil(self.low)), math.floor(self.high)))
        return min(max(float(x), self.low), self.high)


@dataclass(frozen=True, slots=True)
class NumericDomain:
    """A box of intervals, one per input. `stated` is False when nobody gave it and it is only a first guess."""

    inputs: tuple[Interval, ...]
    stated: bool = True

    def __post_init__(self) -> None:
        if not self.inputs:
            raise DomainError("a numeric domain needs at least one interval")

    @property
    def arity(self) -> int:
        return len(self.inputs)

    def sample(self, rng: np.random.Generator, n: int) -> list[Point]:
        """`n` points drawn uniformly over the box (over the whole numbers for integer inputs)."""
        columns = [
            rng.integers(math.ceil(i.low), math.floor(i.high) + 1, n).astype(float)
            if i.integer
            else rng.uniform(i.low, i.high, n)
            for i in self.inputs
        ]
        return [tuple(float(v) for v in row) for row in zip(*columns)]

    def snap(self, point: Sequence[float]) -> Point:
        return tuple(i.snap(x) for i, x in zip(self.inputs, point, strict=True))

    def contains(self, point: Sequence[float]) -> bool:
        return len(point) == self.arity and all(i.low <= x <= i.high for i, x in zip(self.inputs, point))


@dataclass(frozen=True, slots=True)
class TextDomain:
    """Texts over `alphabet`, up to `max_length` characters."""

    alphabet: str
    max_length: int


@dataclass(frozen=True, slots=True)
class ChoiceDomain:
    """A finite choice of inputs."""

    options: tuple[str, ...]


Domain: TypeAlias = NumericDomain | TextDomain | ChoiceDomain


@dataclass(frozen=True, slots=True)
class Signature:
    """`names` of the inputs in order, where they live (None: nobody said), and what kind of output comes back.

    `whole` names those inputs that the box itself says are whole numbers, whatever the domain says.
    """

    names: tuple[str, ...]
    domain: Domain | None
    output: OutputKind = "number"
    whole: tuple[str, ...] = ()

    @property
    def is_text_module(self) -> bool:
        """Whether a text goes in and a number comes out: SASC's *text module* (arXiv:2305.09863)."""
        return self.output == "number" and isinstance(self.domain, TextDomain)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an input got no usable output; `message` is one line, as the box said it."""

    kind: FailureKind
    message: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a box answered to one input: a finite number, a complex number, a text; or a failure instead."""

    value: Value | None
    failure: Failure | None = None
    seconds: float = 0.0

    @property
    def number(self) -> float:
        """The real value, or NaN where there is none."""
        return self.value if isinstance(self.value, float) else math.nan


@dataclass(frozen=True, slots=True)
class TokenValue:
    """What one piece of a text has to do with the response: the characters `start:end`, and a number."""

    start: int
    end: int
    value: float


@runtime_checkable
class TokenLevel(Protocol):
    """A text module that can tell its value token by token. For any other, see `occlusion`."""

    def token_values(self, text: str) -> list[TokenValue]:
        """The value at each token of `text` that the response is pooled over, in order.

        Characters that make up several tokens come several times. Empty for a text that cannot be asked.
        """
        ...


@runtime_checkable
class BlackBox(Protocol):
    """A batched function. `spec` reopens it; two boxes of one spec are taken to answer alike."""

    @property
    def spec(self) -> str: ...

    @property
    def signature(self) -> Signature: ...

    def ask(self, inputs: Sequence[Input]) -> Iterator[Reply]:
        """One reply per input, in order, each handed over as soon as it is known.

        An input that raises, hangs or returns nonsense gets a `Failure`; the rest of the batch is still answered.
        Raises `BlackBoxError` when the box as a whole is gone.
        """
        ...

    def close(self) -> None: ...
