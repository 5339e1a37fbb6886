"""What the generator may be told."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

MOST = 100_000


class GeneratorOptions(BaseModel):
    """Settings of one data set. The same settings write the same bytes, and more functions begin with the same ones.

    `out` becomes the data set's folder (`find_dataset` of the published layout). `families` are names of families or
    of kinds of them; none: all. `depth` is how many steps a function of texts has, from and to; where it allows one, a
    third has one. `noise` is the share of stochastic functions, `corruptions` that of functions with an exception.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    out: Path
    category: Literal["strings", "numeric"] = "strings"
    count: int = Field(default=100, ge=1, le=MOST)
    seed: int = Field(default=0, ge=0)
    families: tuple[str, ...] = ()
    depth: tuple[int, int] = (1, 3)
    noise: float | None = Field(default=None, ge=0, le=1)
    corruptions: float | None = Field(default=None, ge=0, le=1)

    @field_validator("depth")
    @classmethod
    def _within_three(cls, depth: tuple[int, int]) -> tuple[int, int]:
        low, high = depth
        if not 1 <= low <= high <= 3:
            raise ValueError("a function has 1 to 3 steps, the lower number first")
        return depth
