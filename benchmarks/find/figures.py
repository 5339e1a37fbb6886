"""Figures that every category adds up: shares of functions, and what a function cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict


class Share(BaseModel):
    """`hits` of `count` functions to which a question applies."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hits: int
    count: int

    @classmethod
    def of(cls, answers: Iterable[bool | None]) -> Share:
        """How many of `answers` are true; None counts as not."""
        counted = [bool(answer) for answer in answers]
        return cls(hits=sum(counted), count=len(counted))

    @property
    def value(self) -> float | None:
        """The share, or None where the question applied to nothing."""
        return self.hits / self.count if self.count else None

    def __str__(self) -> str:
        return "–" if self.value is None else f"{self.value:.3f}"


class Spread(BaseModel):
    """Median and 95th percentile of a cost per function."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    median: float | None
    p95: float | None

    @classmethod
    def of(cls, costs: Sequence[float]) -> Spread:
        """The spread of `costs`; None for none."""
        if not costs:
            return cls(median=None, p95=None)
        median, p95 = np.percentile(np.asarray(costs), [50, 95])
        return cls(median=float(median), p95=float(p95))

    def show(self, digits: int) -> str:
        """`median / 95th percentile`."""
        if self.median is None or self.p95 is None:
            return "–"
        return f"{self.median:.{digits}f} / {self.p95:.{digits}f}"
