"""A data set of functions of a number in FIND's layout (arXiv:2309.03886): plain, noised, or corrupted somewhere."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import BenchmarkError
from .curves import CURVES, Curve, Law
from .options import GeneratorOptions

NOISE, CORRUPTIONS = 1 / 3, 1 / 3
"""Shares where the user says nothing, as in the published set."""
LOW, HIGH = -128.0, 128.0
_CORRUPTION_SD = 0.1
_ATTEMPTS = 200
_NOISES = {
    "normal": "np.random.normal(0.0, {scale})",
    "uniform": "np.random.uniform(-{scale}, {scale})",
    "poisson": "np.random.poisson({scale})",
}
_FILE = """import sys

import numpy as np


def function(x):
{body}

if __name__ == "__main__":
    outputs = ""
    for argument in sys.argv[1:]:
        outputs += f"({{argument}}, {{function(float(argument))}}) "
    print(f"Function input - output pairs: {{outputs}}")
"""
_FILES = {"clean": "function_code.py", "noised": "noised_function_code.py", "corrupted": "corrupted_function_code.py"}


@dataclass(frozen=True, slots=True)
class _Corruption:
    """Where the value is normal(mean, 0.1) instead; an end that is None is open."""

    kind: str
    low: float | None
    high: float | None
    mean: float

    @property
    def test(self) -> str:
        if self.low is not None and self.high is not None:
            return f"{self.low!r} < x < {self.high!r}"
        return f"x >= {self.low!r}" if self.low is not None else f"x <= {self.high!r}"

    @property
    def boundary(self) -> list[float]:
        return [end for end in (self.low, self.high) if end is not None]


def chosen_curves(names: Sequence[str]) -> tuple[Curve, ...]:
    """The families with these names; all for none. Raises BenchmarkError."""
    known = {curve.name for curve in CURVES}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise BenchmarkError(f"there is no family {unknown[0]!r} of numbers; there are {', '.join(sorted(known))}")
    return tuple(curve for curve in CURVES if not names or curve.name in names)


def numeric_files(options: GeneratorOptions) -> dict[str, str | Any]:
    """The files of the data set below its folder: Python as text, JSON as plain data."""
    curves = chosen_curves(options.families)
    files: dict[str, Any] = {}
    rows, used = [], {}
    for number in range(options.count):
        rng = random.Random(f"numeric {options.seed} {number}")
        name = f"f{number:05d}"
        row, sources, kind = _draw(rng, curves, options, number)
        rows.append({"dir": name, **row})
        used[name] = _FILES[kind]
        files |= {f"numeric/{name}/{_FILES[of]}": source for of, source in sources.items()}
    return {**files, "numeric/data.json": rows, "numeric/func_name_dict.json": used}


def _draw(
    rng: random.Random, curves: Sequence[Curve], options: GeneratorOptions, number: int
) -> tuple[dict[str, Any], dict[str, str], str]:
    """A row of metadata, the source of each variant, and which of them is asked."""
    law, family, how = _law(rng, curves, options, number)
    noise, scale = rng.choice(sorted(_NOISES)), rng.choice([0.5, 1.0, 1.0, 2.0])
    corruption = _corruption(rng, law)
    kind = _variant(rng, options)
    sources = {"clean": _FILE.format(body=f"    return {law.expression}\n")}
    if kind == "noised":
        sources[kind] = _FILE.format(body=f"    return {law.expression} + {_NOISES[noise].format(scale=scale)}\n")
    if kind == "corrupted":
        branch = f"    if {corruption.test}:\n        return np.random.normal({corruption.mean!r}, {_CORRUPTION_SD})\n"
        sources[kind] = _FILE.format(body=f"{branch}    return {law.expression}\n")
    row = {
        "type": how,
        "params": list(law.parameters),
        "name": f"{family}{law.parameters!r}",
        "domain": [LOW, HIGH],
        "noise_type": noise,
        "noise_params": scale,
        "corruption_type": corruption.kind,
        "corruption_params": {"std": corruption.mean, "boundary": corruption.boundary},
    }
    return row, sources, kind


def _variant(rng: random.Random, options: GeneratorOptions) -> str:
    noise = NOISE if options.noise is None else options.noise
    corruptions = CORRUPTIONS if options.corruptions is None else options.corruptions
    if noise + corruptions > 1:
        raise BenchmarkError(
            f"the shares of noise and corruptions add up to {noise + corruptions:g}; at most 1 is meant"
        )
    draw = rng.random()
    return "noised" if draw < noise else "corrupted" if draw < noise + corruptions else "clean"


def _law(rng: random.Random, curves: Sequence[Curve], options: GeneratorOptions, number: int) -> tuple[Law, str, str]:
    """A formula that is not flat, its family as FIND names them, and how it is composed."""
    low, high = options.depth
    single = low == 1 and (high == 1 or number % 3 == 0)
    for _ in range(_ATTEMPTS):
        if single:
            curve = rng.choice(curves)
            law, family, how = curve.draw(rng), curve.name, "simple"
        else:
            first, second = (rng.choice(curves) for _ in range(2))
            one, two = first.draw(rng), second.draw(rng)
            sign, how = rng.choice([("+", "sum_two"), ("*", "multiply_two")])
            law = Law(f"({one.expression}) {sign} ({two.expression})", one.parameters + two.parameters)
            family = f"{first.name};{second.name};{how}"
        if _varies(law):
            return law, family, how
    raise BenchmarkError("no formula came up that is not flat; allow more --families")


def _varies(law: Law) -> bool:
    """Whether the formula has a value nearly everywhere, and not one value."""
    import numpy as np

    values = _values(law.function(), np.linspace(LOW, HIGH, 129).tolist())
    finite = [v for v in values if v is not None and abs(v) < 1e9]
    return len(finite) > 120 and max(finite) - min(finite) > 0.5


def _values(function: Callable[[float], float], xs: Sequence[float]) -> list[float | None]:
    import numpy as np

    def value(x: float) -> float | None:
        try:
            found = float(function(x))
        except (ArithmeticError, ValueError):
            return None
        return found if np.isfinite(found) else None

    with np.errstate(all="ignore"):
        return [value(x) for x in xs]


def _corruption(rng: random.Random, law: Law) -> _Corruption:
    """An interval of a tenth or so of the domain, or everything on one side of a place far out."""
    values = [v for v in _values(law.function(), [x * 8.0 for x in range(-16, 17)]) if v is not None]
    spread = max(values) - min(values)
    mean = round(rng.choice([min(values) - 0.3 * spread, max(values) + 0.3 * spread]), 2)
    kind = rng.choice(["interval_inside", "interval_smaller", "interval_larger"])
    if kind == "interval_smaller":
        return _Corruption(kind, None, round(rng.uniform(-110, -70), 1), mean)
    if kind == "interval_larger":
        return _Corruption(kind, round(rng.uniform(70, 110), 1), None, mean)
    low = round(rng.uniform(-110, 90), 1)
    return _Corruption(kind, low, round(low + rng.uniform(6, 20), 1), mean)
