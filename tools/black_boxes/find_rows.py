"""Rows of FIND's numeric functions as metadata (`.jsonl`): formula, noise, corruption, and what they imply."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .expressions import compile_expression
from .types import SpecError

Variant = Literal["clean", "noised", "corrupted"]


@dataclass(frozen=True, slots=True)
class NormalNoise:
    """Added to the value: normal with mean 0."""

    scale: float

    @property
    def mean(self) -> float:
        return 0.0

    @property
    def standard_deviation(self) -> float:
        return self.scale

    def draw(self, rng: np.random.Generator) -> float:
        return float(rng.normal(0.0, self.scale))


@dataclass(frozen=True, slots=True)
class UniformNoise:
    """Added to the value: uniform on [low, high]."""

    low: float
    high: float

    @property
    def mean(self) -> float:
        return (self.low + self.high) / 2

    @property
    def standard_deviation(self) -> float:
        return (self.high - self.low) / math.sqrt(12)

    def draw(self, rng: np.random.Generator) -> float:
        return float(rng.uniform(self.low, self.high))


@dataclass(frozen=True, slots=True)
class PoissonNoise:
    """Added to the value: a Poisson count, whose mean is not 0."""

    rate: float

    @property
    def mean(self) -> float:
        return self.rate

    @property
    def standard_deviation(self) -> float:
        return math.sqrt(self.rate)

    def draw(self, rng: np.random.Generator) -> float:
        return float(rng.poisson(self.rate))


RowNoise: TypeAlias = NormalNoise | UniformNoise | PoissonNoise


@dataclass(frozen=True, slots=True)
class Corruption:
    """Where the value is normal(mean, scale) instead of the formula. An end that is None is open."""

    low: float | None
    high: float | None
    mean: float
    scale: float

    def holds_at(self, x: float) -> bool:
        """With both ends the interval is open, with one it is closed, as in the published code."""
        if self.low is not None and self.high is not None:
            return self.low < x < self.high
        return (self.low is None or x >= self.low) and (self.high is None or x <= self.high)


@dataclass(frozen=True, slots=True)
class FindRow:
    """One function of the benchmark. `domain` is the metadata's; the functions answer on [-128, 128]."""

    id: str
    family: str
    variant: Variant
    expression: str
    domain: tuple[float, float]
    noise: RowNoise | None = None
    corruption: Corruption | None = None
    _formula: Callable[[float], Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_formula", compile_expression(self.expression))

    def truth(self, x: float) -> float | complex:
        """The formula's own value, without noise and corruption; may be NaN, infinite or complex.

        Raises what the formula raises, such as ZeroDivisionError at a pole or OverflowError.
        """
        value = self._formula(float(x))
        value = value.item() if hasattr(value, "item") else value
        return value if isinstance(value, complex) else float(value)

    def in_corruption(self, x: float) -> bool:
        """Whether the corruption rules at `x`."""
        return self.corruption is not None and self.corruption.holds_at(x)

    def expected(self, x: float) -> float | complex:
        """The mean of what the function answers at `x`. Raises as `truth` does outside the corruption."""
        if self.corruption is not None and self.corruption.holds_at(x):
            return self.corruption.mean
        return self.truth(x) + (self.noise.mean if self.noise else 0.0)

    def sample(self, x: float, rng: np.random.Generator) -> float | complex:
        """One answer of the function at `x`. Raises as `truth` does outside the corruption."""
        if self.corruption is not None and self.corruption.holds_at(x):
            return float(rng.normal(self.corruption.mean, self.corruption.scale))
        return self.truth(x) + (self.noise.draw(rng) if self.noise else 0.0)


def load_rows(path: str | Path) -> list[FindRow]:
    """The rows of a `.jsonl` file, in order. `SpecError` says which line is wrong and why."""
    rows: list[FindRow] = []
    for number, line in enumerate(_lines(Path(path)), start=1):
        if line.strip():
            rows.append(_parse(line, f"{Path(path).name}, line {number}"))
    if not rows:
        raise SpecError(f"{path} holds no functions; expected a row {{id, family, variant, expression, …}} a line")
    return rows


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SpecError(f"{path} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise SpecError(f"{path} is not a text file in UTF-8") from None


class _Border(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class _Normal(_Border):
    kind: Literal["normal"]
    scale: float = Field(ge=0)


class _Uniform(_Border):
    kind: Literal["uniform"]
    low: float
    high: float


class _Poisson(_Border):
    kind: Literal["poisson"]
    rate: float = Field(ge=0)


class _Corruption(_Border):
    region: tuple[float | None, float | None]
    mean: float
    scale: float = Field(ge=0)


class _Row(_Border):
    id: str = Field(min_length=1)
    family: str
    variant: Variant
    expression: str
    domain: tuple[float, float]
    noise: Annotated[_Normal | _Uniform | _Poisson, Field(discriminator="kind")] | None = None
    corruption: _Corruption | None = None


def _parse(line: str, where: str) -> FindRow:
    try:
        row = _Row.model_validate(json.loads(line))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the row"
        raise SpecError(f"{where}: {place}: {first['msg']}") from None
    except ValueError as error:
        raise SpecError(f"{where}: expected a JSON object, got {line[:40]!r} ({error})") from None
    try:
        return FindRow(
            row.id, row.family, row.variant, row.expression, row.domain, _noise(row.noise), _corruption(row.corruption)
        )
    except SpecError as error:
        raise SpecError(f"{where}: {error}") from None


def _noise(noise: _Normal | _Uniform | _Poisson | None) -> RowNoise | None:
    match noise:
        case _Normal(scale=scale):
            return NormalNoise(scale)
        case _Uniform(low=low, high=high):
            return UniformNoise(low, high)
        case _Poisson(rate=rate):
            return PoissonNoise(rate)
    return None


def _corruption(corruption: _Corruption | None) -> Corruption | None:
    if corruption is None:
        return None
    low, high = corruption.region
    return Corruption(low, high, corruption.mean, corruption.scale)
