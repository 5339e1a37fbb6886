"""Families of functions of a number."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Law:
    """A formula of `x` in Python with numpy as `np`, and its constants."""

    expression: str
    parameters: tuple[float, ...]

    def function(self) -> Callable[[float], float]:
        """The formula as a function, run in this process."""
        import numpy as np

        names: dict[str, Any] = {"np": np}
        exec(f"def law(x):\n    return {self.expression}\n", names)
        law: Callable[[float], float] = names["law"]
        return law


@dataclass(frozen=True, slots=True)
class Curve:
    """A family: `template` holds its constants as {a}, {b}, …; `ranges` says where each is drawn, to one decimal."""

    name: str
    template: str
    ranges: tuple[tuple[float, float], ...]

    def draw(self, rng: random.Random) -> Law:
        """One of the family. A constant that would be nothing is drawn again."""
        values = []
        for low, high in self.ranges:
            value = 0.0
            while value == 0.0:
                value = round(rng.uniform(low, high), 1)
            values.append(value)
        return Law(self.template.format(**dict(zip("abcde", values))), tuple(values))


_SLOPE, _LIFT, _PLACE, _SIZE, _WIDTH = (-9.0, 9.0), (-60.0, 60.0), (-90.0, 90.0), (5.0, 40.0), (6.0, 40.0)

CURVES: tuple[Curve, ...] = (
    Curve("absolute_value", "{a} * abs(x - {b}) + {c}", (_SLOPE, _PLACE, _LIFT)),
    Curve("arc_tangent", "{a} * np.arctan((x - {b}) / {c})", (_SIZE, _PLACE, _WIDTH)),
    Curve("bell", "{a} * np.exp(-(((x - {b}) / {c}) ** 2))", (_SIZE, _PLACE, _WIDTH)),
    Curve("bump", "{a} / (1 + ((x - {b}) / {c}) ** 2)", (_SIZE, _PLACE, _WIDTH)),
    Curve("clipped_line", "min(max({a} * x, -{b}), {b})", ((0.3, 4.0), (10.0, 60.0))),
    Curve("cubic", "{a} * (x / 20) ** 3 + {b} * x", ((-4.0, 4.0), (-3.0, 3.0))),
    Curve("decay", "{a} * np.exp(-abs(x) / {b})", (_SIZE, _WIDTH)),
    Curve("hinge", "{a} * max(0.0, x - {b}) + {c}", (_SLOPE, _PLACE, _LIFT)),
    Curve("line", "{a} * x + {b}", (_SLOPE, _LIFT)),
    Curve("logarithm", "{a} * np.log1p(abs(x) / {b})", (_SIZE, _WIDTH)),
    Curve("parabola", "{a} * (x / 10) ** 2 + {b} * x + {c}", ((-3.0, 3.0), _SLOPE, _LIFT)),
    Curve("pulse", "{a} if abs(x - {b}) < {c} else {d}", (_LIFT, _PLACE, _WIDTH, _LIFT)),
    Curve("root", "{a} * abs(x) ** 0.5 + {b}", (_SLOPE, _LIFT)),
    Curve("sawtooth", "{a} * ((x / {b}) % 1.0)", (_SIZE, _WIDTH)),
    Curve("sigmoid", "{a} / (1 + np.exp(-(x - {b}) / {c}))", (_SIZE, _PLACE, (2.0, 15.0))),
    Curve("staircase", "{a} * np.floor(x / {b})", (_SLOPE, _WIDTH)),
    Curve("step", "{a} if x > {b} else {c}", (_LIFT, _PLACE, _LIFT)),
    Curve("wave", "{a} * np.sin({b} * x + {c})", (_SIZE, (0.1, 0.4), (-3.0, 3.0))),
)
