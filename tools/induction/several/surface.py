"""The honest last resort: a smooth or piecewise-linear interpolation of what was asked, as a table in numpy code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import ExceptionRegion, Floats, Noise

NEIGHBOURS = 12


@dataclass(frozen=True, slots=True)
class Surface:
    """Local planes through the nearest knots, weighted by inverse square distance in units of the box."""

    knots: Floats
    heights: Floats
    widths: Floats
    names: tuple[str, ...]
    noise: Noise | None
    error: float
    bits: float
    name: str = "interpolation"
    exceptions: tuple[ExceptionRegion, ...] = ()

    @property
    def formula(self) -> str:
        return f"interpolation of {len(self.heights)} values"

    @property
    def description(self) -> str:
        spread = f"between {np.min(self.heights):.4g} and {np.max(self.heights):.4g}"
        return f"no formula was found: values {spread}, interpolated between {len(self.heights)} asked points"

    @property
    def code(self) -> str:
        rows = [
            "    [" + ", ".join(f"{v:.10g}" for v in (*knot, height)) + "],"
            for knot, height in zip(self.knots, self.heights)
        ]
        arguments = ", ".join(self.names)
        return "\n".join(
            [
                "import numpy as np",
                "",
                f"# one row per knot: {arguments}, value",
                "KNOTS = np.array([",
                *rows,
                "])",
                f"WIDTHS = np.array([{', '.join(f'{w:.10g}' for w in self.widths)}])",
                f"NEIGHBOURS = {NEIGHBOURS}",
                "",
                "",
                f"def explained({arguments}):",
                f'    """{self.description}"""',
                f"    point = np.array([{arguments}], dtype=float)",
                "    offsets = (KNOTS[:, :-1] - point) / WIDTHS",
                "    distances = np.sum(offsets**2, axis=1)",
                "    nearest = np.argsort(distances, kind='stable')[:NEIGHBOURS]",
                "    weights = 1.0 / (np.sqrt(distances[nearest]) + 1e-9)",
                "    plane = np.column_stack([np.ones(len(nearest)), offsets[nearest]])",
                "    solution = np.linalg.lstsq(plane * weights[:, None], KNOTS[nearest, -1] * weights, rcond=1e-6)[0]",
                "    return float(solution[0])",
                "",
            ]
        )

    def predict(self, points: Floats) -> Floats:
        """Values at `points` (n, arity) -> (n,)."""
        return np.array([self._at(p) for p in points])

    def _at(self, point: Floats) -> float:
        offsets = (self.knots - point) / self.widths
        distances = np.sum(offsets**2, axis=1)
        nearest = np.argsort(distances, kind="stable")[:NEIGHBOURS]
        weights = 1.0 / (np.sqrt(distances[nearest]) + 1e-9)
        plane = np.column_stack([np.ones(len(nearest)), offsets[nearest]])
        solution = np.linalg.lstsq(plane * weights[:, None], self.heights[nearest] * weights, rcond=1e-6)[0]
        return float(solution[0])


def interpolate(x: Floats, y: Floats, widths: Floats, names: tuple[str, ...], noise: Noise | None) -> Surface:
    """A surface through the data, its `error` by leaving each of some knots out."""
    wrong = []
    for k in range(0, len(y), max(1, len(y) // 25)):
        keep = np.arange(len(y)) != k
        wrong.append(Surface(x[keep], y[keep], widths, names, noise, 0.0, 0.0)._at(x[k]) - y[k])
    error = float(np.sqrt(np.mean(np.square(wrong)))) if wrong else 0.0
    bits = 40.0 * len(y) * (1 + x.shape[1])
    return Surface(x, y, widths, names, noise, error, bits)
