"""`python -m zetetic.benchmarks.formulas`: textbook formulas of physics and its neighbours, with 2 to 4 inputs.

Recovered means a centred noise-free NMSE below 1e-6 on 1,000 fresh inputs.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

from ..tools.black_boxes import Interval, NumericDomain
from .suite import Law, Target

TITLE = "Formulas of several inputs"

sqrt, exp, log, sin, cos, tan, pi = math.sqrt, math.exp, math.log, math.sin, math.cos, math.tan, math.pi

Range = tuple[float, float]
COMMON: Range = (1.0, 5.0)
TARGETS: dict[str, Target] = {}


def _formula(name: str, law: Law, *ranges: Range, inputs: int = 0) -> None:
    """Enter `law` with a range per input, or `inputs` times [1, 5]."""
    spans: Sequence[Range] = ranges or (COMMON,) * inputs
    domain = NumericDomain(tuple(Interval(low, high) for low, high in spans))
    TARGETS[name] = Target(name, f"{len(spans)} inputs", law, domain)


_formula("kinetic energy", lambda m, v: 0.5 * m * v**2, inputs=2)
_formula("spring energy", lambda k, x: 0.5 * k * x**2, (0.5, 20.0), (-2.0, 2.0))
_formula("pendulum period", lambda length, g: 2 * pi * sqrt(length / g), (0.1, 4.0), (1.0, 25.0))
_formula("free fall speed", lambda h, g: sqrt(2 * g * h), (0.0, 50.0), (1.0, 25.0))
_formula("parallel resistors", lambda r, s: r * s / (r + s), (1.0, 100.0), (1.0, 100.0))
_formula("thin lens", lambda f, d: f * d / (d - f), (1.0, 3.0), (4.0, 12.0))
_formula("lorentz factor", lambda v, c: 1 / sqrt(1 - (v / c) ** 2), (0.0, 2.0), (3.0, 8.0))
_formula("sum of velocities", lambda u, v: (u + v) / (1 + u * v / 9.0), (-2.5, 2.5), (-2.5, 2.5))
_formula("hypotenuse", lambda x, y: sqrt(x**2 + y**2), (0.5, 10.0), (0.5, 10.0))
_formula("polar angle", lambda x, y: math.atan2(y, x), (0.5, 5.0), (0.5, 5.0))
_formula("discharge", lambda v, t: v * exp(-t / 3.3), (1.0, 12.0), (0.0, 10.0))
_formula("refraction", lambda n, a: math.asin(sin(a) / n), (1.1, 2.5), (0.0, 1.5))
_formula("normal density", lambda x, s: exp(-((x / s) ** 2) / 2) / (s * sqrt(2 * pi)), (-3.0, 3.0), (0.5, 3.0))
_formula("growth of savings", lambda r, n: (1 + r / 100) ** n, (0.5, 12.0), (1.0, 30.0))
_formula("decibels", lambda p, q: 10 * math.log10(p / q), (1.0, 100.0), (1.0, 100.0))
_formula("doppler", lambda f, v: f * 340.0 / (340.0 - v), (100.0, 1000.0), (-60.0, 60.0))
_formula("gravity", lambda m, n, r: 6.674 * m * n / r**2, inputs=3)
_formula("ideal gas", lambda n, t, v: 8.314 * n * t / v, (0.5, 5.0), (200.0, 400.0), (1.0, 20.0))
_formula("range of a throw", lambda v, a, g: v**2 * sin(2 * a) / g, (5.0, 30.0), (0.1, 1.4), (1.5, 25.0))
_formula("height of a throw", lambda v, t, h: h + v * t - 4.905 * t**2, (0.0, 20.0), (0.0, 3.0), (0.0, 10.0))
_formula("reduced distance", lambda x, y, z: sqrt(x**2 + y**2 + z**2), inputs=3)
_formula("cosine rule", lambda a, b, g: sqrt(a**2 + b**2 - 2 * a * b * cos(g)), COMMON, COMMON, (0.3, 2.8))
_formula("standing wave", lambda a, k, x: a * sin(k * x), COMMON, (0.5, 2.0), (0.0, 6.0))
_formula("damped spring", lambda a, b, t: a * exp(-b * t) * cos(3.0 * t), COMMON, (0.1, 1.0), (0.0, 5.0))
_formula("resonance width", lambda f, q, w: f / sqrt((w**2 - 1) ** 2 + (w / q) ** 2), COMMON, COMMON, (0.2, 3.0))
_formula("impedance", lambda r, x, w: sqrt(r**2 + (w * x - 1 / w) ** 2), (1.0, 10.0), (0.5, 3.0), (0.3, 3.0))
_formula("drag", lambda c, a, v: 0.5 * 1.225 * c * a * v**2, (0.1, 2.0), (0.1, 3.0), (1.0, 40.0))
_formula("fermi level", lambda e, m, t: 1 / (exp((e - m) / t) + 1), (0.0, 5.0), (1.0, 4.0), (0.5, 2.0))
_formula("lens maker", lambda n, r, s: 1 / ((n - 1) * (1 / r - 1 / s)), (1.2, 1.9), (1.0, 3.0), (4.0, 9.0))
_formula("mixing temperature", lambda m, t, u: (m * t + 2.0 * u) / (m + 2.0), (0.5, 6.0), (0.0, 90.0), (0.0, 90.0))
_formula("orbital speed", lambda m, r, a: sqrt(m * (2 / r - 1 / a)), COMMON, (1.0, 3.0), (2.0, 6.0))
_formula("interference", lambda a, b, d: a + b + 2 * sqrt(a * b) * cos(d), COMMON, COMMON, (0.0, 6.28))
_formula("enzyme with inhibitor", lambda s, i, k: 10 * s / (s + k * (1 + i / 2)), (0.5, 20.0), (0.0, 5.0), (0.5, 5.0))
_formula("cylinder surface", lambda r, h, t: 2 * pi * r * (r + h) * t, inputs=3)
_formula("coulomb force", lambda p, q, r, e: p * q / (4 * pi * e * r**2), inputs=4)
_formula("heat flow", lambda k, a, t, d: k * a * (t - 20.0) / d, (0.1, 3.0), COMMON, (25.0, 90.0), (0.05, 0.5))
_formula("bernoulli", lambda p, d, v, h: p + 0.5 * d * v**2 + 9.81 * d * h, (1.0, 9.0), COMMON, COMMON, (0.0, 4.0))
_formula("plane distance", lambda x, y, u, v: sqrt((x - u) ** 2 + (y - v) ** 2), *((-5.0, 5.0),) * 4)
_formula("elastic collision", lambda m, n, u, v: ((m - n) * u + 2 * n * v) / (m + n), COMMON, COMMON, (-5, 5), (-5, 5))
_formula("pipe flow", lambda r, p, m, x: pi * r**4 * p / (8 * m * x), (0.5, 2.0), COMMON, COMMON, COMMON)
_formula("magnetic ring", lambda i, r, z: 0.6283 * i * r**2 / (r**2 + z**2) ** 1.5, COMMON, (0.5, 3.0), (-3.0, 3.0))
_formula("radiated power", lambda a, e, t, s: 5.67 * e * a * (t**4 - s**4), COMMON, (0.1, 1.0), (2.0, 5.0), (1.0, 3.0))


def names(seed: int) -> list[str]:
    """The formulas' names; the set has no random part."""
    return list(TARGETS)


def target(name: str, seed: int) -> Target:
    """The formula called `name`."""
    return TARGETS[name]


if __name__ == "__main__":
    from .front import suite_main

    sys.exit(suite_main("zetetic.benchmarks.formulas", "formulas with 2 to 4 inputs"))
