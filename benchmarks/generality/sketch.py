"""Drawing the parameters of a function: where it lives, how large it is, what disturbs it."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from ...tools.black_boxes import Interval, NumericDomain
from ..suite import AddedNoise, Law, NoiseKind, Target

Template: TypeAlias = Callable[["Sketch"], Law]


@dataclass
class Sketch:
    """What a template draws from. It settles the domain at once; noise and exceptions are added on the way."""

    rng: np.random.Generator
    low: float
    high: float
    integer: bool = False
    stated: bool = True
    noise: AddedNoise | None = None
    exceptions: list[tuple[float, float]] = field(default_factory=list)
    parameters: int = 4

    @property
    def width(self) -> float:
        return self.high - self.low

    def domain(self) -> NumericDomain:
        return NumericDomain((Interval(self.low, self.high, self.integer),), stated=self.stated)

    def move(self, low: float, high: float) -> None:
        """Settle on another domain."""
        self.low, self.high = low, high

    def short(self, value: float, digits: int = 3) -> float:
        """`value` to a few significant digits, as people write constants."""
        return float(f"{value:.{digits}g}")

    def between(self, low: float, high: float) -> float:
        return self.short(float(self.rng.uniform(low, high)))

    def log_between(self, low: float, high: float) -> float:
        return self.short(float(10 ** self.rng.uniform(math.log10(low), math.log10(high))))

    def size(self) -> float:
        """An amplitude, of either sign, anywhere between 0.05 and 300."""
        return self.sign() * self.log_between(0.05, 300.0)

    def sign(self) -> float:
        return float(self.rng.choice([-1.0, 1.0]))

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, ends included."""
        return int(self.rng.integers(low, high + 1))

    def place(self, margin: float = 0.1) -> float:
        """Somewhere in the domain, not within `margin` (a share of its width) of the ends, on a fine decimal grid."""
        step = 10.0 ** (math.floor(math.log10(self.width)) - 3)
        at = self.rng.uniform(self.low + margin * self.width, self.high - margin * self.width)
        return float(round(round(at / step) * step, 12))

    def places(self, count: int, apart: float = 0.12) -> list[float]:
        """`count` places in order, at least `apart` (a share of the width) from each other and from the ends."""
        while True:
            drawn = sorted(self.place(apart) for _ in range(count))
            if all(b - a >= apart * self.width for a, b in pairwise(drawn)):
                return drawn

    def span(self, low: float, high: float) -> float:
        """A length: a share of the domain's width between `low` and `high`, on a log scale."""
        return self.short(self.width * float(10 ** self.rng.uniform(math.log10(low), math.log10(high))))

    def disturb(self, kind: NoiseKind, size: float) -> None:
        """Add noise; `size` as in `AddedNoise`."""
        self.noise = AddedNoise(kind, self.short(size, 2))

    def scaled(self, law: Law) -> float:
        """The spread of `law` over the domain: what noise and exceptions are sized by."""
        values = np.array([float(law(float(x))) for x in np.linspace(self.low, self.high, 401)[1:-1]])
        spread = float(np.std(values))
        size = float(np.max(np.abs(values)))
        return spread if spread > 1e-9 * size else max(1.0, size)


class Templates:
    """A growing list of templates; `families` decorates one and says how many functions to draw from it."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[str, Template, dict[str, Any]]] = {}

    def families(self, category: str, copies: int = 2, **fixed: Any) -> Callable[[Template], Template]:
        """Register a template for `copies` functions of `category`; `fixed` sets fields of the sketch."""

        def register(template: Template) -> Template:
            for copy in range(copies):
                name = f"{template.__name__}-{copy}"
                if name in self._entries:
                    raise ValueError(f"two templates are called {template.__name__}")
                self._entries[name] = (category, template, fixed)
            return template

        return register

    def names(self) -> list[str]:
        return list(self._entries)

    def target(self, name: str, seed: int) -> Target:
        """The function called `name`, its parameters drawn from `seed` and the name alone."""
        category, template, fixed = self._entries[name]
        rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
        sketch = Sketch(rng, *_domain(rng), **fixed)
        law = template(sketch)
        return Target(name, category, law, sketch.domain(), sketch.noise, tuple(sketch.exceptions), sketch.parameters)


def _domain(rng: np.random.Generator) -> tuple[float, float]:
    """An interval: symmetric, one-sided or shifted; most of ordinary size, one in four from 1e-6 to 1e6."""
    decades = rng.uniform(-6.0, 6.0) if rng.random() < 0.25 else rng.uniform(-0.5, 2.5)
    width = float(f"{2 * 10**decades:.2g}")
    match int(rng.integers(4)):
        case 0:
            return 0.0, width
        case 1:
            low = float(f"{width * rng.uniform(0.2, 20.0):.2g}") * float(rng.choice([-1.0, 1.0]))
            return low, low + width
        case _:
            return -width / 2, width / 2


TEMPLATES = Templates()
families = TEMPLATES.families
