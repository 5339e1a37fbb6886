"""Examples that are numbers: programs from some of them, and how well those fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..tools.black_boxes.types import Input, Value
from ..tools.examples import Examples
from ..tools.examples.box import domain_of
from ..tools.induction.types import Candidate, ExceptionRegion, Noise
from .frozen import tolerance_at, usable
from .passive_search import KEEP, Found, contradictions, none_fits


@dataclass(frozen=True)
class FoundNumbers:
    """A program of the numeric engine."""

    candidate: Candidate

    @property
    def name(self) -> str:
        return f"{self.candidate.name}: {self.candidate.formula}"

    @property
    def description(self) -> str:
        return self.candidate.description

    @property
    def formula(self) -> str:
        return self.candidate.formula

    @property
    def code(self) -> str:
        return self.candidate.code

    @property
    def bits(self) -> float:
        return self.candidate.bits

    @property
    def exceptions(self) -> tuple[ExceptionRegion, ...]:
        return self.candidate.exceptions

    @property
    def noise(self) -> Noise | None:
        return self.candidate.noise

    def predict(self, inputs: Sequence[Input]) -> list[Value | None]:
        with np.errstate(all="ignore"):
            values = self.candidate.predict(np.array(inputs, dtype=float))
        return [float(v) if np.isfinite(v) else None for v in values]

    def gives(self, input: Input, value: Value | None) -> bool:
        truth, [guess] = usable(value), self.predict([input])
        if truth is None or guess is None or not isinstance(input, tuple):
            return False
        return abs(truth - complex(guess)) <= tolerance_at(self.candidate, input, abs(truth))


class Numbers:
    """Pairs of numbers."""

    sketched = 1

    def __init__(self, examples: Examples, seed: int) -> None:
        self._examples = examples
        self._seed = seed
        self._domain = domain_of(examples)
        points = np.array([self.input_of(k) for k in range(self.count)], dtype=float)
        width = np.array([i.width for i in self._domain.inputs])
        self._sizes = np.max(np.abs(points - points.mean(axis=0)) / width, axis=1)
        if points.shape[1] == 1:
            self._sizes = points[:, 0]

    @property
    def count(self) -> int:
        return len(self._examples.pairs)

    @property
    def testable(self) -> Sequence[int]:
        return range(self.count)

    def input_of(self, row: int) -> Input:
        return self._examples.pairs[row][0]

    def size_of(self, row: int) -> float:
        return float(self._sizes[row])

    def find(
        self, rows: Sequence[int], seconds: float, before: Sequence[Found] = (), *, keep: int = KEEP
    ) -> list[Found]:
        from ..tools.examples.numbers import induce_numbers

        found = induce_numbers(self._examples.only(rows), seconds=seconds, keep=keep, seed=self._seed)
        return [FoundNumbers(c) for c in found]

    def baselines(self, rows: Sequence[int], inputs: Sequence[Input]) -> dict[str, list[Value | None]]:
        from ..tools.scoring import fit_baselines

        points = np.array([self.input_of(k) for k in rows], dtype=float)
        values = np.array([self._examples.pairs[k][1] for k in rows], dtype=np.complex128)
        fitted = fit_baselines(points, values)
        return {name: [float(v.real) for v in p(np.array(inputs, dtype=float))] for name, p in fitted.items()}

    def fit(self, found: Found, rows: Sequence[int]) -> str:
        answers = np.array([self._examples.pairs[k][1] for k in rows], dtype=float)
        said = found.predict([self.input_of(k) for k in rows])
        right = sum(found.gives(self.input_of(k), self._examples.pairs[k][1]) for k in rows)
        if found.noise is None:
            return f"gives {'all' if right == len(rows) else f'{right} of'} {len(rows)} pairs"
        left = np.array([np.nan if s is None else s for s in said], dtype=float) - answers
        spread = float(np.sum((answers - answers.mean()) ** 2))
        share = 1.0 - float(np.nansum(left**2)) / spread if spread > 0 else 0.0
        return f"R² {share:.4f} on the {len(rows)} pairs it was fitted to, noise {found.noise.scale:.3g}"

    def separating(self, ranked: Sequence[Found]) -> dict[str, Any] | None:
        from ..tools.examples.numbers import separating_point

        for rank, other in enumerate(ranked[1:], start=2):
            assert isinstance(ranked[0], FoundNumbers)
            assert isinstance(other, FoundNumbers)
            apart = separating_point(ranked[0].candidate, other.candidate, self._domain, seed=self._seed)
            if apart is not None:
                return {"input": list(apart[0]), "first": apart[1], "other": apart[2], "rank": rank}
        return None

    def notes(self, explained: bool) -> list[str]:
        return contradictions(self._examples, "noise is estimated from them") + none_fits(explained)
