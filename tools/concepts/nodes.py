"""Concepts as trees: leaves that count and check, wrapped in places and joined by not, and, or."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .types import Concept, Floats

TextFunction = Callable[..., float]


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that can be counted: what one and many of it are called, and the function that counts.

    `arguments` go to the function after the text.
    """

    one: str
    many: str
    function: Callable[..., float]
    arguments: tuple[str, ...] = ()

    def __call__(self, text: str) -> float:
        return float(self.function(text, *self.arguments))

    def expression(self, variable: str) -> str:
        return f"{self.function.__name__}({', '.join([variable, *map(repr, self.arguments)])})"


class Surface:
    """Shared by leaves that read one text at a time; each has `value` and `expression`."""

    __slots__ = ()

    def value(self, text: str) -> float:
        raise NotImplementedError

    def degrees(self, texts: Sequence[str]) -> Floats:
        return np.array([self.value(text) for text in texts], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Counted(Surface):
    """A count within bounds: 1 if `least` ≤ count ≤ `most`, else 0. A bound is a sharp one: nothing lies between."""

    description: str
    measure: Measure
    least: float | None = None
    most: float | None = None

    def value(self, text: str) -> float:
        count = self.measure(text)
        return float((self.least is None or count >= self.least) and (self.most is None or count <= self.most))

    def expression(self, variable: str) -> str:
        low = f"{self.least:g} <= " if self.least is not None else ""
        high = f" <= {self.most:g}" if self.most is not None else ""
        return f"float({low}{self.measure.expression(variable)}{high})"

    def functions(self) -> tuple[TextFunction, ...]:
        return (self.measure.function,)


@dataclass(frozen=True, slots=True)
class Much(Surface):
    """Much of something ("is long", "has many commas"): count / (count + `middle`), so 0.5 at `middle`; or little."""

    description: str
    measure: Measure
    middle: float
    little: bool = False

    def value(self, text: str) -> float:
        count = self.measure(text)
        share = count / (count + self.middle)
        return 1.0 - share if self.little else share

    def expression(self, variable: str) -> str:
        count = self.measure.expression(variable)
        share = f"{count} / ({count} + {self.middle:g})"
        return f"1 - {share}" if self.little else share

    def functions(self) -> tuple[TextFunction, ...]:
        return (self.measure.function,)


@dataclass(frozen=True, slots=True)
class Check(Surface):
    """A yes or no, or a share, that a function of the text gives."""

    description: str
    function: Callable[..., float]
    arguments: tuple[Any, ...] = ()

    def value(self, text: str) -> float:
        return float(self.function(text, *self.arguments))

    def expression(self, variable: str) -> str:
        return f"float({self.function.__name__}({', '.join([variable, *map(repr, self.arguments)])}))"

    def functions(self) -> tuple[TextFunction, ...]:
        return (self.function,)


@dataclass(frozen=True, slots=True)
class Place:
    """A concept that is to hold in a part of the text, which `cut` takes out of it."""

    inner: Concept
    name: str
    cut: Callable[..., str]
    arguments: tuple[int, ...] = ()

    @property
    def description(self) -> str:
        return f"{self.inner.description} {self.name}"

    def degrees(self, texts: Sequence[str]) -> Floats:
        return self.inner.degrees([self.cut(text, *self.arguments) for text in texts])


@dataclass(frozen=True, slots=True)
class Not:
    """What the concept is not."""

    inner: Concept

    @property
    def description(self) -> str:
        return negated(self.inner.description)

    def degrees(self, texts: Sequence[str]) -> Floats:
        return 1.0 - self.inner.degrees(texts)


@dataclass(frozen=True, slots=True)
class Joined:
    """All of several concepts (the least of their degrees), or any of them (the greatest)."""

    parts: tuple[Concept, ...]
    every: bool

    @property
    def description(self) -> str:
        return (" and " if self.every else " or ").join(part.description for part in self.parts)

    def degrees(self, texts: Sequence[str]) -> Floats:
        rows = np.stack([part.degrees(texts) for part in self.parts])
        return np.asarray(rows.min(axis=0) if self.every else rows.max(axis=0))


def negated(description: str) -> str:
    """The phrase turned into its opposite: "does not mention food"."""
    first, _, rest = description.partition(" ")
    if first in ("is", "are"):
        return f"is not {rest}"
    if description.startswith("does not "):
        return f"{_third(description.split()[2])} {' '.join(description.split()[3:])}"
    if first.endswith("s") and rest:
        bare = {"has": "have", "does": "do"}.get(first) or (first[:-3] + "y" if first.endswith("ies") else first[:-1])
        return f"does not {bare} {rest}"
    return f"is not {description}"


def _third(verb: str) -> str:
    return {"have": "has", "do": "does"}.get(verb, verb + "s")
